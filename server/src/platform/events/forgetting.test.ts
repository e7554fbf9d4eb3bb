/** Details that are gone: with a reason that was recorded, the log is whole; without one it says which are missing. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { sealAll } from '../../features/audit/testing.ts'
import { query } from '../../features/auth/testing.ts'
import { forgetOld, forgetPerson } from './forgetting.ts'
import { verifyFacts } from './verification.ts'

const server = await startServer()
const halfYear = 180 * 86_400
const check = async () => {
  await sealAll(server)
  const read = await server.ctx().ports.tokens.openDocuments()
  return verifyFacts(server.db, { read, external: [], witness: null })
}
const detailsOf = (id: string) =>
  query<{ id: string }>(
    server,
    `select event_id as id from platform_event_details where about = $1 or personal_of = $1`,
    [id],
  )
const reasons = async () =>
  (await server.facts())
    .filter(({ name }) => name === 'platform.details_forgotten')
    .map(({ data, subjectId }) => ({ data, subjectId }))

async function givenMember() {
  const { userId } = await server.as('member')
  return { userId: userId ?? '' }
}

/** A fact with personal values; of long ago, as long as nothing was sealed since. */
async function givenFact(daysAgo: number) {
  const ada = await givenMember()
  await server.ctx().tx(async (tx) => {
    await tx.record({ name: 'test.renamed' }, ada.userId, {}, { personal: { name: 'Ada' } })
  })
  const [row] = await query<{ id: string }>(
    server,
    `with aged as (update platform_events set at = at - make_interval(days => $2) where subject_id = $1 and name = 'test.renamed' returning id)
     update platform_event_details d set at = d.at - make_interval(days => $2) from aged where aged.id = event_id returning event_id as id`,
    [ada.userId, daysAgo],
  )
  return { userId: ada.userId, id: row?.id ?? '' }
}

/** Known of before anything is sealed: what comes later cannot say that it is older. */
const old = await givenFact(200)

test('what a person’s erasure takes away is no news, what somebody takes away is', async () => {
  const [ada, eve] = [await givenMember(), await givenMember()]
  expect((await detailsOf(ada.userId)).length).toBeGreaterThan(0)
  await forgetPerson(server.ctx(), ada.userId)
  await forgetPerson(server.ctx(), ada.userId)
  expect(await detailsOf(ada.userId)).toEqual([])
  expect(await reasons()).toEqual([{ data: { reason: 'erased' }, subjectId: ada.userId }])
  expect(await check()).toMatchObject({ isGood: true })

  const [first] = await query<{ id: string }>(
    server,
    `delete from platform_event_details where about = $1 returning event_id as id`,
    [eve.userId],
  )
  const { problem } = await check()
  expect(problem).toMatchObject({ kind: 'details_missing' })
  expect(first).toBeDefined()
  await forgetPerson(server.ctx(), randomUUID())
  expect((await check()).problem).toEqual(problem)
  await server
    .ctx()
    .tx((tx) => tx.record({ name: 'platform.details_forgotten' }, eve.userId, { reason: 'erased' }))
  expect(await check()).toMatchObject({ isGood: true })
})

test('what goes for its age is no news; nothing younger goes, and nothing is recorded where nothing is old', async () => {
  const before = (await reasons()).length
  await forgetOld(server.ctx(), 2 * halfYear)
  expect((await reasons()).length).toBe(before)
  const { userId, id } = old
  await forgetOld(server.ctx(), halfYear)
  expect((await reasons()).length).toBe(before + 1)
  const left = (await detailsOf(userId)).map((row) => row.id)
  expect(left.length).toBeGreaterThan(0)
  expect(left).not.toContain(id)
  expect(await check()).toMatchObject({ isGood: true })
})

test('a reason that reaches further than any setting excuses nothing', async () => {
  const { id } = await givenFact(0)
  await query(server, `delete from platform_event_details where event_id = $1`, [id])
  const say = (before: string) =>
    server
      .ctx()
      .tx((tx) =>
        tx.record({ name: 'platform.details_forgotten' }, null, { reason: 'age', before }),
      )
  await say(new Date(Date.now() + 86_400_000).toISOString())
  await say('zzzz')
  expect((await check()).problem).toMatchObject({ kind: 'details_missing', eventId: id })
})

test('what was forgotten before there were reasons is excused by the migration that brought them, and nothing after it', async () => {
  const { id } = await givenFact(0)
  await query(server, `delete from platform_event_details where event_id = $1`, [id])
  const { problem } = await check()
  expect(problem).toMatchObject({ kind: 'details_missing' })
  const file = new URL('../../../migrations/0019_forgotten_details.sql', import.meta.url)
  const upgrade = readFileSync(file, 'utf8').split('--> statement-breakpoint').at(-1) ?? ''
  await query(server, upgrade)
  expect((await reasons()).at(-1)).toMatchObject({ data: { reason: 'upgraded' } })
  expect(await check()).toMatchObject({ isGood: true })

  // As if it had been some hours ago: what a transaction of then still wrote is excused for an hour.
  const later = await givenFact(0)
  await query(
    server,
    `update platform_events set at = at + interval '2 hours' where id = '${later.id}'`,
  )
  await query(server, `delete from platform_event_details where event_id = '${later.id}'`)
  expect((await check()).problem).toMatchObject({ kind: 'details_missing', eventId: later.id })
})
