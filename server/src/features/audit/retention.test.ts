/** Months: made ahead, never missing for a write, dropped when they are old, and the rest stays provable. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { asOwner } from '../../platform/db/owner.ts'
import { findHead } from '../../platform/events/heads.ts'
import { addMonths, firstIdAt, monthsFrom } from '../../platform/events/months.ts'
import { query } from '../auth/testing.ts'
import { givenFactAt, givenFacts, logs, runTending, sealAll, splitBefore } from './testing.ts'
import { verify } from './verifications.ts'

const server = await startServer()
const admin = await server.as('admin')
const dayMs = 86_400_000
const check = () => verify(server.ctx())
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs)

const partitions = async () =>
  (
    await query<{ name: string }>(
      server,
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent in ('platform_events'::regclass, 'platform_event_details'::regclass)`,
    )
  ).map(({ name }) => name)

async function placesOf(id: string) {
  const rows = await query<{ name: string }>(
    server,
    `select tableoid::regclass::text as name from platform_events where id = $1
     union all select tableoid::regclass::text from platform_event_details where event_id = $1`,
    [id],
  )
  return rows.map(({ name }) => name)
}

async function remove(id: string) {
  await query(server, `delete from platform_events where id = $1`, [id])
  await query(server, `delete from platform_event_details where event_id = $1`, [id])
}

const monthNames = (moment: Date) =>
  ['events', 'event_details'].map(
    (table) => `platform_${table}_${moment.toISOString().slice(0, 7).replace('-', '_')}`,
  )

test('three months ahead are there from the start, and a write beyond them still finds its place', async () => {
  const names = await partitions()
  for (const ahead of [1, 2, 3])
    expect(names).toEqual(expect.arrayContaining(monthNames(monthsFrom(new Date(), ahead))))
  const far = monthsFrom(new Date(), 5)
  const id = await givenFactAt(server, new Date(far.getTime() + dayMs))
  expect(await placesOf(id)).toEqual(['platform_events_rest', 'platform_event_details_rest'])
  // Made later, its month takes it in.
  const later = monthsFrom(new Date(), 3)
  await asOwner(server.location.ownerUrl, (client) => addMonths(client, later))
  expect(await placesOf(id)).toEqual(monthNames(far))
  await remove(id)
})

test('old months go, with their details and their part of the chain, and what is left is as closed as before', async () => {
  const old = [await givenFactAt(server, daysAgo(700)), await givenFactAt(server, daysAgo(600))]
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  expect(await check()).toMatchObject({ isGood: true, first: '1' })
  await splitBefore(server, monthsFrom(daysAgo(500), 0), 'old')
  // Moved between partitions, they are the same facts.
  expect(await check()).toMatchObject({ isGood: true, first: '1' })

  await runTending(server)
  for (const id of old) expect((await admin.get(`${logs}/${id}`)).status).toBe(404)
  for (const id of ids) expect((await admin.get(`${logs}/${id}`)).status).toBe(200)
  expect((await partitions()).filter((name) => name.endsWith('_old'))).toEqual([])
  expect((await server.facts()).map(({ name }) => name)).toContain('audit.facts_dropped')
  await sealAll(server)
  const after = await check()
  expect(after).toMatchObject({ isGood: true })
  expect(after.checked).toBeGreaterThan(3)

  const set = (subject: string) =>
    query(server, `update platform_events set subject_id = $2 where id = $1`, [ids[1], subject])
  await set('other')
  expect((await check()).problem).toMatchObject({ kind: 'fact_changed', eventId: ids[1] })
  await set('subject-1')
  expect(await check()).toMatchObject({ isGood: true })

  // The signed record of where the chain begins cannot be done without.
  await query(
    server,
    `create table kept as select * from platform_event_heads where kind = 'cut';
     delete from platform_event_heads where kind = 'cut'`,
  )
  expect((await check()).problem).not.toBeNull()
  await query(server, 'insert into platform_event_heads select * from kept; drop table kept')
  expect(await check()).toMatchObject({ isGood: true })
})

test('a fact that is slipped in before the beginning of the chain is named', async () => {
  const cut = await findHead(server.db, 'cut')
  expect(cut).not.toBeNull()
  const id = await givenFactAt(server, daysAgo(650))
  await query(server, `update platform_events set position = 0 where id = $1`, [id])
  expect((await check()).problem).toMatchObject({ kind: 'fact_inserted', eventId: id })
  await remove(id)
  expect(await check()).toMatchObject({ isGood: true })
})

test('nothing is dropped that is not old, not sealed, or not whole', async () => {
  const before = await partitions()
  await runTending(server)
  expect((await partitions()).toSorted()).toEqual(before.toSorted())

  const end = firstIdAt(monthsFrom(new Date(), 1))
  const widen = (table: string) => `
    alter table ${table} detach partition ${table}_first;
    alter table ${table} attach partition ${table}_first for values from (minvalue) to ('${end}')`
  await query(server, `${widen('platform_events')}; ${widen('platform_event_details')}`)
  const unsealed = await givenFactAt(server, daysAgo(450))
  await splitBefore(server, monthsFrom(daysAgo(410), 0), 'older')
  await expect(runTending(server)).rejects.toThrow(`fact ${unsealed} is to be dropped`)
  await remove(unsealed)

  const { ids } = await givenFacts(server, 2)
  await sealAll(server)
  await query(server, `update platform_events set subject_id = 'other' where id = $1`, [ids[0]])
  await expect(runTending(server)).rejects.toThrow('not whole')
  expect(await partitions()).toContain('platform_events_older')
  await query(server, `update platform_events set subject_id = 'subject-0' where id = $1`, [ids[0]])
  await runTending(server)
  expect(await partitions()).not.toContain('platform_events_older')
  await sealAll(server)
  expect(await check()).toMatchObject({ isGood: true })
})
