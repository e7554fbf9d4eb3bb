/**
 * Pending logins: a first factor was right, the second is asked for. Between the two there is no session of any kind,
 * only a ticket that opens this one step: five minutes, one use, five wrong codes, one user.
 */
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import type { AppError } from '../../platform/errors.ts'
import { refused } from '../../platform/events/index.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { type User, lockUser } from '../users/index.ts'
import { countBackupCodes } from './backup-codes.ts'
import { errors } from './errors.ts'
import { type Method, codeRefused, loginHeld, loginPassed } from './events.ts'
import {
  type Answer,
  type GivenCode,
  type Spending,
  findEnrolment,
  readAnswer,
  refusalOf,
  spendAnswer,
} from './factors.ts'
import { pendingLogins } from './tables.ts'
import { isTrusted, trustDevice } from './trusted-devices.ts'

const openMinutes = 5
const maxAttempts = 5
const label = 'ash_p_'

/** How the session will be made once the second factor is given. */
type Mode = (typeof pendingLogins.$inferSelect)['mode']

/** What a sign-in answers instead of a session. */
export type HeldLogin = {
  readonly pendingToken: string
  readonly methods: readonly Method[]
  readonly expiresAt: Date
}

/** A sign-in that waits for its second factor. */
export type PendingLogin = { readonly id: string; readonly userId: string }

/** A pending login and what was given for it, as far as it can be looked at outside of a transaction. */
export type ReadLogin = PendingLogin & { readonly answer: Answer }

export type Passed = {
  readonly outcome: 'passed'
  readonly user: User
  readonly mode: Mode
  /** What both steps have shown. */
  readonly shown: {
    readonly firstFactor: string
    readonly credentialId: string | null
    readonly secondFactor: Method
  }
  /** For the cookie of a device that is trusted from now on; null unless that was asked for. */
  readonly trustToken: string | null
}
type NotPassed = { readonly outcome: 'over' } | Exclude<Spending, { outcome: 'right' }>

/** What the second factor says to a sign-in. */
export type Gate =
  | { readonly outcome: 'open' }
  | { readonly outcome: 'trusted' }
  | { readonly outcome: 'held'; readonly held: HeldLogin }

/**
 * Holds a sign-in until its second factor is given, unless none is needed: the user has none, or trusts this device.
 * The user's row must be locked, so that turning a factor on comes before or after, never in between.
 */
export async function holdLogin(
  tx: TxCtx,
  userId: string,
  {
    mode,
    trustToken,
    firstFactor,
    credentialId = null,
  }: {
    mode: Mode
    trustToken: string | null
    firstFactor: string
    credentialId?: string | null
  },
): Promise<Gate> {
  const factor = await findEnrolment(tx, userId)
  if (!factor) return { outcome: 'open' }
  if (await isTrusted(tx, factor, trustToken)) return { outcome: 'trusted' }
  const held = one(
    await tx.db
      .insert(pendingLogins)
      .values({
        userId,
        factorId: factor.id,
        mode,
        firstFactor,
        credentialId,
        expiresAt: sql`now() + make_interval(mins => ${openMinutes})`,
      })
      .returning({ id: pendingLogins.id, expiresAt: pendingLogins.expiresAt }),
  )
  await tx.record(loginHeld, userId, {})
  const hasCodes = (await countBackupCodes(tx, factor.id)) > 0
  return {
    outcome: 'held',
    held: {
      pendingToken: label + tokenOfRow(keyOf(tx), held.id),
      methods: hasCodes ? ['totp', 'backup_code'] : ['totp'],
      expiresAt: held.expiresAt,
    },
  }
}

/** Looks a ticket up; throws `twofa.invalid_pending_login` (401) for one that opens nothing. */
export async function findLogin(ctx: Ctx, pendingToken: string): Promise<PendingLogin> {
  const id = idOf(ctx, pendingToken)
  const [row] =
    id === null
      ? []
      : await ctx.db
          .select({ id: pendingLogins.id, userId: pendingLogins.userId })
          .from(pendingLogins)
          .where(and(eq(pendingLogins.id, id), isOpen()))
  if (!row) throw isOver(null)
  return row
}

/** Looks a ticket and its code up; throws as `findLogin` does. */
export async function readLogin(
  ctx: Ctx,
  pendingToken: string,
  given: GivenCode,
): Promise<ReadLogin> {
  const login = await findLogin(ctx, pendingToken)
  const factor = await findEnrolment(ctx, login.userId)
  const answer = factor ? await readAnswer(ctx, factor, given) : null
  if (!answer) throw isOver(login.userId)
  return { ...login, answer }
}

/**
 * Spends the code and the ticket, both or neither. The session is made in the same transaction, which must commit
 * whatever the outcome: wrong codes count.
 */
export async function passLogin(
  tx: TxCtx,
  { id, userId, answer }: ReadLogin,
  device: { readonly isToBeTrusted: boolean; readonly userAgent: string | null },
): Promise<Passed | NotPassed> {
  const user = await lockUser(tx, userId)
  const factor = await findEnrolment(tx, userId)
  const [pending] = await tx.db
    .select({
      mode: pendingLogins.mode,
      factorId: pendingLogins.factorId,
      firstFactor: pendingLogins.firstFactor,
      credentialId: pendingLogins.credentialId,
    })
    .from(pendingLogins)
    .where(and(eq(pendingLogins.id, id), isOpen()))
  if (!pending || pending.factorId !== factor?.id || user.status !== 'active')
    return { outcome: 'over' }
  const spending = await spendAnswer(tx, factor, answer, 'sign_in')
  if (spending.outcome === 'wrong')
    await tx.db
      .update(pendingLogins)
      .set({ attempts: sql`${pendingLogins.attempts} + 1` })
      .where(eq(pendingLogins.id, id))
  if (spending.outcome !== 'right') return spending
  await tx.db.update(pendingLogins).set({ usedAt: tx.now }).where(eq(pendingLogins.id, id))
  await tx.record(loginPassed, userId, { method: spending.method })
  const { isToBeTrusted, userAgent } = device
  const trustToken = isToBeTrusted ? await trustDevice(tx, factor, userAgent) : null
  const { mode, firstFactor, credentialId } = pending
  const shown = { firstFactor, credentialId, secondFactor: spending.method }
  return { outcome: 'passed', user, mode, shown, trustToken }
}

/** From now on none of a user's tickets opens anything: for changes that end sessions. */
export async function endPendingLogins(tx: TxCtx, userId: string): Promise<void> {
  await tx.db
    .update(pendingLogins)
    .set({ expiresAt: sql`clock_timestamp()` })
    .where(and(eq(pendingLogins.userId, userId), isOpen()))
}

/** The refusal of a second step that was not passed, with the fact that the edge records. */
export function refusalOfLogin(result: NotPassed, userId: string): AppError {
  return result.outcome === 'over' ? isOver(userId) : refusalOf(result, userId, 'sign_in')
}

const isOver = (userId: string | null) =>
  errors
    .invalid_pending_login()
    .recording(refused(codeRefused, userId, { door: 'sign_in', method: null, reason: 'over' }))

/** By the clock, not the transaction's start: who waited for a lock must see what ended meanwhile. */
const isOpen = () =>
  and(
    isNull(pendingLogins.usedAt),
    lt(pendingLogins.attempts, maxAttempts),
    gt(pendingLogins.expiresAt, sql`clock_timestamp()`),
  )

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'pending-login')

const idOf = (ctx: ReadCtx, token: string): string | null =>
  token.startsWith(label) ? rowOfToken(keyOf(ctx), token.slice(label.length)) : null
