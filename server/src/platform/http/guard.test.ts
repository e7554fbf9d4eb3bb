import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer, testDatabase } from '../../app/testing.ts'
import type { App } from './app.ts'
import { UndeclaredRoute } from './route-rules.ts'

const Answer = Type.Object({ data: Type.Object({ shown: Type.String() }) })
const Body = Type.Object({
  name: Type.String(),
  inner: Type.Optional(Type.Object({ kept: Type.String() })),
})
const heard: unknown[] = []

const server = await startServer({
  extend: async (app) => {
    app.get('/api/v1/test/secret', {
      config: { public: true },
      schema: { response: { 200: Answer } },
      // What a careless query returns.
      handler: async () => ({ data: { shown: 'yes', passwordHash: 'no' }, token: 'no' }),
    })
    app.get('/api/v1/test/undescribed', {
      config: { public: true },
      schema: { response: { 200: Answer } },
      handler: async (_request, reply) =>
        reply.code(201 as never).send({ data: { shown: 'yes' }, passwordHash: 'no' } as never),
    })
    app.post('/api/v1/test/listen', {
      config: { can: 'users.read_self' },
      schema: { body: Body, response: { 200: Answer } },
      handler: async (request) => {
        heard.push(request.body)
        return { data: { shown: request.body.name } }
      },
    })
    app.get('/api/v1/test/figures', {
      config: { can: 'admin.read_health' },
      schema: { response: { 200: Answer } },
      handler: async () => ({ data: { shown: 'figures' } }),
    })
  },
})

/** Starts a server with this one route more. */
async function boot(extend: (app: App) => Promise<void>) {
  return startServer({ location: await testDatabase(), extend })
}

const answer = {
  schema: { response: { 200: Answer } },
  handler: async () => ({ data: { shown: '' } }),
}

test.each([
  ['says nothing', {}, 'GET /test/x declares no permission'],
  [
    'is public and asks for a permission',
    { public: true as const, can: 'users.read_self' },
    'is public and has a permission',
  ],
  [
    'asks for a permission nobody declares',
    { can: 'users.read_selfs' },
    'asks for users.read_selfs, which no room declares',
  ],
  [
    'is for whoever is signed in and public',
    { public: true as const, signedIn: true as const },
    'says more than that it is for whoever is signed in',
  ],
  ['asks for everything', { can: '*' }, 'asks for *, which no room declares'],
])('a route that %s keeps the server from starting', async (_name, config, message) => {
  await expect(
    boot(async (app) => {
      app.get('/test/x', { config, ...answer })
    }),
  ).rejects.toThrow(message)
})

test('a route added in an inner scope is held to the same rule', async () => {
  const booting = boot(async (app) => {
    await app.register(async (inner) => {
      inner.get('/test/inner', answer)
    })
  })
  await expect(booting).rejects.toThrow(
    new UndeclaredRoute('GET /test/inner declares no permission'),
  )
  await expect(booting).rejects.toBeInstanceOf(UndeclaredRoute)
})

test('a stranger is asked to sign in, the under-permitted are refused, the permitted are answered', async () => {
  const url = '/api/v1/test/figures'
  const stranger = await server.anonymous.get(url)
  expect(stranger).toMatchObject({ status: 401, body: { code: 'access.unauthenticated' } })
  expect(stranger.headers['www-authenticate']).toBe('Bearer')
  const member = await server.as('member')
  expect(await member.get(url)).toMatchObject({
    status: 403,
    body: { code: 'access.forbidden', permission: 'admin.read_health' },
  })
  const admin = await server.as('admin')
  expect(await admin.get(url)).toMatchObject({ status: 200, body: { data: { shown: 'figures' } } })
})

test('HEAD asks for the same permission as GET', async () => {
  const head = (headers: Record<string, string>) =>
    server.app.inject({ method: 'HEAD', url: '/api/v1/test/figures', headers })
  expect((await head({})).statusCode).toBe(401)
  const member = await server.as('member')
  expect((await head({ authorization: `Bearer ${member.accessToken}` })).statusCode).toBe(403)
  const admin = await server.as('admin')
  const allowed = await head({ authorization: `Bearer ${admin.accessToken}` })
  expect(allowed.statusCode).toBe(200)
  expect(allowed.body).toBe('')
})

test.each([
  ['nothing', 'Bearer '],
  ['a word', 'Bearer x'],
  ['two tokens', 'Bearer a b'],
  ['another scheme', 'Basic dXNlcjpwYXNz'],
  ['a token of nobody', `Bearer ash_s_${'A'.repeat(43)}`],
  ['an API key of nobody', `Bearer ash_k_${'A'.repeat(43)}`],
  ['ten kilobytes', `Bearer ${'A'.repeat(10_000)}`],
  ['dots', 'Bearer ..'],
])('a credential of %s signs nobody in', async (_name, authorization) => {
  const reply = await server.anonymous.get('/api/v1/users/me', { authorization })
  expect(reply).toMatchObject({ status: 401, body: { code: 'access.unauthenticated' } })
})

test('a forged token of any algorithm is 401 and never a failure of ours', async () => {
  const { body } = await server.anonymous.get('/.well-known/jwks.json')
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = encoded({ sid: 's', sub: 'u', exp: 9_999_999_999, iat: 1 })
  const before = server.failures.length
  for (const alg of ['none', 'HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519', '', 1, null]) {
    const head = encoded({ alg, kid: body.keys[0].kid, typ: 'at+jwt' })
    for (const signature of ['', 'AAAA', 'A'.repeat(86)]) {
      const authorization = `Bearer ${head}.${payload}.${signature}`
      const reply = await server.anonymous.get('/api/v1/users/me', { authorization })
      expect(reply.status, `${alg} ${signature}`).toBe(401)
    }
  }
  expect(server.failures.length).toBe(before)
})

test('a session’s secret is accepted in its cookie and nowhere else', async () => {
  const member = await server.as()
  for (const reply of [
    await server.anonymous.get(`/api/v1/users/me?token=${member.accessToken}`),
    await server.anonymous.get(`/api/v1/users/me?access_token=${member.accessToken}`),
    await server.anonymous.get('/api/v1/users/me', { cookie: `session=${member.accessToken}` }),
    await server.anonymous.get('/api/v1/users/me', { 'x-access-token': member.accessToken }),
    await server.anonymous.get('/api/v1/users/me', {
      authorization: `Bearer ${member.refreshToken}`,
    }),
  ])
    expect(reply.status).toBe(401)
  expect((await member.get('/api/v1/users/me')).status).toBe(200)
})

test('an answer drops every field that its schema does not name', async () => {
  const reply = await server.anonymous.get('/api/v1/test/secret')
  expect(reply.status).toBe(200)
  expect(reply.text).toBe('{"data":{"shown":"yes"}}')
})

test('an answer with a status that the route does not describe is not sent', async () => {
  const before = server.failures.length
  const reply = await server.anonymous.get('/api/v1/test/undescribed')
  expect(reply).toMatchObject({ status: 500, body: { code: 'http.internal_error' } })
  expect(reply.text).not.toContain('passwordHash')
  expect(server.failures.splice(before)).toHaveLength(1)
})

test('a handler hears only the fields its schema names, at any depth', async () => {
  const member = await server.as()
  const reply = await member.post('/api/v1/test/listen', {
    name: 'x',
    role: 'admin',
    id: 1,
    inner: { kept: 'y', userId: 'z' },
  })
  expect(reply.status).toBe(200)
  expect(heard.at(-1)).toEqual({ name: 'x', inner: { kept: 'y' } })
})

test.each([
  ['nobody declares', 'auth_logn_client'],
  ['is counted in batches', 'default'],
])('a route with a limit that %s keeps the server from starting', async (_name, policy) => {
  await expect(
    boot(async (app) => {
      app.get('/test/x', {
        config: { public: true, limits: [{ policy, by: 'client' }] },
        ...answer,
      })
    }),
  ).rejects.toThrow(`GET /test/x is limited by ${policy}, which is no policy for routes`)
})
