/** Sealing while others write: nobody is skipped, nobody waits, and there is one chain. */
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { findShipped } from '../../platform/events/heads.ts'
import { query, together } from '../auth/testing.ts'
import { givenFacts, newAction, runSealing, sealAll } from './testing.ts'
import { verify } from './verifications.ts'

const server = await startServer({ environment: { AUDIT_SHIP_HEADS: 'true' } })
const check = () => verify(server.ctx())
const isSealed = async (subject: string) =>
  (
    await query(
      server,
      `select 1 from platform_event_seals s join platform_events e on e.id = s.event_id where e.subject_id = $1`,
      [subject],
    )
  ).length > 0

test('what a transaction writes that stays open for long is sealed when it commits, and nothing after it is before', async () => {
  const name = newAction()
  const [early, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow = server.ctx().tx(async (tx) => {
    await tx.record({ name }, 'slow', {})
    early.resolve()
    await hold.promise
    await tx.record({ name }, 'slow too', {})
  })
  await early.promise
  await server.ctx().tx((tx) => tx.record({ name }, 'quick', {}))
  await runSealing(server)
  expect(await isSealed('slow')).toBe(false)
  expect(await isSealed('quick')).toBe(false)
  hold.resolve()
  await slow
  await sealAll(server)
  for (const subject of ['slow', 'slow too', 'quick']) expect(await isSealed(subject)).toBe(true)
  expect(await check()).toMatchObject({ isGood: true, unsealed: { count: 0 } })
})

test('facts written by many at once, while many seal, are one chain without a gap', async () => {
  const name = newAction()
  for (let round = 0; round < 10; round += 1)
    await Promise.all([
      together(20, (index) =>
        server.ctx().tx(async (tx) => {
          await tx.record({ name }, `${round}.${index}`, {})
          if (index % 3 === 0) await tx.db.execute(sql`select pg_sleep(0.01)`)
          await tx.record({ name }, `${round}.${index} again`, {})
        }),
      ),
      together(4, () => runSealing(server)),
    ])
  await sealAll(server)
  const verdict = await check()
  expect(verdict).toMatchObject({ isGood: true, unsealed: { count: 0 } })
  const [counts] = await query(
    server,
    `select count(*)::int as facts, count(s.*)::int as sealed, max(number)::int as last
     from platform_events e left join platform_event_seals s on s.event_id = e.id`,
  )
  expect(counts).toEqual({ facts: verdict.checked, sealed: verdict.checked, last: verdict.checked })
})

test('who writes facts waits for no sealer', async () => {
  const name = newAction()
  await givenFacts(server, 1, name)
  const sealing = Promise.withResolvers<void>()
  const written = Promise.withResolvers<void>()
  // A sealer in the middle of its batch: it holds the lock and has written seals.
  const sealer = server.ctx().tx(async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(4707257)`)
    await tx.db.execute(sql`
      insert into platform_event_seals (number, event_id, position, hash)
      select max(number) + 1000000, gen_random_uuid(), 0, '' from platform_event_seals`)
    sealing.resolve()
    await written.promise
    throw new Error('never mind')
  })
  await sealing.promise
  await together(20, () => server.ctx().tx((tx) => tx.record({ name }, null, {})))
  // Another sealer does not wait either: it leaves it to the first.
  await runSealing(server)
  written.resolve()
  await expect(sealer).rejects.toThrow('never mind')
  await sealAll(server)
  expect(await check()).toMatchObject({ isGood: true })
})

test('heads go to storage, and what they prove is looked at from there', async () => {
  await givenFacts(server, 2)
  await sealAll(server)
  await givenFacts(server, 1)
  await sealAll(server)
  // One may have been made while the last facts could not be sealed yet.
  await query(server, `update platform_event_heads set at = at - interval '1 day'`)
  await runSealing(server)
  const { storage } = server.ctx().ports
  const shipped = await findShipped(storage)
  const [newest] = await query<{ document: string }>(
    server,
    `select document from platform_event_heads where kind = 'head' order by number desc limit 1`,
  )
  expect(shipped).toBe(newest?.document)
  expect(await check()).toMatchObject({ isGood: true })

  // Somebody removes the end of everything in the database; the copy in storage still knows.
  await query(
    server,
    `delete from platform_event_heads where number = (select max(number) from platform_event_heads);
     delete from platform_events where id = (select event_id from platform_event_seals order by number desc limit 1);
     delete from platform_event_seals where number = (select max(number) from platform_event_seals)`,
  )
  expect((await check()).problem).toMatchObject({ kind: 'chain_cut_off' })
})
