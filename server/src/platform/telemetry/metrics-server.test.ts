/** The /metrics listener: one path, one method, one token. */
import { afterEach, expect, test } from 'vitest'
import { type MetricsServer, type MetricsServerOptions, serveMetrics } from './metrics-server.ts'

let server: MetricsServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

test('without a token everybody who reaches the port may read', async () => {
  const url = await listen({})
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([200, 'up 1\n'])
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test.each([
  ['no token', undefined, 401],
  ['the wrong token', 'Bearer other', 401],
  ['the beginning of the token', 'Bearer secre', 401],
  ['the token in another scheme', 'Basic secret', 401],
  ['the token', 'Bearer secret', 200],
  ['the token, the scheme in lower case', 'bearer secret', 200],
])('with %s the answer is as it should', async (_name, authorization, status) => {
  const url = await listen({ token: 'secret' })
  const response = await fetch(url, { headers: authorization ? { authorization } : {} })
  expect(response.status).toBe(status)
  expect((await response.text()).includes('up 1')).toBe(status === 200)
  expect(response.headers.get('www-authenticate')).toBe(
    status === 401 ? 'Bearer realm="metrics"' : null,
  )
})

test('there is nothing else on this port', async () => {
  const url = await listen({})
  const others = ['/', '/metrics/', '/metrics/..', '/metricsx', '/docs']
  const answers = await Promise.all(others.map((path) => fetch(new URL(path, url))))
  expect(answers.map((response) => response.status)).toEqual(others.map(() => 404))
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('a failure to render is told without its reason', async () => {
  const url = await listen({ render: async () => Promise.reject(new Error('inner workings')) })
  const response = await fetch(url)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('inner')
})

test('a taken port is an error at once', async () => {
  const port = Number(new URL(await listen({})).port)
  await expect(serveMetrics({ host: '127.0.0.1', port, render })).rejects.toThrow(/EADDRINUSE/)
})

async function render() {
  return { contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'up 1\n' }
}

async function listen(options: Partial<MetricsServerOptions>): Promise<string> {
  server = await serveMetrics({ host: '127.0.0.1', port: 0, render, ...options })
  return server.url
}
