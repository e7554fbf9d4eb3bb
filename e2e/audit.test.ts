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
  const ada = await server.as('member')
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

  const [changed] = await query<{ id: string }>(
    server,
    `update platform_events set outcome = 'failed' where subject_id = $1 and name = 'users.user_registered' returning id`,
    [ada.userId],
  )
  const bad = await ashlar('audit', 'verify')
  expect(bad.code).toBe(1)
  expect(bad.stdout).toContain(`The audit log is not whole: fact ${changed?.id}`)
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
