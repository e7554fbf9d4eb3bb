/** The ring of signing keys as one process holds it: read from the table, opened, and which of them signs. */
import { type KeyObject, createPublicKey } from 'node:crypto'
import { isNull } from 'drizzle-orm'
import type { JWK } from 'jose'
import type { Db } from '../db/index.ts'
import { seal, unseal } from '../secrets.ts'
import { signingKeys } from '../tables.ts'
import {
  type Algorithm,
  type KeyMaterial,
  type LocalKeyMaterial,
  readPrivateKey,
  readPublicKey,
} from './algorithms.ts'

export type Key = {
  readonly kid: string
  readonly algorithm: Algorithm
  readonly kmsKeyArn: string | null
  readonly signsFrom: Date
  readonly createdAt: Date
  readonly publicJwk: JWK | null
  readonly verifyingKey: KeyObject
  /** Null when the private part is in KMS. */
  readonly signingKey: KeyObject | null
}

export type Verifier = Pick<Key, 'kid' | 'algorithm'> & {
  readonly key: KeyObject
  readonly retiredAt: Date | null
}

/** Which keys a process signs with: its own of an algorithm, or one of KMS. */
export type KeySource =
  | { readonly in: 'ring'; readonly algorithm: Algorithm }
  | { readonly in: 'kms'; readonly arn: string }

/** A key that is made and not stored yet. */
export type DraftKey = Pick<Key, 'kid' | 'algorithm' | 'publicJwk' | 'kmsKeyArn'> & {
  readonly privateSealed: Buffer | null
}

/** The settings hold another SECRET_KEY than the one that the stored keys were sealed with. */
export class WrongSecretKey extends Error {
  override readonly name = 'WrongSecretKey'
}

/** Every key that is not retired. A shared secret is only believed where the settings ask for it. */
export async function loadKeys(
  db: Db,
  sealingKey: Buffer,
  { isSecretAllowed }: { isSecretAllowed: boolean },
): Promise<readonly Key[]> {
  const rows = await db.select().from(signingKeys).where(isNull(signingKeys.retiredAt))
  return rows
    .filter(({ algorithm }) => isSecretAllowed || algorithm !== 'HS256')
    .map((row) => openKey(row, sealingKey))
    .toSorted((left, right) => right.signsFrom.getTime() - left.signsFrom.getTime())
}

/**
 * What verifies documents: every key there ever was, retired ones with the time from which on they say nothing more. The
 * public part of a key of our own is taken from its sealed private part: whoever can write the table, but has no
 * SECRET_KEY, cannot slip in one of theirs.
 */
export async function loadVerifiers(db: Db, sealingKey: Buffer): Promise<readonly Verifier[]> {
  const rows = await db.select().from(signingKeys)
  return rows.flatMap((row) => {
    try {
      const { kid, algorithm, signingKey, verifyingKey } = openKey(row, sealingKey)
      const isOfOurs = signingKey?.type === 'private'
      const key = isOfOurs ? createPublicKey(signingKey) : verifyingKey
      return [{ kid, algorithm, key, retiredAt: row.retiredAt }]
    } catch {
      // A row that does not open proves nothing, and what it has signed is not believed.
      return []
    }
  })
}

/**
 * The key that signs now: the newest of the source whose time has come. Before the first one's time has come, whatever
 * signed until now goes on.
 */
export function findSigningKey(
  keys: readonly Key[],
  source: KeySource,
  now = Date.now(),
): Key | null {
  const due = keys.filter(({ signsFrom }) => signsFrom.getTime() <= now)
  return (
    due.find((key) => isOf(source, key)) ??
    due.find((key) => isFallback(source, key)) ??
    // Nothing else can sign: better a key that others do not know yet than none.
    keys.find((key) => isOf(source, key)) ??
    null
  )
}

export function isOf(source: KeySource, key: Pick<Key, 'algorithm' | 'kmsKeyArn'>): boolean {
  return source.in === 'kms'
    ? key.kmsKeyArn === source.arn
    : key.kmsKeyArn === null && key.algorithm === source.algorithm
}

/** A process without access to KMS cannot sign with its keys; nothing falls back to a shared secret. */
function isFallback(source: KeySource, { algorithm, kmsKeyArn }: Key): boolean {
  return algorithm !== 'HS256' && (kmsKeyArn === null || source.in === 'kms')
}

export function draftOfLocalKey(
  algorithm: Algorithm,
  { kid, publicJwk, privateBytes }: LocalKeyMaterial,
  sealingKey: Buffer,
): DraftKey {
  const privateSealed = seal(sealingKey, privateBytes, placeOf(kid))
  return { kid, algorithm, publicJwk, privateSealed, kmsKeyArn: null }
}

export function draftOfKmsKey({ kid, publicJwk }: KeyMaterial, kmsKeyArn: string): DraftKey {
  return { kid, algorithm: 'RS256', publicJwk, privateSealed: null, kmsKeyArn }
}

function openKey(row: typeof signingKeys.$inferSelect, sealingKey: Buffer): Key {
  const { kid, algorithm, kmsKeyArn, signsFrom, createdAt } = row
  const publicJwk = row.publicJwk as JWK | null
  const signingKey =
    row.privateSealed === null
      ? null
      : readPrivateKey(algorithm, open(sealingKey, row.privateSealed, kid))
  const verifyingKey = publicJwk === null ? signingKey : readPublicKey(publicJwk)
  if (!verifyingKey) throw new Error(`signing key ${kid} has neither a public part nor a secret`)
  return { kid, algorithm, kmsKeyArn, signsFrom, createdAt, publicJwk, verifyingKey, signingKey }
}

/** The sealed part of a key for another sealing key; null for one that the former does not open. */
export function sealAgain(
  { kid, privateSealed }: Pick<typeof signingKeys.$inferSelect, 'kid' | 'privateSealed'>,
  former: Buffer,
  next: Buffer,
): Buffer | null {
  if (privateSealed === null) return null
  try {
    return seal(next, open(former, privateSealed, kid), placeOf(kid))
  } catch {
    return null
  }
}

function open(sealingKey: Buffer, sealed: Buffer, kid: string): Buffer {
  try {
    return unseal(sealingKey, sealed, placeOf(kid))
  } catch (error) {
    throw new WrongSecretKey(
      `SECRET_KEY cannot open signing key ${kid}: it is not the key this database was set up with. ` +
        'Start with the former SECRET_KEY, or run "ashlar keys reseal" with it.',
      { cause: error },
    )
  }
}

const placeOf = (kid: string) => `platform_signing_keys/${kid}/private_sealed`
