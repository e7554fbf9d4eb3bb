/** Whether a text is an access token of ours (RFC 7519, RFC 8725, RFC 9068). Asks nobody but the ring. */
import { errors as joseErrors, jwtVerify } from 'jose'
import type { Key } from './ring.ts'

export type AccessClaims = {
  readonly userId: string
  readonly sessionId: string
  readonly expiresAt: Date
}

/** Clocks of two machines may differ this much. */
export const leewaySeconds = 30
export const tokenType = 'at+jwt'
/** Longer ones are refused unread: our own tokens have at most about 1,100 characters. */
const maxTokenLength = 2_048
const threeParts = /^[\w-]+\.[\w-]+\.([\w-]+)$/

/** The claims of a token that is ours, current and an access token; null for anything else. */
export async function verifyAccessToken(
  token: string,
  { find, issuer }: { find(kid: string): Key | undefined; issuer: string },
): Promise<AccessClaims | null> {
  if (token.length > maxTokenLength || !isCanonical(token)) return null
  // A key verifies its own algorithm and no other; what else the header names (jku, x5u, jwk, …) is not looked at.
  const keyOf = ({ kid, alg }: { kid?: string; alg?: string }) => {
    const key = typeof kid === 'string' ? find(kid) : undefined
    if (!key || key.algorithm !== alg) throw new joseErrors.JWSInvalid('unknown key')
    return key.verifyingKey
  }
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      issuer,
      audience: issuer,
      typ: tokenType,
      algorithms: ['EdDSA', 'RS256', 'HS256'],
      clockTolerance: leewaySeconds,
      requiredClaims: ['exp', 'iat', 'sub', 'sid'],
    })
    const { sub: userId, sid: sessionId, exp = Number.NaN, iat = Number.NaN } = payload
    if (typeof userId !== 'string' || typeof sessionId !== 'string') return null
    // RFC 7519 allows fractions and 1e99; ours are whole seconds of a date that exists.
    if (!Number.isSafeInteger(exp) || !Number.isSafeInteger(iat)) return null
    if (iat > Date.now() / 1000 + leewaySeconds) return null
    return { userId, sessionId, expiresAt: new Date(exp * 1000) }
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return null
    throw error
  }
}

/** One token has one spelling: the last character of base64url has bits that decoders ignore. */
function isCanonical(token: string): boolean {
  const signature = threeParts.exec(token)?.[1]
  if (signature === undefined) return false
  return Buffer.from(signature, 'base64url').toString('base64url') === signature
}
