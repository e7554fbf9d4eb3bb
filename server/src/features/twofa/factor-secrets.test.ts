/** Secrets at rest: moved nowhere, moved to new keys by a job, and unreadable without harm when a key is missing. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer, testDatabase } from '../../app/testing.ts'
import { type Server, query } from '../auth/testing.ts'
import { reencryptSecrets } from './factor-secrets.ts'
import { sweep } from './jobs.ts'
import { codeOf, givenEnrolled, holdSignIn, nextCode, setUp, verify2fa } from './testing.ts'

const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [old, fresh] = [keyOf('old'), keyOf('fresh')]
const location = await testDatabase()
const start = (keys: string | null): Promise<Server> =>
  startServer({ location, environment: keys === null ? {} : { ENCRYPTION_KEYS: keys } })

const before = await start(old)
const between = await start(`${fresh},${old}`)
const after = await start(fresh)
const tick = { scheduledFor: '2026-11-15T10:00:00Z' }
const run = (server: Server, signal = new AbortController().signal) =>
  reencryptSecrets.run(server.ctx(), tick, signal)

/** Key ids of all envelopes, and how many each. */
async function keysInUse(): Promise<Record<string, number>> {
  const rows = await query<{ id: string; count: string }>(
    before,
    `select convert_from(substring(secret from 3 for get_byte(secret, 1)), 'utf8') as id, count(*)
     from twofa_factors group by 1`,
  )
  return Object.fromEntries(rows.map(({ id, count }) => [id, Number(count)]))
}

async function signsIn(server: Server, person: Awaited<ReturnType<typeof givenEnrolled>>) {
  await nextCode(server, person.user.id)
  const pendingToken = await holdSignIn(server, person.email)
  const step = { pendingToken, code: codeOf(person.secret) }
  const { status, body } = await server.anonymous.post(verify2fa, step)
  return { status, code: body.code as string | undefined }
}

test('an envelope in another’s row does not open, and that fails this sign-in alone', async () => {
  const [ada, eve] = [await givenEnrolled(before), await givenEnrolled(before)]
  const [kept] = await query<{ secret: Buffer }>(
    before,
    'select secret from twofa_factors where user_id = $1',
    [eve.user.id],
  )
  const put = (secret: Buffer | undefined) =>
    query(before, 'update twofa_factors set secret = $1 where user_id = $2', [secret, eve.user.id])
  const [adas] = await query<{ secret: Buffer }>(
    before,
    'select secret from twofa_factors where user_id = $1',
    [ada.user.id],
  )
  await put(adas?.secret)
  expect(await signsIn(before, { ...eve, secret: ada.secret })).toEqual({
    status: 500,
    code: 'encryption.unreadable',
  })
  expect((await signsIn(before, ada)).status).toBe(200)
  await put(kept?.secret)
  expect((await signsIn(before, eve)).status).toBe(200)
})

test('keys rotate: new writes take the new one, a job moves the rest, then the old one goes', async () => {
  const people = [await givenEnrolled(before), await givenEnrolled(before)]
  const [ada] = people
  if (!ada) throw new Error('nobody')
  const held = await keysInUse()
  expect(Object.keys(held)).toEqual(['old'])
  const grace = await givenEnrolled(between)
  expect(await keysInUse()).toEqual({ ...held, fresh: 1 })
  // Both are read while both keys are there; with the new one alone, the old ones are not.
  for (const person of [...people, grace]) expect((await signsIn(between, person)).status).toBe(200)
  expect(await signsIn(after, ada)).toEqual({ status: 500, code: 'encryption.unreadable' })
  expect((await signsIn(after, grace)).status).toBe(200)

  // A run that is stopped leaves the rest to the next one.
  await run(between, AbortSignal.abort())
  expect(await keysInUse()).toEqual({ ...held, fresh: 1 })
  await Promise.all([run(between), run(between)])
  expect(await keysInUse()).toEqual({ fresh: (held['old'] ?? 0) + 1 })
  for (const person of [...people, grace]) expect((await signsIn(after, person)).status).toBe(200)
  const [row] = await query(before, 'select secret from twofa_factors limit 1')
  await run(between)
  expect((await query(before, 'select secret from twofa_factors limit 1'))[0]).toEqual(row)
})

test('what no key opens is left as it is and reported, and the others are moved all the same', async () => {
  await givenEnrolled(before)
  const lost = await givenEnrolled(await start(keyOf('lost')))
  await givenEnrolled(before)
  const read = () =>
    query<{ secret: Buffer }>(before, 'select secret from twofa_factors where user_id = $1', [
      lost.user.id,
    ])
  const [kept] = await read()
  await expect(run(between)).rejects.toThrow('1 secrets cannot be read')
  expect((await read())[0]).toEqual(kept)
  expect(await keysInUse()).toEqual({ fresh: expect.any(Number), lost: 1 })
})

test('what is over is swept away, and nothing else', async () => {
  const ada = await givenEnrolled(before)
  const bob = await before.as()
  await setUp(bob)
  await holdSignIn(before, ada.email)
  const count = async (table: string) => (await query(before, `select 1 from ${table}`)).length
  const tables = ['twofa_pending_logins', 'twofa_factors', 'twofa_backup_codes']
  const counts = () => Promise.all(tables.map(count))
  const runSweep = () => sweep.run(before.ctx(), tick, new AbortController().signal)
  const held = await counts()
  await runSweep()
  expect(await counts()).toEqual(held)
  await query(before, `update twofa_pending_logins set expires_at = now() - interval '25 hours'`)
  await query(before, `update twofa_factors set created_at = now() - interval '25 hours'`)
  await runSweep()
  expect(await counts()).toEqual([0, (held[1] ?? 0) - 1, held[2]])
})
