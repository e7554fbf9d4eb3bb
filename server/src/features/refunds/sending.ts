/** A refund on its way to the provider: sent once it is kept, and noted when there is an answer. */
import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { one } from '../../platform/db/one.ts'
import type { Outcome, RefundSnapshot } from '../../platform/payments/index.ts'
import { lockPayment, providerOf } from '../payments/index.ts'
import { errors } from './errors.ts'
import { type Asked, type Kept, keepRefund } from './keeping.ts'
import { applyTo, fail } from './outcomes.ts'
import { getRefund } from './refunds.ts'
import { type Refund, attempts, refunds } from './tables.ts'

/** Stripe forgets a key after 24 hours, and would refund a second time. */
export const keyHours = 23

/**
 * Refunds a payment, or a part of it: kept and claimed first, then asked for at the provider, then noted. Where the
 * provider did not answer the refund is `unknown`, and goes on by itself. Throws `payments.payment_not_found` (404),
 * `payments.not_configured` (503), `refunds.refused_by_provider` (422), and what `keepRefund` does.
 */
export async function refundPayment(ctx: Ctx, paymentId: string, asked: Asked): Promise<Refund> {
  // Before anything is kept: where nobody can be asked nothing is claimed.
  providerOf(ctx)
  const kept = await ctx.tx((tx) => keepRefund(tx, paymentId, asked))
  crashPoint('refunds.after_keep')
  const refund = await send(ctx, kept)
  if (refund.state === 'failed' && refund.providerRef === null)
    throw errors.refused_by_provider({ reason: refund.failure, refundId: refund.id })
  return refund
}

/**
 * Asks the provider for it, with the same key and the same body each time. What has been answered is not asked for again,
 * nor what is too old: whoever comes back under an old Idempotency-Key would have it paid twice.
 */
export async function send(ctx: Ctx, { refundId, attemptId, attempt }: Kept): Promise<Refund> {
  const known = await getRefund(ctx, refundId)
  const ageMs = Date.now() - known.createdAt.getTime()
  const isOpen = ['requested', 'sending', 'unknown'].includes(known.state)
  if (!isOpen || ageMs > keyHours * 3_600_000) return known
  const outcome = await providerOf(ctx).refund(attempt)
  crashPoint('refunds.after_call')
  const noted = await ctx.tx((tx) => note(tx, { refundId, attemptId }, outcome))
  crashPoint('refunds.after_note')
  return noted
}

/** What became of an attempt. */
export async function note(
  tx: TxCtx,
  { refundId, attemptId }: Omit<Kept, 'attempt'>,
  outcome: Outcome<RefundSnapshot>,
): Promise<Refund> {
  const payment = await lockPayment(tx, (await getRefund(tx, refundId)).paymentId)
  const refund = await getRefund(tx, refundId)
  // What is known to be there stays known: a webhook or another try may have been faster.
  if (outcome.kind !== 'done' && refund.providerRef !== null) return refund
  const { kind } = outcome
  await tx.db
    .update(attempts)
    .set({
      outcome: kind === 'done' ? 'created' : kind,
      detail: kind === 'done' ? null : kind === 'rejected' ? outcome.code : outcome.reason,
      updatedAt: sql`now()`,
    })
    .where(and(eq(attempts.id, attemptId), sql`${attempts.outcome} is distinct from 'rejected'`))
  if (kind === 'done') return applyTo(tx, payment, refund, outcome.value)
  if (kind === 'rejected')
    return fail(tx, payment, refund, { state: 'failed', failure: outcome.code })
  if (refund.state !== 'requested' && refund.state !== 'sending') return refund
  return one(
    await tx.db
      .update(refunds)
      .set({ state: 'unknown', updatedAt: sql`now()` })
      .where(eq(refunds.id, refundId))
      .returning(),
  )
}
