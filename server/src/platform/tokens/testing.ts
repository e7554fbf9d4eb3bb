/** Keys and tokens for tests: the server's own private key, tokens that no library would make, and time that passes. */
import { type KeyObject, createHmac, sign } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { decodeProtectedHeader } from 'jose'
import { type Reply, eventually, type startServer } from '../../app/testing.ts'
import { deriveKey, unseal } from '../secrets.ts'
import { invalidations, signingKeys } from '../tables.ts'
import { readPrivateKey } from './algorithms.ts'
import { type SigningKey, listSigningKeys } from './index.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

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

/** Asks for something with a bearer token. */
export const useAt = (at: Server, token: string): Promise<Reply> =>
  at.anonymous.get('/api/v1/users/me', { authorization: `Bearer ${token}` })

export const refreshAt = (at: Server, refreshToken: string): Promise<Reply> =>
  at.anonymous.post('/api/v1/auth/refresh', { refreshToken })

export const kidOf = (token: string) => decodeProtectedHeader(token).kid
export const tokensOf = (at: Server) => at.process.context.ports.tokens

/** The ids of the published keys. */
export const kidsAt = async (at: Server): Promise<string[]> =>
  (await at.anonymous.get('/.well-known/jwks.json')).body.keys.map(
    ({ kid }: { kid: string }) => kid,
  )

export const listAt = (at: Server): Promise<readonly SigningKey[]> =>
  listSigningKeys(at.ctx(), tokensOf(at).signingKid())

/** Lets time pass for a key: its time to sign comes, on every one of these processes. */
export async function letSign(kid: string, ...servers: Server[]): Promise<void> {
  await changeKey(servers[0], kid, { signsFrom: sql`now()` })
  for (const at of servers) await eventually(async () => tokensOf(at).signingKid() === kid)
}

/** Changes a key behind everybody's back, and tells them. */
export async function changeKey(
  at: Server | undefined,
  kid: string,
  change: Parameters<ReturnType<Server['db']['update']>['set']>[0],
): Promise<void> {
  await at?.db.update(signingKeys).set(change).where(eq(signingKeys.kid, kid))
  await at?.db.insert(invalidations).values({ topic: 'signing_keys' })
}

export const keyFacts = async (at: Server) =>
  (await at.facts()).filter(({ name }) => name.startsWith('tokens.'))
