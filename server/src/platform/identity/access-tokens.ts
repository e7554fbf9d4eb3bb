/** Access tokens that a provider has issued to its own clients, accepted here as bearer (RFC 9068; Cognito's own shape). */
import { createHash } from 'node:crypto'
import { type JWTPayload, decodeJwt, errors as joseErrors } from 'jose'
import { type Claims, identityOf } from './claims.ts'
import { IdentityFailure } from './failure.ts'
import type { ForeignToken, Identity } from './index.ts'
import type { Openid } from './openid.ts'
import type { Acceptance, ProviderConfig } from './providers.ts'

type Provided = { readonly config: ProviderConfig; readonly driver: Openid }

/** Groups and roles make them long; more than this is no token that a header would carry. */
const maxTokenLength = 8_192
const maxSubjectLength = 255
/** Clocks differ, and a token is accepted a little after its end. */
const forgetAfterSeconds = 3600
/** No token lives longer than this; a date beyond it is none. */
const latestExpiry = 253_402_300_799
/** Anybody can make up a `kid`: a storm of them causes two requests a minute. */
const unknownKeyCooldownMs = 30_000
/** What ID, refresh and logout tokens carry and access tokens do not. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']
const foreignTypes = new Set(['id', 'refresh', 'offline', 'logout', 'serialized-id'])
const tokenTypes = new Set(['at+jwt', 'application/at+jwt', 'jwt'])

export function openAccessTokens(providers: readonly Provided[]) {
  const byIssuer = new Map(
    providers
      .filter(({ config }) => config.accepts !== null)
      .map((provided) => [provided.config.issuer, provided]),
  )
  return {
    /** Null for anything but a good one; `onUnavailable` is told when that could not be found out. */
    verify: async (
      token: string,
      onUnavailable: (providerId: string, error: unknown) => void,
    ): Promise<ForeignToken | null> => {
      const provided = byIssuer.get(issuerOf(token) ?? '')
      const accepts = provided?.config.accepts
      if (!provided || !accepts) return null
      const { id: providerId, issuer, kind } = provided.config
      try {
        const { payload, header } = await provided.driver.keys.verify(token, {
          issuer,
          ...(accepts.audience === null ? {} : { audience: accepts.audience }),
          requiredClaims: ['exp', 'iat', 'sub'],
          cooldownMs: unknownKeyCooldownMs,
        })
        const isOne = isAccessToken(kind, payload, header.typ) && isForClient(accepts, payload)
        const { sub: subject = '', exp = Number.NaN } = payload
        // RFC 7519 allows fractions and 1e99; a token that never ends is not one that was meant to.
        const hasEnd = Number.isSafeInteger(exp) && exp <= latestExpiry
        if (!isOne || !hasEnd || !isSubject(subject)) return null
        return { providerId, issuer, subject, ...signInOf(payload, token, exp) }
      } catch (error) {
        if (error instanceof joseErrors.JOSEError) return null
        if (!(error instanceof IdentityFailure)) throw error
        onUnavailable(providerId, error)
        return null
      }
    },

    /** From the token's own claims where they say it, else from the provider's userinfo endpoint. */
    findOwner: async ({ issuer, subject }: ForeignToken, token: string): Promise<Identity> => {
      const provided = byIssuer.get(issuer)
      if (!provided) throw new IdentityFailure('refused', 'there is no such provider')
      const { email, email_verified, name } = decodeJwt<Claims>(token)
      if (email !== undefined && email_verified !== undefined)
        return identityOf(provided.config, subject, { email, email_verified, name })
      return provided.driver.findOwner(token, subject)
    },
  }
}

/** Read before anything is verified: it only says whose keys to verify with. */
function issuerOf(token: string): string | null {
  if (token.length > maxTokenLength || token.split('.').length !== 3) return null
  try {
    const { iss } = decodeJwt(token)
    return typeof iss === 'string' ? iss : null
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return null
    throw error
  }
}

/** Tokens of one provider are signed with one key: what tells them apart is what they say they are for. */
function isAccessToken(
  kind: ProviderConfig['kind'],
  payload: JWTPayload,
  headerType: string | undefined,
): boolean {
  const use = payload['token_use']
  if (kind === 'cognito' ? use !== 'access' : use !== undefined && use !== 'access') return false
  if (headerType !== undefined && !tokenTypes.has(headerType.toLowerCase())) return false
  const { typ } = payload
  if (typeof typ === 'string' && foreignTypes.has(typ.toLowerCase())) return false
  return foreignClaims.every((name) => payload[name] === undefined)
}

function isForClient({ clients }: Acceptance, payload: JWTPayload): boolean {
  if (clients === null) return true
  const client = payload['client_id'] ?? payload['azp']
  return typeof client === 'string' && clients.includes(client)
}

const isSubject = (subject: string) => subject !== '' && subject.length <= maxSubjectLength

/** The provider's own word for the sign-in, where it has one; else every token stands for itself. */
function signInOf(
  payload: JWTPayload,
  token: string,
  exp: number,
): Pick<ForeignToken, 'signInId' | 'forgetAt'> {
  for (const name of ['origin_jti', 'sid', 'auth_time']) {
    const value = payload[name]
    if (typeof value === 'number' || (typeof value === 'string' && value !== ''))
      return { signInId: hashOf(`${name}:${value}`), forgetAt: null }
  }
  const { jti } = payload
  const own = typeof jti === 'string' && jti !== '' ? `jti:${jti}` : `token:${token}`
  return { signInId: hashOf(own), forgetAt: new Date((exp + forgetAfterSeconds) * 1000) }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')
