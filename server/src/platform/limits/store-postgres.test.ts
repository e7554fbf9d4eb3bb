/** What only PostgreSQL's locks can get wrong. */
import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { eventually, testDatabase } from '../../app/testing.ts'
import { openPostgresStore } from './store-postgres.ts'

const minuteMs = 60_000
const hourSeconds = 3_600
const { signal } = new AbortController()

const { ownerUrl } = await testDatabase()
const pool = new Pool({ connectionString: ownerUrl })
afterAll(() => pool.end())

test('hits that waited for each other see each other, and are recorded at the time they were let through', async () => {
  const store = openPostgresStore(pool)
  for (let hit = 0; hit < 4; hit += 1) await store.take('contended', 5, hourSeconds, signal)

  const holder = await pool.connect()
  await holder.query('begin')
  await holder.query(`select from platform_rate_limit_logs where key = 'contended' for update`)
  // All three find room for one more when they begin.
  const waiting = [1, 2, 3].map(() => store.take('contended', 5, hourSeconds, signal))
  await untilWaiting(3)
  const { rows } = await holder.query<{ now: Date }>('select clock_timestamp() as now')
  await holder.query('commit')
  holder.release()

  const states = await Promise.all(waiting)
  expect(states.filter(({ isAllowed }) => isAllowed)).toHaveLength(1)
  expect(states.map(({ used }) => used)).toEqual([5, 5, 5])
  const recorded = await pool.query<{ hits: Date[] }>(
    `select hits from platform_rate_limit_logs where key = 'contended'`,
  )
  const hits = recorded.rows[0]?.hits ?? []
  expect(hits).toHaveLength(5)
  expect(hits.at(-1)?.getTime()).toBeGreaterThanOrEqual(rows[0]?.now.getTime() ?? Infinity)
})

test('a refused hit writes nothing', async () => {
  const store = openPostgresStore(pool)
  await store.take('quiet', 1, hourSeconds, signal)
  const version = () =>
    pool.query(
      `select xmin::text, xmax::text, ctid::text, * from platform_rate_limit_logs where key = 'quiet'`,
    )
  const before = await version()

  expect(await store.take('quiet', 1, hourSeconds, signal)).toMatchObject({ isAllowed: false })
  expect((await version()).rows).toEqual(before.rows)
})

test('hits that left the window are dropped, and the row lives as long as its last hit counts', async () => {
  const store = openPostgresStore(pool)
  await pool.query(
    `insert into platform_rate_limit_logs values ('old', array[now() - interval '2 hours', now() - interval '59 minutes'], now())`,
  )
  const state = await store.take('old', 2, hourSeconds, signal)
  expect(state).toMatchObject({ isAllowed: true, used: 2 })
  expect(state.resetMs).toBeLessThanOrEqual(minuteMs)

  const { rows } = await pool.query<{ hits: number; seconds: number }>(
    `select cardinality(hits) as hits, extract(epoch from expires_at - hits[2])::float8 as seconds
     from platform_rate_limit_logs where key = 'old'`,
  )
  expect(rows).toEqual([{ hits: 2, seconds: hourSeconds }])
})

test('a hit whose caller has gone while it waited for a connection is not counted', async () => {
  const single = new Pool({ connectionString: ownerUrl, max: 1 })
  single.on('error', () => {})
  const store = openPostgresStore(single)
  const busy = await single.connect()
  const controller = new AbortController()
  const late = store.take('late', 1, hourSeconds, controller.signal)
  controller.abort()
  busy.release()

  await expect(late).rejects.toThrow('in time')
  expect(await store.peek('late', 1, hourSeconds, signal)).toMatchObject({ used: 0 })
  await single.end()
})

const untilWaiting = (count: number) =>
  eventually(async () => {
    const { rows } = await pool.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return rows.length === count
  })
