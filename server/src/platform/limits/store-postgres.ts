/** Rate limits in PostgreSQL: one statement for a request's hits of exact policies, one per batch of all others. */
import { getTableName } from 'drizzle-orm'
import type { Pool, QueryResultRow } from 'pg'
import { one } from '../db/one.ts'
import { rateLimitCounts, rateLimitLogs } from '../tables.ts'
import {
  keptMarginSeconds,
  keptWindows,
  storeTimeoutMs,
  type Limited,
  type LimitStore,
  type LogState,
  type Totals,
} from './store.ts'

type LogRow = { is_allowed: boolean; used: number; reset_ms: number }

const logs = getTableName(rateLimitLogs)
const counts = getTableName(rateLimitCounts)

type Place = { readonly key: string; readonly limit: string; readonly window: string }
type Statement = { readonly name: string; readonly text: string }

/** The parameters of the hit at `index`: its key, limit, and window in seconds. */
const placeOf = (index: number): Place => ({
  key: `$${index * 3 + 1}`,
  limit: `$${index * 3 + 2}::int`,
  window: `make_interval(secs => $${index * 3 + 3})`,
})
const valuesOf = ({ key, limit, windowSeconds }: Limited) => [key, limit, windowSeconds]

/** Hits that have left the window. They come first: a log is sorted, and found in it is by bisection. */
const gone = (hits: string, { window }: Place) =>
  `width_bucket(clock_timestamp() - ${window}, ${hits})`
const hasRoom = (hits: string, place: Place) =>
  `cardinality(${hits}) - ${gone(hits, place)} < ${place.limit}`
const seen = ({ key }: Place) =>
  `select coalesce((select hits from ${logs} where key = ${key}), '{}') as hits`
/** Until the hit that has to leave first has left; its place is known even when others were faster than our snapshot. */
const resetMs = ({ window }: Place, place: string) =>
  `extract(epoch from coalesce(hits[${place}] + ${window} - clock_timestamp(), ${window}))::float8 * 1000 as reset_ms`
const refusedResetMs = (place: Place) =>
  resetMs(place, `greatest(cardinality(hits) - ${place.limit}, ${gone('hits', place)}) + 1`)

/**
 * A full log is seen without a lock and refuses without writing anything, so that a flood of refused hits costs reads.
 * Otherwise the row's lock makes hits of one key wait for each other, and the clock is read under it: recorded is the
 * time at which a hit was let through, not at which it arrived, and never one before that of another. Locks are taken in
 * the order of the hits, in which every route names the address first: two statements never wait for each other.
 */
function takeOne(index: number): { readonly tables: string; readonly rows: string } {
  const place = placeOf(index)
  const isTurn = index === 0 ? 'true' : `exists (select from taken${index - 1})`
  const tables = `
  seen${index} as materialized (${seen(place)}), taken${index} as (
    insert into ${logs} as log (key, hits, expires_at)
    select ${place.key}, array[clock_timestamp()], clock_timestamp() + ${place.window}
    from seen${index} where ${hasRoom('hits', place)} and ${isTurn}
    on conflict (key) do update set (hits, expires_at) = (
      select log.hits[${gone('log.hits', place)} + 1:] || clock.now, clock.now + ${place.window}
      from (select greatest(clock_timestamp(), log.hits[cardinality(log.hits)]) as now) clock
    )
    where ${hasRoom('log.hits', place)}
    returning hits
  )`
  const rows = `
  select ${index} as place, true as is_allowed, cardinality(hits) as used, ${resetMs(place, '1')} from taken${index}
  union all
  select ${index}, false, ${place.limit}, ${refusedResetMs(place)} from seen${index}
  where ${isTurn} and not exists (select from taken${index})`
  return { tables, rows }
}

function takeOf(count: number): Statement {
  const hits = Array.from({ length: count }, (_, index) => takeOne(index))
  const tables = hits.map((hit) => hit.tables).join(',')
  const rows = hits.map((hit) => hit.rows).join(' union all ')
  return { name: `rate_limit_take_${count}`, text: `with ${tables} ${rows} order by place` }
}

const only = placeOf(0)
const peek = {
  name: 'rate_limit_peek',
  text: `
  with seen as materialized (${seen(only)})
  select ${hasRoom('hits', only)} as is_allowed, cardinality(hits) - ${gone('hits', only)} as used, ${refusedResetMs(only)}
  from seen`,
}

const forget = { name: 'rate_limit_forget', text: `delete from ${logs} where key = $1` }

/** Rows are locked in the order of their keys, so that two processes never wait for each other. */
const add = {
  name: 'rate_limit_add',
  text: `
  with given as materialized (
    select * from unnest($1::text[], $2::bigint[], $3::int[], $4::int[])
      with ordinality as given (key, window_start, window_seconds, hits, position)
  ), saved as (
    insert into ${counts} as counts (key, window_start, hits, expires_at)
    select key, window_start, sum(hits),
      to_timestamp(window_start + max(window_seconds) * ${keptWindows} + ${keptMarginSeconds})
    from given group by key, window_start order by key, window_start
    on conflict (key, window_start) do update set hits = counts.hits + excluded.hits
    returning key, window_start, hits
  )
  select saved.hits as current, coalesce(previous.hits, 0) as previous,
    extract(epoch from clock_timestamp())::float8 * 1000 as now_ms
  from given
  join saved using (key, window_start)
  left join ${counts} previous
    on previous.key = given.key and previous.window_start = given.window_start - given.window_seconds
  order by given.position`,
}

/** The pool stays the caller's: closing the store leaves it open. */
export function openPostgresStore(pool: Pool): LimitStore {
  /** By the number of hits, which is two at most. */
  const takes = new Map<number, Statement>()

  async function query<R extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
    signal: AbortSignal,
  ): Promise<R[]> {
    const client = await pool.connect()
    // Lent out, a client has no listener of the pool's: a lost connection would end the process. The query reports it.
    const ignore = () => {}
    client.on('error', ignore)
    let failure: Error | undefined
    try {
      // Whoever waited too long for a connection has been answered: the hit must not be counted any more.
      if (signal.aborted) return []
      const config = { ...statement, values: [...values], query_timeout: storeTimeoutMs }
      const { rows } = await client.query<R>(config)
      return rows
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      // After a failure the connection may still be busy with the statement: it is given up, and may yet complain.
      if (!failure) client.off('error', ignore)
      client.release(failure)
    }
  }

  return {
    take: async (hits, signal) => {
      const take = takes.get(hits.length) ?? takeOf(hits.length)
      takes.set(hits.length, take)
      return statesOf(await query<LogRow>(take, hits.flatMap(valuesOf), signal))
    },
    peek: async (limited, signal) =>
      one(statesOf(await query<LogRow>(peek, valuesOf(limited), signal))),
    forget: async (key, signal) => {
      await query(forget, [key], signal)
    },
    add: async (unsent, signal) => {
      const columns = [
        unsent.map(({ key }) => key),
        unsent.map(({ windowStart }) => windowStart),
        unsent.map(({ windowSeconds }) => windowSeconds),
        unsent.map(({ hits }) => hits),
      ]
      const rows = await query<Totals & { now_ms: number }>(add, columns, signal)
      if (rows.length !== unsent.length) throw new Error('the store lost rate limit counts')
      return { nowMs: rows[0]?.now_ms ?? Date.now(), totals: rows }
    },
    ping: async (signal) => {
      await query({ name: 'rate_limit_ping', text: 'select' }, [], signal)
    },
    close: async () => {},
  }
}

function statesOf(rows: readonly LogRow[]): readonly LogState[] {
  if (rows.length === 0)
    throw new Error('no connection to the store of rate limits became free in time')
  return rows.map(({ is_allowed: isAllowed, used, reset_ms }) => ({
    isAllowed,
    used,
    resetMs: reset_ms,
  }))
}
