/** What only PostgreSQL's locks can get wrong. */
import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { eventually, testDatabase } from '../../app/testing.ts'
import { openPostgresStore } from './store-postgres.ts'

const minuteMs = 60_000
const hourSeconds = 3_600
const { signal } = new AbortController()
const log = (key: string, limit: number) => ({ key, limit, windowSeconds: hourSeconds })

const { ownerUrl } = await testDatabase()
const pool = new Pool({ connectionString: ownerUrl })
afterAll(() => pool.end())

test('hits that waited for each other see each other, and are recorded at the time they were let through', async () => {
  const store = openPostgresStore(pool)
  for (let hit = 0; hit < 4; hit += 1) await store.take([log('contended', 5)], signal)

  const holder = await pool.connect()
  await holder.query('begin')
  await holder.query(`select from platform_rate_limit_logs where key = 'contended' for update`)
  // All three find room for one more when they begin.
  const waiting = [1, 2, 3].map(() => store.take([log('contended', 5)], signal))
  await untilWaiting(3)
  const { rows } = await holder.query<{ now: Date }>('select clock_timestamp() as now')
  await holder.query('commit')
  holder.release()

  const states = (await Promise.all(waiting)).flat()
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
  await store.take([log('quiet', 1)], signal)
  const version = () =>
    pool.query(
      `select xmin::text, xmax::text, ctid::text, * from platform_rate_limit_logs where key = 'quiet'`,
    )
  const before = await version()

  expect(await store.take([log('quiet', 1)], signal)).toMatchObject([{ isAllowed: false }])
  expect((await version()).rows).toEqual(before.rows)
})

test('hits that left the window are dropped, and the row lives as long as its last hit counts', async () => {
  const store = openPostgresStore(pool)
  await pool.query(
    `insert into platform_rate_limit_logs values ('old', array[now() - interval '2 hours', now() - interval '59 minutes'], now())`,
  )
  const [state] = await store.take([log('old', 2)], signal)
  expect(state).toMatchObject({ isAllowed: true, used: 2 })
  expect(state?.resetMs).toBeLessThanOrEqual(minuteMs)

  const { rows } = await pool.query<{ hits: number; seconds: number }>(
    `select cardinality(hits) as hits, extract(epoch from expires_at - hits[2])::float8 as seconds
     from platform_rate_limit_logs where key = 'old'`,
  )
  expect(rows).toMatchObject([{ hits: 2 }])
  expect(rows[0]?.seconds).toBeGreaterThanOrEqual(hourSeconds)
})

test('a log stays sorted when the clock was turned back, and its limit holds', async () => {
  const store = openPostgresStore(pool)
  await pool.query(
    `insert into platform_rate_limit_logs values ('ahead', array[now() - interval '2 hours', now() + interval '1 minute'], now())`,
  )
  const states = [
    await store.take([log('ahead', 3)], signal),
    await store.take([log('ahead', 3)], signal),
  ]
  expect(states.flat().map(({ isAllowed, used }) => [isAllowed, used])).toEqual([
    [true, 2],
    [true, 3],
  ])
  expect(await store.take([log('ahead', 3)], signal)).toMatchObject([{ isAllowed: false, used: 3 }])
  const { rows } = await pool.query(
    `select hits = array(select unnest(hits) order by 1) as sorted from platform_rate_limit_logs where key = 'ahead'`,
  )
  expect(rows).toEqual([{ sorted: true }])
})

test('a hit whose caller has gone while it waited for a connection is not counted', async () => {
  const single = new Pool({ connectionString: ownerUrl, max: 1 })
  single.on('error', () => {})
  const store = openPostgresStore(single)
  const busy = await single.connect()
  const controller = new AbortController()
  const late = store.take([log('late', 1)], controller.signal)
  controller.abort()
  busy.release()

  await expect(late).rejects.toThrow('in time')
  expect(await store.peek(log('late', 1), signal)).toMatchObject({ used: 0 })
  await single.end()
})

test('hits of two logs at once are each counted to their limit, and none is lost on the way to a refusal', async () => {
  const store = openPostgresStore(pool)
  const doors = log('doors', 15)
  const pairs = Array.from({ length: 60 }, (_, n) => [doors, log(`account-${n % 6}`, 5)])
  const states = await Promise.all(pairs.map((hits) => store.take(hits, signal)))

  // Who was refused at the first log is not looked at in the second.
  expect(states.filter(([first]) => first?.isAllowed === true)).toHaveLength(15)
  for (const [first, ...others] of states) expect(others).toHaveLength(first?.isAllowed ? 1 : 0)
  const counted = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => usedOf(`account-${n}`)))
  const allowed = states.filter((found) => found.at(1)?.isAllowed === true)
  expect(counted.reduce((sum, used) => sum + used, 0)).toBe(allowed.length)
  expect(await usedOf('doors')).toBe(15)
})

test('a refusal by the second log leaves the hit of the first in place and writes nothing to its own', async () => {
  const store = openPostgresStore(pool)
  await store.take([log('full', 1)], signal)
  const found = await store.take([log('roomy', 9), log('full', 1), log('never', 9)], signal)
  expect(found).toMatchObject([
    { isAllowed: true, used: 1 },
    { isAllowed: false, used: 1 },
  ])
  expect(found[1]?.resetMs).toBeGreaterThan(0)
  expect(await Promise.all(['roomy', 'full', 'never'].map(usedOf))).toEqual([1, 1, 0])
})

async function usedOf(key: string): Promise<number> {
  const { rows } = await pool.query<{ used: number }>(
    'select cardinality(hits) as used from platform_rate_limit_logs where key = $1',
    [key],
  )
  return rows[0]?.used ?? 0
}

const untilWaiting = (count: number) =>
  eventually(async () => {
    const { rows } = await pool.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    )
    return rows.length === count
  })
