/** What every route must say of itself before the server boots, and the answers it may give. */
import type { FastifyContextConfig, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { basePath } from './aliases.ts'
import { isUnsafe } from './csrf.ts'
import type { HttpOptions } from './options.ts'
import type { DeclaredRoute } from './route.ts'

const administration = `${basePath}/admin/`

type Route = {
  readonly url?: string | undefined
  readonly method: string | readonly string[]
  readonly config?: FastifyContextConfig
}

/** Whether a route administers: by its address, so that none can forget to say so. */
export const isAdministration = ({ url }: Pick<Route, 'url'>): boolean =>
  url?.startsWith(administration) ?? false

/** Whether only the account's owner may use a route, and nobody who acts in their account. */
export function isForOwner(route: Route, ownerOnly: ReadonlySet<string>): boolean {
  const { can, stepUp, elevation, ownerOnly: declared } = route.config ?? {}
  if (declared !== undefined) return declared
  if (stepUp || elevation || isAdministration(route)) return true
  return can ? ownerOnly.has(can) : [route.method].flat().some(isUnsafe)
}

/** A door without a lock: the code is to be mended, and the message says where. */
export class UndeclaredRoute extends Error {
  override readonly name = 'UndeclaredRoute'
}

/**
 * Throws for a route that says neither who may call it nor that it is public, or says both, or names a permission or
 * a limit that nobody declares.
 */
export function requireDeclared(
  route: RouteOptions,
  { permissions, limits }: Pick<HttpOptions, 'permissions' | 'limits'>,
): void {
  const {
    can,
    public: isPublic,
    signedIn,
    stepUp,
    elevation,
    limits: named = [],
  } = route.config ?? {}
  const complain = (what: string) => {
    throw new UndeclaredRoute(`${String(route.method)} ${route.url} ${what}`)
  }
  if (!can && !isPublic && !signedIn) complain('declares no permission')
  if (stepUp && !can) complain('asks nobody in particular to step up')
  if (elevation && !can) complain('asks nobody in particular for elevation')
  if (can && isPublic) complain('is public and has a permission')
  if (signedIn && (can || isPublic)) complain('says more than that it is for whoever is signed in')
  if (can && !permissions.has(can)) complain(`asks for ${can}, which no room declares`)
  for (const { policy } of named)
    if (!limits.routePolicies.has(policy))
      complain(`is limited by ${policy}, which is no policy for routes`)
}

/** A status that the route's schema does not name would be sent with every field there is; it is not sent at all. */
export function refuseUndescribed(described: ReadonlySet<string>) {
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

/** A route as it says of itself who may call it. */
export function declarationsOf({ method, url, config }: RouteOptions): DeclaredRoute[] {
  return [method]
    .flat()
    .filter((each) => each !== 'HEAD')
    .map((each) => ({
      method: each,
      path: url,
      permission: config?.can ?? null,
      isPublic: config?.public === true,
      stepUp: config?.stepUp === true,
    }))
}
