/** Figures of requests: of all processes, each request once, within bounds; over minutes, hours and a day. */
import { expect, test } from 'vitest'
import { type ServerOptions, eventually, startServer } from '../../app/testing.ts'
import { api, query, tally, together } from '../auth/testing.ts'
import { openRequestRecorder } from './request-recorder.ts'
import { base } from './testing.ts'

const pauseMs = 20
const extend: NonNullable<ServerOptions['extend']> = async (app) => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs))
  app.get(`${api}/test/waits`, { config: { public: true } }, async () => {
    await pause()
    return {}
  })
  app.get(`${api}/test/own`, { config: { can: 'users.read_self' } }, async () => {
    await pause()
    return {}
  })
  app.get(`${api}/test/fails`, { config: { public: true } }, async () => {
    throw new Error('on purpose')
  })
  app.get(`${api}/test/items/:id`, { config: { public: true } }, async () => ({}))
}
const environment = { SLOW_REQUEST_MS: String(pauseMs / 2) }
const server = await startServer({ extend, environment })
const second = await startServer({ extend, environment, location: server.location })
const admin = await server.as('admin')

type Figures = { route: string; method: string; count: number; errorRate: number; minMs: number }
async function readRoutes(window: string) {
  const reply = await admin.get(`${base}/routes?window=${window}`)
  if (reply.status !== 200) throw new Error(reply.text)
  const routes = reply.body.data.routes as Figures[]
  return {
    ...reply.body.data,
    of: (route: string, method = 'GET') =>
      routes.find((found) => found.route === route && found.method === method),
  }
}
const flushAll = () => Promise.all([server.process.flush(), second.process.flush()])
const shift = (route: string, by: string) =>
  query(
    server,
    `update monitoring_request_figures set starts_at = starts_at - $2::interval where route = $1`,
    [route, by],
  )

test('requests of two processes are counted together, failures and refusals as shares', async () => {
  for (const one of [server, second])
    for (const path of ['waits', 'waits', 'waits', 'fails', 'items/7', 'items/8', 'nowhere/1'])
      await one.anonymous.get(`${api}/test/${path}`)
  await second.anonymous.get(`${api}/test/own`)
  await flushAll()
  for (const window of ['5m', '1h', '24h']) {
    const figures = await readRoutes(window)
    expect(figures.of(`${api}/test/waits`)).toMatchObject({ count: 6, errorRate: 0 })
    expect(figures.of(`${api}/test/fails`)).toMatchObject({ count: 2, errorRate: 1 })
    expect(figures.of(`${api}/test/items/:id`)).toMatchObject({ count: 4, refusalRate: 0 })
    expect(figures.of(`${api}/test/own`)).toMatchObject({ count: 1, refusalRate: 1 })
    expect(figures.of('unmatched')).toMatchObject({ count: 2, refusalRate: 1 })
    const { minMs, avgMs, maxMs, p50Ms, p95Ms, p99Ms } = figures.of(`${api}/test/waits`)
    expect([minMs, p50Ms, p95Ms, p99Ms, maxMs]).toEqual(
      [minMs, p50Ms, p95Ms, p99Ms, maxMs].toSorted((a, b) => a - b),
    )
    expect(minMs).toBeGreaterThan(pauseMs / 2)
    expect(avgMs).toBeGreaterThanOrEqual(minMs)
    expect(avgMs).toBeLessThanOrEqual(maxMs)
    const counts = figures.routes.map(({ count }: Figures) => count)
    expect(figures.all.count).toBe(counts.reduce((sum: number, count: number) => sum + count, 0))
  }
})

test('what is older than the window is not in it', async () => {
  await server.anonymous.get(`${api}/test/items/1`)
  await server.process.flush()
  const route = `${api}/test/items/:id`
  await shift(route, '10 minutes')
  expect((await readRoutes('5m')).of(route)).toBeUndefined()
  expect((await readRoutes('1h')).of(route)).toMatchObject({ count: 5 })
  await shift(route, '2 hours')
  expect((await readRoutes('1h')).of(route)).toBeUndefined()
  await shift(route, '2 days')
  expect((await readRoutes('24h')).of(route)).toBeUndefined()
})

test('a day is counted to the minute, though most of it is read by the hour', async () => {
  await query(
    server,
    `with minutes as (
       select date_trunc('minute', now()) - make_interval(mins => n) as starts_at from generate_series(0, 1800) n
     ), spans as (
       select 60 as seconds, starts_at, 1 as count from minutes
       union all select 3600, date_trunc('hour', starts_at), count(*)::int from minutes group by 2
     )
     insert into monitoring_request_figures
     select seconds, starts_at, 'GET', '/made-up', 2, count, 10.0 * count, 10, 10, '{900}', array[count] from spans`,
  )
  const figures = await readRoutes('24h')
  const [counted] = await query<{ count: number }>(
    server,
    `select count(*)::int as count from monitoring_request_figures
     where route = '/made-up' and span_seconds = 60 and starts_at >= $1 and starts_at < $2`,
    [figures.from, figures.until],
  )
  expect(counted?.count).toBeGreaterThanOrEqual(1440)
  expect(figures.of('/made-up')).toMatchObject({ count: counted?.count, avgMs: 10, p99Ms: 10 })
  await query(server, `delete from monitoring_request_figures where route = '/made-up'`)
})

test('slow requests are listed one by one, with whoever asked; quick ones are not', async () => {
  const member = await server.as()
  const slow = await member.get(`${api}/test/own`, { 'x-request-id': 'slow-one' })
  expect(slow.status).toBe(200)
  await server.anonymous.get(`${api}/test/waits`, { 'x-request-id': 'slow-two' })
  await server.process.flush()
  const { body, status } = await admin.get(`${base}/slow-requests?limit=2`)
  expect(status).toBe(200)
  expect(body.data).toMatchObject([
    { requestId: 'slow-two', route: `${api}/test/waits`, method: 'GET', status: 200, userId: null },
    { requestId: 'slow-one', route: `${api}/test/own`, userId: member.userId },
  ])
  const seen: { durationMs: number; id: string }[] = [...body.data]
  for (let cursor = body.meta.nextCursor; cursor !== null;) {
    const page = await admin.get(`${base}/slow-requests?limit=3&cursor=${cursor}`)
    seen.push(...page.body.data)
    cursor = page.body.meta.nextCursor
  }
  expect(seen).toHaveLength(body.meta.total)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
  for (const { durationMs } of seen) expect(durationMs).toBeGreaterThan(pauseMs / 2)
  const own = await admin.get(`${base}/slow-requests?route=${api}/test/own`)
  expect(own.body.meta.total).toBe(1)
  expect(await admin.get(`${base}/slow-requests?cursor=x`)).toMatchObject({ status: 422 })
})

test('who probes with a method nobody knows makes no series of their own', async () => {
  for (const method of ['LOCK', 'MKCOL', 'PROPFIND'] as const)
    await server.app.inject({ method: method as never, url: `${api}/nothing` })
  await server.process.flush()
  const methods = (await readRoutes('5m')).routes.map(({ method }: Figures) => method)
  expect(new Set(methods).difference(new Set(['GET', 'POST', 'OTHER']))).toEqual(new Set())
})

const openRecorder = (options: Partial<Parameters<typeof openRequestRecorder>[0]> = {}) =>
  openRequestRecorder({
    ctxFor: server.ctx,
    everySeconds: 3600,
    slowMs: 1_000_000,
    onUnrecorded: () => {},
    onError: () => {},
    ...options,
  })
const request = {
  requestId: 'r',
  method: 'GET',
  route: '/recorded',
  status: 200,
  durationMs: 5,
  userId: null,
}

test('twenty times: twenty processes that store at once lose nothing to each other', async () => {
  for (let round = 1; round <= 20; round += 1) {
    const recorders = Array.from({ length: 20 }, () => openRecorder())
    for (const [index, recorder] of recorders.entries())
      for (let times = 0; times <= index; times += 1)
        recorder.record({ ...request, route: '/raced', durationMs: 1 + index })
    await Promise.all(recorders.map((recorder) => recorder.flush()))
    expect((await readRoutes('1h')).of('/raced')).toMatchObject({ count: 210 * round })
  }
})

test('what could not be stored is stored later; what was, though the answer was lost, is not added twice', async () => {
  const troubles: unknown[] = []
  let mode: 'away' | 'lost' | 'well' = 'away'
  const recorder = openRecorder({
    onError: (error) => troubles.push(error),
    ctxFor: () => {
      if (mode === 'away') throw new Error('away')
      const ctx = server.ctx()
      if (mode === 'well') return ctx
      return {
        ...ctx,
        tx: async (work) => {
          await ctx.tx(work)
          throw new Error('lost')
        },
      }
    },
  })
  recorder.record(request)
  await recorder.flush()
  expect((await readRoutes('5m')).of('/recorded')).toBeUndefined()
  recorder.record(request)
  mode = 'lost'
  await recorder.flush()
  mode = 'well'
  await recorder.flush()
  await recorder.flush()
  expect((await readRoutes('1h')).of('/recorded')).toMatchObject({ count: 2 })
  expect(troubles).toHaveLength(2)
})

test('while nothing can be stored memory stays bounded, and what is lost is counted', async () => {
  let lost = 0
  const recorder = openRecorder({
    onUnrecorded: (count) => (lost += count),
    slowMs: 0,
    ctxFor: () => {
      throw new Error('away')
    },
  })
  for (let index = 0; index < 12_000; index += 1)
    recorder.record({ ...request, route: `/route-${index}` })
  await recorder.flush()
  for (let index = 0; index < 500; index += 1)
    recorder.record({ ...request, route: `/later-${index}` })
  expect(lost).toBe(7_500)
})

test('by itself, what was gathered is stored after a while', async () => {
  const recorder = openRecorder({ everySeconds: 0.01 })
  recorder.record({ ...request, route: '/by-itself' })
  expect(await eventually(async () => (await readRoutes('1h')).of('/by-itself'))).toMatchObject({
    count: 1,
  })
})

test('a window that does not exist is refused', async () => {
  expect(tally([await admin.get(`${base}/routes?window=7d`)])).toEqual({ 422: 1 })
  expect((await admin.get(`${base}/routes`)).body.data.window).toBe('5m')
  expect(await together(2, async () => server.failures.length)).toEqual([1, 1])
})
