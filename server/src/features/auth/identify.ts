/** Who sends this request? Answered from the cookie or the bearer token, through the cache that revocation empties. */
import type { FastifyRequest } from 'fastify'
import { parse as parseCookies } from 'cookie'
import type { Invalidations } from '../../platform/cache/index.ts'
import { type ContextDeps, type Ctx, createCtx } from '../../platform/context.ts'
import { anonymousFrom, type Caller, type LookUp } from '../../platform/http/index.ts'
import { narrowed } from '../../platform/rights/index.ts'
import { hashToken } from '../../platform/secrets.ts'
import { type KeyIdentity, apiKeyLabel, findIdentityByKey, touchApiKey } from './api-keys.ts'
import { type Found, foundByKey, foundBySession, strangerFrom } from './callers.ts'
import { preLoginCookie, sessionBinding, sessionCookie, visitorBinding } from './cookies.ts'
import {
  type Device,
  type Identity,
  findIdentityByCookie,
  findIdentityBySession,
  touchSession,
} from './sessions.ts'

/** How stale `lastSeenAt` and `lastUsedAt` may be: reading writes at most this often per session or key. */
const touchAfterSeconds = 5 * 60
/** And never staler than this part of the idle time, or a session in use would end as unused. */
const touchAfterIdleShare = 0.25
const sessionIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Longer ones are nobody's: our tokens have at most about a thousand characters. */
const maxCredentialLength = 2_048

/** Tokens of identity providers may be longer: they carry groups and roles. */
const maxForeignLength = 8_192
/**
 * What a foreign token cannot do in its user's name: make or change what its user signs in with. It would outlast the
 * token, and whatever the provider has ended.
 */
const notByForeign: ReadonlySet<string> = new Set([
  'auth.change_password',
  'auth.manage_api_keys',
  'twofa.manage',
])

/** Tokens that are not ours: the id of the session behind one; null for a token that is nobody's. */
export type ForeignBearer = (ctx: Ctx, token: string, device: Device) => Promise<string | null>

/** Tokens of programs that are nobody's own: who it is; null for any other text. */
export type ServiceBearer = (ctx: Ctx, token: string, lookUp: LookUp) => Promise<Found | null>

/** Makes the function that the HTTP layer asks on every request. */
export function openIdentifier(
  deps: ContextDeps,
  invalidations: Invalidations,
  { findForeign, findService }: { findForeign: ForeignBearer; findService: ServiceBearer },
): (request: FastifyRequest, lookUp: LookUp) => Promise<Caller> {
  const sessions = invalidations.cache<Identity>('session')
  const keys = invalidations.cache<KeyIdentity>('api_key')
  const touchAfterMs =
    Math.min(touchAfterSeconds, deps.settings.sessionIdleExpiry * touchAfterIdleShare) * 1000
  const ctxOf = (request: FastifyRequest) =>
    createCtx(deps, { actor: anonymousFrom(request.clientIp), requestId: request.id })

  async function bySession(
    request: FastifyRequest,
    lookUp: LookUp,
    key: string,
    find: () => Promise<Identity | null>,
  ): Promise<Found | null> {
    const identity = await sessions.get(
      key,
      () => lookUp(key, find),
      (found) =>
        [found, ...(found.impersonator ? [found.impersonator] : [])].flatMap(sessionTopics),
    )
    if (!identity || identity.expiresAt.getTime() <= Date.now()) return null
    if (Date.now() - identity.lastSeenAt.getTime() > touchAfterMs) {
      const isAlive = await ctxOf(request).tx((tx) => touchSession(tx, identity.sessionId))
      invalidations.forget([`session:${identity.sessionId}`])
      if (!isAlive) return null
    }
    return foundBySession(identity, request.clientIp)
  }

  async function byKey(
    request: FastifyRequest,
    lookUp: LookUp,
    key: string,
  ): Promise<Found | null> {
    const hash = hashToken(key).toString('base64')
    const identity = await keys.get(
      hash,
      () => lookUp(hash, () => findIdentityByKey(ctxOf(request), key)),
      (found) => [`api_key:${found.keyId}`, ...topicsOf(found)],
    )
    if (!identity || (identity.expiresAt && identity.expiresAt.getTime() <= Date.now())) return null
    if (Date.now() - (identity.lastUsedAt?.getTime() ?? 0) > touchAfterSeconds * 1000) {
      await ctxOf(request).tx((tx) => touchApiKey(tx, identity.keyId))
      invalidations.forget([`api_key:${identity.keyId}`])
    }
    return foundByKey(identity, request.clientIp)
  }

  async function byBearer(
    request: FastifyRequest,
    lookUp: LookUp,
    token: string,
  ): Promise<Found | null> {
    if (token.length > maxForeignLength) return null
    if (token.startsWith(apiKeyLabel)) return byKey(request, lookUp, token)
    const service = await findService(ctxOf(request), token, lookUp)
    if (service) return service
    const claims = await deps.ports.tokens.verify(token)
    if (!claims) return byForeign(request, lookUp, token)
    if (!sessionIdPattern.test(claims.sessionId)) return null
    const found = await bySession(request, lookUp, `id:${claims.sessionId}`, () =>
      findIdentityBySession(ctxOf(request), claims.sessionId),
    )
    return found?.actor.id === claims.userId ? found : null
  }

  /** A provider's token shows no factor to us: `provenAt` is null whatever the session's row says. */
  async function byForeign(
    request: FastifyRequest,
    lookUp: LookUp,
    token: string,
  ): Promise<Found | null> {
    const device = { ip: request.clientIp, userAgent: request.headers['user-agent'] ?? null }
    const sessionId = await findForeign(ctxOf(request), token, device)
    if (sessionId === null) return null
    const found = await bySession(request, lookUp, `id:${sessionId}`, () =>
      findIdentityBySession(ctxOf(request), sessionId),
    )
    if (!found) return null
    const rights = narrowed(found.actor, (permission) => !notByForeign.has(permission))
    const actor = { ...found.actor, ...rights }
    return { ...found, actor, provenAt: null }
  }

  return async (request, lookUp) => {
    const stranger = strangerFrom(request.clientIp)
    const { authorization, cookie } = request.headers
    if (authorization !== undefined) {
      // A bearer token, right or wrong, is the caller's word: cookies beside it are not looked at.
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
      const found = token ? await byBearer(request, lookUp, token) : null
      return found ? { ...found, credential: 'bearer', csrfBinding: null } : stranger
    }
    if (cookie === undefined) return stranger
    const cookies = parseCookies(cookie)
    const secret = cookies[sessionCookie]
    if (secret !== undefined && secret.length <= maxCredentialLength) {
      const hash = hashToken(secret)
      const found = await bySession(request, lookUp, `cookie:${hash.toString('base64')}`, () =>
        findIdentityByCookie(ctxOf(request), hash),
      )
      if (found?.actor.sessionId)
        return {
          ...found,
          credential: 'cookie',
          csrfBinding: sessionBinding(found.actor.sessionId),
        }
    }
    const visitor = cookies[preLoginCookie]
    return visitor ? { ...stranger, csrfBinding: visitorBinding(visitor) } : stranger
  }
}

const sessionTopics = (identity: Identity) => [
  `session:${identity.sessionId}`,
  ...topicsOf(identity),
]

/** What changes what somebody may do: their account, and the roles they have. */
const topicsOf = ({ userId, roles }: Pick<Identity, 'userId' | 'roles'>) => [
  `user:${userId}`,
  ...roles.map((role) => `role:${role}`),
]
