/** Rate limits in PostgreSQL: one statement per hit of an exact policy, one per batch of all others. */
import { getTableName } from 'drizzle-orm'
import type { Pool, QueryResultRow } from 'pg'
import { rateLimitCounts, rateLimitLogs } from '../tables.ts'
import {
  keptMarginSeconds,
  keptWindows,
  storeTimeoutMs,
  type LimitStore,
  type LogState,
  type Totals,
} from './store.ts'

type LogRow = { is_allowed: boolean; used: number; reset_ms: number }

const logs = getTableName(rateLimitLogs)
const counts = getTableName(rateLimitCounts)

const liveHits = `unnest(log.hits) as hit where hit > clock_timestamp() - make_interval(secs => $3)`

const seen = `
  seen as materialized (
    select coalesce((select array_agg(hit order by hit) from ${logs} log, ${liveHits} and log.key = $1), '{}') as hits
  )`
/** Until the hit that has to leave first has left; its place is known even when others were faster than our snapshot. */
const resetMs = (hits: string, place: string) =>
  `coalesce(extract(epoch from ${hits}[${place}] + make_interval(secs => $3) - clock_timestamp()), $3)::float8 * 1000`

/**
 * A full log is seen without a lock and refuses without writing anything, so that a flood of refused hits costs reads.
 * Otherwise the row's lock makes hits of one key wait for each other, and the clock is read under it: recorded is the
 * time at which a hit was let through, not at which it arrived.
 */
const take = {
  name: 'rate_limit_take',
  text: `
  with ${seen}, taken as (
    insert into ${logs} as log (key, hits, expires_at)
    select $1, array[clock_timestamp()], clock_timestamp() + make_interval(secs => $3)
    from seen where cardinality(seen.hits) < $2::int
    on conflict (key) do update set (hits, expires_at) = (
      select (select array_agg(hit order by hit) from ${liveHits}) || clock.now, clock.now + make_interval(secs => $3)
      from (select clock_timestamp() as now) clock
    )
    where (select count(*) from ${liveHits}) < $2::int
    returning hits
  )
  select true as is_allowed, cardinality(hits) as used, ${resetMs('hits', '1')} as reset_ms from taken
  union all
  select false, $2::int, ${resetMs('hits', 'greatest(cardinality(hits) - $2::int + 1, 1)')} from seen
  where not exists (select from taken)`,
}

const peek = {
  name: 'rate_limit_peek',
  text: `
  with ${seen}
  select cardinality(hits) < $2::int as is_allowed, cardinality(hits) as used,
    ${resetMs('hits', 'greatest(cardinality(hits) - $2::int + 1, 1)')} as reset_ms
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
  async function query<R extends QueryResultRow>(
    statement: { readonly name: string; readonly text: string },
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
    take: async (key, limit, windowSeconds, signal) =>
      stateOf(await query<LogRow>(take, [key, limit, windowSeconds], signal)),
    peek: async (key, limit, windowSeconds, signal) =>
      stateOf(await query<LogRow>(peek, [key, limit, windowSeconds], signal)),
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

function stateOf([row]: readonly LogRow[]): LogState {
  if (!row) throw new Error('no connection to the store of rate limits became free in time')
  return { isAllowed: row.is_allowed, used: row.used, resetMs: row.reset_ms }
}
