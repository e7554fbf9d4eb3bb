/** A traced server: what its log says of a request is found in the collector under the same trace. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { dataDirectory, start } from './running.ts'

type Span = { readonly traceId: string; readonly name: string; readonly kind: number }
type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }

const directory = await dataDirectory()
afterAll(directory.remove)
const serverKind = 2

async function startCollector() {
  const spans: Span[] = []
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export
      spans.push(...resourceSpans.flatMap((one) => one.scopeSpans).flatMap((one) => one.spans))
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  collector.listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const { port } = collector.address() as AddressInfo
  return { spans, url: `http://127.0.0.1:${port}`, close: () => collector.close() }
}

test('the trace id in a request’s log line is its span’s, with and without a caller’s trace', async () => {
  const collector = await startCollector()
  const location = await testDatabase()
  const server = await start({
    ASHLAR_DATA_DIR: directory.path,
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  })
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const answers = await Promise.all(
    [{}, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }, { traceparent: 'nonsense' }].map(
      (headers) => fetch(`${server.url}/api/v1/users`, { headers }),
    ),
  )
  const [given, continued, begun] = answers.map(({ headers }) => headers.get('traceparent'))
  expect(await server.stop()).toBe(0)
  collector.close()

  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"path":"/api/v1/users"'))
    .map((line): { request_id: string; trace_id?: string } => JSON.parse(line))
  const traceOf = (answer: Response | undefined) =>
    lines.find((line) => line.request_id === answer?.headers.get('x-request-id'))?.trace_id
  const spans = collector.spans.filter(
    ({ kind, name }) => kind === serverKind && name.includes('/api/v1/users'),
  )
  expect(lines).toHaveLength(3)
  expect(spans.map((span) => span.traceId).toSorted()).toEqual(
    answers.map((answer) => String(traceOf(answer))).toSorted(),
  )

  expect(given).toBeNull()
  expect(traceOf(answers[1])).toBe(traceId)
  expect(continued?.split('-')[1]).toBe(traceId)
  expect(begun?.split('-')[1]).toBe(traceOf(answers[2]))
})
