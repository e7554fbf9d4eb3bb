import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { defineErrors } from '../errors.ts'

const errors = defineErrors('test', {
  taken: [409, 'It is taken.'],
  broken: [502, 'Something behind us is broken.'],
})

const Body = Type.Object({
  name: Type.String({ minLength: 2 }),
  tags: Type.Optional(Type.Array(Type.String(), { maxItems: 3 })),
  address: Type.Optional(Type.Object({ 'po/box~': Type.Integer() })),
})

const server = await startServer({
  extend: async (app) => {
    app.post('/api/v1/test/validate', {
      config: { public: true },
      schema: { body: Body, response: { 204: Type.Null() } },
      handler: async (_request, reply) => reply.code(204).send(null),
    })
    app.get('/api/v1/test/taken', {
      config: { public: true },
      handler: async () => {
        // A room may name its details as it likes; the members of a problem stay what they are.
        throw errors.taken({
          status: 'ending',
          code: 'x',
          title: 'x',
          type: 'x',
          requestId: 'x',
          by: 'you',
        })
      },
    })
    app.get('/api/v1/test/broken', {
      config: { public: true },
      handler: async () => {
        throw errors.broken({
          host: 'db.internal',
          detail: 'at 10.0.0.1',
          errors: [{ pointer: 'x', message: 'y' }],
        })
      },
    })
    app.get('/api/v1/test/bug', {
      config: { public: true },
      handler: async () => {
        throw new TypeError('select * from users_users where /etc/passwd')
      },
    })
    app.get('/api/v1/test/sql', {
      config: { public: true },
      handler: async (request) => {
        await request.ctx.tx((tx) => tx.db.execute('select secret_column from users_users'))
        return {}
      },
    })
    for (const thrown of ['text', null, undefined, 42, { statusCode: 200 }])
      app.get(
        `/api/v1/test/throws-${JSON.stringify(thrown)?.replaceAll(/\W/g, '') ?? 'undefined'}`,
        {
          config: { public: true },
          handler: async () => {
            throw thrown
          },
        },
      )
  },
})

test('a problem has every member of RFC 9457 that ours have', async () => {
  const reply = await server.anonymous.get('/api/v1/nothing', { 'x-request-id': 'abc.DEF-1_2' })
  expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(reply.body).toEqual({
    type: '/api/v1/errors#http.route_not_found',
    title: 'There is nothing at this address.',
    status: 404,
    code: 'http.route_not_found',
    requestId: 'abc.DEF-1_2',
  })
})

test('details extend a problem and cannot replace its own members', async () => {
  const reply = await server.anonymous.get('/api/v1/test/taken')
  expect(reply.body).toEqual({
    type: '/api/v1/errors#test.taken',
    title: 'It is taken.',
    status: 409,
    code: 'test.taken',
    requestId: reply.headers['x-request-id'],
    by: 'you',
  })
})

test.each([
  ['/api/v1/test/bug', 500, 'http.internal_error'],
  ['/api/v1/test/sql', 500, 'http.internal_error'],
  ['/api/v1/test/broken', 502, 'test.broken'],
  ['/api/v1/test/throws-text', 500, 'http.internal_error'],
  ['/api/v1/test/throws-null', 500, 'http.internal_error'],
  ['/api/v1/test/throws-undefined', 500, 'http.internal_error'],
  ['/api/v1/test/throws-42', 500, 'http.internal_error'],
  ['/api/v1/test/throws-statusCode200', 500, 'http.internal_error'],
])('our failure at %s tells its code and nothing else', async (url, status, code) => {
  const before = server.failures.length
  const reply = await server.anonymous.get(url)
  expect(reply.status).toBe(status)
  expect(Object.keys(reply.body).toSorted()).toEqual([
    'code',
    'requestId',
    'status',
    'title',
    'type',
  ])
  expect(reply.body.code).toBe(code)
  expect(reply.text).not.toMatch(/select|secret|passwd|internal\b.*host|10\.0|node_modules|\.ts/)
  expect(server.failures.splice(before)).toHaveLength(1)
})

test('an address that answers to other methods says which; any other is unknown', async () => {
  for (const [method, url, allow] of [
    ['DELETE', '/api/v1/users', 'GET, HEAD'],
    ['PUT', '/api/v1/users/me', 'DELETE, GET, HEAD, PATCH'],
    ['GET', '/api/v1/auth/login', 'POST'],
    ['DELETE', '/api/v1/users/0199a1b2-0000-7000-8000-000000000000', 'GET, HEAD'],
    ['PUT', '/api/v1/auth/api-keys/x', 'DELETE'],
    ['TRACE', '/api/v1/users', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/users', 'GET, HEAD'],
    ['POST', '/livez', 'GET, HEAD'],
  ] as const) {
    const reply = await server.app.inject({ method: method as 'PUT', url })
    expect([reply.statusCode, reply.headers.allow], `${method} ${url}`).toEqual([405, allow])
    expect(reply.json()).toMatchObject({ code: 'http.method_not_allowed' })
  }
  for (const url of [
    '/api',
    '/api/v1',
    '/api/v1/',
    '/api/v1/docs/static/nothing.js',
    '/api/v2/users',
    '/users',
    '/metrics',
    '/.env',
  ])
    expect(await server.anonymous.get(url), url).toMatchObject({
      status: 404,
      body: { code: 'http.route_not_found' },
    })
})

test('the method of a request is the one on its first line', async () => {
  const reply = await server.anonymous.post('/api/v1/users', undefined, {
    'x-http-method-override': 'GET',
    'x-http-method': 'GET',
    'x-method-override': 'GET',
  })
  expect(reply.status).toBe(405)
  const get = await server.anonymous.get('/api/v1/users', { 'x-http-method-override': 'DELETE' })
  expect(get.status).toBe(200)
})

test('what is wrong with a body is told by JSON pointer', async () => {
  const reply = await server.anonymous.post('/api/v1/test/validate', {
    name: 'x',
    tags: ['a', 1],
    address: {},
  })
  expect(reply).toMatchObject({ status: 422, body: { code: 'http.invalid_request' } })
  const pointers = reply.body.errors.map((error: { pointer: string }) => error.pointer).toSorted()
  expect(pointers).toEqual(['/address/po~1box~0', '/name', '/tags/1'])
})

test('a missing body is one error at the root', async () => {
  for (const body of [undefined, '', 'null', '[]', '"text"', '42']) {
    const reply = await server.anonymous.post('/api/v1/test/validate', body, {
      'content-type': 'application/json',
    })
    expect(reply, String(body)).toMatchObject({ status: 422, body: { errors: [{ pointer: '' }] } })
  }
})

test.each([50, 50_000])(
  'a body that is wrong in %i places is answered with 20 errors at most',
  async (count) => {
    const reply = await server.anonymous.post('/api/v1/test/validate', {
      name: 'good',
      tags: Array.from({ length: count }, () => 1),
    })
    expect(reply.status).toBe(422)
    expect(reply.body.errors.length).toBeGreaterThan(0)
    expect(reply.body.errors.length).toBeLessThanOrEqual(20)
  },
)

test('a request’s own id comes back, unless it could break a header, a log or a screen', async () => {
  const idFor = async (given: string) =>
    (await server.anonymous.get('/livez', { 'x-request-id': given })).headers['x-request-id']
  for (const good of ['a', '0199a1b2', 'A.b_c-9', 'x'.repeat(128)])
    expect(await idFor(good)).toBe(good)
  for (const bad of [
    '',
    ' ',
    'x'.repeat(129),
    'a b',
    'a,b',
    '<script>',
    '../..',
    '{"a":1}',
    'ü',
    'a;b',
    `a'b`,
    // Ours alone: a stranger's would stand in the story of whoever has this id.
    '0199a1b2-0000-7000-8000-000000000000',
    '0199A1B2-0000-7000-8000-000000000000',
  ])
    expect(await idFor(bad), bad).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    )
})

test('a trace goes on under a span of our own; a broken one begins anew', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const of = async (traceparent: string) =>
    String((await server.anonymous.get('/livez', { traceparent })).headers['traceparent'])
  const good = await of(`00-${traceId}-00f067aa0ba902b7-01`)
  expect(good).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[\\da-f]{16}-01$`))
  for (const bad of [
    'x',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${traceId}-00f067aa0ba902b7-01-extra`,
  ]) {
    const made = await of(bad)
    expect(made, bad).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/)
    expect(made).not.toContain(traceId)
  }
})
