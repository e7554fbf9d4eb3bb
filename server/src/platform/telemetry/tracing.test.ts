/** Traces, in processes of their own because instruments change the modules of the whole process. */
import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { packageUrl, runProgram, telemetryUrl } from './testing.ts'

type Attribute = { key: string; value: { stringValue?: string; intValue?: number } }
type SpanData = {
  name: string
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: Attribute[]
  events: { name: string; attributes: Attribute[] }[]
}
type Export = {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: { scope: { name: string }; spans: SpanData[] }[]
  }[]
}

let collector: Server
let posts: { path: string | undefined; body: Export; text: string }[]
beforeEach(async () => {
  posts = []
  collector = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      posts.push({ path: request.url, body: JSON.parse(text), text })
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await new Promise((resolve) => collector.close(resolve))
})

const caller = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('a request, the calls it makes and its log lines are one trace, without secrets', async () => {
  const { stdout, stderr } = await runProgram(`
    import http from 'node:http'
    import fastify from '${packageUrl('fastify')}'
    import pg from '${packageUrl('pg')}'
    import { openLog, startTracing } from '${telemetryUrl}'
    const tracing = await startTracing({ endpoint: '${endpoint()}', serviceName: 'shop', version: '1.2.3' })
    const log = openLog({ level: 'info', name: 'app', version: '1.2.3', traceIdOf: tracing.traceIdOf })
    const app = fastify()
    await app.register(tracing.fastifyPlugin)
    app.get('/inner', async (request) => request.headers.traceparent)
    app.get('/users/:id', async () => {
      log.info('inside')
      const byFetch = await (await fetch(base + '/inner?token=canary1')).text()
      const byHttp = await new Promise((done) =>
        http.get(base + '/inner?token=canary2', (answer) => answer.on('data', (data) => done(String(data)))),
      )
      const client = new pg.Client('postgres://me:canary3@127.0.0.1:1/shop')
      await client.connect().catch(() => undefined)
      return { byFetch, byHttp }
    })
    app.get('/failing', async () => {
      throw new Error('Failed query: select $1\\nparams: canary4')
    })
    const base = await app.listen({ port: 0, host: '127.0.0.1' })
    const headers = { traceparent: '${caller}', authorization: 'Bearer canary5', cookie: 'a=canary6' }
    console.log(await (await fetch(base + '/users/5?password=canary7', { headers })).text())
    await fetch(base + '/failing')
    await app.close()
    await tracing.shutdown()
    await log.close()
    console.log(JSON.stringify({ traceId: tracing.traceIdOf() }))`)

  expect(stderr).toBe('')
  const [line, answer, last] = stdout
    .trimEnd()
    .split('\n')
    .map((text): Record<string, unknown> => JSON.parse(text))
    .sort((one, other) => Number('level' in other) - Number('level' in one))
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  expect(line).toMatchObject({ message: 'inside', trace_id: traceId })
  expect(last).toEqual({ traceId: null })

  expect(posts.map((post) => post.path)).toEqual(posts.map(() => '/v1/traces'))
  const spans = allSpans()
  const request = spans.find((span) => span.kind === 2 && span.name === 'GET /users/:id')
  expect(request).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' })
  const outgoing = spans.filter((span) => span.kind === 3 && span.traceId === traceId)
  expect(outgoing.map((span) => span.name).sort()).toEqual(['GET', 'GET', 'pg.connect'])
  const inner = Object.values(answer ?? {}).map((header) => String(header).split('-'))
  expect(inner.map(([, trace]) => trace)).toEqual([traceId, traceId])
  for (const [, , span] of inner) expect(outgoing.map(({ spanId }) => spanId)).toContain(span)

  const resource = posts[0]?.body.resourceSpans[0]?.resource.attributes
  expect(resource).toEqual(
    expect.arrayContaining([
      { key: 'service.name', value: { stringValue: 'shop' } },
      { key: 'service.version', value: { stringValue: '1.2.3' } },
    ]),
  )
  const exceptions = spans.flatMap((span) => span.events).filter(({ name }) => name === 'exception')
  expect(exceptions.length).toBeGreaterThan(0)
  expect(posts.map((post) => post.text).join('')).not.toContain('canary')
})

test('a statement within a request has a span with its text and without its parameters', async () => {
  const { adminUrl } = inject('database')
  const { stdout, stderr } = await runProgram(
    `
    import http from 'node:http'
    import pg from '${packageUrl('pg')}'
    import { startTracing } from '${telemetryUrl}'
    const tracing = await startTracing({ endpoint: '${endpoint()}', serviceName: 's', version: '1' })
    const pool = new pg.Pool({ connectionString: process.env.DATABASE, max: 1 })
    const server = http.createServer(async (request, response) => {
      const { rows } = await pool.query('select $1::text as answer', ['canary1'])
      await pool.query('select $1::uuid', ['canary2']).catch(() => undefined)
      response.end(rows[0].answer)
    }).listen(0)
    await new Promise((done) => server.once('listening', done))
    console.log(await (await fetch('http://127.0.0.1:' + server.address().port)).text())
    server.close()
    await pool.query('select 1')
    await pool.end()
    await tracing.shutdown()`,
    { DATABASE: adminUrl },
  )

  expect([stdout, stderr]).toEqual(['canary1\n', ''])
  const spans = allSpans()
  const request = spans.find((span) => span.kind === 2)
  const statements = spans.filter((span) => span.name.startsWith('pg.query'))
  expect(statements).toHaveLength(2)
  for (const span of statements) expect(span.traceId).toBe(request?.traceId)
  expect(JSON.stringify(statements)).toContain('select $1::text as answer')
  const sent = posts.map((post) => post.text).join('')
  expect(sent).not.toContain('canary')
  expect(sent).not.toContain(new URL(adminUrl).password || 'canary')
})

test('without a sampled share nothing is sent, and headers still go on', async () => {
  const { stdout } = await runProgram(`
    import http from 'node:http'
    import { startTracing } from '${telemetryUrl}'
    const tracing = await startTracing({ endpoint: '${endpoint()}', serviceName: 's', version: '1', sampleRatio: 0 })
    const server = http.createServer((request, response) => response.end(request.headers.traceparent)).listen(0)
    await new Promise((done) => server.once('listening', done))
    console.log(await (await fetch('http://127.0.0.1:' + server.address().port)).text())
    server.close()
    await tracing.shutdown()`)

  expect(stdout).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00\n$/)
  expect(posts).toEqual([])
})

test('a collector that cannot be reached neither delays the end nor says anything', async () => {
  const { exitCode, stdout, stderr } = await runProgram(`
    import { startTracing } from '${telemetryUrl}'
    const tracing = await startTracing({ endpoint: 'http://127.0.0.1:1', serviceName: 's', version: '1' })
    await fetch('http://127.0.0.1:1').catch(() => undefined)
    const started = performance.now()
    await tracing.shutdown(200)
    console.log(performance.now() - started < 5_000)
    process.exit(0)`)

  expect([exitCode, stdout, stderr]).toEqual([0, 'true\n', ''])
})

test('a process that does not trace loads nothing of OpenTelemetry or Sentry', async () => {
  const { stdout } = await runProgram(`
    import { createRequire } from 'node:module'
    const { openLog, createMetrics } = await import('${telemetryUrl}')
    openLog({ level: 'info', name: 'x', version: '1', output: { write() {} } }).info('x')
    createMetrics({ version: '1' })
    const loaded = Object.keys(createRequire('${telemetryUrl}').cache)
    console.log(loaded.some((file) => file.includes('pino')), loaded.filter((file) => /opentelemetry(?!.api)|sentry/.test(file)).length)`)

  expect(stdout).toBe('true 0\n')
})

function endpoint(): string {
  const address = collector.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

function allSpans(): SpanData[] {
  return posts
    .flatMap((post) => post.body.resourceSpans)
    .flatMap((resource) => resource.scopeSpans)
    .flatMap((scope) => scope.spans)
}
