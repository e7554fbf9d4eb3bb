/** Rate limits in PostgreSQL: one statement for a request's hits of exact policies, one per batch of all others. */
import { getTableName } from 'drizzle-orm'
import type { Pool, QueryResultRow } from 'pg'
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

type TakenRow = { place: number; used: number; reset_ms: number }
type LogRow = { used: number; reset_ms: number }

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
const used = (hits: string, place: Place) => `cardinality(${hits}) - ${gone(hits, place)}`
/** Until the hit at `index` has left. */
const resetMs = ({ window }: Place, index: string) =>
  `extract(epoch from hits[${index}] + ${window} - clock_timestamp())::float8 * 1000`

/**
 * A full log is seen without a lock and refuses without writing anything, so that a flood of refused hits costs reads.
 * Otherwise the row's lock makes hits of one key wait for each other, and the clock is read under it: recorded is the
 * time at which a hit was let through, not at which it arrived, and never one before that of another. Locks are taken in
 * the order of the hits, in which every route names the address first: two statements never wait for each other.
 */
function takeOne(place: Place, index: number): string {
  const { key, limit, window } = place
  const isTurn = index === 0 ? '' : `exists (select from taken${index - 1}) and`
  return `taken${index} as (
    insert into ${logs} as log (key, hits, expires_at)
    select ${key}, array[clock_timestamp()], clock_timestamp() + ${window}
    where ${isTurn} not exists (
      select from ${logs} full_log where key = ${key} and ${used('full_log.hits', place)} >= ${limit})
    on conflict (key) do update set
      hits = log.hits[${gone('log.hits', place)} + 1:]
        || greatest(clock_timestamp(), log.hits[cardinality(log.hits)]),
      expires_at = clock_timestamp() + ${window}
    where ${used('log.hits', place)} < ${limit}
    returning ${index} as place, cardinality(hits) as used, ${resetMs(place, '1')} as reset_ms)`
}

/** A row for each hit that was let through, up to the first that was not. */
function takeOf(count: number): Statement {
  const hits = Array.from({ length: count }, (_, index) => takeOne(placeOf(index), index))
  const rows = hits.map((_, index) => `select * from taken${index}`)
  return {
    name: `rate_limit_take_${count}`,
    text: `with ${hits.join(', ')} ${rows.join(' union all ')}`,
  }
}

const only = placeOf(0)
/** How many hits count, and until one of them has left that has to before there is room. No row where nothing was hit. */
const peek = {
  name: 'rate_limit_peek',
  text: `
  select ${used('hits', only)} as used,
    coalesce(${resetMs(only, `greatest(cardinality(hits) - ${only.limit}, ${gone('hits', only)}) + 1`)}, 0) as reset_ms
  from ${logs} where key = ${only.key}`,
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
    // Whoever waited too long for a connection has been answered: the hit must not be counted any more.
    if (signal.aborted) {
      client.release()
      throw new Error('no connection to the store of rate limits became free in time')
    }
    // Lent out, a client has no listener of the pool's: a lost connection would end the process. The query reports it.
    const ignore = () => {}
    client.on('error', ignore)
    let failure: Error | undefined
    try {
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

  async function look(limited: Limited, signal: AbortSignal): Promise<LogState> {
    const [row] = await query<LogRow>(peek, valuesOf(limited), signal)
    const { limit, windowSeconds } = limited
    if (!row || row.used === 0) return { isAllowed: true, used: 0, resetMs: windowSeconds * 1000 }
    return { isAllowed: row.used < limit, used: row.used, resetMs: row.reset_ms }
  }

  return {
    take: async (hits, signal) => {
      const take = takes.get(hits.length) ?? takeOf(hits.length)
      takes.set(hits.length, take)
      const rows = await query<TakenRow>(take, hits.flatMap(valuesOf), signal)
      const taken = rows.toSorted((left, right) => left.place - right.place)
      const states = taken.map((row) => ({
        isAllowed: true,
        used: row.used,
        resetMs: row.reset_ms,
      }))
      const refusedBy = hits[states.length]
      if (!refusedBy) return states
      // Refused is refused, even if a hit has left since.
      const { isAllowed, resetMs: waitMs } = await look(refusedBy, signal)
      const refusal = { isAllowed: false, used: refusedBy.limit, resetMs: isAllowed ? 0 : waitMs }
      return [...states, refusal]
    },
    peek: look,
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
