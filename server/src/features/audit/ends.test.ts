/** The end of the chain, with the settings as they come: whoever takes it away is found, and nothing grows over the gap. */
import { beforeEach, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { lastSeal } from '../../platform/events/chain.ts'
import { findHead } from '../../platform/events/heads.ts'
import { verifyFacts } from '../../platform/events/verification.ts'
import { query } from '../auth/testing.ts'
import { givenFacts, runSealing, runTending, sealAll, sealByForce } from './testing.ts'
import { verify } from './verifications.ts'

const server = await startServer()
await server.as('admin')
const check = () => verify(server.ctx())
const countOf = async (what: string) => {
  const [row] = await query<{ count: number }>(server, `select count(*)::int as count from ${what}`)
  return row?.count ?? 0
}
const told = () => countOf(`platform_events where name = 'audit.chain_broken'`)

/** Facts that were sealed within the minute after the last head, with their last seal. */
async function givenSealedFacts() {
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  return { ids, first: (await lastSeal(server.db)).number - 2n }
}

const tables = [
  'platform_events',
  'platform_event_seals',
  'platform_event_heads',
  'audit_verifications',
]

/** Removes the newest facts with their seals, and whatever else, as the owner of the database could. */
async function truncate(first: bigint, ...more: string[]) {
  await query(
    server,
    [
      `delete from platform_events where id in (select event_id from platform_event_seals where number >= ${first})`,
      `delete from platform_event_seals where number >= ${first}`,
      ...more,
    ].join(';'),
  )
}
const withHeads = (first: bigint) => `delete from platform_event_heads where number >= ${first}`

// Each test finds a chain that is whole, and leaves it broken.
beforeEach(async () => {
  await sealAll(server)
  await query(
    server,
    tables.map((table) => `create table copy_of_${table} as select * from ${table}`).join(';'),
  )
  return () =>
    query(
      server,
      tables
        .map(
          (table) =>
            `delete from ${table}; insert into ${table} select * from copy_of_${table}; drop table copy_of_${table}`,
        )
        .join(';'),
    )
})

test('newest entries that were taken away with their seals are found, without waiting for a head that is kept', async () => {
  const heads = await countOf(`platform_event_heads where kind = 'head'`)
  const { ids, first } = await givenSealedFacts()
  expect(await countOf(`platform_event_heads where kind = 'head'`)).toBe(heads)
  await truncate(first)
  const { problem } = await check()
  expect(problem).toMatchObject({
    kind: 'chain_cut_off',
    number: first.toString(),
    eventId: ids[2],
  })
  expect(problem?.message).toContain(`seal ${first} is missing`)
})

test('nothing is sealed over a missing end, which is told once', async () => {
  const { first } = await givenSealedFacts()
  await truncate(first)
  const [end, before] = [await lastSeal(server.db), await told()]
  await givenFacts(server, 5)
  for (let times = 0; times < 3; times += 1) await runSealing(server)
  expect(await lastSeal(server.db)).toEqual(end)
  expect(await told()).toBe(before + 1)
  const [fact] = (await server.facts()).filter(({ name }) => name === 'audit.chain_broken')
  expect(fact).toMatchObject({
    data: { kind: 'chain_cut_off', number: first.toString(), eventId: null },
  })
  expect((await check()).problem).toMatchObject({ kind: 'chain_cut_off' })
})

test('an end that was taken away with its heads is found by what was whole before, and not sealed over', async () => {
  const { ids, first } = await givenSealedFacts()
  expect(await check()).toMatchObject({ isGood: true })
  await truncate(first, withHeads(first))
  const { problem } = await check()
  expect(problem).toMatchObject({
    kind: 'chain_cut_off',
    number: first.toString(),
    eventId: ids[2],
  })
  expect(problem?.message).toContain(`seal ${first} is missing`)
  const end = await lastSeal(server.db)
  await givenFacts(server, 5)
  await runSealing(server)
  expect(await lastSeal(server.db)).toEqual(end)
})

test('an end that was made anew contradicts what was whole before', async () => {
  const { ids, first } = await givenSealedFacts()
  expect(await check()).toMatchObject({ isGood: true })
  await truncate(first, withHeads(first))
  await givenFacts(server, 5)
  await sealByForce(server)
  expect((await check()).problem).toMatchObject({
    kind: 'verdict_contradicted',
    number: (first + 2n).toString(),
    eventId: ids[2],
  })
})

test('what is sealed and signed during a verification is not said to be verified, and is not missing', async () => {
  const { number } = await lastSeal(server.db)
  /** Where heads are asked for, more of them come first. */
  const busy = new Proxy(server.db, {
    get: (db, key) =>
      key !== 'select'
        ? Reflect.get(db, key)
        : (shape: Record<string, never>) =>
            shape === undefined || !('document' in shape)
              ? db.select(shape)
              : {
                  from: (table: never) => ({
                    where: (which: never) => ({
                      orderBy: (...by: never[]) => ({
                        limit: async (rows: number) => {
                          await givenSealedFacts()
                          const asked = db.select(shape).from(table).where(which)
                          return asked.orderBy(...by).limit(rows)
                        },
                      }),
                    }),
                  }),
                },
  })
  const read = await server.ctx().ports.tokens.openDocuments()
  const verdict = await verifyFacts(busy, { read, external: [], witness: null })
  expect(verdict).toMatchObject({ isGood: true, last: number.toString() })
  expect((await lastSeal(server.db)).number).toBe(number + 3n)
})

test('a head is due at its minute, however the seconds fall', async () => {
  const age = (seconds: number) =>
    query(server, `update platform_event_heads set at = now() - make_interval(secs => ${seconds})`)
  await age(560)
  await givenSealedFacts()
  const kept = (await findHead(server.db, 'head'))?.number
  expect((await findHead(server.db, 'tip'))?.number).toBeGreaterThan(kept ?? 0n)
  const { number } = await lastSeal(server.db)
  await age(599)
  await givenSealedFacts()
  expect((await findHead(server.db, 'head'))?.number).toBeGreaterThan(number)
})

test('heads of single minutes go after a day, those that are kept stay, and the log is as whole as before', async () => {
  await givenSealedFacts()
  await query(server, `update platform_event_heads set at = at - interval '1 hour'`)
  await givenSealedFacts()
  await query(server, `update platform_event_heads set at = at - interval '2 days'`)
  await runTending(server)
  expect(await countOf(`platform_event_heads where kind = 'tip'`)).toBe(0)
  expect(await countOf(`platform_event_heads where kind = 'head'`)).toBeGreaterThan(1)
  expect(await check()).toMatchObject({ isGood: true })
})
