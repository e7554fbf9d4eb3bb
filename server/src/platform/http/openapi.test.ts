import { Validator } from '@seriousme/openapi-schema-validator'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'

type ProblemPart = { $ref?: string; properties?: { code?: { enum?: string[] } } }
type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: object[]
  parameters?: { in: string; name: string; required?: boolean }[]
  responses: Record<
    string,
    { description?: string; content?: Record<string, { schema?: { allOf?: ProblemPart[] } }> }
  >
  'x-permission'?: string
}

type Listed = {
  method: string
  url: string
  isHidden: boolean
  can: string | undefined
  signedIn: boolean
}
const routes: Listed[] = []
const server = await startServer({
  extend: async (app) => {
    app.addHook('onRoute', ({ method, url, schema, config }) => {
      for (const one of [method].flat())
        if (one !== 'HEAD' && one !== 'OPTIONS')
          routes.push({
            method: one,
            url,
            isHidden: schema?.hide === true,
            can: config?.can,
            signedIn: config?.signedIn === true,
          })
    })
  },
})
const { body: document } = await server.anonymous.get('/api/v1/openapi.json')
const operations: [string, Operation][] = Object.entries(
  document.paths as Record<string, Record<string, Operation>>,
).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, Operation] => [
    `${method.toUpperCase()} ${url}`,
    operation,
  ]),
)
const described = new Map(operations)
const codesOf = (parts: ProblemPart[]) =>
  parts.flatMap(({ properties }) => properties?.code?.enum ?? [])
/** Addresses outside the API proper: pages and files for browsers, the reference page, captured mail. */
const isPage = (url: string) =>
  url === '/' ||
  /^\/(?:account|admin|assets\/|register|setup|checkout\/(?:thanks|cancelled)|verify-email|sign-in|accept-invitation|change-email|restore-account|your-data|(?:forgot|reset)-password|dev\/|storage\/|api\/v1\/(?:docs|openapi\.json|errors))/.test(
    url,
  )

test('the document is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0')
  const result = await new Validator().validate(structuredClone(document))
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
})

test('every operation has a name of its own, a summary and a room', () => {
  const names = operations.map(([, { operationId }]) => operationId)
  expect(new Set(names).size).toBe(names.length)
  for (const [where, { operationId, summary, tags }] of operations) {
    expect(operationId, where).toMatch(/^[a-z][a-z0-9]*\.[a-z][A-Za-z0-9]*$/)
    expect(summary, where).toMatch(/^[A-Z].{4,}/)
    expect(tags, where).toEqual([operationId?.split('.')[0]])
  }
})

test('every route of the API is in the document, with its permission', () => {
  const missing = routes
    .filter(({ url }) => !isPage(url))
    .filter(({ method, url }) => !described.has(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`))
  expect(missing).toEqual([])
  for (const { method, url, can, signedIn } of routes.filter((route) => !isPage(route.url))) {
    const operation = described.get(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(operation?.['x-permission'], `${method} ${url}`).toBe(can)
    expect((operation?.security ?? []).length > 0, `${method} ${url}`).toBe(
      can !== undefined || signedIn,
    )
    const refusals = Object.keys(operation?.responses ?? {}).filter((status) =>
      /^40[13]$/.test(status),
    )
    expect(refusals.length >= (can === undefined ? Number(signedIn) : 2), `${method} ${url}`).toBe(
      true,
    )
  }
})

test('every error is described as a problem, and every answer of the API is described', () => {
  for (const [where, { responses }] of operations) {
    const statuses = Object.keys(responses)
    expect(
      statuses.some((status) => Number(status) < 400),
      where,
    ).toBe(true)
    const undescribed = Object.entries(responses)
      .filter(([status]) => Number(status) >= 400 && !/\/(?:readyz|health)$/.test(where))
      .filter(
        ([, { content }]) =>
          content?.['application/problem+json']?.schema?.allOf?.[0]?.$ref !==
          '#/components/schemas/Problem',
      )
    expect(undescribed, where).toEqual([])
  }
})

test('the codes of an error are said for machines, the same as for people', () => {
  const told = operations.flatMap(([where, { responses }]) =>
    Object.entries(responses).flatMap(([status, { description = '', content }]) => {
      const parts = content?.['application/problem+json']?.schema?.allOf
      return parts ? [{ where: `${where} ${status}`, description, codes: codesOf(parts) }] : []
    }),
  )
  expect(told.length).toBeGreaterThan(operations.length)
  for (const { where, description, codes } of told) {
    const named = [...description.matchAll(/^`([\w.]+)`: /gm)].map(([, code]) => code)
    expect(codes, where).toEqual(named)
    expect(codes.length, where).toBeGreaterThan(0)
  }
})

test('POST says that it takes an Idempotency-Key, unless it does not', () => {
  const takes = operations
    .filter(([where]) => where.startsWith('POST '))
    .filter(([, { parameters = [] }]) =>
      parameters.some(
        ({ in: place, name }) => place === 'header' && name.toLowerCase() === 'idempotency-key',
      ),
    )
    .map(([where]) => where)
  expect(takes).not.toContain('POST /api/v1/auth/login')
  const others = operations
    .filter(([where]) => !where.startsWith('POST '))
    .flatMap(([, { parameters = [] }]) => parameters.map(({ name }) => name))
  expect(others).not.toContain('idempotency-key')
})

test('what the document promises is what comes: an answer has only the fields it names', async () => {
  const member = await server.as()
  const reply = await member.get('/api/v1/users/me')
  const schema =
    document.paths['/api/v1/users/me'].get.responses['200'].content['application/json'].schema
  expect(Object.keys(reply.body.data).toSorted()).toEqual(
    Object.keys(schema.properties.data.properties).toSorted(),
  )
})

test('where the reference is switched off there is neither page nor document', async () => {
  const quiet = await startServer({
    environment: { API_DOCS: 'false' },
    extend: async (app) => {
      app.get('/api/v1/test/there', {
        config: { public: true },
        schema: { response: { 200: Type.Object({}) } },
        handler: async () => ({}),
      })
    },
  })
  expect((await quiet.anonymous.get('/api/v1/test/there')).status).toBe(200)
  for (const url of [
    '/api/v1/openapi.json',
    '/api/v1/docs',
    '/api/v1/docs/',
    '/api/v1/docs/json',
    '/api/v1/docs/static/index.html',
    '/v1/docs',
  ])
    expect((await quiet.anonymous.get(url)).status, url).toBe(404)
})
