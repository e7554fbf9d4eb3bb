/** What Prometheus reads: agreed names, labels and buckets, true figures, and never more series than bounded. */
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { createMetrics, type Metrics } from './metrics.ts'

const build = () => createMetrics({ version: '1.2.3' })

test('names, labels and buckets are those that dashboards know', async () => {
  const metrics = build()
  const route = metrics.httpRoute('GET', '/users/:id')
  route.begin()
  route.end(200, 0.3)
  metrics.recordAuthAttempt('login', 'failure')
  metrics.recordQuery('select * from "users"', 0.02, null)
  metrics.recordQuery('select * from "users"', 3, Object.assign(new Error('x'), { code: '57014' }))
  metrics.recordCache('sessions', true)
  metrics.recordCache('sessions', false)
  metrics.recordRateLimitRefusal('login')
  metrics.recordRateLimitStoreError()
  metrics.watchPool('main', () => ({ total: 5, idle: 3, waiting: 1 }))

  const series = await seriesOf(metrics)
  const http = 'method="GET",route="/users/:id"'
  const query = 'operation="select",table="users"'
  expect(series).toMatchObject({
    'app_info{version="1.2.3"}': 1,
    [`http_requests_total{${http},status_code="200"}`]: 1,
    [`http_requests_in_progress{${http}}`]: 0,
    [`http_request_duration_seconds_count{${http},status_code="200"}`]: 1,
    [`http_request_duration_seconds_sum{${http},status_code="200"}`]: 0.3,
    'auth_attempts_total{status="failure",type="login"}': 1,
    'auth_attempts_total{status="success",type="refresh"}': 0,
    [`database_query_duration_seconds_count{${query}}`]: 2,
    [`database_query_duration_seconds_bucket{le="0.05",${query}}`]: 1,
    'database_errors_total{operation="select",error_type="query_canceled"}': 1,
    'cache_hits_total{cache_type="sessions"}': 1,
    'cache_misses_total{cache_type="sessions"}': 1,
    'rate_limit_refusals_total{policy="login"}': 1,
    rate_limit_store_errors_total: 1,
    'database_pool_connections{pool="main",state="waiting"}': 1,
  })
  expect(bucketsOf(series, 'http_request_duration_seconds')).toEqual(
    '0.005 0.01 0.025 0.05 0.1 0.5 1 2 5 10 +Inf'.split(' '),
  )
  expect(bucketsOf(series, 'database_query_duration_seconds')).toEqual(
    '0.001 0.0025 0.005 0.01 0.05 0.1 0.5 1 2 +Inf'.split(' '),
  )
})

test('each duration is counted in every bucket it fits into, its own bound included', async () => {
  const metrics = build()
  const route = metrics.httpRoute('GET', '/')
  for (const seconds of [0.001, 0.005, 0.1, 0.11, 11]) {
    route.begin()
    route.end(200, seconds)
  }
  const series = await seriesOf(metrics)
  const at = (le: string) =>
    series[
      `http_request_duration_seconds_bucket{le="${le}",method="GET",route="/",status_code="200"}`
    ]
  expect(['0.005', '0.05', '0.1', '0.5', '10', '+Inf'].map(at)).toEqual([2, 2, 3, 4, 4, 5])
})

test('a request counts as in progress from its begin to its end', async () => {
  const metrics = build()
  const route = metrics.httpRoute('POST', '/slow')
  route.begin()
  route.begin()
  route.end(201, 1)

  const name = 'http_requests_in_progress{method="POST",route="/slow"}'
  expect((await seriesOf(metrics))[name]).toBe(1)
  route.end(500, 1)
  expect((await seriesOf(metrics))[name]).toBe(0)
})

test('reading twice changes nothing', async () => {
  const metrics = build()
  metrics.httpRoute('GET', '/').begin()
  metrics.httpRoute('GET', '/').end(200, 1)
  expect(await seriesOf(metrics)).toEqual(await seriesOf(metrics))
})

test('ten thousand paths, methods, statuses, statements and policies leave a bounded number of series', async () => {
  const metrics = build()
  for (let number = 0; number < 10_000; number += 1) {
    const unknown = metrics.httpRoute('GET', undefined)
    unknown.begin()
    unknown.end(404, 0.001)
    const careless = metrics.httpRoute(`M${number}`, `/users/${number}`)
    careless.begin()
    careless.end(number, 0.001)
    metrics.recordQuery(
      `select * from "t${number}" where x = ${number}`,
      0.001,
      new Error(`e${number}`),
    )
    metrics.recordCache(`c${number}`, true)
    metrics.recordRateLimitRefusal(`p${number}`)
  }

  const series = await seriesOf(metrics)
  expect(series['http_requests_total{method="GET",route="unmatched",status_code="404"}']).toBe(
    10_000,
  )
  expect(total(series, 'http_requests_total')).toBe(20_000)
  expect(total(series, 'database_query_duration_seconds_count')).toBe(10_000)
  const count = (name: string) =>
    Object.keys(series).filter((key) => key.startsWith(`${name}{`)).length
  expect(count('http_requests_total')).toBeLessThan(1_700)
  expect(count('database_query_duration_seconds_count')).toBeLessThanOrEqual(501)
  expect(count('database_errors_total')).toBe(1)
  expect(count('cache_hits_total')).toBeLessThanOrEqual(101)
  expect(count('rate_limit_refusals_total')).toBeLessThanOrEqual(101)
})

test('in an application, the label is the pattern of the route and never the path', async () => {
  const metrics = build()
  const app = Fastify()
  app.addHook('onResponse', async (request, reply) => {
    const route = metrics.httpRoute(request.method, request.routeOptions.url)
    route.begin()
    route.end(reply.statusCode, reply.elapsedTime / 1000)
  })
  app.get('/users/:id', async () => 'yes')
  for (let number = 0; number < 100; number += 1) {
    await app.inject(`/users/${number}`)
    await app.inject(`/nowhere/${number}`)
  }
  await app.close()

  const requests = Object.entries(await seriesOf(metrics)).filter(([name]) =>
    name.startsWith('http_requests_total'),
  )
  expect(requests).toEqual([
    ['http_requests_total{method="GET",route="/users/:id",status_code="200"}', 100],
    ['http_requests_total{method="GET",route="unmatched",status_code="404"}', 100],
  ])
})

test('job figures are read once for many scrapes, and old ones disappear', async () => {
  const metrics = build()
  let reads = 0
  let figures = [{ queue: 'mail', state: 'waiting', count: 3, oldestAgeSeconds: 12 }]
  const read = async () => {
    reads += 1
    return figures
  }
  metrics.watchJobs(read, { cacheSeconds: 60 })
  expect(await seriesOf(metrics)).toMatchObject({
    'jobs{queue="mail",state="waiting"}': 3,
    'jobs_oldest_age_seconds{queue="mail",state="waiting"}': 12,
  })
  await Promise.all([seriesOf(metrics), seriesOf(metrics)])
  expect(reads).toBe(1)

  figures = []
  metrics.watchJobs(read, { cacheSeconds: 60 })
  expect(await seriesOf(metrics)).not.toHaveProperty(['jobs{queue="mail",state="waiting"}'])
})

test('job figures that cannot be read or take too long do not spoil a scrape', async () => {
  const metrics = build()
  metrics.watchJobs(async () => Promise.reject(new Error('no database')), { cacheSeconds: 60 })
  await seriesOf(metrics)
  expect(await seriesOf(metrics)).toMatchObject({ 'metrics_read_failures_total{source="jobs"}': 1 })

  metrics.watchJobs(() => new Promise(() => undefined), { timeoutSeconds: 0.05 })
  expect(await seriesOf(metrics)).toHaveProperty(['app_info{version="1.2.3"}'])
})

test('security events and alerts are read when asked for, and counted up from what was read', async () => {
  const metrics = build()
  let figures = {
    events: [{ type: 'failed_sign_in', count: 7 }],
    raised: [{ type: 'failed_sign_in', severity: 'medium', count: 2 }],
    open: [{ severity: 'medium', count: 1 }],
  }
  metrics.watchAlerts(async () => figures, { cacheSeconds: 0 })
  metrics.recordUnrecordedRequests(3)
  expect(await seriesOf(metrics)).toMatchObject({
    'security_events_total{type="failed_sign_in"}': 7,
    'alerts_raised_total{type="failed_sign_in",severity="medium"}': 2,
    'alerts_open{severity="medium"}': 1,
    monitoring_unrecorded_requests_total: 3,
  })
  figures = { ...figures, events: [{ type: 'failed_sign_in', count: 9 }], open: [] }
  const series = await seriesOf(metrics)
  expect(series['security_events_total{type="failed_sign_in"}']).toBe(9)
  expect(series).not.toHaveProperty(['alerts_open{severity="medium"}'])
})

test('two sets of metrics know nothing of each other', async () => {
  const [one, other] = [build(), build()]
  one.recordCache('x', true)
  expect(await seriesOf(other)).not.toHaveProperty(['cache_hits_total{cache_type="x"}'])
})

/** Every series by name and labels, after checking the text against the exposition format. */
async function seriesOf(metrics: Metrics): Promise<Record<string, number>> {
  const { contentType, body } = await metrics.render()
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  const series: Record<string, number> = {}
  const described = new Set<string>()
  for (const line of body.split('\n').filter(Boolean)) {
    const comment = /^# (HELP|TYPE) ([a-z_]+) \S/.exec(line)
    if (comment) {
      described.add(`${comment[1]} ${comment[2]}`)
      continue
    }
    const match = /^([a-z_]+)((?:\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\})?) (\S+)$/.exec(line)
    if (!match) throw new Error(`not in the exposition format: ${line}`)
    const [, name = '', labels = '', value] = match
    const family = name.replace(/_(?:bucket|sum|count)$/, '')
    const isDescribed = described.has(`TYPE ${name}`) || described.has(`TYPE ${family}`)
    expect([line, isDescribed]).toEqual([line, true])
    expect(series).not.toHaveProperty([name + labels])
    series[name + labels] = Number(value)
  }
  return series
}

function bucketsOf(series: Record<string, number>, name: string): (string | undefined)[] {
  return Object.keys(series)
    .filter((key) => key.startsWith(`${name}_bucket`))
    .map((key) => /le="([^"]+)"/.exec(key)?.[1])
}

function total(series: Record<string, number>, name: string): number {
  return Object.entries(series)
    .filter(([key]) => key.startsWith(`${name}{`))
    .reduce((sum, [, value]) => sum + value, 0)
}
