/** Signs and verifies access tokens with the ring of this process, which follows the table. */
import { verify } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { JWK } from 'jose'
import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { deriveKey } from '../secrets.ts'
import { signingKeys } from '../tables.ts'
import { describePublicKey, makeLocalKey, sha256, signLocally } from './algorithms.ts'
import type { Algorithm } from './algorithms.ts'
import { type DocumentReader, documentReader } from './documents.ts'
import { tokenErrors } from './errors.ts'
import { type Kms, KmsUnusable } from './kms.ts'
import {
  type DraftKey,
  type Key,
  type KeySource,
  draftOfKmsKey,
  draftOfLocalKey,
  findSigningKey,
  isOf,
  loadKeys,
  loadVerifiers,
} from './ring.ts'
import { type AccessClaims, leewaySeconds, tokenType, verifyAccessToken } from './verification.ts'

export type TokenSigner = {
  /** A signed access token for a session. Throws `tokens.unavailable` (503) while the key cannot be reached. */
  sign(claims: { userId: string; sessionId: string }, ttlSeconds: number): Promise<string>
  /** The claims of a token that is ours, current and an access token; null for anything else. */
  verify(token: string): Promise<AccessClaims | null>
  /** The public keys, as served at `/.well-known/jwks.json` (RFC 7517): also those that do not sign yet. */
  jwks(): { readonly keys: readonly JWK[] }
  /** The id of the key that signs now; null while there is none. */
  signingKid(): string | null
  /** A new key of our own, or one that exists in KMS; not stored yet. */
  draft(wish: KeyWish): Promise<DraftKey>
  /** The key that the settings ask for and the ring lacks; null when it has one. Settles as well. */
  draftMissing(): Promise<DraftKey | null>
  /** Asks KMS, where it is configured, which key the settings name. Throws `KmsUnusable` when they name none that signs. */
  settle(): Promise<void>
  /**
   * A document that lasts: no token, and useless as one (JWS, RFC 7515). Throws `tokens.unavailable` (503) while the key
   * cannot be reached.
   */
  signDocument(type: string, content: object): Promise<string>
  /** What tells documents of ours from others, by all keys there ever were. */
  openDocuments(): Promise<DocumentReader>
  /** Reads the table anew. */
  reload(): Promise<void>
}

export type KeyWish = { readonly algorithm?: Algorithm; readonly kmsKeyId?: string }

export type SignerOptions = {
  readonly db: Db
  readonly secretKey: string
  readonly issuer: string
  readonly algorithm: Algorithm
  /** Null: keys of our own. */
  readonly kms: { readonly client: Kms; readonly keyId: string } | null
  /** Told when KMS is away and the process goes on with what it knows. */
  readonly onProblem: (message: string, error: unknown) => void
}

/** How far ahead the last expiry is noted: so seldom is the key's row written. */
const noteAheadSeconds = 60
const retryAfterSeconds = 5

/** Loads the ring. Throws when SECRET_KEY cannot open the stored keys. */
export async function openTokenSigner(options: SignerOptions): Promise<TokenSigner> {
  const { db, issuer, algorithm, kms } = options
  const sealingKey = deriveKey(options.secretKey, 'signing-keys')
  const load = () => loadKeys(db, sealingKey, { isSecretAllowed: algorithm === 'HS256' })
  let keys: readonly Key[] = []
  let byId: ReadonlyMap<string, Key> = new Map()
  let loading: Promise<void> = Promise.resolve()
  let kmsArn: string | null = null
  const notedUntil = new Map<string, number>()

  // One after the other: an older reading never replaces a newer one.
  async function readAfter(earlier: Promise<void>): Promise<void> {
    await earlier.catch(() => {})
    keys = await load()
    byId = new Map(keys.map((key) => [key.kid, key]))
  }
  const reload = () => {
    loading = readAfter(loading)
    return loading
  }
  const source = (): KeySource =>
    kms
      ? { in: 'kms', arn: kmsArn ?? keys.find((key) => key.kmsKeyArn !== null)?.kmsKeyArn ?? '' }
      : { in: 'ring', algorithm }
  const signingKey = () => findSigningKey(keys, source())

  /** Before a token leaves: retirement asks until when tokens of a key may live. */
  async function noteExpiry(kid: string, expiresAt: number): Promise<void> {
    const until = expiresAt + leewaySeconds
    if ((notedUntil.get(kid) ?? 0) >= until) return
    const ahead = until + noteAheadSeconds
    const { tokensUntil } = signingKeys
    await db
      .update(signingKeys)
      .set({ tokensUntil: sql`greatest(${tokensUntil}, to_timestamp(${ahead}::float8))` })
      .where(eq(signingKeys.kid, kid))
    notedUntil.set(kid, ahead)
  }

  async function signatureOf(key: Key, text: string): Promise<Buffer> {
    if (key.signingKey) return signLocally(key.algorithm, key.signingKey, text)
    if (!kms || key.kmsKeyArn === null) throw tokenErrors.unavailable({ retryAfterSeconds })
    const signature = await kms.client.sign(key.kmsKeyArn, sha256(text))
    // What nobody could verify is not handed out.
    if (!verify('sha256', Buffer.from(text), key.verifyingKey, signature))
      throw tokenErrors.unavailable(
        { retryAfterSeconds },
        { cause: new Error('KMS answered with a signature that the public key does not verify') },
      )
    return signature
  }

  async function signedBy(key: Key, header: object, content: object): Promise<string> {
    const text = `${encode(header)}.${encode(content)}`
    return `${text}.${(await signatureOf(key, text)).toString('base64url')}`
  }

  async function draftOfKms(keyId: string): Promise<DraftKey> {
    if (!kms) throw tokenErrors.kms_not_configured()
    const { arn, publicKey } = await kms.client.find(keyId)
    return draftOfKmsKey(await describePublicKey('RS256', publicKey), arn)
  }

  /** The key of KMS that the settings name; null when KMS is away and a key of it is known. */
  async function settleKms(keyId: string): Promise<DraftKey | null> {
    try {
      const draft = await draftOfKms(keyId)
      kmsArn = draft.kmsKeyArn
      return draft
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (keys.every((key) => key.kmsKeyArn === null))
        throw new KmsUnusable(
          `KMS does not answer (${causeOf(error)}), and no key of it is known here yet`,
          { cause: error },
        )
      options.onProblem('KMS does not answer; its last known key is used', error)
      return null
    }
  }

  await reload()
  return {
    sign: async ({ userId, sessionId }, ttlSeconds) => {
      const key = signingKey()
      if (!key) throw tokenErrors.unavailable({ retryAfterSeconds })
      const now = Math.floor(Date.now() / 1000)
      const header = { alg: key.algorithm, kid: key.kid, typ: tokenType }
      const claims = {
        iss: issuer,
        aud: issuer,
        sub: userId,
        sid: sessionId,
        iat: now,
        exp: now + ttlSeconds,
      }
      const token = await signedBy(key, header, claims)
      await noteExpiry(key.kid, claims.exp)
      return token
    },
    signDocument: async (type, content) => {
      const key = signingKey()
      if (!key) throw tokenErrors.unavailable({ retryAfterSeconds })
      return signedBy(key, { alg: key.algorithm, kid: key.kid, typ: type }, content)
    },
    openDocuments: async () => documentReader(await loadVerifiers(db, sealingKey)),
    verify: (token) => verifyAccessToken(token, { find: (kid) => byId.get(kid), issuer }),
    jwks: () => ({ keys: keys.flatMap(({ publicJwk }) => (publicJwk ? [publicJwk] : [])) }),
    signingKid: () => signingKey()?.kid ?? null,
    draft: async (wish) => {
      if (wish.kmsKeyId !== undefined) return draftOfKms(wish.kmsKeyId)
      if (kms && wish.algorithm === undefined) return draftOfKms(kms.keyId)
      const made = wish.algorithm ?? algorithm
      return draftOfLocalKey(made, await makeLocalKey(made), sealingKey)
    },
    draftMissing: async () => {
      if (kms) {
        const draft = await settleKms(kms.keyId)
        return draft && byId.has(draft.kid) ? null : draft
      }
      if (keys.some((key) => isOf({ in: 'ring', algorithm }, key))) return null
      return draftOfLocalKey(algorithm, await makeLocalKey(algorithm), sealingKey)
    },
    settle: async () => {
      if (kms) await settleKms(kms.keyId)
    },
    reload,
  }
}

const causeOf = ({ cause }: AppError) =>
  cause instanceof Error ? cause.message : 'no reason given'
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
