/** The audit log for tests: sealed, verified, and written by hand as only the owner of the database could. */
import { randomUUID } from 'node:crypto'
import { not } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import { eventually } from '../../app/testing.ts'
import { lastSeal, sealFacts } from '../../platform/events/chain.ts'
import { firstIdAt, monthsFrom } from '../../platform/events/months.ts'
import { isAfter, isBelowHorizon } from '../../platform/events/order.ts'
import { events } from '../../platform/tables.ts'
import { type Server, query } from '../auth/testing.ts'
import { sealLog, tendLog } from './jobs.ts'

export const logs = '/api/v1/admin/audit-logs'
export const activity = '/api/v1/users/me/activity'

const { signal } = new AbortController()

export const runSealing = (server: Server) => sealLog.run(server.ctx(), {} as never, signal)

export const runTending = (server: Server) =>
  tendLog(server.location.ownerUrl).run(server.ctx(), {} as never, signal)

/** Seals all there is, in one go. */
export const sealAll = (server: Server) => sealBy(server, () => runSealing(server))

/** Goes on with the chain whatever is missing of it, as the product never does. */
export const sealByForce = (server: Server) => sealBy(server, () => sealFacts(server.ctx(), signal))

/**
 * Transactions of other tests on the same PostgreSQL may be open, and what was recorded since they began has to wait. It is
 * waited for before anything is sealed: what is sealed in two goes has a head between them.
 */
const sealBy = (server: Server, seal: () => Promise<unknown>) =>
  eventually(async () => {
    if ((await server.db.$count(events, not(isBelowHorizon))) > 0) return false
    await seal()
    const { place } = await lastSeal(server.db)
    return (await server.db.$count(events, isAfter(place))) === 0
  })

/** Facts of an action that only this test knows, recorded one after the other. */
export async function givenFacts(server: Server, count: number, name = newAction()) {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    await server.ctx().tx((tx) => tx.record({ name }, `subject-${index}`, { index }))
    const [row] = await query<{ id: string }>(
      server,
      `select id from platform_events where name = $1 order by id desc limit 1`,
      [name],
    )
    ids.push(row?.id ?? '')
  }
  return { name, ids }
}

export const newAction = () => `test.${randomUUID().slice(0, 8)}`

/** Many facts at once, spread over time, as if they had been recorded. */
export const givenManyFacts = (server: Server, count: number, name = newAction()) =>
  query(
    server,
    `insert into platform_events (id, position, name, outcome, actor_kind, actor_id, subject_id, data, request_id, at)
     select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 19))::uuid,
       platform_position(pg_current_xact_id()), $2, 'succeeded', 'system', 'test', 's' || n % 1000,
       jsonb_build_object('n', n, 'text', repeat('x', 200)), 'many', moment
     from generate_series(1, $1::int) n, lateral (select now() - ($1::int - n) * interval '1 ms' as moment) m`,
    [count, name],
  )

/** A fact of another time, as it would have been recorded then. */
export async function givenFactAt(server: Server, at: Date) {
  const id = uuidv7({ msecs: at.getTime() })
  await query(
    server,
    `with d as (insert into platform_event_details (event_id, about, ip, salt, at) values ($1, 'somebody', '203.0.113.1', '\\x00', $3))
     insert into platform_events (id, position, name, outcome, actor_kind, actor_id, data, request_id, at)
     values ($1, platform_position(pg_current_xact_id()), $2, 'succeeded', 'system', 'test', '{}', 'old', $3)`,
    [id, newAction(), at],
  )
  return id
}

/** As if months had been made all the time: what is before a moment lies in a partition of its own. */
export async function splitBefore(server: Server, moment: Date, name: string) {
  const bound = firstIdAt(moment)
  const end = firstIdAt(monthsFrom(new Date(), 1))
  const split = (table: string, key: string) => `
    alter table ${table} detach partition ${table}_first;
    create table ${table}_${name} (like ${table} including all);
    with moved as (delete from ${table}_first where ${key} < '${bound}' returning *)
    insert into ${table}_${name} select * from moved;
    alter table ${table} attach partition ${table}_${name} for values from (minvalue) to ('${bound}');
    alter table ${table} attach partition ${table}_first for values from ('${bound}') to ('${end}')`
  await query(
    server,
    `${split('platform_events', 'id')}; ${split('platform_event_details', 'event_id')}`,
  )
}
