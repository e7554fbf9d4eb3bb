/** Enrolment: turning the second factor on and off, and its backup codes. Every change ends the user's other sessions. */
import { and, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { getUser, lockUser } from '../users/index.ts'
import { countBackupCodes, makeBackupCodes, replaceBackupCodes } from './backup-codes.ts'
import { errors } from './errors.ts'
import { backupCodesRegenerated, disabled, enabled, reset, setupStarted } from './events.ts'
import { sealSecret } from './factor-secrets.ts'
import {
  type CodeAnswer,
  type GivenCode,
  type Spending,
  findEnrolment,
  findFactor,
  isCodeOf,
  readAnswer,
  refusalOf,
  spendAnswer,
} from './factors.ts'
import { type Notice, sendNotice } from './jobs.ts'
import type { Keeper, PresentSession } from './keeper.ts'
import { type Factor, factors } from './tables.ts'
import { type ShownSecret, newSecret, showSecret } from './totp.ts'
import { countTrustedDevices, endTrust } from './trusted-devices.ts'
import { forgetWrongCodes } from './wrong-codes.ts'

/** How the caller shows that it is them: by the password or, without one, by a factor shown a moment ago. */
export type Shown = { readonly password: string } | { readonly isSteppedUp: true }

export type Status = {
  readonly enabled: boolean
  readonly enabledAt: Date | null
  readonly backupCodesLeft: number
  /** A role of the caller needs a second factor. */
  readonly required: boolean
}

/** A set-up that nobody confirms is no open door for later. */
const setupMinutes = 30

export async function getStatus(ctx: ReadCtx): Promise<Status> {
  const enrolment = await findEnrolment(ctx, callerOf(ctx))
  return {
    enabled: enrolment !== null,
    enabledAt: enrolment?.confirmedAt ?? null,
    backupCodesLeft: enrolment ? await countBackupCodes(ctx, enrolment.id) : 0,
    required: ctx.actor.roles.some((role) => ctx.settings.mfaRequiredRoles.includes(role)),
  }
}

/** Somebody's second factor, as far as who helps them may know; null while it is off. */
export async function findSecondFactor(
  ctx: ReadCtx,
  userId: string,
): Promise<{ enabledAt: Date | null; backupCodesLeft: number; trustedDevices: number } | null> {
  const enrolment = await findEnrolment(ctx, userId)
  if (!enrolment) return null
  return {
    enabledAt: enrolment.confirmedAt,
    backupCodesLeft: await countBackupCodes(ctx, enrolment.id),
    trustedDevices: await countTrustedDevices(ctx, userId),
  }
}

/** How many backup codes are left; the codes themselves were shown once. */
export async function getBackupCodesLeft(ctx: ReadCtx): Promise<number> {
  return countBackupCodes(ctx, (await getEnrolment(ctx, callerOf(ctx))).id)
}

/** `beginSetUp`, for who shows who they are. */
export async function setUp(ctx: Ctx, keeper: Keeper, shown: Shown): Promise<ShownSecret> {
  requireSession(ctx)
  await requireShown(ctx, keeper, shown)
  return beginSetUp(ctx)
}

/**
 * A new secret that waits to be confirmed, for who has just shown a factor. It replaces one that waits already; the
 * answer is the only time it is shown.
 */
export async function beginSetUp(ctx: Ctx): Promise<ShownSecret> {
  requireSession(ctx)
  const user = await getUser(ctx, callerOf(ctx))
  const secret = newSecret()
  await ctx.tx((tx) => startSetup(tx, user.id, secret))
  return showSecret(secret, user.email)
}

/**
 * Confirms the waiting secret with a code of it: from now on sign-in asks for one. Returns the backup codes, this once.
 * The session goes on under a new id: where a role needs a second factor, it may do more from now on.
 */
export async function enable(
  ctx: Ctx,
  keeper: Keeper,
  code: string,
): Promise<{ backupCodes: readonly string[]; present: PresentSession }> {
  requireSession(ctx)
  const userId = callerOf(ctx)
  const waiting = requireWaiting(await findFactor(ctx, userId))
  const answer: CodeAnswer = { method: 'totp', code: code.replaceAll(/\s/g, '') }
  // A wrong code does not cost ten slow hashes; it is refused below, where it is counted.
  const isRight = isCodeOf(ctx, waiting, answer.code)
  const prepared = isRight
    ? { codes: await makeBackupCodes(ctx), renew: await keeper.prepareRenewal(ctx) }
    : null
  const result = await ctx.tx(async (tx) => {
    await lockUser(tx, userId)
    const factor = requireWaiting(await findFactor(tx, userId))
    const spending = await spendAnswer(tx, factor, answer, 'enable')
    if (spending.outcome !== 'right') return { spending }
    // Nothing was prepared for a code that was wrong a moment ago: the set-up has been replaced meanwhile.
    if (!prepared) throw errors.setup_required()
    const { codes, renew } = prepared
    await confirmSetup(tx, factor)
    await replaceBackupCodes(tx, factor.id, codes.hashes)
    await tx.record(enabled, userId, {})
    await announce(tx, keeper, userId, 'enabled')
    return { backupCodes: codes.shown, present: await renew(tx) }
  })
  if ('spending' in result) throw refusalOf(result.spending, userId, 'enable')
  return result
}

/**
 * Turns the second factor off: with the password or, without one, a factor shown a moment ago, and with a code. A set-up
 * that waits ends without the code.
 */
export async function disable(
  ctx: Ctx,
  keeper: Keeper,
  shown: Shown,
  given: GivenCode,
): Promise<void> {
  requireSession(ctx)
  const userId = callerOf(ctx)
  const known = await findFactor(ctx, userId)
  if (!known) throw errors.not_enabled()
  await requireShown(ctx, keeper, shown)
  const answer = await readAnswer(ctx, known, given)
  if (known.confirmedAt !== null && !answer) throw errors.proof_required()
  const spending = await ctx.tx(async (tx): Promise<Spending | null> => {
    await lockUser(tx, userId)
    const factor = await findFactor(tx, userId)
    if (factor?.id !== known.id) throw errors.not_enabled()
    const wasConfirmed = factor.confirmedAt !== null
    if (wasConfirmed && !answer) throw errors.proof_required()
    const spent = wasConfirmed && answer ? await spendAnswer(tx, factor, answer, 'disable') : null
    if (spent && spent.outcome !== 'right') return spent
    await tx.db.delete(factors).where(eq(factors.id, factor.id))
    await tx.record(disabled, userId, { wasConfirmed })
    if (wasConfirmed) await announce(tx, keeper, userId, 'disabled')
    return spent
  })
  if (spending && spending.outcome !== 'right') throw refusalOf(spending, userId, 'disable')
}

/** Turns the second factor off for who has just shown a code of it. Throws `twofa.not_enabled` (409). */
export async function turnOff(tx: TxCtx, keeper: Keeper): Promise<void> {
  requireSession(tx)
  const userId = callerOf(tx)
  await lockUser(tx, userId)
  if (!(await removeFactor(tx, userId))) throw errors.not_enabled()
  await tx.record(disabled, userId, { wasConfirmed: true })
  await announce(tx, keeper, userId, 'disabled')
}

/**
 * Takes away the second factor of somebody who has lost it, with its backup codes and trusted devices. False when
 * there was none. The user's row must be locked; to end their sessions and to tell them is the caller's.
 */
export async function resetFactor(tx: TxCtx, userId: string): Promise<boolean> {
  const wasOn = await removeFactor(tx, userId)
  await tx.db.delete(factors).where(eq(factors.userId, userId))
  await forgetWrongCodes(tx, userId)
  if (!wasOn) return false
  await tx.record(reset, userId, {})
  await tx.invalidate(`user:${userId}`)
  return true
}

/**
 * New backup codes, with a code. The old ones die, and so does every device's trust. The password alone makes none: a new
 * code and the password turn the second factor off, so whoever knew it would need nothing else.
 */
export async function regenerate(
  ctx: Ctx,
  keeper: Keeper,
  { password, ...given }: GivenCode & { password?: string | undefined },
): Promise<readonly string[]> {
  requireSession(ctx)
  const userId = callerOf(ctx)
  const known = await getEnrolment(ctx, userId)
  if (password !== undefined) await keeper.requirePassword(ctx, password)
  const answer = await readAnswer(ctx, known, given)
  if (!answer) throw errors.proof_required()
  const isHopeless = !isLikely(ctx, known, answer)
  const codes = isHopeless ? { shown: [], hashes: [] } : await makeBackupCodes(ctx)
  const spending = await ctx.tx(async (tx): Promise<Spending> => {
    await lockUser(tx, userId)
    const factor = await getEnrolment(tx, userId)
    if (factor.id !== known.id) throw errors.not_enabled()
    const spent = await spendAnswer(tx, factor, answer, 'regenerate')
    if (spent.outcome !== 'right') return spent
    await replaceBackupCodes(tx, factor.id, codes.hashes)
    await endTrust(tx, userId)
    await tx.record(backupCodesRegenerated, userId, { count: codes.hashes.length })
    await announce(tx, keeper, userId, 'backup_codes_regenerated')
    return spent
  })
  if (spending.outcome !== 'right') throw refusalOf(spending, userId, 'regenerate')
  return codes.shown
}

async function requireShown(ctx: Ctx, keeper: Keeper, shown: Shown): Promise<void> {
  if ('password' in shown) return keeper.requirePassword(ctx, shown.password)
  if (await keeper.hasPassword(ctx, callerOf(ctx))) throw errors.proof_required()
}

async function getEnrolment(ctx: ReadCtx, userId: string): Promise<Factor> {
  const enrolment = await findEnrolment(ctx, userId)
  if (!enrolment) throw errors.not_enabled()
  return enrolment
}

async function removeFactor(tx: TxCtx, userId: string): Promise<boolean> {
  const removed = await tx.db
    .delete(factors)
    .where(and(eq(factors.userId, userId), isNotNull(factors.confirmedAt)))
    .returning({ id: factors.id })
  return removed.length > 0
}

async function startSetup(tx: TxCtx, userId: string, secret: Buffer): Promise<void> {
  await lockUser(tx, userId)
  if (await findEnrolment(tx, userId)) throw errors.already_enabled()
  await tx.db.delete(factors).where(and(eq(factors.userId, userId), isNull(factors.confirmedAt)))
  // A new id each time: an envelope is bound to its row, and an old one must not fit the new row.
  const id = uuidv7()
  await tx.db.insert(factors).values({ id, userId, secret: sealSecret(tx, id, secret) })
  await tx.record(setupStarted, userId, {})
}

async function confirmSetup(tx: TxCtx, factor: Factor): Promise<void> {
  const confirmed = await tx.db
    .update(factors)
    .set({ confirmedAt: tx.now })
    .where(
      and(
        eq(factors.id, factor.id),
        isNull(factors.confirmedAt),
        gt(factors.createdAt, sql`now() - make_interval(mins => ${setupMinutes})`),
      ),
    )
    .returning({ id: factors.id })
  if (confirmed.length === 0) throw errors.setup_required()
}

/** What follows every change: other sessions end, caches forget, the user is told. */
async function announce(tx: TxCtx, keeper: Keeper, userId: string, notice: Notice): Promise<void> {
  await keeper.endOtherSessions(tx, userId, tx.actor.sessionId)
  await tx.invalidate(`user:${userId}`)
  await tx.enqueue(sendNotice, { userId, notice, at: tx.now.toISOString(), left: null })
}

function requireWaiting(factor: Factor | null): Factor {
  if (!factor) throw errors.setup_required()
  if (factor.confirmedAt !== null) throw errors.already_enabled()
  return factor
}

/** False when the transaction will refuse it anyway: then nothing is hashed for it. */
const isLikely = (ctx: ReadCtx, factor: Factor, answer: CodeAnswer): boolean =>
  answer.method === 'totp' ? isCodeOf(ctx, factor, answer.code) : answer.id !== null

/** A key that could turn the factor off would be a way around it. */
function requireSession(ctx: ReadCtx): void {
  if (ctx.actor.sessionId === null) throw errors.session_required()
}

const callerOf = (ctx: ReadCtx) => ctx.actor.id ?? ''
