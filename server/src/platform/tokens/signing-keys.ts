/** Signing keys over time: published, signing, only verifying, retired. */
import { asc, eq, isNull, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../context.ts'
import { one } from '../db/one.ts'
import { refused } from '../events/index.ts'
import { signingKeys } from '../tables.ts'
import { tokenErrors as errors } from './errors.ts'
import { keyRetired, keyRotated, retirementRefused, rotationRefused } from './events.ts'
import type { DraftKey } from './ring.ts'
import type { KeyWish } from './signer.ts'

/** Under which every process hears that the ring has changed. */
export const signingKeysTopic = 'signing_keys'
/** How long others may keep the list of public keys. */
export const jwksMaxAgeSeconds = 300
/** A new key is published this long before it signs: everybody's copy of the list has been renewed by then. */
const publishedSeconds = jwksMaxAgeSeconds + 60
/** The same in a hurry: every process of ours has heard of it by then. */
const heardSeconds = 3
/** Retired by the clock only this long after the last token: there is no hurry. */
const retiredAfterMs = 86_400_000
/** Any fixed number: two processes starting at once must not make two first keys. */
const lockId = 4_707_255

export type SigningKeyState = 'pending' | 'signing' | 'verifying' | 'retired'

export type SigningKey = {
  readonly kid: string
  readonly algorithm: string
  readonly state: SigningKeyState
  readonly kmsKeyArn: string | null
  readonly createdAt: Date
  readonly signsFrom: Date
  readonly tokensUntil: Date | null
  readonly retiredAt: Date | null
}

type Row = Omit<SigningKey, 'state'>

/** Every key there ever was, oldest first. */
export async function listSigningKeys(
  ctx: ReadCtx,
  signingKid: string | null,
): Promise<readonly SigningKey[]> {
  const rows = await ctx.db.select(shown).from(signingKeys).orderBy(asc(signingKeys.createdAt))
  return rows.map((row) => ({ ...row, state: stateOf(row, signingKid) }))
}

/**
 * Publishes a new key, which signs once everybody can know it; `isAtOnce`: as soon as our own processes do. Throws
 * `tokens.key_pending` (409) while an earlier one still waits for its time.
 */
export async function rotateSigningKey(
  ctx: Ctx,
  { isAtOnce, isDryRun, ...wish }: KeyWish & { isAtOnce: boolean; isDryRun: boolean },
): Promise<SigningKey> {
  const draft = await ctx.ports.tokens.draft(wish)
  const afterSeconds = isAtOnce ? heardSeconds : publishedSeconds
  const published = await ctx.tx(async (tx) => {
    const live = await lockLiveKeys(tx)
    if (live.some((row) => row.signsFrom > row.now))
      throw errors
        .key_pending()
        .recording(refused(rotationRefused, null, { reason: 'key_pending' }))
    return isDryRun ? preview(tx, draft, afterSeconds) : publish(tx, draft, afterSeconds)
  })
  await ctx.ports.tokens.reload()
  return { ...published, state: stateOf(published, ctx.ports.tokens.signingKid()) }
}

/** At the start of a process: makes the key its settings ask for, when there is none. It signs at once when nothing else can. */
export async function ensureSigningKey(ctx: Ctx): Promise<void> {
  const draft = await ctx.ports.tokens.draftMissing()
  if (!draft) return
  // A shared secret is published nowhere, so there is nobody to wait for.
  const isAtOnce = ctx.ports.tokens.signingKid() === null || draft.algorithm === 'HS256'
  await ctx.tx(async (tx) => {
    const live = await lockLiveKeys(tx)
    const isThere = live.some(
      (row) => row.algorithm === draft.algorithm && row.kmsKeyArn === draft.kmsKeyArn,
    )
    if (!isThere) await publish(tx, draft, isAtOnce ? 0 : publishedSeconds)
  })
  await ctx.ports.tokens.reload()
}

/**
 * From now on nothing signed with this key is believed. Throws `tokens.key_signing` (409), and `tokens.key_in_use` (409)
 * while such tokens may be alive, unless forced.
 */
export async function retireSigningKey(
  ctx: Ctx,
  kid: string,
  { isForced, isDryRun }: { isForced: boolean; isDryRun: boolean },
): Promise<void> {
  const signingKid = ctx.ports.tokens.signingKid()
  await ctx.tx(async (tx) => {
    await lockRing(tx)
    const [row] = await tx.db
      .select({
        ...shown,
        isInUse: sql<boolean>`coalesce(tokens_until > clock_timestamp(), false)`,
      })
      .from(signingKeys)
      .where(eq(signingKeys.kid, kid))
    if (!row) throw errors.key_not_found()
    if (row.retiredAt) throw errors.key_retired()
    const no = (reason: string) => refused(retirementRefused, kid, { reason })
    if (kid === signingKid) throw errors.key_signing().recording(no('key_signing'))
    if (row.isInUse && !isForced) throw errors.key_in_use().recording(no('key_in_use'))
    if (isDryRun) return
    await tx.db
      .update(signingKeys)
      .set({ retiredAt: sql`clock_timestamp()` })
      .where(eq(signingKeys.kid, kid))
    await tx.record(keyRetired, kid, {
      algorithm: row.algorithm,
      isForced,
      tokensUntil: row.tokensUntil?.toISOString() ?? null,
    })
    await tx.invalidate(signingKeysTopic)
  })
  await ctx.ports.tokens.reload()
}

/**
 * What `TOKEN_KEY_ROTATION` asks for, when asked every hour: a new key once the one that signs is old enough, and the end of
 * keys that nothing depends on any more.
 */
export async function rotateByAge(ctx: Ctx): Promise<void> {
  const { tokenKeyRotation: ageSeconds } = ctx.settings
  if (ageSeconds === undefined) return
  const keys = await listSigningKeys(ctx, ctx.ports.tokens.signingKid())
  const isWaiting = keys.some(({ state }) => state === 'pending')
  const signing = keys.find(({ state }) => state === 'signing')
  const isOld = signing && ctx.now.getTime() - signing.signsFrom.getTime() >= ageSeconds * 1000
  if (isOld && !isWaiting) await rotateSigningKey(ctx, { isAtOnce: false, isDryRun: false })

  for (const { kid, state, tokensUntil } of keys) {
    const isDone =
      tokensUntil !== null && ctx.now.getTime() - tokensUntil.getTime() > retiredAfterMs
    if (state === 'verifying' && isDone)
      await retireSigningKey(ctx, kid, { isForced: false, isDryRun: false })
  }
}

async function publish(tx: TxCtx, draft: DraftKey, afterSeconds: number): Promise<Row> {
  await refuseKnown(tx, draft.kid)
  const signsFrom = sql`clock_timestamp() + make_interval(secs => ${afterSeconds})`
  const published = one(
    await tx.db
      .insert(signingKeys)
      .values({ ...draft, signsFrom })
      .returning(shown),
  )
  // The first key of all replaces none: there is nothing to tell.
  const isFirst = (await tx.db.$count(signingKeys)) === 1
  if (!isFirst)
    await tx.record(keyRotated, draft.kid, {
      algorithm: draft.algorithm,
      kmsKeyArn: published.kmsKeyArn,
      signsFrom: published.signsFrom.toISOString(),
    })
  await tx.invalidate(signingKeysTopic)
  return published
}

/** What `publish` would make, without making it. */
async function preview(tx: TxCtx, draft: DraftKey, afterSeconds: number): Promise<Row> {
  await refuseKnown(tx, draft.kid)
  const { kid, algorithm, kmsKeyArn } = draft
  const signsFrom = new Date(tx.now.getTime() + afterSeconds * 1000)
  return {
    kid,
    algorithm,
    kmsKeyArn,
    createdAt: tx.now,
    signsFrom,
    tokensUntil: null,
    retiredAt: null,
  }
}

/** A key of KMS can be met again; one of our own cannot. */
async function refuseKnown(tx: TxCtx, kid: string): Promise<void> {
  const [known] = await tx.db
    .select({ retiredAt: signingKeys.retiredAt })
    .from(signingKeys)
    .where(eq(signingKeys.kid, kid))
  if (known) throw known.retiredAt ? errors.key_retired() : errors.key_known()
}

async function lockLiveKeys(tx: TxCtx) {
  await lockRing(tx)
  return tx.db
    .select({ ...shown, now: sql<Date>`clock_timestamp()`.mapWith(signingKeys.signsFrom) })
    .from(signingKeys)
    .where(isNull(signingKeys.retiredAt))
}

export const lockRing = (tx: TxCtx) => tx.db.execute(sql`select pg_advisory_xact_lock(${lockId})`)

const shown = {
  kid: signingKeys.kid,
  algorithm: signingKeys.algorithm,
  kmsKeyArn: signingKeys.kmsKeyArn,
  createdAt: signingKeys.createdAt,
  signsFrom: signingKeys.signsFrom,
  tokensUntil: signingKeys.tokensUntil,
  retiredAt: signingKeys.retiredAt,
}

function stateOf(row: Row, signingKid: string | null): SigningKeyState {
  if (row.retiredAt) return 'retired'
  if (row.kid === signingKid) return 'signing'
  return row.signsFrom.getTime() > Date.now() ? 'pending' : 'verifying'
}
