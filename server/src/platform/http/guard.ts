/** May this caller use this route? Its permission first; then, for what changes something, origin and CSRF token. */
import type { FastifyRequest } from 'fastify'
import { isUnsafe, requireAllowedOrigin, requireCsrfToken } from './csrf.ts'
import { accessErrors } from './errors.ts'
import type { Caller, HttpOptions } from './options.ts'

/**
 * Throws `access.unauthenticated`, `access.forbidden`, `access.session_required`, `access.step_up_required`,
 * `http.origin_not_allowed` or `http.csrf_token_invalid`.
 */
export function guard(
  request: FastifyRequest,
  { allowedOrigins, csrfKey, context }: Pick<HttpOptions, 'allowedOrigins' | 'csrfKey' | 'context'>,
): void {
  const { csrf, stepUp } = request.routeOptions.config
  const { credential, csrfBinding } = request.caller
  requirePermission(request)
  if (stepUp) requireStepUp(request.caller, context.settings.stepUpMaxAge)
  if (!isUnsafe(request.method)) return
  const isCookie = credential === 'cookie'
  if (credential !== 'bearer') requireAllowedOrigin(request, allowedOrigins, isCookie)
  if (isCookie) requireCsrfToken(request, csrfKey, csrfBinding)
  else if (csrf === 'signIn' && isFromBrowser(request))
    requireCsrfToken(request, csrfKey, csrfBinding)
}

function requirePermission({ caller: { actor }, routeOptions }: FastifyRequest): void {
  const { can } = routeOptions.config
  if (can && actor.kind === 'anonymous') throw accessErrors.unauthenticated()
  if (can && !actor.can(can)) throw accessErrors.forbidden({ permission: can })
}

/** What a stolen session must not do: asked of every door with `stepUp` alike, so that none forgets it. */
export function requireStepUp({ actor, provenAt }: Caller, maxAgeSeconds: number): void {
  if (actor.sessionId === null || provenAt === null) throw accessErrors.session_required()
  if (Date.now() - provenAt.getTime() > maxAgeSeconds * 1000)
    throw accessErrors.step_up_required({ maxAgeSeconds })
}

/** Browsers always say one of these on an unsafe request; other clients have no cookies they did not ask for. */
function isFromBrowser(request: FastifyRequest): boolean {
  const { origin, cookie, 'sec-fetch-site': site } = request.headers
  return origin !== undefined || site !== undefined || cookie !== undefined
}
