/**
 * Changing the address of an account: it changes when the mailboxes of the old and of the new address have both agreed,
 * in any order. Each may call it off, and so may the owner. A taken address answers like a free one.
 */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { violatedConstraint } from '../../platform/db/failures.ts'
import { one } from '../../platform/db/one.ts'
import { refused } from '../../platform/events/index.ts'
import {
  type User,
  canonicalEmail,
  changeEmail,
  emailIndex,
  findUserByEmail,
  lockUser,
  releaseUnproven,
} from '../users/index.ts'
import { askNewAddress, askOldAddress, sendEmailChanged } from './email-change-jobs.ts'
import { type Side, changeMinutes, isOpenChange, readChangeToken } from './email-change-proofs.ts'
import { errors } from './errors.ts'
import {
  emailChangeCancelled,
  emailChangeConfirmed,
  emailChangeRefused,
  emailChangeRequested,
  emailChanged,
} from './events.ts'
import { endRequests } from './mail-requests.ts'
import { signOutEverywhere } from './sign-outs.ts'
import { type EmailChange, emailChanges } from './tables.ts'
import { endVerifications } from './verifications.ts'

type Outcome = NonNullable<EmailChange['outcome']>

/** Wants one's own address changed. The newest wish counts; who owns the wanted address makes no difference here. */
export async function requestEmailChange(tx: TxCtx, address: string): Promise<EmailChange> {
  const newEmail = canonicalEmail(address)
  const user = await lockUser(tx, tx.actor.id ?? '')
  if (user.email === newEmail) throw errors.email_unchanged()
  await endChanges(tx, user.id, 'replaced')
  const change = one(
    await tx.db
      .insert(emailChanges)
      .values({
        userId: user.id,
        oldEmail: user.email,
        newEmail,
        sessionId: tx.actor.sessionId,
        expiresAt: sql`now() + make_interval(mins => ${changeMinutes})`,
      })
      .returning(),
  )
  await tx.record(emailChangeRequested, user.id, { changeId: change.id })
  await tx.enqueue(askOldAddress, { changeId: change.id })
  await tx.enqueue(askNewAddress, { changeId: change.id })
  return change
}

/**
 * One mailbox agrees, once. Throws `auth.invalid_email_change` (400), also for the second of two accounts that both
 * proved one address: the database decides which comes first.
 */
export async function confirmEmailChange(ctx: Ctx, token: string): Promise<'waiting' | 'changed'> {
  const proof = readChangeToken(ctx, token)
  if (!proof) throw invalid('forged')
  try {
    const result = await ctx.tx((tx) => confirm(tx, proof))
    if (result === 'waiting' || result === 'changed') return result
    throw invalid(result.reason, result.userId)
  } catch (error) {
    if (violatedConstraint(error) !== emailIndex) throw error
    const userId = await ctx.tx((tx) => endChange(tx, proof.id, 'refused'))
    throw invalid('taken', userId)
  }
}

/** Either mailbox calls the change off. Throws `auth.invalid_email_change` (400). */
export async function cancelEmailChange(ctx: Ctx, token: string): Promise<void> {
  const proof = readChangeToken(ctx, token)
  if (!proof) throw invalid('forged')
  const isEnded = await ctx.tx(async (tx) => {
    const userId = await endChange(tx, proof.id, 'cancelled')
    if (userId === null) return false
    await tx.record(emailChangeCancelled, userId, { changeId: proof.id, by: proof.side })
    return true
  })
  if (!isEnded) throw invalid('not_open')
}

/** The owner calls it off; throws `auth.email_change_not_found` (404) when none waits. */
export async function withdrawEmailChange(tx: TxCtx): Promise<void> {
  const userId = tx.actor.id ?? ''
  await lockUser(tx, userId)
  const [id] = await endChanges(tx, userId, 'cancelled')
  if (id === undefined) throw errors.email_change_not_found()
  await tx.record(emailChangeCancelled, userId, { changeId: id, by: 'owner' })
}

type Refusal = { readonly reason: string; readonly userId: string | null }

async function confirm(
  tx: TxCtx,
  { id, side }: { id: string; side: Side },
): Promise<'waiting' | 'changed' | Refusal> {
  const [known] = await tx.db
    .select({ userId: emailChanges.userId })
    .from(emailChanges)
    .where(eq(emailChanges.id, id))
  if (!known) return { reason: 'not_open', userId: null }
  const user = await lockUser(tx, known.userId)
  const column = side === 'old' ? emailChanges.oldConfirmedAt : emailChanges.newConfirmedAt
  const [change] = await tx.db
    .update(emailChanges)
    .set(side === 'old' ? { oldConfirmedAt: tx.now } : { newConfirmedAt: tx.now })
    .where(and(eq(emailChanges.id, id), isOpenChange(), isNull(column)))
    .returning()
  if (!change || user.status !== 'active' || user.email !== change.oldEmail)
    return { reason: 'not_open', userId: user.id }
  await tx.record(emailChangeConfirmed, user.id, { changeId: id, by: side })
  if (change.oldConfirmedAt === null || change.newConfirmedAt === null) return 'waiting'
  if (!(await isFree(tx, change.newEmail))) {
    await endChange(tx, id, 'refused')
    return { reason: 'taken', userId: user.id }
  }
  await complete(tx, user, change)
  return 'changed'
}

/** A sign-up that nobody has proven does not take an address from whoever reads its mail. */
async function isFree(tx: TxCtx, email: string): Promise<boolean> {
  const found = await findUserByEmail(tx, email)
  return found === null || releaseUnproven(tx, found.id)
}

/** The address is the account's; what stood on the old one ends. */
async function complete(tx: TxCtx, user: User, change: EmailChange): Promise<void> {
  await changeEmail(tx, user.id, change.newEmail)
  await endChange(tx, change.id, 'changed')
  await endVerifications(tx, user.id)
  for (const purpose of ['password_reset', 'verification'] as const)
    await endRequests(tx, change.oldEmail, purpose)
  const { sessionsEnded } = await signOutEverywhere(tx, user.id, {
    reason: 'email_changed',
    except: change.sessionId,
  })
  await tx.record(emailChanged, user.id, { changeId: change.id, sessionsEnded })
  await tx.enqueue(sendEmailChanged, { changeId: change.id })
}

/** Ends a change that waits; returns whose it was, or null when it does not wait any more. */
async function endChange(tx: TxCtx, id: string, outcome: Outcome): Promise<string | null> {
  const [ended] = await tx.db
    .update(emailChanges)
    .set({ endedAt: tx.now, outcome })
    .where(and(eq(emailChanges.id, id), isOpenChange()))
    .returning({ userId: emailChanges.userId })
  return ended?.userId ?? null
}

/** Ends what waits of a user, the expired ones too; returns the ids of those that could still be used. */
export async function endChanges(tx: TxCtx, userId: string, outcome: Outcome): Promise<string[]> {
  const ended = await tx.db
    .update(emailChanges)
    .set({ endedAt: tx.now, outcome })
    .where(and(eq(emailChanges.userId, userId), isNull(emailChanges.endedAt)))
    .returning({ id: emailChanges.id, expiresAt: emailChanges.expiresAt })
  return ended.filter(({ expiresAt }) => expiresAt > tx.now).map(({ id }) => id)
}

const invalid = (reason: string, userId: string | null = null) =>
  errors.invalid_email_change().recording(refused(emailChangeRefused, userId, { reason }))
