/** Archives and dumps for tests: what somebody is given, and what is left of somebody. */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { type Server, api, deliverMails, query } from '../auth/testing.ts'

export const mine = `${api}/users/me`

type Files = Readonly<Record<string, unknown[]>>

/** Reads an archive by its central directory, as unzip does. */
export function unzip(archive: Buffer): Files {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006'))
  const files: Record<string, unknown[]> = {}
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameLength] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28)]
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const local = archive.readUInt32LE(at + 42)
    const start = local + 30 + archive.readUInt16LE(local + 26)
    files[name] = JSON.parse(
      inflateRawSync(archive.subarray(start, start + packed)).toString('utf8'),
    ) as unknown[]
    at += 46 + nameLength
  }
  return files
}

/** Asks for an archive, has it made, and fetches it from the address of the answer. */
export async function fetchExport(server: Server, client: Server['anonymous']): Promise<Files> {
  await client.post(`${mine}/export`)
  await deliverMails(server)
  const [newest] = (await client.get(`${mine}/exports`)).body.data
  const { url } = (await client.get(`${mine}/exports/${newest.id}/download`)).body.data
  const address = new URL(url)
  const reply = await server.app.inject({ method: 'GET', url: address.pathname + address.search })
  if (reply.statusCode !== 200) throw new Error(`storage answered ${reply.statusCode}`)
  return unzip(reply.rawPayload)
}

/** Every row of every table as text, with its table's name in front. */
export async function dumpDatabase(server: Server): Promise<string> {
  // Rows of a partition are among those of its table.
  const tables = await query<{ name: string }>(
    server,
    `select oid::regclass::text as name from pg_class
     where relkind in ('r', 'p') and not relispartition
       and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`,
  )
  const all = tables.map(({ name }) => `select '${name}: ' || (t.*)::text as line from ${name} t`)
  const rows = await query<{ line: string }>(server, all.join(' union all '))
  return rows.map(({ line }) => line).join('\n')
}

/** Every file below the data directory, by name and content; archives as what is in them. */
export function dumpStorage(server: Server): string {
  const top = server.settings.ashlarDataDir
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => {
      const content = readFileSync(file)
      // Local storage writes what it knows of an object in front of it.
      const start = content.indexOf('PK\u0003\u0004')
      const said =
        start < 0 ? content.toString('latin1') : JSON.stringify(unzip(content.subarray(start)))
      return `${file}: ${said}`
    })
    .join('\n')
}

/** The tokens of the links that open a closed account again, oldest first. */
export async function findRestoreTokens(server: Server, email: string): Promise<string[]> {
  await deliverMails(server)
  return (await server.mails(email)).flatMap(({ text }) => {
    const token = /\/restore-account#token=([\w.-]+)/.exec(text)?.[1]
    return token ? [token] : []
  })
}

/** As if the grace period were over. */
export const passGrace = (server: Server, userId: string | null) =>
  query(server, `update privacy_erasures set due_at = now() where user_id = $1`, [userId])
