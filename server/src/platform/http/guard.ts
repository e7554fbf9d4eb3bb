/**
 * May this caller use this route? Its permission first, and whether it is the account's owner who asks; then, for what
 * changes something, origin and CSRF token; then the factors that have to be shown.
 */
import type { FastifyRequest } from 'fastify'
import { isUnsafe, requireAllowedOrigin, requireCsrfToken } from './csrf.ts'
import { accessErrors } from './errors.ts'
import type { Caller, HttpOptions, Recall } from './options.ts'
import { isAdministration, isForOwner } from './route-rules.ts'

type Options = Pick<
  HttpOptions,
  'allowedOrigins' | 'csrfKey' | 'context' | 'ownerOnly' | 'administration'
>

/**
 * Throws `access.unauthenticated`, `access.forbidden`, `access.read_only`, `access.impersonated`,
 * `access.session_required`, `access.step_up_required`, `http.origin_not_allowed`, `http.csrf_token_invalid`, or what
 * administration asks for.
 */
export async function guard(request: FastifyRequest, options: Options): Promise<void> {
  requirePermission(request)
  requireOwner(request, options.ownerOnly)
  if (isUnsafe(request.method)) requireOwnPage(request, options)
  const { can, stepUp, elevation } = request.routeOptions.config
  if (elevation || (can && isAdministration(request.routeOptions)))
    request.caller = await options.administration.admit(request)
  if (stepUp) requireStepUp(request.caller, options.context.settings.stepUpMaxAge)
}

/**
 * Whether whoever asked may have the rest of an answer that takes long: asked between its parts, of the database. Their
 * credential has to stand and to permit what it did; a factor is not asked for a second time. A session that was renewed
 * does not stand any more: who else had it is out, with what they were reading.
 */
export async function mayHaveMore(
  { caller, clientIp, routeOptions }: FastifyRequest,
  recall: Recall,
): Promise<boolean> {
  const now = await recall(caller.proof, clientIp)
  const { can } = routeOptions.config
  return now !== null && (can === undefined || now.actor.can(can))
}

/** That the request comes from a page of ours, where the browser adds the credential by itself. */
function requireOwnPage(request: FastifyRequest, { allowedOrigins, csrfKey }: Options): void {
  const { csrf } = request.routeOptions.config
  const { credential, csrfBinding } = request.caller
  const isCookie = credential === 'cookie'
  if (credential !== 'bearer') requireAllowedOrigin(request, allowedOrigins, isCookie)
  if (isCookie) requireCsrfToken(request, csrfKey, csrfBinding)
  else if (csrf === 'signIn' && isFromBrowser(request))
    requireCsrfToken(request, csrfKey, csrfBinding)
}

function requirePermission({ caller, method, routeOptions }: FastifyRequest): void {
  const { actor, isReadOnly } = caller
  const { can, signedIn } = routeOptions.config
  if ((can || signedIn) && actor.kind === 'anonymous') throw accessErrors.unauthenticated()
  if (isReadOnly && isUnsafe(method)) throw accessErrors.read_only()
  if (can && !actor.can(can)) throw accessErrors.forbidden({ permission: can })
  // A program's token does what its scope names; what everybody may change has no name.
  if (!can && actor.kind === 'service' && isUnsafe(method)) throw accessErrors.forbidden()
}

function requireOwner(
  { caller, routeOptions }: FastifyRequest,
  ownerOnly: HttpOptions['ownerOnly'],
): void {
  if (caller.impersonation && isForOwner(routeOptions, ownerOnly)) throw accessErrors.impersonated()
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
