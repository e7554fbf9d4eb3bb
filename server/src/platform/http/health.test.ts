import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { eventually, startServer, testDatabase } from '../../app/testing.ts'
import { type Check, healthRoutes, machineChecks } from './health.ts'

const server = await startServer({ hasJobs: true })
/** All that a failure of ours tells. */
const onlyTheCode = ['code', 'requestId', 'status', 'title', 'type']

test('a process that runs is alive, and tells nothing more', async () => {
  const reply = await server.anonymous.get('/livez')
  expect(reply).toMatchObject({ status: 200, text: '{"status":"pass"}' })
  expect((await server.app.inject({ method: 'HEAD', url: '/livez' })).statusCode).toBe(200)
})

test('health tells of every part with figures, under both addresses, and of nothing secret', async () => {
  for (const url of ['/health', '/api/v1/health', '/api/health', '/v1/health']) {
    const { status, body, text } = await server.anonymous.get(url)
    expect([200, 503], url).toContain(status)
    expect(Object.keys(body).toSorted()).toEqual(['checks', 'status', 'version'])
    expect(Object.keys(body.checks)).toEqual(
      expect.arrayContaining(['database', 'queue', 'storage', 'memory', 'disk', 'eventLoop']),
    )
    for (const check of Object.values(body.checks as Record<string, Check>)) {
      expect(['pass', 'warn', 'fail']).toContain(check.status)
      expect(check['durationMs']).toBeTypeOf('number')
    }
    expect(body.checks.memory.rssBytes).toBeGreaterThan(1_000_000)
    expect(body.checks.database).toMatchObject({ status: 'pass', connections: expect.any(Number) })
    for (const secret of [
      server.location.appUrl,
      server.settings.ashlarDataDir,
      server.settings.secretKey,
      'ashlar_app',
    ])
      expect(text).not.toContain(secret)
  }
})

test('a process that is leaving says so', async () => {
  const leaving = await startServer({ location: await testDatabase() })
  expect(await leaving.anonymous.get('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'pass', failed: [] },
  })
  leaving.process.startDraining()
  expect(await leaving.anonymous.get('/readyz')).toMatchObject({
    status: 503,
    body: { failed: ['draining'] },
  })
  expect((await leaving.anonymous.get('/livez')).status).toBe(200)
})

test('a process that was blocked for two seconds is not ready until the block is past', async () => {
  let lagMs = 2_000
  const blocked = await startServer({ eventLoopLagMs: () => lagMs })
  expect(await blocked.anonymous.get('/readyz')).toMatchObject({
    status: 503,
    body: { failed: ['eventLoop'] },
  })
  expect((await blocked.anonymous.get('/livez')).status).toBe(200)
  lagMs = 0
  await eventually(async () => (await blocked.anonymous.get('/readyz')).status === 200)
})

test('Redis that is down fails, also where no limits are counted in it', async () => {
  const without = await startServer({
    environment: { REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_ENABLED: 'false' },
  })
  const { status, body } = await without.anonymous.get('/health')
  expect(status).toBe(503)
  expect(body.checks.redis).toMatchObject({ status: 'fail' })
})

test.each([
  ['a container that is nearly full', { limit: 1000, rss: 960, free: 9000 }, 'warn', 0.04],
  ['a container with room', { limit: 1000, rss: 400, free: 9000 }, 'pass', 0.6],
  ['a machine that is nearly full', { limit: 1000, rss: 400, free: 400 }, 'warn', 0.6],
  ['no container', { limit: 0, rss: 9000, free: 1000 }, 'pass', undefined],
  ['a limit beyond the machine', { limit: 2 ** 63, rss: 9000, free: 1000 }, 'pass', undefined],
])('memory of %s', async (_what, figures, status, limitFreeShare) => {
  const memory = () => ({ heapUsed: 1, total: 10_000, ...figures })
  const found = await machineChecks('.', () => 0, memory)['memory']?.()
  expect(found).toMatchObject({ status, rssBytes: figures.rss })
  expect(found?.['limitFreeShare']).toBe(limitFreeShare)
})

/** A port in front of PostgreSQL that the test can close and open. */
async function proxyTo(url: string) {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const state = { isOpen: true, isSilent: false }
  const proxy = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (!state.isOpen) return void socket.destroy()
    if (state.isSilent) return
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(upstream)
    upstream.on('error', () => {})
    upstream.on('close', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const cut = () => sockets.forEach((socket) => socket.destroy())
  afterAll(() => {
    cut()
    proxy.close()
  })
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((proxy.address() as AddressInfo).port)
  return {
    url: through.href,
    set: (changes: Partial<typeof state>) => {
      Object.assign(state, changes)
      cut()
    },
  }
}

test('without its database a process is alive but not ready, answers 503, and heals by itself', async () => {
  const location = await testDatabase()
  const proxy = await proxyTo(location.appUrl)
  const behind = await startServer({
    location: { ...location, appUrl: proxy.url },
    environment: { DB_POOL_TIMEOUT: '1', DB_STATEMENT_TIMEOUT: '1' },
  })
  const member = await behind.as()
  const { anonymous } = behind
  expect((await anonymous.get('/readyz')).status).toBe(200)

  proxy.set({ isOpen: false })
  await eventually(async () => (await anonymous.get('/readyz')).status === 503)
  expect(await anonymous.get('/readyz')).toMatchObject({
    body: { status: 'fail', failed: ['database'] },
  })
  expect((await anonymous.get('/livez')).status).toBe(200)
  const health = await anonymous.get('/health')
  expect(health).toMatchObject({
    status: 503,
    body: { status: 'fail', checks: { database: { status: 'fail' } } },
  })
  expect(health.text).not.toMatch(/127\.0\.0\.1|ECONN|ashlar_app|test_/)
  const refused = await anonymous.get('/api/v1/users')
  expect(refused.status).toBe(503)
  expect(refused.headers['retry-after']).toBeDefined()
  expect(Object.keys(refused.body).toSorted()).toEqual(onlyTheCode)
  // Whether this caller is signed in cannot be known now; nobody is let in and nobody is signed out.
  expect((await member.get('/api/v1/users/me')).status).toBe(503)

  proxy.set({ isOpen: true })
  await eventually(async () => (await anonymous.get('/readyz')).status === 200)
  await eventually(async () => (await member.get('/api/v1/users/me')).status === 200)
})

test('a database that takes connections and says nothing is as good as gone', async () => {
  const location = await testDatabase()
  const proxy = await proxyTo(location.appUrl)
  const behind = await startServer({
    location: { ...location, appUrl: proxy.url },
    environment: { DB_POOL_TIMEOUT: '1', DB_STATEMENT_TIMEOUT: '1' },
  })
  proxy.set({ isSilent: true })
  const [ready, refused] = await Promise.all([
    behind.anonymous.get('/readyz'),
    behind.anonymous.get('/api/v1/users'),
  ])
  expect(ready).toMatchObject({ status: 503, body: { failed: ['database'] } })
  expect(refused.status).toBe(503)
  proxy.set({ isSilent: false })
  await eventually(async () => (await behind.anonymous.get('/readyz')).status === 200)
  expect((await behind.anonymous.get('/api/v1/users')).status).toBe(200)
})

test('probes share one round of checks, and a check that hangs or throws is a failed one', async () => {
  let rounds = 0
  const turns: unknown[] = []
  let isFull = true
  const checked = await startServer({
    location: await testDatabase(),
    extend: async (app) => {
      await app.register(
        async (scope) =>
          healthRoutes(scope, {
            version: '1',
            required: ['counted'],
            isDraining: () => false,
            onTurn: (...turn) => turns.push(turn),
            checks: {
              counted: async () => {
                rounds += 1
                return { status: 'pass' }
              },
              broken: () => Promise.reject(new Error('at 10.0.0.1')),
              hanging: () => new Promise(() => {}),
              telling: async () =>
                isFull ? { status: 'fail', detail: 'no space at /var/lib/x' } : { status: 'pass' },
            },
          }),
        { prefix: '/test' },
      )
    },
  })
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => checked.anonymous.get('/test/readyz')),
  )
  expect(replies.every(({ status }) => status === 200)).toBe(true)
  expect(rounds).toBe(1)
  const health = await checked.anonymous.get('/test/health')
  expect(health).toMatchObject({
    status: 503,
    body: {
      checks: {
        counted: { status: 'pass' },
        broken: { status: 'fail', detail: 'not reachable' },
        hanging: { status: 'fail', detail: 'no answer in time' },
        telling: { status: 'fail', detail: 'not reachable' },
      },
    },
  })
  expect(health.text).not.toMatch(/10\.0\.0\.1|var/)
  isFull = false
  await eventually(async () => {
    await checked.anonymous.get('/test/health')
    return turns.length === 4
  })
  expect(turns).toEqual([
    ['broken', new Error('at 10.0.0.1')],
    ['telling', 'no space at /var/lib/x'],
    ['hanging', 'no answer in time'],
    ['telling', null],
  ])
})

test('an idempotent request whose answer cannot be stored is not lost and not repeated', async () => {
  const location = await testDatabase()
  const proxy = await proxyTo(location.appUrl)
  const behind = await startServer({
    location: { ...location, appUrl: proxy.url },
    environment: { DB_POOL_TIMEOUT: '1' },
    extend: async (app) => {
      app.post('/api/v1/test/order', {
        config: { public: true },
        handler: async (request, reply) => {
          await request.ctx.tx((tx) => tx.record({ name: 'test.ordered' }, null, {}))
          if (request.headers['x-cut'] === 'yes') proxy.set({ isOpen: false })
          return reply.code(204).send(null)
        },
      })
    },
  })
  const key = { 'idempotency-key': 'cut' }
  const cut = await behind.anonymous.post('/api/v1/test/order', undefined, {
    ...key,
    'x-cut': 'yes',
  })
  expect(cut).toMatchObject({ status: 503, body: { code: 'database.unavailable' } })
  proxy.set({ isOpen: true })
  await eventually(() =>
    behind.db
      .execute(sql`update platform_idempotency_keys set lease_until = now() - interval '1 second'`)
      .catch(() => false as const),
  )
  const retry = await eventually(async () => {
    const reply = await behind.anonymous.post('/api/v1/test/order', undefined, key)
    return reply.status === 204 ? reply : null
  })
  expect(retry.headers['idempotent-replayed']).toBeUndefined()
  const facts = await behind.facts()
  expect(facts.filter(({ name }) => name === 'test.ordered')).toHaveLength(1)
})

test('a flood of probes is refused, from its address alone; the process stays alive for everybody', async () => {
  const flooded = await startServer({
    location: await testDatabase(),
    environment: { RATE_LIMIT_ENABLED: 'true' },
  })
  const ask = async (url: string, remoteAddress: string) =>
    (await flooded.app.inject({ url, remoteAddress })).statusCode
  const statuses: number[] = []
  for (let index = 0; index < 120; index += 1) statuses.push(await ask('/readyz', '192.0.2.1'))
  expect(statuses.slice(0, 100)).toEqual(Array(100).fill(200))
  expect(statuses).toContain(429)
  expect(await ask('/health', '192.0.2.1')).toBe(429)
  expect(await ask('/livez', '192.0.2.1')).toBe(200)
  expect(await ask('/readyz', '192.0.2.2')).toBe(200)
})
