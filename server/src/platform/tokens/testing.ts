/** Keys and tokens for tests: the server's own private key, and tokens made by hand that no library would make. */
import { type KeyObject, createHmac, sign } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { startServer } from '../../app/testing.ts'
import { deriveKey, unseal } from '../secrets.ts'
import { signingKeys } from '../tables.ts'
import { readPrivateKey } from './algorithms.ts'

type Server = Awaited<ReturnType<typeof startServer>>

export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
export const now = () => Math.floor(Date.now() / 1000)

/** The private key that signs now, as whoever holds SECRET_KEY and the database could open it. */
export async function openSigningKey(server: Server): Promise<{ kid: string; key: KeyObject }> {
  const kid = server.process.context.ports.tokens.signingKid() ?? ''
  const [row] = await server.db.select().from(signingKeys).where(eq(signingKeys.kid, kid))
  if (!row?.privateSealed) throw new Error('there is no signing key of our own')
  const place = `platform_signing_keys/${kid}/private_sealed`
  const bytes = unseal(
    deriveKey(server.settings.secretKey, 'signing-keys'),
    row.privateSealed,
    place,
  )
  return { kid, key: readPrivateKey(row.algorithm, bytes) }
}

/** Signs whatever header and claims are given; fields that are undefined are absent. */
export function signByHand(key: KeyObject, header: object, claims: object): string {
  const text = `${encode(header)}.${encode(claims)}`
  const digest = key.asymmetricKeyType === 'rsa' ? 'sha256' : null
  return `${text}.${sign(digest, Buffer.from(text), key).toString('base64url')}`
}

/** A token under a shared secret, as one forges it who has nothing but a public key. */
export function hmacByHand(
  secret: string | Buffer,
  bits: '256' | '384' | '512',
  header: object,
  claims: object,
): string {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${createHmac(`sha${bits}`, secret).update(text).digest('base64url')}`
}
