import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { securityHeaders } from './headers.ts'
import { portOf, sendBytes, sendTo } from './testing.ts'

const server = await startServer({
  extend: async (app) => {
    app.get('/api/v1/test/bug', {
      config: { public: true },
      handler: async () => {
        throw new Error('a bug')
      },
    })
  },
})
const port = await portOf(server.app)
const json = { 'content-type': 'application/json' }
const host = 'Host: localhost\r\n'

const isAlive = async () => expect((await sendTo(port, { path: '/livez' })).status).toBe(200)

test.each([
  ['a good answer', { path: '/api/v1/users' }, 200],
  ['a health check', { path: '/livez' }, 200],
  ['an unknown path', { path: '/nothing' }, 404],
  ['an unknown path below the base', { path: '/api/v1/nothing' }, 404],
  ['another method', { path: '/api/v1/users', method: 'DELETE' }, 405],
  ['a stranger', { path: '/api/v1/users/me' }, 401],
  [
    'a foreign origin',
    {
      path: '/api/v1/auth/login',
      method: 'POST',
      headers: { ...json, origin: 'https://evil.example' },
      body: '{}',
    },
    403,
  ],
  [
    'a body that is no JSON',
    { path: '/api/v1/auth/login', method: 'POST', headers: json, body: '{' },
    400,
  ],
  [
    'a body of another type',
    {
      path: '/api/v1/auth/login',
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    },
    415,
  ],
  [
    'a body too large',
    {
      path: '/api/v1/auth/login',
      method: 'POST',
      headers: json,
      body: `"${'x'.repeat(2_000_000)}"`,
    },
    413,
  ],
  [
    'an invalid body',
    { path: '/api/v1/auth/login', method: 'POST', headers: json, body: '{}' },
    422,
  ],
  ['a failure of ours', { path: '/api/v1/test/bug' }, 500],
  ['a path that does not decode', { path: '/%zz' }, 400],
  ['a path that does not decode, deep', { path: '/api/v1/users/%c3%28' }, 400],
  ['a part of a path that is too long', { path: `/api/v1/users/${'a'.repeat(300)}` }, 404],
  ['an address that is too long', { path: `/api/v1/users?search=${'a'.repeat(9_000)}` }, 400],
  ['an expectation nobody meets', { path: '/livez', headers: { expect: 'miracles' } }, 400],
  [
    'a preflight',
    {
      path: '/api/v1/users',
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    },
    204,
  ],
  ['OPTIONS that is no preflight', { path: '/api/v1/users', method: 'OPTIONS' }, 405],
] as const)('the fixed headers are on %s', async (_name, request, status) => {
  const reply = await sendTo(port, request)
  expect(reply.status).toBe(status)
  expect(reply.headers).toMatchObject(securityHeaders)
  expect(reply.headers['x-request-id']).toMatch(/^[\w.-]{1,128}$/)
  const said = status < 400 ? {} : (JSON.parse(reply.text) as object)
  expect(said).toMatchObject(
    status < 400 ? {} : { status, requestId: reply.headers['x-request-id'] },
  )
  expect(String(reply.headers['content-type'])).toMatch(
    status < 400 ? /json|undefined/ : /^application\/problem\+json; charset=utf-8$/,
  )
  server.failures.length = 0
})

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
  ['an unknown method', `BREW /livez HTTP/1.1\r\n${host}\r\n`, 400],
  ['a header without a colon', `GET /livez HTTP/1.1\r\n${host}nonsense\r\n\r\n`, 400],
  ['a space before the colon', `GET /livez HTTP/1.1\r\n${host}X-A : b\r\n\r\n`, 400],
  ['a folded header', `GET /livez HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`, 400],
  ['bare line feeds', 'GET /livez HTTP/1.1\nHost: localhost\n\n', 400],
  ['a NUL in a header', `GET /livez HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`, 400],
  [
    'two lengths that differ',
    `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
    400,
  ],
  [
    'a length and chunks',
    `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a length that is no number',
    `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Length: +2\r\n\r\n{}`,
    400,
  ],
  [
    'an encoding nobody knows',
    `POST /api/v1/auth/login HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a chunk without a size',
    `POST /api/v1/auth/login HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
    400,
  ],
  ['20 kB of headers', `GET /livez HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['an address of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431],
])('%s is refused with the fixed headers, and one answer only', async (_name, bytes, status) => {
  const said = await sendBytes(port, bytes)
  expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  for (const [name, value] of Object.entries(securityHeaders))
    expect(said.toLowerCase()).toContain(`${name}: ${value}`.toLowerCase())
  expect(said).toContain('application/problem+json')
  expect(said).not.toMatch(/Error:|node_modules|HPE_/)
  await isAlive()
})

test('a request smuggled behind another is not answered', async () => {
  const inner = `GET /livez HTTP/1.1\r\n${host}X-Request-Id: smuggled\r\n\r\n`
  for (const [header, body] of [
    [`Content-Length: ${inner.length + 5}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${inner}`],
    [`Transfer-Encoding: chunked\r\nTransfer-Encoding: identity`, `0\r\n\r\n${inner}`],
    [`Transfer-Encoding:\x0bchunked`, `0\r\n\r\n${inner}`],
  ] as const) {
    const said = await sendBytes(
      port,
      `POST /api/v1/auth/login HTTP/1.1\r\n${host}${header}\r\n\r\n${body}`,
    )
    expect(said).not.toContain('smuggled')
  }
  await isAlive()
})

test('HTTP/1.0 needs no host, and odd targets are only unknown', async () => {
  expect(await sendBytes(port, 'GET /livez HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  for (const target of [
    '*',
    'http://evil.example/api/v1/users/me',
    'nothing',
    '?',
    '//',
    '/..',
    '/../../etc/passwd',
  ]) {
    const said = await sendBytes(
      port,
      `OPTIONS ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    )
    expect(said, target).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(said, target).toContain('x-content-type-options: nosniff')
  }
  await sendBytes(port, `CONNECT localhost:1 HTTP/1.1\r\n${host}\r\n`, 200)
  await isAlive()
})

test('a caller that says nothing or leaves halfway does no harm', async () => {
  await sendBytes(port, '', 50)
  await sendBytes(
    port,
    `POST /api/v1/auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    50,
  )
  await sendBytes(port, 'GET /livez HTT', 50)
  await pause(20)
  await isAlive()
  expect(server.failures).toEqual([])
})

test('a header whose value was split is one value, and never two headers', async () => {
  const said = await sendBytes(
    port,
    `GET /v1/users?a=%0d%0aX-Evil:%201 HTTP/1.1\r\n${host}X-Request-Id: a%0d%0aX-Evil: 1\r\nConnection: close\r\n\r\n`,
  )
  expect(said.toLowerCase()).not.toContain('\r\nx-evil')
})
