/** Figures of a real server: those of its routes agree with its own log, those of Prometheus with our dashboards. */
import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { eventually, startServer } from '../server/src/app/testing.ts'
import { post } from './person.ts'
import { type Running, dataDirectory, start } from './running.ts'

const root = path.resolve(import.meta.dirname, '..')
/** Reads the database that the real servers write, through the API. */
const observer = await startServer()
const admin = await observer.as('admin')
const directory = await dataDirectory()
const environment = {
  ASHLAR_DATA_DIR: directory.path,
  DATABASE_URL: observer.location.appUrl,
  DATABASE_OWNER_URL: observer.location.ownerUrl,
  SECRET_KEY: observer.settings.secretKey,
  WEB_CONCURRENCY: '2',
  ROLES: 'api',
  MONITORING_FLUSH_INTERVAL: '1s',
  RATE_LIMIT_ENABLED: 'false',
  // What real ones cost, so that durations differ as real ones do.
  PASSWORD_HASH_MEMORY_KIB: '19456',
}
let server: Running
const outputs: string[] = []

beforeAll(async () => {
  server = await start(environment)
}, 300_000)
afterAll(async () => {
  await server?.stop()
  await directory.remove()
})

type Line = { message: string; path: string; duration_ms: number; status_code: number; pid: number }
const linesOf = (route: string): Line[] =>
  [...outputs, server.output()]
    .flatMap((output) => output.split('\n'))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ message, path: where }) => message === 'request' && where === route)

type Figures = Record<'count' | 'errorRate' | 'refusalRate', number> &
  Record<'avgMs' | 'minMs' | 'maxMs' | 'p50Ms' | 'p95Ms' | 'p99Ms', number>
async function figuresOf(route: string, window = '1h'): Promise<Figures | undefined> {
  const reply = await admin.get(`/api/v1/admin/monitoring/routes?window=${window}`)
  return reply.body.data.routes.find((found: { route: string }) => found.route === route)
}

const routes = ['/api/v1/users/me', '/api/v1/auth/login', '/api/v1/csrf-token']

async function drive(times: number): Promise<void> {
  const ask = async (index: number) => {
    const headers = { connection: 'close' }
    await fetch(new URL('/api/v1/users/me', server.url), { headers })
    await fetch(new URL('/api/v1/csrf-token', server.url), { headers })
    const body = { email: `nobody-${index}@example.com`, password: 'not the right one' }
    if (index % 3 === 0) await post(server.url, '/api/v1/auth/login', body, headers)
  }
  for (let sent = 0; sent < times; sent += 5)
    await Promise.all(Array.from({ length: 5 }, (_, index) => ask(sent + index)))
}

test('figures of two processes, before and after a restart, agree with the log within 2 %', async () => {
  await drive(120)
  // Stored by the clock, while the server runs.
  await eventually(async () => (await figuresOf('/api/v1/users/me'))?.count === 120)
  await drive(30)
  // Stored because the server ends.
  expect(await server.stop()).toBe(0)
  outputs.push(server.output())
  server = await start({ ...environment, WEB_CONCURRENCY: '1' })
  await drive(30)
  await eventually(async () => (await figuresOf('/api/v1/users/me'))?.count === 180)

  const pids = new Set(linesOf('/api/v1/users/me').map(({ pid }) => pid))
  expect(pids.size).toBeGreaterThanOrEqual(3)
  for (const route of routes) {
    const lines = linesOf(route)
    const durations = lines.map(({ duration_ms: ms }) => ms).toSorted((a, b) => a - b)
    const rank = (share: number) => durations[Math.ceil(durations.length * share) - 1] ?? 0
    const found = await figuresOf(route)
    expect(found).toMatchObject({ count: lines.length, errorRate: 0 })
    const shareRefused = lines.filter(({ status_code: code }) => code >= 400).length / lines.length
    expect(found?.refusalRate).toBeCloseTo(shareRefused, 9)
    const exact = {
      avgMs: durations.reduce((sum, ms) => sum + ms, 0) / durations.length,
      minMs: rank(0) || (durations[0] ?? 0),
      maxMs: rank(1),
      p50Ms: rank(0.5),
      p95Ms: rank(0.95),
      p99Ms: rank(0.99),
    }
    for (const [name, ms] of Object.entries(exact)) {
      const difference = Math.abs((found?.[name as keyof Figures] ?? 0) - ms)
      // The log writes hundredths of a millisecond.
      expect({ route, name, ms, isWithin: difference <= ms * 0.02 + 0.005 }).toMatchObject({
        isWithin: true,
      })
    }
  }
}, 300_000)

test('each metric and label that dashboards and rules ask for is one that the server has', async () => {
  await drive(5)
  const text = await scrape()
  const known = new Map<string, Set<string>>([['up', new Set()]])
  for (const [, name = ''] of text.matchAll(/^# TYPE (\S+)/gm)) {
    // Series that begin with the first event; metrics.test.ts shows their labels.
    for (const suffix of ['', '_bucket', '_sum', '_count'])
      known.set(name + suffix, known.get(name + suffix) ?? new Set())
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)\{(.*)\} /gm))
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.get(name)?.add(label)

  const expressions = await findExpressions()
  expect(expressions.length).toBeGreaterThan(30)
  const asked = new Set<string>()
  for (const expression of expressions) {
    const selectors = [...expression.matchAll(/\b([a-z_][a-z0-9_]*)\{([^}]*)\}/g)]
    expect(selectors.length).toBeGreaterThan(0)
    const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names = '']) =>
      names.split(/, */),
    )
    for (const [, name = '', matchers = ''] of selectors) {
      asked.add(name)
      expect({ expression, name, isKnown: known.has(name) }).toMatchObject({ isKnown: true })
      const own = known.get(name) ?? new Set()
      if (own.size === 0) continue
      const used = [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label)
      for (const label of [...used, ...grouped])
        expect({
          expression,
          label,
          isKnown: own.has(label) || ofPrometheus.has(label),
        }).toMatchObject({ isKnown: true })
    }
  }
  expect([...asked]).toEqual(expect.arrayContaining(agreed))
}, 300_000)

/** Labels that Prometheus adds itself. */
const ofPrometheus = new Set(['job', 'instance'])
const agreed = [
  'http_request_duration_seconds_bucket',
  'http_requests_total',
  'http_requests_in_progress',
  'auth_attempts_total',
  'database_query_duration_seconds_bucket',
  'database_errors_total',
  'cache_hits_total',
  'cache_misses_total',
]

const hasPromtool = await lint(['--version']).then(({ code }) => code === 0)
if (!hasPromtool) {
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('The promtool program is missing.')
  process.stderr.write('metrics and rules are not linted: promtool is not installed\n')
}

test.runIf(hasPromtool)(
  'promtool has nothing to say against metrics, configuration and rules',
  async () => {
    expect(await lint(['check', 'metrics'], await scrape())).toEqual({ code: 0, said: '' })
    const file = (name: string) => path.join(root, 'deploy', name)
    expect(await lint(['check', 'config', file('prometheus.yml')])).toMatchObject({ code: 0 })
    expect(await lint(['check', 'rules', file('alerts.yml')])).toMatchObject({ code: 0 })
  },
  300_000,
)

test('a server that is killed loses what it had not stored yet, and nothing else', async () => {
  const before = linesOf('/api/v1/csrf-token').length
  await drive(20)
  await eventually(async () => (await figuresOf('/api/v1/csrf-token'))?.count === before + 20)
  await drive(20)
  await server.killAll()
  const after = (await figuresOf('/api/v1/csrf-token'))?.count ?? 0
  expect(after).toBeGreaterThanOrEqual(before + 20)
  expect(after).toBeLessThanOrEqual(before + 40)
}, 300_000)

async function scrape(): Promise<string> {
  return (await fetch(server.metricsUrl)).text()
}

function lint(args: readonly string[], input = ''): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = execFile('promtool', [...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, said: stdout + stderr }),
    )
    child.stdin?.end(input)
  })
}

type Dashboard = { panels: { targets: { expr: string }[] }[] }
type Rules = { groups: { rules: { expr: string }[] }[] }

async function findExpressions(): Promise<string[]> {
  const folder = path.join(root, 'deploy/grafana/dashboards')
  const dashboards = await Promise.all(
    (await readdir(folder)).map(
      async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Dashboard,
    ),
  )
  const rules = parse(await readFile(path.join(root, 'deploy/alerts.yml'), 'utf8')) as Rules
  return [
    ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets)),
    ...rules.groups.flatMap((group) => group.rules),
  ].map(({ expr }) => expr)
}
