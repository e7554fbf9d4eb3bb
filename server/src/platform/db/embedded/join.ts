/** Joining the embedded server that another process of ours keeps running: for commands beside a running product. */
import { Client } from 'pg'
import { getCredentials, urlOf } from './credentials.ts'
import { exists, findJson, layoutOf } from './files.ts'

export type RunningPostgres = { readonly ownerUrl: string; readonly appUrl: string }

/** A server on this machine answers in milliseconds; one that does not is not running. */
const connectTimeoutMs = 2_000

/** The addresses of the server below `dataDir` when it answers; null when none runs there. */
export async function findRunningPostgres(
  dataDir: string,
  database = 'ashlar',
): Promise<RunningPostgres | null> {
  const layout = layoutOf(dataDir)
  const port = (await findJson(layout.port))?.['port']
  if (typeof port !== 'number' || !(await exists(layout.credentials))) return null
  const credentials = await getCredentials(layout)
  const ownerUrl = urlOf('owner', credentials, port, database)
  if (!(await answers(ownerUrl))) return null
  return { ownerUrl, appUrl: urlOf('app', credentials, port, database) }
}

/** Our password is accepted: so it is our server, and not whatever took its port since. */
async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
