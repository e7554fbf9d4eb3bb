/** The API description: OpenAPI 3.1 made from the routes themselves, errors, permissions and limits included. */
import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifySchema, RouteOptions } from 'fastify'
import type { ErrorType } from '../errors.ts'
import { basePath } from './aliases.ts'
import type { App } from './app.ts'
import { accessErrors, httpErrors } from './errors.ts'
import type { Administration } from './options.ts'
import { isAdministration, isForOwner } from './route-rules.ts'
import { maxErrors } from './validation.ts'

export type DescriptionOptions = {
  readonly version: string
  readonly publicUrl: string
  /** Serves `/openapi.json` and the reference page; the description is made either way. */
  readonly isServed: boolean
  readonly rateLimited: ErrorType
  readonly ownerOnly: ReadonlySet<string>
  readonly administration: Administration
}

const problem = {
  type: 'object',
  description: 'RFC 9457. `code` is stable; everything else is for people.',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'Where this code is explained.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', examples: ['http.invalid_request'] },
    requestId: { type: 'string', description: 'Names this request in logs and in the audit log.' },
    errors: {
      type: 'array',
      maxItems: maxErrors,
      description: 'What is wrong with the input, by JSON pointer (RFC 6901).',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: { pointer: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
} as const

const info = `Answers are \`{"data": …}\`, lists \`{"data": […], "meta": {"nextCursor": …}}\`, errors \`application/problem+json\`.
Ids are UUIDv7, times RFC 3339 in UTC. Send a browser session as a cookie with \`X-CSRF-Token\`, anything else as a bearer token.
POST requests accept an \`Idempotency-Key\`. Limits are told in \`RateLimit\` and \`RateLimit-Policy\`.`

/** The page brings its own scripts and styles; inline styles are its way of hiding things. */
const referencePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'none'"

/** The bar above the page advertises the plugin and offers to load other documents. */
const hideTopBar = '.swagger-ui .topbar { display: none }'

/** The plugin's routes know nothing of permissions: in its scope, and only there, every route is public. */
function makePublic(scope: App): void {
  const { route } = scope
  scope.route = function routePublicly(this: App, options) {
    return Reflect.apply(route, this, [
      { ...options, config: { ...options.config, public: true, isBare: true } },
    ])
  } as App['route']
}

/** Must be registered before the routes it describes. */
export async function describeApi(app: App, options: DescriptionOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ashlar',
        version: options.version,
        description: info,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: options.publicUrl }],
      components: {
        schemas: { Problem: problem as never },
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-ashlar_session' },
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'An access token, an API key or a service token.',
          },
        },
      },
    },
    hideUntagged: false,
    transform: ({ schema, url, route }) => ({
      url,
      schema: describeRoute(schema, url, route, options),
    }),
  })
  if (!options.isServed) return
  await app.register(async (scope) => {
    makePublic(scope)
    await scope.register(swaggerUi, {
      routePrefix: `${basePath}/docs`,
      staticCSP: referencePolicy,
      uiConfig: { deepLinking: true, tryItOutEnabled: true, persistAuthorization: false },
      theme: { title: 'Ashlar API', css: [{ filename: 'ashlar.css', content: hideTopBar }] },
    })
  })
  app.get(`${basePath}/openapi.json`, {
    config: { public: true, isBare: true },
    schema: { hide: true },
    handler: async (_request, reply) =>
      reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  })
}

function describeRoute(
  schema: FastifySchema | undefined,
  url: string,
  route: RouteOptions,
  { rateLimited, ownerOnly, administration }: DescriptionOptions,
): FastifySchema {
  if (!schema?.operationId) return { hide: true }
  const { can, signedIn, stepUp, elevation, isBare, errors = [], idempotency } = route.config ?? {}
  const isElevated = can !== undefined && (elevation || isAdministration({ url }))
  const isOwners = can !== undefined && isForOwner(route, ownerOnly)
  const limits = [
    ...(isAdministration({ url }) ? [administration.limit] : []),
    ...(route.config?.limits ?? []).map(({ policy }) => policy),
  ]
  const usual = [
    ...(can || signedIn ? [accessErrors.unauthenticated] : []),
    ...(can ? [accessErrors.forbidden] : []),
    ...(isOwners ? [accessErrors.impersonated] : []),
    ...(isElevated ? administration.errors : []),
    ...(stepUp ? [accessErrors.session_required, accessErrors.step_up_required] : []),
    ...((schema.body ?? schema.querystring) ? [httpErrors.invalid_request] : []),
    ...(schema.params ? [httpErrors.route_not_found] : []),
    ...(isBare && limits.length === 0 ? [] : [rateLimited]),
  ]
  const isPost = [route.method].flat().includes('POST')
  const [room = 'api'] = schema.operationId.split('.')
  return {
    ...schema,
    tags: schema.tags ?? [room],
    security: can || signedIn ? [{ session: [] }, { bearer: [] }] : [],
    ...(can ? { 'x-permission': can } : {}),
    ...(stepUp ? { 'x-step-up': true } : {}),
    ...(isElevated ? { 'x-elevation': elevation ?? 'with_authenticator' } : {}),
    ...(isOwners ? { 'x-owner-only': true } : {}),
    ...(limits.length > 0 ? { 'x-limits': limits } : {}),
    ...headersOf({
      idempotency: isPost ? (idempotency ?? 'accepted') : 'off',
      isElevated: Boolean(isElevated),
    }),
    response: { ...(schema.response as object), ...problems([...usual, ...errors]) },
  }
}

const idempotencyKey = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: 'The same key never has two effects.',
}
const mfaCode = {
  type: 'string',
  description:
    'A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.',
}

function headersOf(route: {
  readonly idempotency: 'required' | 'accepted' | 'off'
  readonly isElevated: boolean
}) {
  const { idempotency, isElevated } = route
  if (idempotency === 'off' && !isElevated) return {}
  const properties = {
    ...(idempotency === 'off' ? {} : { 'idempotency-key': idempotencyKey }),
    ...(isElevated ? { 'x-admin-mfa-code': mfaCode } : {}),
  }
  const required = idempotency === 'required' ? { required: ['idempotency-key'] } : {}
  return { headers: { type: 'object', properties, ...required } }
}

function problems(errors: readonly ErrorType[]): Record<string, unknown> {
  const byStatus = Map.groupBy(new Set(errors), ({ status }) => status)
  const entries = [...byStatus].map(([status, types]) => {
    const description = types.map(({ code, message }) => `\`${code}\`: ${message}`).join('\n\n')
    const example = {
      type: `${basePath}/errors#${types[0]?.code}`,
      title: types[0]?.message,
      status,
      code: types[0]?.code,
      requestId: '0199…',
    }
    // Clients are generated from this: which codes a status may have is said for machines, too.
    const codes = { type: 'string', enum: types.map(({ code }) => code) }
    const schema = {
      allOf: [
        { $ref: '#/components/schemas/Problem' },
        { type: 'object', required: ['code'], properties: { code: codes } },
      ],
    }
    const content = { 'application/problem+json': { schema, example } }
    return [status, { description: description || STATUS_CODES[status], content }] as const
  })
  return Object.fromEntries(entries)
}
