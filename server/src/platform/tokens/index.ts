/**
 * Access tokens: JWTs signed with an asymmetric key of our own ring (RFC 7519, RFC 8037, RFC 9068).
 * A token only names its session; whether that session still stands is asked on every request.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { type JWK, SignJWT, calculateJwkThumbprint, errors as joseErrors, jwtVerify } from 'jose'
import type { Db } from '../db/index.ts'
import { deriveKey, seal, unseal } from '../secrets.ts'
import { signingKeys } from '../tables.ts'

export type AccessClaims = {
  readonly userId: string
  readonly sessionId: string
  readonly expiresAt: Date
}

export type TokenSigner = {
  /** A signed access token for a session. */
  sign(claims: { userId: string; sessionId: string }, ttlSeconds: number): Promise<string>
  /** The claims of a token that is ours, current and an access token; null for anything else. */
  verify(token: string): Promise<AccessClaims | null>
  /** The public keys, as served at `/.well-known/jwks.json` (RFC 7517). */
  jwks(): { readonly keys: readonly JWK[] }
}

type Key = {
  readonly kid: string
  readonly algorithm: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly publicJwk: JWK
}

/** Clocks of two machines may differ this much. */
const leewaySeconds = 30
/** Longer ones are refused unread: our own tokens have about 400 characters. */
const maxTokenLength = 2_048
const tokenType = 'at+jwt'
const accepted = ['EdDSA', 'RS256']
/** Any fixed number: two processes starting at once must not make two first keys. */
const lockId = 4_707_255

/** Loads the key ring, making the first key when there is none. Throws when SECRET_KEY cannot open the stored keys. */
export async function openTokenSigner(options: {
  readonly db: Db
  readonly secretKey: string
  readonly issuer: string
}): Promise<TokenSigner> {
  const ring = await loadRing(options.db, deriveKey(options.secretKey, 'signing-keys'))
  const byId = new Map(ring.keys.map((key) => [key.kid, key]))
  // A key verifies its own algorithm and no other, whatever the token's header would like.
  const keyOf = ({ kid, alg }: { kid?: string; alg?: string }) => {
    const key = kid === undefined ? undefined : byId.get(kid)
    if (!key || key.algorithm !== alg) throw new joseErrors.JWSInvalid('unknown key')
    return key.publicKey
  }
  return {
    sign: ({ userId, sessionId }, ttlSeconds) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ring.active.algorithm, kid: ring.active.kid, typ: tokenType })
        .setSubject(userId)
        .setIssuer(options.issuer)
        .setAudience(options.issuer)
        .setIssuedAt()
        .setExpirationTime(`${ttlSeconds}s`)
        .sign(ring.active.privateKey),
    verify: async (token) => {
      if (token.length > maxTokenLength) return null
      try {
        const { payload } = await jwtVerify(token, keyOf, {
          issuer: options.issuer,
          audience: options.issuer,
          typ: tokenType,
          algorithms: accepted,
          clockTolerance: leewaySeconds,
          requiredClaims: ['exp', 'iat', 'sub', 'sid'],
        })
        const { sub: userId, sid: sessionId, exp = Number.NaN } = payload
        if (typeof userId !== 'string' || typeof sessionId !== 'string') return null
        // RFC 7519 allows fractions and 1e99; ours are whole seconds of a date that exists.
        if (!Number.isSafeInteger(exp)) return null
        return { userId, sessionId, expiresAt: new Date(exp * 1000) }
      } catch (error) {
        if (error instanceof joseErrors.JOSEError) return null
        throw error
      }
    },
    jwks: () => ({ keys: ring.keys.map((key) => key.publicJwk) }),
  }
}

async function loadRing(
  db: Db,
  sealingKey: Buffer,
): Promise<{ active: Key; keys: readonly Key[] }> {
  const rows = await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${lockId})`)
    const found = await tx.select().from(signingKeys).orderBy(signingKeys.createdAt)
    if (found.some((row) => row.state === 'active')) return found
    await tx.insert(signingKeys).values(await newKeyRow(sealingKey))
    return tx.select().from(signingKeys).orderBy(signingKeys.createdAt)
  })
  const usable = rows.filter((row) => row.state !== 'retired')
  const keys = usable.map((row) => ({
    kid: row.kid,
    algorithm: row.algorithm,
    publicJwk: row.publicJwk as JWK,
    publicKey: createPublicKey({ key: row.publicJwk as never, format: 'jwk' }),
    privateKey: createPrivateKey({
      key: open(sealingKey, row.privateSealed, row.kid),
      format: 'der',
      type: 'pkcs8',
    }),
  }))
  const active = keys.find((_, index) => usable[index]?.state === 'active')
  if (!active) throw new Error('there is no active signing key')
  return { active, keys }
}

async function newKeyRow(sealingKey: Buffer): Promise<typeof signingKeys.$inferInsert> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return {
    kid,
    algorithm: 'EdDSA',
    publicJwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' },
    privateSealed: seal(
      sealingKey,
      privateKey.export({ format: 'der', type: 'pkcs8' }),
      place(kid),
    ),
    state: 'active',
  }
}

function open(sealingKey: Buffer, sealed: Buffer, kid: string): Buffer {
  try {
    return unseal(sealingKey, sealed, place(kid))
  } catch (error) {
    throw new Error(
      `SECRET_KEY cannot open signing key ${kid}: it is not the key this database was set up with. ` +
        'Start with the former SECRET_KEY.',
      { cause: error },
    )
  }
}

const place = (kid: string) => `platform_signing_keys/${kid}/private_sealed`
