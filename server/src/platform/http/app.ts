/**
 * The one HTTP server: every guard stands here, once, in front of every route.
 * Order: headers, CORS, caller, general limit, permission, CSRF; then the body is read and validated; then the
 * route's own limits and its idempotency key; then the handler.
 */
import { randomUUID } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { type Actor, type ContextDeps, createCtx } from '../context.ts'
import type { AppError } from '../errors.ts'
import { type EventType, defineEvent, refused } from '../events/index.ts'
import {
  type Decision,
  type Limits,
  clientAddress,
  rateLimitHeaders,
  limitErrors,
} from '../limits/index.ts'
import { deriveKey } from '../secrets.ts'
import { childTraceparent, parseTraceparent } from '../telemetry/index.ts'
import { canonicalUrl, deprecationHeaders } from './aliases.ts'
import { hasOddCharacters, parseJsonBody } from './body.ts'
import { type CsrfKey, isUnsafe, requireAllowedOrigin, requireCsrfToken } from './csrf.ts'
import { refuseBrokenRequest, refuseEarly, routerError } from './early.ts'
import { accessErrors, httpErrors } from './errors.ts'
import { answerCors, securityHeaders } from './headers.ts'
import { type Claim, claimKey, rememberSeconds } from './idempotency.ts'
import { methodsOf, type RoutePattern } from './methods.ts'
import { sendProblem, toAppError } from './problem.ts'
import './route.ts'
import { createValidatorCompiler } from './validation.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Who calls, and by what: a credential that browsers send by themselves needs CSRF protection. */
export type Caller = {
  readonly actor: Actor
  readonly credential: 'none' | 'cookie' | 'bearer'
  /** What CSRF tokens of this caller are bound to; null without a cookie. */
  readonly csrfBinding: string | null
  /** When this session last showed a factor of its user; null for whoever has no session. */
  readonly provenAt: Date | null
}

/** One finished request, as the log and the metrics want it. */
export type FinishedRequest = {
  readonly requestId: string
  readonly method: string
  /** The pattern, `/api/v1/users/:id`, or `unmatched`. */
  readonly route: string
  /** The path without its query. */
  readonly path: string
  readonly status: number
  readonly durationMs: number
  readonly clientIp: string
  readonly userId: string | null
  readonly traceId: string | null
}

export type HttpOptions = {
  readonly context: ContextDeps
  readonly limits: Limits
  readonly allowedOrigins: ReadonlySet<string>
  readonly csrfKey: CsrfKey
  /** Every permission there is: a route that asks for another one does not boot. */
  readonly permissions: ReadonlySet<string>
  /** Finds the caller; throws only when that cannot be known right now. */
  readonly identify: (request: FastifyRequest) => Promise<Caller>
  readonly onStarted: (method: string, route: string) => void
  readonly onFinished: (request: FinishedRequest) => void
  /** Told of every failure that is ours (5xx), with its cause. */
  readonly onFailure: (
    error: AppError,
    request: { requestId: string; route: string; method: string },
  ) => void
}

type Refusal = { permission: string | null; code: string; method: string; route: string }
const requestRefused: EventType<'http.request_refused', Refusal> =
  defineEvent<Refusal>()('http.request_refused')

const safeRequestId = /^[\w.-]{1,128}$/
/** Time for the whole request head; a slow client does not hold a connection longer (faults C26). */
const headersTimeoutMs = 15_000
const connectionsCheckMs = 5_000
/** Longer than the 60 s that common proxies keep their side open, so that it is they who close. */
const keepAliveTimeoutMs = 65_000
/** An idempotency lease outlives the longest request by this much. */
const leaseMarginSeconds = 5
const maxParamLength = 256
const maxUrlLength = 8_192

export function createApp(options: HttpOptions): App {
  const { settings } = options.context
  const patterns: RoutePattern[] = []
  const idempotencyKey = deriveKey(settings.secretKey, 'idempotency')
  const app = Fastify({
    logger: false,
    http: {
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: connectionsCheckMs,
      // Node's own answer to a missing Host has none of our headers; `begin` gives ours.
      requireHostHeader: false,
    },
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: settings.requestTimeout * 1000,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: false,
    onProtoPoisoning: 'error',
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength, ignoreTrailingSlash: false, caseSensitive: true },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && safeRequestId.test(given) ? given : randomUUID()
    },
    rewriteUrl: (raw) => {
      const { url, isAlias } = canonicalUrl(raw.url ?? '/')
      if (isAlias) aliased.add(raw)
      return url
    },
    clientErrorHandler: refuseBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      options.onStarted(request.method, 'unmatched')
      const refusal = routerError(error)
      refuseEarly(reply.raw, refusal, request.id)
      options.onFinished({
        requestId: request.id,
        method: request.method,
        route: 'unmatched',
        path: pathOf(request.url),
        status: refusal.status,
        durationMs: 0,
        clientIp: addressOf(request).ip,
        userId: null,
        traceId: null,
      })
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  const aliased = new WeakSet<object>()
  app.server.on('checkExpectation', (_request, response) =>
    refuseEarly(response, httpErrors.bad_request(), randomUUID()),
  )

  app.setValidatorCompiler(createValidatorCompiler())
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJsonBody(body as string))
    } catch (error) {
      done(error as Error)
    }
  })

  // A route that says neither who may call it nor that it is public never boots.
  app.addHook('onRoute', (route) => {
    const { can, public: isPublic, stepUp } = route.config ?? {}
    if (stepUp && !can)
      throw new Error(`${String(route.method)} ${route.url} asks nobody in particular to step up`)
    if (!can && !isPublic)
      throw new Error(`${String(route.method)} ${route.url} declares no permission`)
    if (can && isPublic)
      throw new Error(`${String(route.method)} ${route.url} is public and has a permission`)
    if (can && !options.permissions.has(can))
      throw new Error(
        `${String(route.method)} ${route.url} asks for ${can}, which no room declares`,
      )
    patterns.push({ url: route.url, methods: [route.method].flat() })
    const described = Object.keys(route.schema?.response ?? {})
    if (described.length > 0)
      route.preSerialization = [
        refuseUndescribed(new Set(described)),
        ...[route.preSerialization ?? []].flat(),
      ]
  })

  app.decorateRequest('ctx')
  app.decorateRequest('caller')
  app.decorateRequest('clientIp', '')
  app.decorateRequest('clientKey', '')
  app.decorateRequest('traceId', null)
  app.decorateRequest('claim', null)
  app.decorateRequest('startedAt', 0)

  app.addHook('onRequest', async (request, reply) => {
    begin(request, reply)
    options.onStarted(request.method, routeOf(request))
    if (answerCors(request, reply, options.allowedOrigins)) return reply
    if (request.url.length > maxUrlLength || hasOddPath(request.url) || lacksHost(request))
      throw httpErrors.bad_request()
    const { isBare } = request.routeOptions.config
    if (isBare) return undefined
    request.caller = await options.identify(request)
    const general = options.limits.takeGeneral(request.caller.actor.id ?? request.clientKey)
    const decision = general instanceof Promise ? await general : general
    if (decision) enforce(reply, decision)
    if (!request.is404) guard(request)
    return undefined
  })

  app.addHook('preHandler', async (request, reply) => {
    const { config } = request.routeOptions
    if (config.limits) await enforceRouteLimits(request, reply)
    const hasKeys = request.method === 'POST' && !config.isBare && !request.is404
    const claim = hasKeys ? await claimOf(request, reply) : null
    if (reply.sent) return reply
    request.claim = claim
    request.ctx = createCtx(options.context, {
      actor: request.caller?.actor ?? anonymousFrom(request.clientIp),
      requestId: request.id,
      phases: claim?.phases ?? null,
    })
    return undefined
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const { claim } = request
    if (!claim) return payload
    request.claim = null
    await claim.finish({
      status: reply.statusCode,
      headers: keptHeaders(reply, aliased.has(request.raw)),
      body: bytesOf(payload),
    })
    return payload
  })

  app.addHook('onResponse', (request, reply, done) => {
    options.onFinished({
      requestId: request.id,
      method: request.method,
      route: routeOf(request),
      path: pathOf(request.url),
      status: reply.statusCode,
      durationMs: performance.now() - request.startedAt,
      clientIp: request.clientIp,
      userId: request.caller?.actor.kind === 'user' ? request.caller.actor.id : null,
      traceId: request.traceId,
    })
    done()
  })

  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toAppError(thrown, request)
    if (error.status >= 500)
      options.onFailure(error, {
        requestId: request.id,
        route: routeOf(request),
        method: request.method,
      })
    await recordRefusal(request, error)
    return sendProblem(request, reply, error)
  })

  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(patterns, pathOf(request.url))
    // A route that answers to the method and found nothing, such as a file that is not there, ends up here too.
    const error =
      methods.length === 0 || methods.includes(request.method)
        ? httpErrors.route_not_found()
        : httpErrors.method_not_allowed({ headers: { allow: methods.join(', ') } })
    return sendProblem(request, reply, error)
  })

  function begin(request: FastifyRequest, reply: FastifyReply): void {
    request.startedAt = performance.now()
    const address = addressOf(request)
    request.clientIp = address.ip
    request.clientKey = address.limitKey
    void reply.headers(securityHeaders)
    void reply.header('x-request-id', request.id)
    const { traceparent } = request.headers
    if (typeof traceparent === 'string') {
      const child = childTraceparent(parseTraceparent(traceparent))
      request.traceId = child.traceId
      void reply.header('traceparent', child.header)
    }
    if (aliased.has(request.raw)) void reply.headers(deprecationHeaders(request.url))
  }

  function addressOf(request: FastifyRequest) {
    return clientAddress({
      remoteAddress: request.raw.socket.remoteAddress ?? '0.0.0.0',
      forwardedFor: request.headers['x-forwarded-for'],
      trustedProxies: options.limits.trustedProxies,
    })
  }

  function guard(request: FastifyRequest): void {
    const { can, csrf, stepUp } = request.routeOptions.config
    const { actor, credential, csrfBinding } = request.caller
    if (can && actor.kind === 'anonymous') throw accessErrors.unauthenticated()
    if (can && !actor.can(can)) throw accessErrors.forbidden({ permission: can })
    if (stepUp) requireStepUp(request.caller)
    if (!isUnsafe(request.method)) return
    const isCookie = credential === 'cookie'
    if (credential !== 'bearer') requireAllowedOrigin(request, options.allowedOrigins, isCookie)
    if (isCookie) requireCsrfToken(request, options.csrfKey, csrfBinding)
    else if (csrf === 'signIn' && isFromBrowser(request))
      requireCsrfToken(request, options.csrfKey, csrfBinding)
  }

  /** What a stolen session must not do: asked of every door alike, so that none forgets it. */
  function requireStepUp({ actor, provenAt }: Caller): void {
    if (actor.sessionId === null || provenAt === null) throw accessErrors.session_required()
    const maxAgeSeconds = settings.stepUpMaxAge
    if (Date.now() - provenAt.getTime() > maxAgeSeconds * 1000)
      throw accessErrors.step_up_required({ maxAgeSeconds })
  }

  async function enforceRouteLimits(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    for (const { policy, by } of request.routeOptions.config.limits ?? []) {
      const key = limitKeyOf(request, by)
      if (key !== null) enforce(reply, await options.limits.takeExact(policy, key))
    }
  }

  async function claimOf(request: FastifyRequest, reply: FastifyReply): Promise<Claim | null> {
    const { idempotency } = request.routeOptions.config
    const key = request.headers['idempotency-key']
    if (idempotency === 'off') return null
    if (key === undefined) {
      if (idempotency === 'required') throw httpErrors.idempotency_key_required()
      return null
    }
    const { actor } = request.caller
    const found = await claimKey(options.context.db, idempotencyKey, {
      principal: `${actor.kind}:${actor.id ?? request.clientKey}:${actor.onBehalfOf ?? ''}`,
      method: request.method,
      route: routeOf(request),
      url: request.url,
      key: String(key),
      body: request.body,
      apiVersion: settings.apiVersion,
      leaseSeconds: settings.requestTimeout + leaseMarginSeconds,
      rememberSeconds: idempotency === 'required' ? rememberSeconds.money : rememberSeconds.usual,
    })
    if ('finish' in found) return found
    await reply
      .code(found.status)
      .headers({ ...found.headers, 'idempotent-replayed': 'true' })
      .serializer(asIs)
      .send(found.body)
    return null
  }

  async function recordRefusal(request: FastifyRequest, error: AppError): Promise<void> {
    const actor = request.caller?.actor
    const isRefusal = actor !== undefined && actor.kind !== 'anonymous' && error.status === 403
    const fact =
      error.refusal ??
      (isRefusal
        ? refused(requestRefused, null, {
            permission: (error.details['permission'] as string | undefined) ?? null,
            code: error.code,
            method: request.method,
            route: routeOf(request),
          })
        : null)
    if (!fact) return
    const ctx = createCtx(options.context, {
      actor: actor ?? anonymousFrom(request.clientIp),
      requestId: request.id,
    })
    try {
      await ctx.recordRefusal(fact)
    } catch (cause) {
      // The answer is a refusal either way; that it went unrecorded is our failure and is reported as one.
      options.onFailure(toAppError(cause), {
        requestId: request.id,
        route: routeOf(request),
        method: request.method,
      })
    }
  }

  return app
}

/** A stored answer is sent byte for byte; Fastify's types only know serializers that make text. */
const asIs = (stored: unknown) => stored as string

/** A status that the route's schema does not name would be sent with every field there is; it is not sent at all. */
function refuseUndescribed(described: ReadonlySet<string>) {
  return (
    _request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload?: unknown) => void,
  ): void => {
    const { statusCode } = reply
    const isKnown =
      statusCode >= 400 ||
      payload === null ||
      described.has(String(statusCode)) ||
      described.has(`${String(statusCode)[0]}xx`)
    if (isKnown) done(null, payload)
    else done(new Error(`the route describes no answer with status ${statusCode}`))
  }
}

/** The caller nobody knows. */
export function anonymousFrom(ip: string): Actor {
  return {
    kind: 'anonymous',
    id: null,
    onBehalfOf: null,
    sessionId: null,
    ip,
    roles: [],
    can: () => false,
  }
}

const routeOf = (request: FastifyRequest) => request.routeOptions.url ?? 'unmatched'

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** Browsers always say one of these on an unsafe request; other clients have no cookies they did not ask for. */
function isFromBrowser(request: FastifyRequest): boolean {
  const { origin, cookie, 'sec-fetch-site': site } = request.headers
  return origin !== undefined || site !== undefined || cookie !== undefined
}

function limitKeyOf(
  request: FastifyRequest,
  by: 'client' | 'user' | ((body: never, clientKey: string) => string | null),
) {
  if (by === 'client') return request.clientKey
  if (by === 'user') return request.caller.actor.id ?? request.clientKey
  return by(request.body as never, request.clientKey)
}

function enforce(reply: FastifyReply, decision: Decision): void {
  void reply.headers(rateLimitHeaders(decision))
  if (!decision.isAllowed)
    throw limitErrors.exceeded({
      policy: decision.policy,
      retryAfterSeconds: Math.max(1, decision.resetSeconds),
    })
}

/** RFC 9112, section 3.2: since HTTP/1.1 a request names its host. */
const lacksHost = ({ headers, raw }: FastifyRequest) =>
  headers.host === undefined && raw.httpVersion === '1.1'

/** PostgreSQL cannot hold U+0000, and a path that does not decode has no second reading. */
function hasOddPath(url: string): boolean {
  if (!url.includes('%')) return false
  try {
    return hasOddCharacters(decodeURIComponent(url.replaceAll('+', ' ')))
  } catch {
    return true
  }
}

/** The `Link` of an alias belongs to how this one request was spelt, not to the answer. */
function keptHeaders(reply: FastifyReply, isAlias: boolean): Record<string, string> {
  const kept = ['content-type', 'location', 'etag', ...(isAlias ? [] : ['link'])]
  const found = kept.map((name) => [name, reply.getHeader(name)] as const)
  return Object.fromEntries(
    found.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  )
}

function bytesOf(payload: unknown): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload)
  if (Buffer.isBuffer(payload)) return payload
  if (payload === null || payload === undefined) return Buffer.alloc(0)
  throw new Error('a streamed answer cannot be kept: the route needs idempotency: off')
}
