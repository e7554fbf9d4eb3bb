/** Factors: the authenticator of a user, its encrypted secret, and the proof that somebody has it. */
import { and, eq, isNotNull, lt } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { statement } from '../../platform/db/prepared.ts'
import { AppError, type ErrorType } from '../../platform/errors.ts'
import { refused } from '../../platform/events/index.ts'
import { countBackupCodes, findBackupCode, spendBackupCode } from './backup-codes.ts'
import { errors } from './errors.ts'
import { type Door, type Method, backupCodeUsed, codeRefused } from './events.ts'
import { openSecret } from './factor-secrets.ts'
import { sendNotice } from './jobs.ts'
import { type Factor, factors } from './tables.ts'
import { findStep } from './totp.ts'
import { countWrongCode, findBlockSeconds, forgetWrongCodes } from './wrong-codes.ts'

/** What somebody sends as proof: a code of the authenticator, or a backup code. */
export type GivenCode = {
  readonly code?: string | undefined
  readonly backupCode?: string | undefined
}

/** A given code as far as it can be looked at outside of a transaction, where slow hashes belong. */
export type CodeAnswer =
  | { readonly method: 'totp'; readonly code: string }
  | { readonly method: 'backup_code'; readonly id: string | null }

/**
 * What a sign-in that waits can be answered with: a code, or a passkey. Those auth keeps: it spends the answer, or says
 * how it is refused.
 */
export type Answer =
  | CodeAnswer
  | { readonly method: 'passkey'; readonly spend: (tx: TxCtx) => Promise<AppError | null> }

export type Spending =
  | { readonly outcome: 'right'; readonly method: Method }
  | { readonly outcome: 'wrong'; readonly method: Method; readonly error: AppError | null }
  | { readonly outcome: 'blocked'; readonly method: Method; readonly seconds: number }

export async function findFactor(ctx: ReadCtx, userId: string): Promise<Factor | null> {
  const [found] = await ctx.db.select().from(factors).where(eq(factors.userId, userId))
  return found ?? null
}

/** The factor that sign-in asks for; null while there is none, or none that was confirmed. */
export async function findEnrolment(ctx: ReadCtx, userId: string): Promise<Factor | null> {
  const [found] = await enrolmentOf(ctx.db, { userId })
  return found ?? null
}

/** What the user has to show as a second factor here; nothing while none is on. */
export async function methodsOf(ctx: ReadCtx, userId: string): Promise<readonly Method[]> {
  const enrolment = await findEnrolment(ctx, userId)
  if (!enrolment) return []
  const hasCodes = (await countBackupCodes(ctx, enrolment.id)) > 0
  return hasCodes ? ['totp', 'backup_code'] : ['totp']
}

/** Looks at a given code; null when none was given. A backup code costs one slow hash, so a blocked account costs none. */
export async function readAnswer(
  ctx: Ctx,
  factor: Factor,
  given: GivenCode,
): Promise<CodeAnswer | null> {
  if (given.code !== undefined) return { method: 'totp', code: given.code.replaceAll(/\s/g, '') }
  if (given.backupCode === undefined) return null
  const isBlocked = (await findBlockSeconds(ctx, factor.userId)) !== null
  const id = isBlocked ? null : await findBackupCode(ctx, factor.id, given.backupCode)
  return { method: 'backup_code', id }
}

/** Whether a code of the authenticator is right, without spending it. */
export function isCodeOf(ctx: ReadCtx, factor: Factor, code: string): boolean {
  return findStep(openSecret(ctx, factor), code, ctx.now) !== null
}

/**
 * Spends a code: it works once, at one door, whoever is first. Wrong ones are counted against the account. The user's
 * row must be locked, and the caller must commit whatever the outcome.
 */
export async function spendAnswer(
  tx: TxCtx,
  factor: Factor,
  answer: Answer,
  door: Door,
): Promise<Spending> {
  const { method } = answer
  const seconds = await findBlockSeconds(tx, factor.userId)
  if (seconds !== null) return { outcome: 'blocked', method, seconds }
  const spent = await spend(tx, factor, answer, door)
  if (spent === 'right') {
    await forgetWrongCodes(tx, factor.userId)
    return { outcome: 'right', method }
  }
  if (spent !== 'spent') await countWrongCode(tx, factor.userId)
  return { outcome: 'wrong', method, error: spent instanceof AppError ? spent : null }
}

/** The refusal of a code that was not right, with the fact that the edge records. */
export function refusalOf(
  spending: Exclude<Spending, { outcome: 'right' }>,
  userId: string,
  door: Door,
): AppError {
  if (spending.outcome === 'wrong' && spending.error) return spending.error
  const wrong: ErrorType = door === 'sign_in' ? errors.sign_in_code_refused : errors.code_refused
  const { outcome: reason, method } = spending
  const error =
    spending.outcome === 'blocked'
      ? errors.too_many_wrong_codes({ retryAfterSeconds: spending.seconds })
      : wrong()
  return error.recording(refused(codeRefused, userId, { door, method, reason }))
}

/** A code that was right but is spent is refused without being counted: nobody learns anything by repeating it. */
type Spent = 'right' | 'spent' | 'wrong'

async function spend(
  tx: TxCtx,
  factor: Factor,
  answer: Answer,
  door: Door,
): Promise<Spent | AppError> {
  switch (answer.method) {
    case 'totp':
      return spendCode(tx, factor, answer.code)
    case 'backup_code':
      return spendBackup(tx, factor, answer.id, door)
    case 'passkey':
      return (await answer.spend(tx)) ?? 'right'
  }
}

async function spendCode(tx: TxCtx, factor: Factor, code: string): Promise<Spent> {
  const step = findStep(openSecret(tx, factor), code, tx.now)
  if (step === null) return 'wrong'
  const moved = await tx.db
    .update(factors)
    .set({ lastStep: step })
    .where(and(eq(factors.id, factor.id), lt(factors.lastStep, step)))
    .returning({ id: factors.id })
  return moved.length === 1 ? 'right' : 'spent'
}

async function spendBackup(
  tx: TxCtx,
  factor: Factor,
  id: string | null,
  door: Door,
): Promise<Spent> {
  if (id === null) return 'wrong'
  if (!(await spendBackupCode(tx, factor.id, id))) return 'spent'
  const left = await countBackupCodes(tx, factor.id)
  await tx.record(backupCodeUsed, factor.userId, { door, left })
  await tx.enqueue(sendNotice, {
    userId: factor.userId,
    notice: 'backup_code_used',
    at: tx.now.toISOString(),
    left,
  })
  return 'right'
}

const enrolmentOf = statement<{ userId: string }>()((db: ReadDb, given) =>
  db
    .select()
    .from(factors)
    .where(and(eq(factors.userId, given('userId')), isNotNull(factors.confirmedAt))),
)
