/**
 * A refund that nobody knows of is ended by somebody who has looked: it was made, and this is it, or it was not. Neither is
 * believed without asking the provider once more.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import type { RefundSnapshot } from '../../platform/payments/index.ts'
import { type Payment, lockPayment, providerOf } from '../payments/index.ts'
import { isFor } from './applying.ts'
import { errors } from './errors.ts'
import { refundReviewed } from './events.ts'
import { applyTo, fail } from './outcomes.ts'
import { aboutOf, amountOf, getRefund } from './refunds.ts'
import { type Refund, attempts, refunds } from './tables.ts'

export type Review =
  | { readonly outcome: 'made'; readonly ref: string; readonly note: string }
  | { readonly outcome: 'not_made'; readonly note: string }

/**
 * Ends it. Throws `refunds.refund_not_found` (404), `refunds.not_in_review` and `refunds.made_after_all` (409),
 * `refunds.not_this_refund` (422), `payments.not_configured` and `refunds.provider_unavailable` (503).
 */
export async function reviewRefund(ctx: Ctx, id: string, review: Review): Promise<Refund> {
  const refund = await getRefund(ctx, id)
  if (refund.state !== 'needs_review') throw errors.not_in_review({ state: refund.state })
  const seen = await look(ctx, refund, review)
  return ctx.tx((tx) => conclude(tx, id, review, seen))
}

/** What the provider has of it now; null where it has nothing. */
async function look(ctx: Ctx, { id }: Refund, review: Review): Promise<RefundSnapshot | null> {
  const provider = providerOf(ctx)
  const { request } = one(await ctx.db.select().from(attempts).where(eq(attempts.refundId, id)))
  const asking = async () => {
    if (review.outcome === 'made') return provider.fetchRefund(review.ref)
    const all = await provider.listRefunds(request.of)
    return all.find(({ refundId }) => refundId === id) ?? null
  }
  return asking().catch((error: unknown) => {
    throw errors.provider_unavailable({}, { cause: error })
  })
}

async function conclude(
  tx: TxCtx,
  id: string,
  review: Review,
  seen: RefundSnapshot | null,
): Promise<Refund> {
  const payment = await lockPayment(tx, (await getRefund(tx, id)).paymentId)
  const refund = await getRefund(tx, id)
  if (refund.state !== 'needs_review') throw errors.not_in_review({ state: refund.state })
  const { outcome, note } = review
  const ref = outcome === 'made' ? review.ref : null
  await tx.record(refundReviewed, id, { ...aboutOf(refund), outcome, ref, note })
  if (outcome === 'not_made') {
    if (seen) throw errors.made_after_all({ providerRef: seen.ref })
    await giveUpAttempt(tx, refund)
    return fail(tx, payment, refund, { state: 'failed', failure: 'not_made' })
  }
  if (!seen || !(await isThis(tx, payment, refund, seen))) throw errors.not_this_refund()
  return applyTo(tx, payment, refund, seen)
}

async function isThis(
  tx: TxCtx,
  payment: Payment,
  refund: Refund,
  seen: RefundSnapshot,
): Promise<boolean> {
  const { amount, asset } = amountOf(refund)
  const isSame = seen.amount.amount === amount && seen.amount.asset === asset
  // One that names another of ours is that one’s.
  const isNamed = seen.refundId === null || seen.refundId === refund.id
  if (!isSame || !isNamed || !(await isFor(tx, payment, refund, seen))) return false
  const [other] = await tx.db
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.provider, refund.provider), eq(refunds.providerRef, seen.ref)))
  return other === undefined
}

/** Nobody sends it again, whatever key somebody comes back under. */
async function giveUpAttempt(tx: TxCtx, { id }: Refund): Promise<void> {
  await tx.db
    .update(attempts)
    .set({ outcome: 'rejected', detail: 'not_made', updatedAt: sql`now()` })
    .where(eq(attempts.refundId, id))
}
