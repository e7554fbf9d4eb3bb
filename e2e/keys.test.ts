/** Keys are rotated and retired by the command line while the product runs, and nobody is signed out. */
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { register, signIn, whoami } from './person.ts'
import { dataDirectory, run, start } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const location = await testDatabase()
const environment = {
  ASHLAR_DATA_DIR: path.join(directory.path, 'data'),
  DATABASE_URL: location.appUrl,
  DATABASE_OWNER_URL: location.ownerUrl,
}

type Listed = { kid: string; algorithm: string; state: string }

const keys = (...args: string[]) => run(['keys', ...args], environment)
const list = async () => JSON.parse((await keys('list', '--json')).stdout) as Listed[]
const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string })
    .kid

async function facts(): Promise<object[]> {
  const client = new Client({ connectionString: location.ownerUrl })
  await client.connect()
  const { rows } = await client.query<object>(
    `select name, outcome, actor_id from platform_events where name like 'tokens.%' order by id`,
  )
  await client.end()
  return rows
}

/** Asks until it is so; the test's own time limit ends a wait in vain. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(100)
}

test('with another SECRET_KEY a command says so in one line, and ends', async () => {
  const first = await start(environment)
  await first.stop()
  const other = await run(['keys', 'list'], {
    ...environment,
    SECRET_KEY: 'b3'.repeat(32),
  })
  expect(other).toMatchObject({ code: 1, stdout: '' })
  expect(other.stderr).toMatch(/^SECRET_KEY cannot open signing key \S+: [^\n]*\n$/)
})

test('rotate, look, retire: while two processes serve, with and without consent', async () => {
  const server = await start({ ...environment, WEB_CONCURRENCY: '2' })
  try {
    const person = await register(server.url)
    const before = await signIn(server.url, person)
    const [first] = await list()
    expect(first).toMatchObject({ algorithm: 'EdDSA', state: 'signing' })
    const kid = first?.kid ?? ''

    const unasked = await keys('rotate')
    expect(unasked).toMatchObject({ code: 2, stdout: '' })
    expect(unasked.stderr).toContain('--yes')
    expect((await keys('rotate', '--dry-run')).stdout).toContain('Would publish an EdDSA key')
    expect(await list()).toHaveLength(1)

    const rotated = await keys('rotate', '--now', '--yes')
    expect(rotated).toMatchObject({ code: 0, stderr: '' })
    const next = /key (\S+);/.exec(rotated.stdout)?.[1] ?? ''
    await until(async () => (await list()).at(-1)?.state === 'signing')
    const after = await signIn(server.url, person)
    expect(kidOf(after.accessToken)).toBe(next)
    for (const tokens of [before, after, before, after])
      expect(await whoami(server.url, tokens)).toBe(200)

    const signing = await keys('retire', next, '--yes')
    expect(signing).toMatchObject({ code: 1, stdout: '' })
    expect(signing.stderr).toContain('tokens.key_signing')
    // Ids are digests in base64url, and some begin like an option.
    const dashed = await keys('retire', '-begins_like_an_option', '--yes')
    expect(dashed).toMatchObject({ code: 1, stdout: '' })
    expect(dashed.stderr).toContain('tokens.key_not_found')
    const misspelt = await keys('retire', kid, '--yess')
    expect(misspelt).toMatchObject({ code: 2, stdout: '' })
    const inUse = await keys('retire', kid, '--yes')
    expect(inUse).toMatchObject({ code: 1, stdout: '' })
    expect(inUse.stderr).toContain('tokens.key_in_use')
    expect((await keys('retire', kid, '--force', '--dry-run')).stdout).toContain('Would retire')
    expect(await whoami(server.url, before)).toBe(200)
    expect((await keys('retire', kid, '--force', '--yes')).code).toBe(0)

    // Every process has heard of it within a second; a busy machine gets a little longer.
    await pause(2_000)
    for (let request = 0; request < 20; request += 1)
      expect(await whoami(server.url, before)).toBe(401)
    expect(await whoami(server.url, after)).toBe(200)
    expect((await keys('list')).stdout).toMatch(/retired .*\n.* signing /)
    expect(await facts()).toEqual(
      [
        ['tokens.key_rotated', 'succeeded'],
        ['tokens.retirement_refused', 'refused'],
        ['tokens.retirement_refused', 'refused'],
        ['tokens.key_retired', 'succeeded'],
      ].map(([name, outcome]) => ({ name, outcome, actor_id: 'cli' })),
    )
  } finally {
    await server.stop()
  }
}, 300_000)
