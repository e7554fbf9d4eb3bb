import { createHmac, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { issueCsrfToken } from './csrf.ts'
import { cookieOf, openBrowser, sessionCookie, visitorCookie } from './testing.ts'

const server = await startServer({ environment: { CORS_ORIGINS: 'https://app.example.com' } })
/** Of somebody who may do everything: what refuses them is the page, and nothing else. */
const browser = await openBrowser(server, 'super_admin')
const other = await openBrowser(server)
const { anonymous, app } = server
const logout = '/api/v1/auth/logout'
/** An unsafe request of a signed-in browser that changes nothing when it is let through: its body is not valid. */
const patch = (headers: Record<string, string>) => anonymous.patch('/api/v1/users/me', {}, headers)

type Unsafe = { method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string }
/** No cookie opens it: what is not signed is refused, whoever sends it. */
const signedAlone = '/api/v1/webhooks/stripe'
const paths = Object.entries(app.swagger().paths ?? {}).filter(([url]) => url !== signedAlone)
const unsafe: Unsafe[] = paths.flatMap(([url, methods]) =>
  Object.keys(methods ?? {})
    .filter((method) => ['post', 'put', 'patch', 'delete'].includes(method))
    .map((method) => ({
      method: method.toUpperCase() as Unsafe['method'],
      url: url.replaceAll(/\{\w+\}/g, randomUUID()),
    })),
)

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(browser.headers).filter(([key]) => key !== name))

const send = async (
  { method, url }: Unsafe,
  headers: Record<string, string>,
  query = '',
  body = '{}',
) => {
  const reply = await app.inject({
    method,
    url: url + query,
    headers: { 'content-type': 'application/json', ...headers },
    payload: body,
  })
  return { status: reply.statusCode, code: reply.body === '' ? '' : String(reply.json().code) }
}

const refusals = {
  token: { status: 403, code: 'http.csrf_token_invalid' },
  origin: { status: 403, code: 'http.origin_not_allowed' },
}

async function newVisitor(): Promise<{ cookie: string; csrfToken: string }> {
  const reply = await anonymous.get('/api/v1/csrf-token')
  return {
    cookie: `${visitorCookie}=${cookieOf(reply, visitorCookie)}`,
    csrfToken: reply.body.data.csrfToken,
  }
}

test('the sweep finds every unsafe route of the API description', () => {
  expect(unsafe.length).toBeGreaterThanOrEqual(8)
  expect(unsafe.map(({ url }) => url)).toContain('/api/v1/auth/login')
})

test.each(unsafe)(
  '$method $url is refused to a browser without a token of its session',
  async (route) => {
    const stale = await newVisitor()
    const { cookie, csrfToken } = browser
    const [nonce = '', mac = ''] = csrfToken.split('.')
    for (const [name, headers, query, body] of [
      ['no token', without('x-csrf-token')],
      ['an empty token', { ...browser.headers, 'x-csrf-token': '' }],
      ['another session’s token', { ...browser.headers, 'x-csrf-token': other.csrfToken }],
      [
        'the token of a visitor before sign-in',
        { ...browser.headers, 'x-csrf-token': stale.csrfToken },
      ],
      [
        'a visitor’s cookie and its token beside the session',
        {
          ...browser.headers,
          cookie: `${stale.cookie}; ${cookie}`,
          'x-csrf-token': stale.csrfToken,
        },
      ],
      [
        'the token in a cookie only',
        {
          ...without('x-csrf-token'),
          cookie: `${cookie}; csrf_token=${csrfToken}; XSRF-TOKEN=${csrfToken}; x-csrf-token=${csrfToken}`,
        },
      ],
      [
        'the token in the query only',
        without('x-csrf-token'),
        `?csrfToken=${csrfToken}&_csrf=${csrfToken}&x-csrf-token=${csrfToken}`,
      ],
      [
        'the token in the body only',
        without('x-csrf-token'),
        '',
        JSON.stringify({ csrfToken, _csrf: csrfToken }),
      ],
      ['a made-up token', { ...browser.headers, 'x-csrf-token': 'a.b' }],
      ['a nonce of one’s own', { ...browser.headers, 'x-csrf-token': `x${nonce}.${mac}` }],
      ['half a token', { ...browser.headers, 'x-csrf-token': nonce }],
      ['a token with more', { ...browser.headers, 'x-csrf-token': `${csrfToken}.x` }],
      ['a shorter token', { ...browser.headers, 'x-csrf-token': csrfToken.slice(0, -1) }],
      [
        'a token signed without the key',
        {
          ...browser.headers,
          'x-csrf-token': `${nonce}.${createHmac('sha256', '').update(`x\n${nonce}`).digest('base64url')}`,
        },
      ],
      [
        'two tokens in one header',
        { ...browser.headers, 'x-csrf-token': `${other.csrfToken}, ${csrfToken}` },
      ],
    ] as [string, Record<string, string>, string?, string?][])
      expect(await send(route, headers, query, body), name).toEqual(refusals.token)
  },
)

test.each(unsafe)('$method $url is refused to a page of another origin', async (route) => {
  const { origin } = browser
  const { protocol, hostname, port } = new URL(origin)
  for (const foreign of [
    'https://evil.example',
    'null',
    '',
    `${origin}.evil.example`,
    `${protocol}//${hostname}.evil.example:${port}`,
    `${protocol}//evil-${hostname}:${port}`,
    `${protocol}//evil.${hostname}:${port}`,
    `${protocol}//${hostname}:${Number(port) + 1}`,
    `${protocol}//${hostname}`,
    `https://${hostname}:${port}`,
    `${origin}/`,
    `${origin} `.concat('x'),
    `${origin}@evil.example`,
    `${origin},https://evil.example`,
    origin.toUpperCase(),
    'https://app.example.com.evil.example',
    'https://evilapp.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'file://',
    'chrome-extension://abc',
  ])
    expect(await send(route, { ...browser.headers, origin: foreign }), foreign).toEqual(
      refusals.origin,
    )
  expect(await send(route, without('origin')), 'no origin').toEqual(refusals.origin)
  for (const site of ['cross-site', 'same-site', 'none', 'nonsense'])
    expect(await send(route, { ...without('origin'), 'sec-fetch-site': site }), site).toEqual(
      refusals.origin,
    )
  expect(await send(route, { ...browser.headers, 'sec-fetch-site': 'cross-site' })).toEqual(
    refusals.origin,
  )
})

test.each(unsafe.filter(({ url }) => !url.endsWith('/logout')))(
  '$method $url lets our own page through',
  async (route) => {
    const mine = await openBrowser(server)
    for (const headers of [
      mine.headers,
      { ...mine.headers, 'sec-fetch-site': 'same-origin' },
      { ...mine.headers, origin: 'https://app.example.com' },
      { cookie: mine.cookie, 'x-csrf-token': mine.csrfToken, 'sec-fetch-site': 'same-origin' },
    ])
      expect((await send(route, headers)).code).not.toMatch(/csrf|origin/)
  },
)

test('a signed-in browser signs out with its token, and stays signed in without it', async () => {
  const mine = await openBrowser(server)
  const isSignedIn = async () =>
    (await anonymous.get('/api/v1/users/me', { cookie: mine.cookie })).status === 200
  expect((await anonymous.post(logout, undefined, { cookie: mine.cookie })).status).toBe(403)
  expect(
    (await anonymous.post(logout, undefined, { cookie: mine.cookie, origin: mine.origin })).status,
  ).toBe(403)
  expect(await isSignedIn()).toBe(true)
  expect((await anonymous.post(logout, undefined, mine.headers)).status).toBe(204)
  expect(await isSignedIn()).toBe(false)
})

test('any number of tokens of one session is valid, each for this session alone', async () => {
  const more = await anonymous.get('/api/v1/csrf-token', { cookie: browser.cookie })
  const again = await anonymous.get('/api/v1/csrf-token', { cookie: browser.cookie })
  const tokens = [browser.csrfToken, more.body.data.csrfToken, again.body.data.csrfToken]
  expect(new Set(tokens).size).toBe(3)
  for (const token of tokens) {
    expect((await patch({ ...browser.headers, 'x-csrf-token': token })).status).toBe(422)
    expect((await patch({ ...other.headers, 'x-csrf-token': token })).status).toBe(403)
  }
})

test('knowing a session’s id is not enough to make a token for it', async () => {
  const { rows } = await server.process.database.pool.query<{ id: string }>(
    'select id from auth_sessions where user_id = $1 and kind = $2',
    [browser.account.userId, 'cookie'],
  )
  const sessionId = rows[0]?.id ?? ''
  expect(sessionId).not.toBe('')
  for (const planted of [
    sessionId,
    encodeURIComponent(sessionId),
    ` ${sessionId}`,
    `"${sessionId}"`,
  ]) {
    const reply = await anonymous.get('/api/v1/csrf-token', {
      cookie: `${visitorCookie}=${planted}`,
    })
    const token: string = reply.body.data.csrfToken
    expect(await patch({ ...browser.headers, 'x-csrf-token': token }), planted).toMatchObject({
      status: 403,
    })
  }
  const forged = issueCsrfToken(Buffer.alloc(32), sessionId)
  expect((await patch({ ...browser.headers, 'x-csrf-token': forged })).status).toBe(403)
})

test('a bearer token needs no CSRF token, whatever the origin: browsers do not send it by themselves', async () => {
  const member = await server.as()
  for (const headers of [
    {},
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
  ]) {
    const reply = await member.patch('/api/v1/users/me', { name: 'x' }, headers)
    expect(reply.status).toBe(200)
  }
})

test('a wrong bearer token beside a session’s cookie does not lend the cookie its exemption', async () => {
  for (const authorization of ['Bearer x', 'Bearer ', 'Basic eDp5', ''])
    expect(
      (await patch({ cookie: browser.cookie, authorization })).status,
      authorization,
    ).toSatisfy((status: number) => status === 401 || status === 403)
})

test('only the cookie of our name is a session', async () => {
  const secret = browser.cookie.slice(sessionCookie.length + 1)
  for (const cookie of [
    `ashlar_session=${secret}`,
    `__Secure-ashlar_session=${secret}`,
    `__host-ashlar_session=${secret}`,
    `x=__Host-ashlar_session=${secret}`,
    `__Host-ashlar_session =x; a=${secret}`,
  ])
    expect((await anonymous.get('/api/v1/users/me', { cookie })).status, cookie).toBe(401)
  expect((await anonymous.get('/api/v1/users/me', { cookie: browser.cookie })).status).toBe(200)
})

test('a browser signs in only with a visitor’s token, so nobody is signed in as somebody else', async () => {
  const { email } = browser.account
  const visitor = await newVisitor()
  const attacker = await newVisitor()
  const login = async (headers: Record<string, string>) =>
    anonymous.post('/api/v1/auth/login', { email, password: goodPassword }, headers)
  const good = { origin: browser.origin, cookie: visitor.cookie, 'x-csrf-token': visitor.csrfToken }
  for (const [name, headers] of [
    ['no token', { origin: good.origin, cookie: good.cookie }],
    ['no cookie', { origin: good.origin, 'x-csrf-token': good['x-csrf-token'] }],
    ['another visitor’s token', { ...good, 'x-csrf-token': attacker.csrfToken }],
    ['a signed-in session’s token', { ...good, 'x-csrf-token': other.csrfToken }],
    ['a foreign page', { ...good, origin: 'https://evil.example' }],
    ['a sandboxed page', { ...good, origin: 'null' }],
    [
      'a foreign page with a planted pair',
      {
        origin: 'https://evil.example',
        cookie: attacker.cookie,
        'x-csrf-token': attacker.csrfToken,
      },
    ],
    ['a form of a foreign page', { 'sec-fetch-site': 'cross-site' }],
    ['a form of a sibling page', { 'sec-fetch-site': 'same-site' }],
  ] as [string, Record<string, string>][]) {
    const reply = await login(headers)
    expect([reply.status, reply.headers['set-cookie']], name).toEqual([403, undefined])
  }
  const signedIn = await login(good)
  expect(signedIn.status).toBe(200)
  const secret = cookieOf(signedIn, sessionCookie)
  expect(secret).toMatch(/^ash_s_/)
  const cookie = `${sessionCookie}=${secret}`
  // The token from before the sign-in died with it.
  expect((await patch({ ...good, cookie: `${visitor.cookie}; ${cookie}` })).status).toBe(403)
  const own = { cookie, origin: browser.origin, 'x-csrf-token': signedIn.body.data.csrfToken }
  expect((await patch(own)).status).toBe(422)
})

test('a client that is no browser signs in without any of it', async () => {
  const { email } = browser.account
  const reply = await anonymous.post('/api/v1/auth/login', {
    email,
    password: goodPassword,
    mode: 'token',
  })
  expect(reply.status).toBe(200)
  expect(cookieOf(reply, sessionCookie)).toBeNull()
})

test('a refused forgery is recorded under the name of the one it was aimed at', async () => {
  const before = await server.facts()
  await patch(without('x-csrf-token'))
  await patch({ ...browser.headers, origin: 'https://evil.example' })
  expect((await server.facts()).slice(before.length)).toMatchObject([
    {
      name: 'http.request_refused',
      outcome: 'refused',
      actorId: browser.account.userId,
      data: { code: 'http.csrf_token_invalid' },
    },
    {
      name: 'http.request_refused',
      outcome: 'refused',
      actorId: browser.account.userId,
      data: { code: 'http.origin_not_allowed' },
    },
  ])
})

test('no GET, HEAD or OPTIONS changes anything', async () => {
  const tables = [
    'users_users',
    'auth_sessions',
    'auth_refresh_tokens',
    'auth_api_keys',
    'auth_credentials',
    'access_grants',
    'platform_events',
    'platform_job_outbox',
    'platform_invalidations',
    'platform_idempotency_keys',
  ]
  const snapshot = async () => {
    const rows = await Promise.all(
      tables.map((table) =>
        server.process.database.pool.query(
          // That somebody was refused is recorded, whatever they wanted to read.
          `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as sum from ${table} t
           where ${table === 'platform_events' ? "outcome <> 'refused'" : 'true'}`,
        ),
      ),
    )
    return rows.map(({ rows: [row] }) => row)
  }
  const listRefusals = async () =>
    (await server.facts()).filter(({ outcome }) => outcome === 'refused').map(({ data }) => data)
  const [before, refusedBefore] = [await snapshot(), await listRefusals()]
  for (const url of Object.keys(app.swagger().paths ?? {}))
    for (const method of ['GET', 'HEAD', 'OPTIONS'] as const)
      await app.inject({
        method,
        url: url.replaceAll(/\{\w+\}/g, randomUUID()),
        headers: {
          cookie: browser.cookie,
          'x-http-method-override': 'DELETE',
          'idempotency-key': 'x',
        },
      })
  expect(await snapshot()).toEqual(before)
  const refused = (await listRefusals()).slice(refusedBefore.length)
  expect(refused).toEqual(
    ['GET', 'HEAD'].map((method) =>
      expect.objectContaining({
        code: 'admin.mfa_required',
        route: '/api/v1/admin/audit-logs/export',
        method,
      }),
    ),
  )
})
