/** A provider's public keys: `kid` selects among them and does nothing else (RFC 7517). */
import {
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type JWTPayload,
  type JWTVerifyOptions,
  createLocalJWKSet,
  errors as joseErrors,
  jwtVerify,
} from 'jose'
import { keep } from './kept.ts'

export type Keys = {
  /** The claims of a token signed with one of the keys; throws a JOSEError for a bad one, IdentityFailure without keys. */
  verify(
    token: string,
    options: JWTVerifyOptions & {
      /** How long after one request for the keys an unknown `kid` is worth the next. */
      readonly cooldownMs: number
    },
  ): Promise<{ readonly payload: JWTPayload; readonly header: JWSHeaderParameters }>
}

const freshMs = 10 * 60_000
/** A provider that is away for longer signs nobody in: a key it has withdrawn meanwhile must not go on. */
const trustedMs = 60 * 60_000
const maxKidLength = 256
/** Clocks of two machines may differ this much. */
const leewaySeconds = 30
/** Never a symmetric one: our half of it would be public. */
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')

export function openKeys(load: () => Promise<unknown>, clock: () => number): Keys {
  const kept = keep({ load: async () => keySetOf(await load()), freshMs, trustedMs, clock })
  return {
    verify: async (token, { cooldownMs, ...options }) => {
      const check = (keySet: KeySet) =>
        jwtVerify(token, (header) => keySet(selecting(header)), {
          ...options,
          algorithms,
          clockTolerance: leewaySeconds,
        })
      const result = await check(await kept.get()).catch(async (error: unknown) => {
        if (!(error instanceof joseErrors.JWKSNoMatchingKey)) throw error
        const renewed = await kept.renew(cooldownMs)
        if (!renewed) throw error
        return check(renewed)
      })
      return { payload: result.payload, header: result.protectedHeader }
    },
  }
}

type KeySet = ReturnType<typeof createLocalJWKSet>

/** Public keys alone, whatever else is in the set. */
function keySetOf(found: unknown): KeySet {
  const { keys } = found as Partial<JSONWebKeySet>
  if (!Array.isArray(keys)) throw new Error('the provider has no key set')
  return createLocalJWKSet({ keys: keys.filter(({ kty }) => kty !== 'oct') })
}

/** The header without what could bring a key along: `jwk`, `jku`, `x5u` are nobody's word. */
function selecting({ alg, kid }: JWSHeaderParameters): JWSHeaderParameters {
  if (alg === undefined || typeof kid !== 'string' || kid === '' || kid.length > maxKidLength)
    throw new joseErrors.JWSInvalid('the token names no key')
  return { alg, kid }
}
