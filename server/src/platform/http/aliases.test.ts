import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { canonicalUrl, deprecationHeaders } from './aliases.ts'
import { portOf, sendTo } from './testing.ts'

const routes: { method: string; url: string; isPublic: boolean }[] = []
const seen: string[] = []

const server = await startServer({
  extend: async (app) => {
    app.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat())
        if (!url.includes('*')) routes.push({ method: one, url, isPublic: config?.public === true })
    })
    app.addHook('onResponse', async (request) => {
      seen.push(`${request.method} ${request.routeOptions.url ?? 'unmatched'}`)
    })
    app.get('/api/v1/test/pages', {
      config: { public: true },
      schema: { response: { 200: Type.Object({ url: Type.String() }) } },
      handler: async (request) => ({ url: request.url }),
    })
  },
})
const port = await portOf(server.app)

test.each([
  ['/api/v1', '/api/v1', false],
  ['/api/v1/users', '/api/v1/users', false],
  ['/api/v1?x', '/api/v1?x', false],
  ['/api', '/api/v1', true],
  ['/api?x=/v1', '/api/v1?x=/v1', true],
  ['/api/users', '/api/v1/users', true],
  ['/v1/users?a=b', '/api/v1/users?a=b', true],
  ['/api/v10/users', '/api/v1/v10/users', true],
  ['/api/v2/users', '/api/v1/v2/users', true],
  ['/apiv1/users', '/apiv1/users', false],
  ['/v1x/users', '/v1x/users', false],
  ['/v2/users', '/v2/users', false],
  ['/users', '/users', false],
  ['//api/users', '//api/users', false],
  ['/API/users', '/API/users', false],
  ['/%61pi/users', '/%61pi/users', false],
])('%s is read as %s', (given, url, isAlias) => {
  expect(canonicalUrl(given)).toEqual({ url, isAlias })
})

test('reading an address twice changes nothing more', () => {
  for (const url of ['/api/users', '/v1/users', '/api/v1/users', '/v1/v1/users', '/api/api/x'])
    expect(canonicalUrl(canonicalUrl(url).url)).toEqual({
      url: canonicalUrl(url).url,
      isAlias: false,
    })
})

test('nothing in a path ends the quoted part of the Link header', () => {
  const { link } = deprecationHeaders('/api/v1/a>b"c\r\nd e?secret=1')
  expect(link).toBe('</api/v1/abcde>; rel="successor-version"')
})

test.each(['/api', '/v1', '/api/v1'])('%s reaches the same route', async (base) => {
  seen.length = 0
  const reply = await server.anonymous.get(`${base}/test/pages?a=b`)
  expect(reply).toMatchObject({ status: 200, body: { url: '/api/v1/test/pages?a=b' } })
  expect(seen).toEqual(['GET /api/v1/test/pages'])
  const isAlias = base !== '/api/v1'
  expect(String(reply.headers['deprecation'])).toMatch(isAlias ? /^@\d{10}$/ : /^undefined$/)
  expect(reply.headers['link']).toBe(
    isAlias ? '</api/v1/test/pages>; rel="successor-version"' : undefined,
  )
})

test('a page under an alias names both its successor and the next page', async () => {
  await server.as()
  const member = await server.as()
  const reply = await member.get('/v1/users?limit=1')
  expect(String(reply.headers['link'])).toMatch(
    /^<\/api\/v1\/users>; rel="successor-version", <\/api\/v1\/users\?limit=1&cursor=[^>]+>; rel="next"$/,
  )
})

test('an alias is guarded like the address it stands for', async () => {
  for (const base of ['/api', '/v1', '/api/v1']) {
    expect((await server.anonymous.get(`${base}/users/me`)).status).toBe(401)
    expect((await server.anonymous.post(`${base}/auth/logout`)).status).toBe(401)
  }
})

test('every spelling spends the same budget', async () => {
  const limited = await startServer({
    environment: {
      RATE_LIMIT_ENABLED: 'true',
      AUTH_RATE_LIMIT_REQUESTS: '6',
      AUTH_RATE_LIMIT_WINDOW_SECONDS: '60',
    },
  })
  const bases = ['/api', '/v1', '/api/v1', '/api/%761', '/%61pi/v1', '/api/v1']
  const tried: number[] = []
  for (const base of [...bases, ...bases]) {
    const reply = await limited.anonymous.post(`${base}/auth/login`, {
      email: 'a@b.example',
      password: 'x',
    })
    if (reply.status !== 404) tried.push(reply.status)
  }
  const refusedAt = tried.indexOf(429)
  expect(tried.slice(0, refusedAt)).toEqual([401, 401, 401, 401, 401, 401])
  expect(new Set(tried.slice(refusedAt))).toEqual(new Set([429]))
})

test('what a client says about its own address changes no budget', async () => {
  const limited = await startServer({
    environment: {
      RATE_LIMIT_ENABLED: 'true',
      AUTH_RATE_LIMIT_REQUESTS: '5',
      AUTH_RATE_LIMIT_WINDOW_SECONDS: '60',
    },
  })
  const statuses: number[] = []
  for (let index = 0; index < 20; index += 1) {
    const ip = `198.51.100.${index}`
    const reply = await limited.anonymous.post(
      '/api/v1/auth/login',
      { email: `${index}@b.example`, password: 'x' },
      {
        'x-forwarded-for': ip,
        'x-real-ip': ip,
        forwarded: `for=${ip}`,
        'cf-connecting-ip': ip,
        'true-client-ip': ip,
        'x-client-ip': ip,
      },
    )
    statuses.push(reply.status)
  }
  const refusedAt = statuses.indexOf(429)
  expect(refusedAt).toBeGreaterThan(0)
  expect(statuses.slice(refusedAt).every((status) => status === 429)).toBe(true)
})

/** Other ways to write the same path. */
const spellings: Readonly<Record<string, (path: string) => string>> = {
  'two slashes first': (path) => `/${path}`,
  'two slashes last': (path) => path.replace(/\/(?=[^/]*$)/, '//'),
  'a slash behind': (path) => `${path}/`,
  'upper case': (path) => path.toUpperCase(),
  'a parameter behind a semicolon': (path) => `${path};a=b`,
  'an escaped slash': (path) => path.replace(/\/(?=[^/]*$)/, '%2f'),
  'a dot segment': (path) => path.replace(/\/(?=[^/]*$)/, '/./'),
  'two dot segments': (path) => path.replace(/\/(?=[^/]*$)/, '/x/../'),
  'escaped dots': (path) => path.replace(/\/(?=[^/]*$)/, '/x/%2e%2e/'),
  'an escaped letter': (path) =>
    path.replace(/[a-z](?=[^/]*$)/, (letter) => `%${letter.codePointAt(0)?.toString(16)}`),
  'a backslash': (path) => path.replace(/\/(?=[^/]*$)/, '\\'),
  'a space behind': (path) => `${path}%20`,
  'a dot behind': (path) => `${path}.`,
  'an extension': (path) => `${path}.json`,
  'a NUL behind': (path) => `${path}%00`,
  'a full address': (path) => `http://127.0.0.1${path}`,
}

test('every other spelling of every path is the same path or no path', async () => {
  expect(routes.length).toBeGreaterThan(30)
  const odd: string[] = []
  for (const { method, url } of routes) {
    const path = url.replace(/:\w+/g, '0199a1b2-0000-7000-8000-000000000000')
    const ask = async (spelling: string) => {
      const { status, headers } = await sendTo(port, { method, path: spelling })
      return { status, permits: headers['www-authenticate'], allow: headers.allow }
    }
    const canonical = await ask(path)
    for (const [name, spell] of Object.entries(spellings)) {
      const spelling = spell(path)
      // What does not begin with a slash is no path, and the parser says so.
      if (spelling === path || !/^(?:\/|http:)/.test(spelling)) continue
      const found = await ask(spelling)
      const isNoPath = [400, 404, 405].includes(found.status)
      if (!isNoPath && JSON.stringify(found) !== JSON.stringify(canonical))
        odd.push(`${method} ${spelling} (${name}): ${found.status}, not ${canonical.status}`)
    }
  }
  expect(odd).toEqual([])
})
