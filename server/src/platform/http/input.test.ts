import fc from 'fast-check'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { choice } from './schemas.ts'

const Body = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 20 }),
  id: Type.Optional(Type.String({ format: 'uuid' })),
  when: Type.Optional(Type.String({ format: 'date-time' })),
  address: Type.Optional(Type.String({ format: 'email' })),
  link: Type.Optional(Type.String({ format: 'uri' })),
  kind: Type.Optional(choice(['one', 'two'])),
  count: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  isOn: Type.Optional(Type.Boolean()),
  list: Type.Optional(Type.Array(Type.String(), { maxItems: 5, uniqueItems: true })),
  inner: Type.Optional(Type.Object({ name: Type.String() })),
  choiceOrNull: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
const Query = Type.Object({
  text: Type.Optional(Type.String({ maxLength: 50 })),
  count: Type.Optional(Type.Integer({ minimum: 0 })),
  isOn: Type.Optional(Type.Boolean()),
})

const server = await startServer({
  environment: { BODY_LIMIT_BYTES: '262144' },
  extend: async (app) => {
    // The body is written into jsonb and text columns: what passes must also be storable.
    app.post('/api/v1/test/echo/:word', {
      config: { public: true },
      schema: {
        params: Type.Object({ word: Type.String({ maxLength: 30 }) }),
        querystring: Query,
        body: Body,
        response: { 200: Type.Object({ data: Type.Unknown() }) },
      },
      handler: async (request) => {
        await request.ctx.tx((tx) =>
          tx.record({ name: 'test.heard' }, request.params.word, {
            body: request.body,
            query: request.query,
          }),
        )
        return { data: request.body }
      },
    })
  },
})
const echo = '/api/v1/test/echo/word'
const json = { 'content-type': 'application/json' }

/** Statuses with which a request may be answered that no validator has seen the like of. */
const isRefusalOrSuccess = (status: number) => status < 500
const raw = (body: string, headers: Record<string, string> = json) =>
  server.app.inject({ method: 'POST', url: echo, headers, payload: body })

test('a query parameter that nobody knows is refused by name, not ignored', async () => {
  const { status, body } = await server.anonymous.post(`${echo}?count=1&isOnn=true`, { text: 'x' })
  expect(status).toBe(422)
  expect(body.errors).toEqual([
    {
      pointer: '/querystring/isOnn',
      message: 'is not known here; the documentation lists what is',
    },
  ])
  expect((await server.anonymous.post(`${echo}?count=1&isOn=true`, { text: 'x' })).status).toBe(200)
})

test('a good body is heard', async () => {
  const body = {
    text: 'Grüße 🦊',
    id: '0199a1b2-0000-7000-8000-000000000000',
    when: '2026-11-21T10:00:00Z',
    address: 'a.b@example.com',
    link: 'https://example.com/a?b=c',
    kind: 'one',
    count: 3,
    isOn: false,
    list: ['a', 'b'],
    inner: { name: 'constructor' },
    choiceOrNull: null,
  }
  expect(await server.anonymous.post(echo, body)).toMatchObject({
    status: 200,
    body: { data: body },
  })
})

test.each([
  ['no JSON', '{', 400, 'http.malformed_json'],
  ['a trailing comma', '{"text":"x",}', 400, 'http.malformed_json'],
  ['a byte order mark', '\ufeff{"text":"x"}', 400, 'http.malformed_json'],
  ['a comment', '{"text":"x"/**/}', 400, 'http.malformed_json'],
  ['NaN', '{"text":"x","count":NaN}', 400, 'http.malformed_json'],
  ['a raw control character', '{"text":"a\nb"}', 400, 'http.malformed_json'],
  [
    '33 nested arrays',
    `{"text":"x","list":${'['.repeat(32)}${']'.repeat(32)}}`,
    400,
    'http.too_deep',
  ],
  ['a hundred thousand nested arrays', '['.repeat(100_000), 400, 'http.too_deep'],
  ['a NUL', String.raw`{"text":"a\u0000b"}`, 422, 'http.invalid_request'],
  ['a NUL in a key', String.raw`{"text":"x","a\u0000":1}`, 422, 'http.invalid_request'],
  ['a lone high surrogate', String.raw`{"text":"\ud83e"}`, 422, 'http.invalid_request'],
  ['a lone low surrogate', String.raw`{"text":"\uDD8A"}`, 422, 'http.invalid_request'],
  [
    'surrogates the wrong way round',
    String.raw`{"text":"\udd8a\ud83e"}`,
    422,
    'http.invalid_request',
  ],
  ['the noncharacter U+FFFE', String.raw`{"text":"\ufffe"}`, 422, 'http.invalid_request'],
  ['__proto__', '{"text":"x","__proto__":{"isAdmin":true}}', 422, 'http.invalid_request'],
  [
    '__proto__ in escapes',
    String.raw`{"text":"x","\u005f\u005fproto__":{"isAdmin":true}}`,
    422,
    'http.invalid_request',
  ],
  [
    '__proto__ deep down',
    '{"text":"x","inner":{"name":"x","a":[{"__proto__":1}]}}',
    422,
    'http.invalid_request',
  ],
  [
    'constructor.prototype',
    '{"text":"x","constructor":{"prototype":{"isAdmin":true}}}',
    422,
    'http.invalid_request',
  ],
  ['an infinite number', '{"text":"x","count":1e999}', 422, 'http.invalid_request'],
  [
    'a number of 100 000 digits',
    `{"text":"x","count":${'9'.repeat(100_000)}}`,
    422,
    'http.invalid_request',
  ],
])('a body with %s is refused', async (_name, body, status, code) => {
  const reply = await raw(body)
  expect([reply.statusCode, reply.json().code]).toEqual([status, code])
})

test('nothing that was sent has changed the prototype of anything', () => {
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
})

test('32 levels are not too deep, and brackets in texts do not count', async () => {
  const nested = `{"text":"x","extra":${'['.repeat(31)}${']'.repeat(31)}}`
  expect((await raw(nested)).statusCode).toBe(200)
  expect((await raw(`{"text":"[[[[[[","list":["${'['.repeat(100)}\\""]}`)).statusCode).toBe(200)
})

test('an escaped pair of surrogates is the character it spells', async () => {
  const reply = await raw(String.raw`{"text":"\ud83e\udd8a"}`)
  expect(reply.json()).toEqual({ data: { text: '🦊' } })
})

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonx',
  'application/json-patch+json',
  'text/json',
  'application/ json',
  'json',
  '*/*',
  '',
])('a body of type “%s” is not read', async (type) => {
  const reply = await raw('{"text":"x"}', { 'content-type': type })
  expect([reply.statusCode, reply.json().code]).toEqual([415, 'http.unsupported_media_type'])
})

test.each([
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'Application/JSON',
  'application/json;x',
  'application/json\t',
  'application/json, text/plain',
  'application/json\ta',
])('a body of type “%s” is refused or validated in full', async (type) => {
  const good = await raw('{"text":"x"}', { 'content-type': type })
  const bad = await raw('{"text":1}', { 'content-type': type })
  expect([
    [200, 422],
    [415, 415],
    [400, 400],
  ]).toContainEqual([good.statusCode, bad.statusCode])
})

test('a body larger than the limit is refused whether or not it says so', async () => {
  const large = JSON.stringify({ text: 'x', extra: 'y'.repeat(262_144) })
  const reply = await raw(large)
  expect([reply.statusCode, reply.json().code]).toEqual([413, 'http.body_too_large'])
  const fitting = JSON.stringify({ text: 'x', extra: 'y'.repeat(262_000) })
  expect((await raw(fitting)).statusCode).toBe(200)
})

test.each([
  ['a NUL', '%00', 400],
  ['half a surrogate pair', '%ED%A0%80', 400],
  ['the noncharacter U+FFFE', '%EF%BF%BE', 400],
  ['bytes that are no UTF-8', '%C3%28', 400],
  ['an overlong encoding', '%C0%AF', 400],
  ['half an escape', '%', 400],
  ['a broken escape', '%zz', 400],
])('%s in a path or a query is refused', async (_name, text, status) => {
  for (const url of [
    `/api/v1/users/${text}`,
    `/api/v1/users?search=${text}`,
    `/api/v1/users?${text}=x`,
    `/${text}`,
    `/livez?x=${text}`,
    `/dev/mailbox?to=${text}`,
  ]) {
    const reply = await server.app.inject({ url })
    expect(reply.statusCode, url).toBe(status)
    expect(reply.headers['content-type'], url).toContain('application/problem+json')
    expect(reply.headers['x-content-type-options'], url).toBe('nosniff')
  }
})

test('a query parameter given twice, as a list or as an object is no text', async () => {
  for (const query of ['text=a&text=b', 'count=1&count=1', 'isOn=true&isOn=false'])
    expect(
      (
        await server.app.inject({
          method: 'POST',
          url: `${echo}?${query}`,
          headers: json,
          payload: '{"text":"x"}',
        })
      ).statusCode,
      query,
    ).toBe(422)
  for (const [query, status] of [
    ['text[]=a', 422],
    ['text[a]=b', 422],
    ['__proto__=x', 422],
    ['constructor[prototype][a]=1', 422],
    ['&&&', 200],
    ['=', 422],
    ['?', 422],
  ] as const)
    expect(
      (
        await server.app.inject({
          method: 'POST',
          url: `${echo}?${query}`,
          headers: json,
          payload: '{"text":"x"}',
        })
      ).statusCode,
      query,
    ).toBe(status)
  expect((await server.anonymous.get('/api/v1/users?limit=1&limit=2')).status).toBe(422)
  expect((await server.anonymous.get('/api/v1/users?search=a&search=b')).status).toBe(422)
})

test('a value of the wrong type is never turned into the right one', async () => {
  const wrong: unknown[] = [1, 0, true, false, null, [], ['x'], {}, { toString: 'x' }, 1.5, -1]
  for (const field of ['text', 'id', 'when', 'address', 'link', 'kind', 'list', 'inner'])
    for (const value of wrong) {
      if (field === 'list' && Array.isArray(value)) continue
      const reply = await server.anonymous.post(echo, { text: 'x', [field]: value })
      expect(reply.status, `${field} ${JSON.stringify(value)}`).toBe(422)
    }
  for (const value of ['1', '', '0x1', true, null, [1], 1.5, -1, {}])
    expect((await server.anonymous.post(echo, { text: 'x', count: value })).status).toBe(422)
  for (const value of ['true', 'false', 0, 1, null, [true], {}])
    expect((await server.anonymous.post(echo, { text: 'x', isOn: value })).status).toBe(422)
})

/** Any JSON at all, leaning towards the names the schema knows and the characters that hurt. */
const names = fc.constantFrom(
  ...Object.keys(Body.properties),
  '__proto__',
  'constructor',
  'toString',
  '',
  '\u0000',
  '$ref',
  'length',
)
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 25 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '\udfff',
    '\ufffe',
    "'; drop table users_users; --",
    '%00',
    '{{7*7}}',
    'NaN',
    '1e999',
  ),
)
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { depthSize: 'small' },
    nasty,
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(names, nasty), tie('anything'), { maxKeys: 6 }),
  ),
}))
const bodies = fc.oneof(
  anything,
  fc.record(
    Object.fromEntries(
      Object.keys(Body.properties).map((name) => [
        name,
        fc.oneof(anything, nasty, fc.constant('x')),
      ]),
    ),
    { requiredKeys: [] },
  ),
)

test('no JSON whatever makes the server fail', async () => {
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const reply = await raw(JSON.stringify(body) ?? 'null')
      expect(reply.statusCode).toSatisfy(isRefusalOrSuccess)
      expect(reply.statusCode !== 422 || reply.json().errors.length > 0).toBe(true)
    }),
    { numRuns: 250 },
  )
  expect(server.failures).toEqual([])
})

test('no bytes whatever make the server fail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (body) => {
      expect((await raw(body)).statusCode).toSatisfy(isRefusalOrSuccess)
    }),
    { numRuns: 100 },
  )
  expect(server.failures).toEqual([])
})

test('no path and no query whatever make the server fail', async () => {
  const part = fc.oneof(
    nasty.map((text) => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2f',
      '%5c',
      ';',
      '*',
      ':id',
      'me',
      '%',
      '%zz',
      '%ff',
      'a'.repeat(300),
    ),
  )
  const urls = fc
    .tuple(
      fc.constantFrom(
        '/api/v1/users',
        '/api/v1/test/echo',
        '/v1',
        '/api',
        '',
        '/storage',
        '/api/v1/docs',
        '/.well-known',
      ),
      fc.array(part, { maxLength: 4 }),
      fc.array(
        fc.tuple(
          fc.oneof(fc.constantFrom('limit', 'cursor', 'search', 'total', 'count'), part),
          part,
        ),
        { maxLength: 3 },
      ),
    )
    .map(
      ([base, parts, query]) =>
        [base, ...parts].join('/') +
        (query.length > 0 ? `?${query.map(([name, value]) => `${name}=${value}`).join('&')}` : ''),
    )
  await fc.assert(
    fc.asyncProperty(
      urls,
      fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD'),
      async (url, method) => {
        const reply = await server.app.inject({
          method: method as 'GET',
          url: url.startsWith('/') ? url : `/${url}`,
        })
        expect(reply.statusCode, `${method} ${url}`).toSatisfy(isRefusalOrSuccess)
      },
    ),
    { numRuns: 300 },
  )
  expect(server.failures).toEqual([])
})
