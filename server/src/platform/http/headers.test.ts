import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { securityHeaders } from './headers.ts'

const allowed = 'https://app.example.com'
const server = await startServer({
  environment: { CORS_ORIGINS: `${allowed},https://admin.example.com` },
})
const cors = (headers: Readonly<Record<string, unknown>>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'))
const foreign = [
  'https://evil.example',
  'null',
  '*',
  '',
  `${allowed}.evil.example`,
  'https://evilapp.example.com',
  'https://x.app.example.com',
  'http://app.example.com',
  `${allowed}:443`,
  `${allowed}/`,
  allowed.toUpperCase(),
  `${allowed}, https://evil.example`,
  'https://app.example.com%00.evil.example',
  'https://app.example.com`.evil.example',
]

test('an origin on the list may read answers with credentials; the list is never reflected or widened', async () => {
  for (const origin of [
    allowed,
    'https://admin.example.com',
    new URL(server.settings.publicUrl).origin,
  ]) {
    const { headers } = await server.anonymous.get('/api/v1/users', { origin })
    expect(headers['access-control-allow-origin']).toBe(origin)
    expect(headers['access-control-allow-credentials']).toBe('true')
    expect(headers['access-control-expose-headers']).toContain('x-request-id')
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect(headers['vary']).toBe('Origin')
  }
})

test.each(foreign)('the origin “%s” may read nothing', async (origin) => {
  for (const url of [
    '/api/v1/users',
    '/livez',
    '/nothing',
    '/api/v1/users/me',
    '/api/v1/openapi.json',
  ]) {
    const { headers } = await server.anonymous.get(url, { origin })
    expect(cors(headers), url).toEqual([])
    expect(headers['vary'], url).toBe('Origin')
    expect(headers['cross-origin-resource-policy'], url).toBe('same-origin')
  }
})

test('a preflight needs no credential and tells an allowed origin what it may send', async () => {
  for (const url of ['/api/v1/users/me', '/api/v1/auth/login', '/api/users/me', '/nothing']) {
    const reply = await server.app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin: allowed,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'x-csrf-token',
      },
    })
    expect(reply.statusCode).toBe(204)
    expect(reply.body).toBe('')
    expect(reply.headers).toMatchObject(
      Object.fromEntries(
        Object.entries(securityHeaders).filter(([name]) => name !== 'cross-origin-resource-policy'),
      ),
    )
    expect(reply.headers['access-control-allow-origin']).toBe(allowed)
    for (const header of [
      'authorization',
      'content-type',
      'x-csrf-token',
      'idempotency-key',
      'if-match',
    ])
      expect(reply.headers['access-control-allow-headers']).toContain(header)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      expect(reply.headers['access-control-allow-methods']).toContain(method)
  }
})

test.each(foreign)('a preflight of “%s” is told nothing', async (origin) => {
  const reply = await server.app.inject({
    method: 'OPTIONS',
    url: '/api/v1/users/me',
    headers: { origin, 'access-control-request-method': 'PATCH' },
  })
  expect(reply.statusCode).toBe(204)
  expect(cors(reply.headers)).toEqual([])
})

test('errors are as readable to an allowed origin as answers are', async () => {
  const missing = await server.anonymous.get('/api/v1/nothing', { origin: allowed })
  expect(missing).toMatchObject({
    status: 404,
    headers: { 'access-control-allow-origin': allowed },
  })
  const refused = await server.anonymous.get('/api/v1/users/me', { origin: allowed })
  expect(refused).toMatchObject({
    status: 401,
    headers: { 'access-control-allow-origin': allowed },
  })
})

test('every route’s answer forbids sniffing, framing, keeping and leaving traces', async () => {
  const member = await server.as()
  const { body } = await server.anonymous.get('/api/v1/openapi.json')
  const gets = Object.entries(body.paths as Record<string, object>)
    .filter(([, methods]) => 'get' in methods)
    .map(([url]) => url.replaceAll(/\{\w+\}/g, member.userId ?? ''))
  for (const url of [
    ...gets,
    '/setup',
    '/verify-email',
    '/api/v1/errors',
    '/api/v1/openapi.json',
    '/dev/mailbox',
  ]) {
    const { headers, status } = await member.get(url)
    expect(status, url).toBeLessThan(500)
    expect(headers['x-content-type-options'], url).toBe('nosniff')
    expect(headers['strict-transport-security'], url).toMatch(/max-age=31536000/)
    expect(headers['referrer-policy'], url).toBe('no-referrer')
    expect(headers['x-frame-options'], url).toBe('DENY')
    const policy = String(headers['content-security-policy'])
    for (const part of [
      `default-src 'none'`,
      `object-src 'none'`,
      `base-uri 'none'`,
      `frame-ancestors 'none'`,
    ])
      expect(policy, url).toContain(part)
    expect(policy, url).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/)
    const isShared = url.includes('jwks')
    expect(headers['cache-control'], url).toMatch(isShared ? /^public, max-age=\d+$/ : /^no-store$/)
    expect(headers['x-powered-by'] ?? headers['server'], url).toBeUndefined()
  }
})
