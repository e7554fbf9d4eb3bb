/** What Sentry is sent, told by a server that speaks its envelope protocol. */
import { DrizzleQueryError } from 'drizzle-orm'
import { cp, mkdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openErrorSink } from './errors-sink.ts'
import { makeTemporaryDirectory, runProgram } from './testing.ts'

let sentry: Server
let received: { url: string | undefined; text: string }[]
beforeEach(async () => {
  received = []
  sentry = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const isZipped = request.headers['content-encoding'] === 'gzip'
      received.push({ url: request.url, text: (isZipped ? gunzipSync(body) : body).toString() })
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>((resolve) => sentry.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  sentry.closeAllConnections()
  await new Promise((resolve) => sentry.close(resolve))
})

test('an error arrives with its causes, its true place in our source, and the request id', async () => {
  const sink = await open()
  const id = sink.capture(new TypeError('outer', { cause: new Error('inner') }), {
    requestId: 'r1',
    route: '/users/:id',
    userId: 'u1',
  })
  expect(await sink.close()).toBe(true)

  const event = events()[0]
  expect(received[0]?.url).toMatch(/^\/api\/42\/envelope\//)
  expect(event).toMatchObject({
    event_id: id,
    environment: 'testing',
    release: '1.2.3',
    tags: { request_id: 'r1', route: '/users/:id' },
    user: { id: 'u1' },
    exception: {
      values: [
        { type: 'Error', value: 'inner' },
        { type: 'TypeError', value: 'outer' },
      ],
    },
  })
  expect(JSON.stringify(event)).toContain('errors-sink.test.ts')
  expect(JSON.stringify(event)).toContain("new TypeError('outer'")
})

test('no secret is sent: no parameters, credentials, fields, headers or host names', async () => {
  const sink = await open()
  const parameters = ['can', 'ary'].join('')
  const cause = new DrizzleQueryError(
    'select $1',
    [parameters],
    new Error(`postgres://a:${parameters}@b/c`),
  )
  const error = Object.assign(new Error(`password=${parameters}`, { cause }), {
    headers: { cookie: parameters },
    body: { password: parameters },
  })
  sink.capture(error, { requestId: 'r1' })
  sink.capture(`Bearer ${parameters}123`)
  sink.capture({ token: parameters })
  await sink.close()

  expect(events()).toHaveLength(3)
  const sent = received.map(({ text }) => text).join('')
  expect(sent).not.toContain(parameters)
  for (const event of events()) {
    expect(Object.keys(event)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(?:request|extra|breadcrumbs|server_name|contexts|modules)$/),
      ]),
    )
  }
})

test('a malformed DSN is refused', async () => {
  const options = { dsn: 'https://example.com', environment: 'x', release: '1' }
  await expect(openErrorSink(options)).rejects.toThrow('SENTRY_DSN is malformed')
})

test('errors that Sentry does not take in time are given up', async () => {
  await new Promise((resolve) => sentry.close(resolve))
  const sink = await open(1)
  sink.capture(new Error('lost'))
  await sink.close(200)
  expect(received).toEqual([])
})

test('where @sentry/node is not installed, opening says so', async () => {
  const elsewhere = await makeTemporaryDirectory()
  const here = path.dirname(fileURLToPath(import.meta.url))
  await mkdir(path.join(elsewhere, 'telemetry'))
  for (const name of ['errors-sink.ts', 'redact-text.ts']) {
    await cp(path.join(here, name), path.join(elsewhere, 'telemetry', name))
  }
  const { stdout } = await runProgram(`
    import { openErrorSink } from '${pathToFileURL(path.join(elsewhere, 'telemetry', 'errors-sink.ts')).href}'
    await openErrorSink({ dsn: 'http://k@h/1', environment: 'x', release: '1' }).catch((error) => console.log(error.message))`)
  await rm(elsewhere, { recursive: true })

  expect(stdout).toContain('@sentry/node is not installed')
})

function open(port?: number) {
  const address = sentry.address()
  const taken = typeof address === 'object' && address ? address.port : 0
  const dsn = `http://key@127.0.0.1:${port ?? taken}/42`
  return openErrorSink({ dsn, environment: 'testing', release: '1.2.3' })
}

/** The events in the envelopes: lines of JSON, an item's header before each item. */
function events(): Record<string, unknown>[] {
  return received.flatMap(({ text }) => {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line))
    return lines.filter((_, index) => lines[index - 1]?.['type'] === 'event')
  })
}
