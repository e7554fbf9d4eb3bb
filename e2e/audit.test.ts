/** The audit log from the command line: verified, exported, traced. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startServer, testDatabase } from '../server/src/app/testing.ts'
import { sealAll } from '../server/src/features/audit/testing.ts'
import { query } from '../server/src/features/auth/testing.ts'
import { dataDirectory, run } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const location = await testDatabase()
const server = await startServer({ location })
const environment = {
  ASHLAR_DATA_DIR: path.join(directory.path, 'data'),
  DATABASE_URL: location.appUrl,
  DATABASE_OWNER_URL: location.ownerUrl,
  SECRET_KEY: server.settings.secretKey,
}
const ashlar = (...args: string[]) => run(args, environment)
const file = (name: string) => path.join(directory.path, name)

test('verify says that all is well, and names what is not, with an exit code for scripts', async () => {
  await server.as('member')
  await sealAll(server)
  const good = await ashlar('audit', 'verify')
  expect(good).toMatchObject({ code: 0, stderr: '' })
  expect(good.stdout).toMatch(/^The audit log is whole: \d+ facts, seals 1 to \d+\./)

  const [head] = await query<{ document: string }>(
    server,
    'select document from platform_event_heads order by number desc limit 1',
  )
  await writeFile(file('head.jws'), head?.document ?? '')
  const kept = await ashlar('audit', 'verify', '--json', '--head', file('head.jws'))
  expect(kept.code).toBe(0)
  expect(JSON.parse(kept.stdout)).toMatchObject({ isGood: true, problem: null, heads: 2 })
}, 300_000)

/** Does something as the owner of the database, says what the command says then, and undoes it. */
async function afterwards(...statements: string[]): Promise<string> {
  const tables = ['events', 'event_seals', 'event_heads'].map((name) => `platform_${name}`)
  const each = (statement: (table: string) => string) => tables.map(statement).join(';')
  await query(
    server,
    each((table) => `create table copy_of_${table} as select * from ${table}`),
  )
  await query(server, statements.join(';'))
  const said = await ashlar('audit', 'verify')
  await query(
    server,
    each(
      (table) =>
        `delete from ${table}; insert into ${table} select * from copy_of_${table}; drop table copy_of_${table}`,
    ),
  )
  expect(said.code, said.stdout).toBe(1)
  return said.stdout
}

test('whatever the owner of the database does to the record, verify ends with 1 and names the row', async () => {
  const ada = await server.as('member')
  // Sealed within the minute of another head: none is kept of the end, with the settings as they come.
  await sealAll(server)
  const [registered] = await query<{ id: string }>(
    server,
    `select id from platform_events where subject_id = $1 and name = 'users.user_registered'`,
    [ada.userId],
  )
  const which = `where id = '${registered?.id}'`
  expect(await afterwards(`update platform_events set outcome = 'failed' ${which}`)).toContain(
    `The audit log is not whole: fact ${registered?.id}`,
  )
  expect(await afterwards(`delete from platform_events ${which}`)).toContain(
    `fact ${registered?.id}`,
  )

  expect((await ashlar('audit', 'verify')).code).toBe(0)
  const [{ first } = { first: '0' }] = await query<{ first: string }>(
    server,
    'select max(number) - 2 as first from platform_event_seals',
  )
  const newest = [
    `delete from platform_events where id in (select event_id from platform_event_seals where number >= ${first})`,
    `delete from platform_event_seals where number >= ${first}`,
  ]
  expect(await afterwards(...newest)).toContain(`seal ${first} is missing; the head signed at`)
  const heads = `delete from platform_event_heads where number >= ${first}`
  expect(await afterwards(...newest, heads)).toContain(
    `seal ${first} is missing; the verification of`,
  )
  expect((await ashlar('audit', 'verify')).code).toBe(0)
}, 300_000)

test('export writes a file that only its owner reads, and a stream for the shell', async () => {
  const ada = await server.as('member')
  const out = file('audit.csv')
  const written = await ashlar(
    'audit',
    'export',
    '--format',
    'csv',
    '--out',
    out,
    '--target',
    ada.user.id,
  )
  expect(written).toMatchObject({ code: 0, stdout: '' })
  expect(written.stderr).toMatch(/^\d+ entries are in /)
  expect((await stat(out)).mode & 0o777).toBe(0o600)
  const csv = await readFile(out, 'utf8')
  expect(csv).toMatch(/^id,at,action,/)
  expect(csv).toContain(',users.user_registered,')

  const piped = await ashlar('audit', 'export', '--action', 'audit.exported')
  expect(piped).toMatchObject({ code: 0, stderr: '' })
  const lines = piped.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { action: 'audit.exported', actor: { kind: 'system', id: 'cli' }, data: { format: 'csv' } },
  ])
  expect((await ashlar('audit', 'export', '--from', 'yesterday')).code).toBe(2)
}, 300_000)

test('trace follows an address, and says when nothing is known', async () => {
  const ada = await server.as('member')
  const traced = await ashlar('trace', ada.email)
  expect(traced).toMatchObject({ code: 0, stderr: '' })
  expect(traced.stdout).toContain(`user ${ada.userId}`)
  expect(traced.stdout).toContain('auth.signed_in succeeded')
  const unknown = await ashlar('trace', 'nobody@example.com')
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toContain('audit.nothing_found')
}, 300_000)

test('another SECRET_KEY, changed as the page on operations says, leaves the log as whole as it was', async () => {
  await sealAll(server)
  const next = 'n8Xk2Vq7Lr4Tz9Wb3Yc6Hd1Jf5Gs0PmQaEuRiOoKx'
  await writeFile(file('weak'), 'changeme')
  await writeFile(file('next'), `${next}\n`)
  const reseal = (name: string, ...more: string[]) =>
    ashlar('keys', 'reseal', '--secret-key-file', file(name), ...more)
  expect((await reseal('weak', '--yes')).code).not.toBe(0)
  expect((await reseal('next')).code).not.toBe(0)
  expect((await reseal('next', '--yes')).stdout).toBe(
    'Sealed 1 keys for the next SECRET_KEY; 0 do not open with the present one.\n',
  )
  const verify = (...more: string[]) =>
    run(['audit', 'verify', ...more], { ...environment, SECRET_KEY: next })
  const good = await verify()
  expect(good.stdout).toContain('The audit log is whole')
  expect(good.code).toBe(0)
  await writeFile(file('forged.jws'), 'e30.e30.AAAA')
  expect((await verify('--head', file('forged.jws'))).code).toBe(1)
}, 300_000)
