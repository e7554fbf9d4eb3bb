/**
 * The one HTTP server: every guard stands here, once, in front of every route.
 * Order: headers, CORS, caller (looked up through `lookups.ts`), general limit, permission, CSRF; then the body is read and validated; then the
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
import { createCtx } from '../context.ts'
import { isUuid } from '../ids.ts'
import { clientAddress } from '../limits/index.ts'
import { childTraceparent, parseTraceparent } from '../telemetry/index.ts'
import { canonicalUrl, deprecationHeaders } from './aliases.ts'
import { parseJsonBody } from './body.ts'
import { openClaims } from './claims.ts'
import { createCompilers } from './compilers.ts'
import { refuseBrokenRequest, refuseEarly, routerError } from './early.ts'
import { httpErrors } from './errors.ts'
import { guard, mayHaveMore } from './guard.ts'
import { answerCors, securityHeaders } from './headers.ts'
import { openLookups } from './lookups.ts'
import { methodsOf, type RoutePattern } from './methods.ts'
import { type HttpOptions, anonymousFrom, routeOf } from './options.ts'
import { sendProblem, toAppError } from './problem.ts'
import { openRefusals } from './refusals.ts'
import { isOdd, pathOf } from './request-line.ts'
import { resumption } from './resumption.ts'
import {
  declarationsOf,
  isAdministration,
  refuseUndescribed,
  requireDeclared,
} from './route-rules.ts'
import type { DeclaredRoute } from './route.ts'
import { openThrottle } from './throttle.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

const safeRequestId = /^[\w.-]{1,128}$/
/** Time for the whole request head; a slow client does not hold a connection longer (faults C26). */
const headersTimeoutMs = 15_000
const connectionsCheckMs = 5_000
/** Longer than the 60 s that common proxies keep their side open, so that it is they who close. */
const keepAliveTimeoutMs = 65_000
const maxParamLength = 256

export function createApp(options: HttpOptions): App {
  const { settings } = options.context
  const patterns: RoutePattern[] = []
  const aliased = new WeakSet<object>()
  const throttle = openThrottle(options)
  const lookUpFor = openLookups(options.limits, throttle)
  const claims = openClaims(options, (request) => aliased.has(request.raw))
  const recordRefusal = openRefusals(options)
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
      if (typeof given !== 'string' || !safeRequestId.test(given)) return randomUUID()
      // People, payments and requests are named so: whoever brought such an id could write into the story of another. What
      // the server tries again by itself goes on under the id that it gave the first time.
      return isUuid(given.toLowerCase()) && !resumption.getStore() ? randomUUID() : given
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
        isHeld: false,
        durationMs: 0,
        clientIp: addressOf(request).ip,
        userId: null,
        traceId: options.traceIdOf(),
      })
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.on('checkExpectation', (_request, response) =>
    refuseEarly(response, httpErrors.bad_request(), randomUUID()),
  )

  const compilers = options.compilers ?? createCompilers()
  app.setValidatorCompiler(compilers.validator)
  app.setSerializerCompiler(compilers.serializer)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : parseJsonBody(body as string))
    } catch (error) {
      done(error as Error)
    }
  })

  const declared: DeclaredRoute[] = []
  app.decorate('declaredRoutes', declared)
  app.addHook('onRoute', (route) => {
    requireDeclared(route, options)
    declared.push(...declarationsOf(route))
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
  app.decorateRequest('isHeld', false)
  app.decorateRequest('startedAt', 0)
  app.decorateRequest('mayHaveMore', function mayThisHaveMore() {
    return mayHaveMore(this, options.recall)
  })

  app.addHook('onRequest', async (request, reply) => {
    begin(request, reply)
    options.onStarted(request.method, routeOf(request))
    if (answerCors(request, reply, options.allowedOrigins)) return reply
    if (isOdd(request)) throw httpErrors.bad_request()
    const { isBare } = request.routeOptions.config
    if (isBare) return undefined
    const again = resumption.getStore()
    if (again) request.caller = again.caller
    else {
      request.caller = await options.identify(request, lookUpFor(request, reply))
      await throttle.general(request, reply)
      if (isAdministration(request.routeOptions))
        await throttle.byClient(request, reply, options.administration.limit)
    }
    if (!request.is404) await guard(request, options)
    return undefined
  })

  app.addHook('preHandler', async (request, reply) => {
    const isAgain = resumption.getStore() !== undefined
    if (request.routeOptions.config.limits && !isAgain) await throttle.route(request, reply)
    const claim = await claims.claim(request, reply)
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
    await claims.finish(request, reply, payload)
    // After the answer is kept, and for one that is given again, too: its first may still be waiting.
    if (request.routeOptions.config.feltEverywhere && reply.statusCode < 400)
      await options.feltEverywhere()
    return payload
  })

  app.addHook('onResponse', (request, reply, done) => {
    options.onFinished({
      requestId: request.id,
      method: request.method,
      route: routeOf(request),
      path: pathOf(request.url),
      status: reply.statusCode,
      isHeld: request.isHeld,
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
    request.traceId = options.traceIdOf()
    if (typeof traceparent === 'string') {
      const child = childTraceparent(parseTraceparent(traceparent), request.traceId)
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

  return app
}
