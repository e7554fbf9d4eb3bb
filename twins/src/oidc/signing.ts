/** The twin's signing keys, and the tokens that are signed with them outside of the flow. */
import { type JWK, type JWTPayload, SignJWT, exportJWK, generateKeyPair, importJWK } from 'jose'

const algorithm = 'RS256'

export type SigningKey = { readonly kid: string; readonly jwk: JWK }

export async function newSigningKey(kid: string): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return { kid, jwk: { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' } }
}

/** What a key set shows of a key. */
export function publicPartOf({ jwk }: SigningKey): JWK {
  const { kty, n, e, kid, alg, use } = jwk
  return { kty, n, e, kid, alg, use } as JWK
}

export async function sign(
  { jwk, kid }: SigningKey,
  claims: JWTPayload,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, kid, ...header })
    .sign(await importJWK(jwk, algorithm))
}
