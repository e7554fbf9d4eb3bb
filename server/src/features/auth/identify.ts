/** Who sends this request? Answered from the cookie or the bearer token, through the cache that revocation empties. */
import type { FastifyRequest } from 'fastify'
import { parse as parseCookies } from 'cookie'
import type { Invalidations } from '../../platform/cache/index.ts'
import { type Actor, type ContextDeps, createCtx } from '../../platform/context.ts'
import { anonymousFrom, type Caller } from '../../platform/http/index.ts'
import { hashToken } from '../../platform/secrets.ts'
import { type KeyIdentity, apiKeyLabel, findIdentityByKey } from './api-keys.ts'
import { preLoginCookie, sessionBinding, sessionCookie, visitorBinding } from './cookies.ts'
import {
  type Identity,
  findIdentityByCookie,
  findIdentityBySession,
  touchSession,
} from './sessions.ts'

/** How stale `lastSeenAt` may be: reading writes at most this often per session. */
const touchAfterSeconds = 5 * 60
/** And never staler than this part of the idle time, or a session in use would end as unused. */
const touchAfterIdleShare = 0.25
const sessionIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Longer ones are nobody's: our tokens have at most about a thousand characters. */
const maxCredentialLength = 2_048

/** Makes the function that the HTTP layer asks on every request. */
export function openIdentifier(
  deps: ContextDeps,
  invalidations: Invalidations,
): (request: FastifyRequest) => Promise<Caller> {
  const sessions = invalidations.cache<Identity>('session')
  const keys = invalidations.cache<KeyIdentity>('api_key')
  const touchAfterMs =
    Math.min(touchAfterSeconds, deps.settings.sessionIdleExpiry * touchAfterIdleShare) * 1000
  const ctxOf = (request: FastifyRequest) =>
    createCtx(deps, { actor: anonymousFrom(request.clientIp), requestId: request.id })

  async function bySession(
    request: FastifyRequest,
    key: string,
    load: () => Promise<Identity | null>,
  ): Promise<Actor | null> {
    const identity = await sessions.get(key, load, (found) => [
      `session:${found.sessionId}`,
      `user:${found.userId}`,
    ])
    if (!identity || identity.expiresAt.getTime() <= Date.now()) return null
    if (Date.now() - identity.lastSeenAt.getTime() > touchAfterMs) {
      const isAlive = await ctxOf(request).tx((tx) => touchSession(tx, identity.sessionId))
      invalidations.forget([`session:${identity.sessionId}`])
      if (!isAlive) return null
    }
    const { userId, sessionId, roles, can } = identity
    return {
      kind: 'user',
      id: userId,
      onBehalfOf: null,
      sessionId,
      ip: request.clientIp,
      roles,
      can,
    }
  }

  async function byKey(request: FastifyRequest, key: string): Promise<Actor | null> {
    const identity = await keys.get(
      hashToken(key).toString('base64'),
      () => findIdentityByKey(ctxOf(request), key),
      (found) => [`api_key:${found.keyId}`, `user:${found.userId}`],
    )
    if (!identity || (identity.expiresAt && identity.expiresAt.getTime() <= Date.now())) return null
    const { userId, roles, can } = identity
    return {
      kind: 'user',
      id: userId,
      onBehalfOf: null,
      sessionId: null,
      ip: request.clientIp,
      roles,
      can,
    }
  }

  async function byBearer(request: FastifyRequest, token: string): Promise<Actor | null> {
    if (token.length > maxCredentialLength) return null
    if (token.startsWith(apiKeyLabel)) return byKey(request, token)
    const claims = await deps.ports.tokens.verify(token)
    if (!claims || !sessionIdPattern.test(claims.sessionId)) return null
    const actor = await bySession(request, `id:${claims.sessionId}`, () =>
      findIdentityBySession(ctxOf(request), claims.sessionId),
    )
    return actor?.id === claims.userId ? actor : null
  }

  return async (request) => {
    const nobody = anonymousFrom(request.clientIp)
    const { authorization, cookie } = request.headers
    if (authorization !== undefined) {
      // A bearer token, right or wrong, is the caller's word: cookies beside it are not looked at.
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
      const actor = token ? await byBearer(request, token) : null
      return { actor: actor ?? nobody, credential: actor ? 'bearer' : 'none', csrfBinding: null }
    }
    if (cookie === undefined) return { actor: nobody, credential: 'none', csrfBinding: null }
    const cookies = parseCookies(cookie)
    const secret = cookies[sessionCookie]
    if (secret !== undefined && secret.length <= maxCredentialLength) {
      const hash = hashToken(secret)
      const actor = await bySession(request, `cookie:${hash.toString('base64')}`, () =>
        findIdentityByCookie(ctxOf(request), hash),
      )
      if (actor?.sessionId)
        return { actor, credential: 'cookie', csrfBinding: sessionBinding(actor.sessionId) }
    }
    const visitor = cookies[preLoginCookie]
    return {
      actor: nobody,
      credential: 'none',
      csrfBinding: visitor ? visitorBinding(visitor) : null,
    }
  }
}
