/** What the provider says of refunds, applied: of those that were asked for here, and of those made in its dashboard. */
import { isUuid } from '../../platform/ids.ts'
import { and, eq, inArray } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import type { RefundSnapshot } from '../../platform/payments/index.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import {
  type Payment,
  findCollected,
  findSurplus,
  lockPayment,
  project,
  providerOf,
  readBooks,
} from '../payments/index.ts'
import { insertRefund } from './keeping.ts'
import { applyTo, isAnswered } from './outcomes.ts'
import { claim } from './postings.ts'
import { mirrorSurplus } from './surplus.ts'
import { amountOf } from './refunds.ts'
import { type Refund, refunds } from './tables.ts'

export const stripeRefunds: Applier = {
  provider: 'stripe',
  kind: 'refund',
  look: async (ctx, { objectId }, signal) => {
    const snapshot = await providerOf(ctx).fetchRefund(objectId, signal)
    if (!snapshot) throw new PermanentFailure('the provider does not know it')
    return (tx) => applyRefund(tx, snapshot)
  },
}

/** Of a charge only its refunds matter here: that it succeeded is told of its payment. */
export const stripeRefundedCharges: Applier = {
  provider: 'stripe',
  kind: 'charge',
  look: async (ctx, { objectId }, signal) => {
    const all = await providerOf(ctx).listRefunds({ charge: objectId }, signal)
    return async (tx) => {
      for (const snapshot of all)
        if ((await applyRefund(tx, snapshot)) === 'parent_missing') return 'parent_missing'
      return 'applied'
    }
  },
}

/** Brings a refund in step. Applied twice, or after a newer one, it changes nothing. */
export async function applyRefund(tx: TxCtx, snapshot: RefundSnapshot): Promise<Applied> {
  const known = await findRefund(tx, snapshot)
  if (known) {
    const payment = await lockPayment(tx, known.paymentId)
    const [refund] = await tx.db.select().from(refunds).where(eq(refunds.id, known.id))
    // Between the look and the lock it may have become another one's.
    if (refund && isOf(refund, snapshot) && (await isFor(tx, payment, refund, snapshot))) {
      await applyTo(tx, payment, refund, snapshot)
      return 'applied'
    }
  }
  const collected = await findCollected(tx, 'stripe', snapshot.collectionRef)
  const surplus = collected ? null : await findSurplus(tx, 'stripe', snapshot.collectionRef)
  const payment = surplus ? await lockPayment(tx, surplus.paymentId) : collected
  // Refunded before we have heard that it was paid: that comes first.
  if (!payment || (!surplus && payment.captured === 0n)) return 'parent_missing'
  const [meanwhile] = await tx.db
    .select()
    .from(refunds)
    .where(and(eq(refunds.provider, 'stripe'), eq(refunds.providerRef, snapshot.ref)))
  if (meanwhile) await applyTo(tx, payment, meanwhile, snapshot)
  else if (surplus) await mirrorSurplus(tx, payment, surplus, snapshot)
  else await mirror(tx, payment, snapshot)
  return 'applied'
}

/** Made in the dashboard: the money has gone or is going, whatever we would have said. */
async function mirror(tx: TxCtx, payment: Payment, snapshot: RefundSnapshot): Promise<void> {
  const { ref, status, amount, failure } = snapshot
  if (status === 'failed' || status === 'cancelled') {
    await insertRefund(tx, payment, {
      amount,
      origin: 'provider',
      state: status,
      providerRef: ref,
      failure,
    })
    return
  }
  const books = await readBooks(tx, payment)
  const { captured, refunded, refundPending, chargedBack } = books.amounts
  const left = captured.amount - refunded.amount - refundPending.amount - chargedBack.amount
  // One of ours claims the same money, and only one of the two can be: soon the provider will have refused it.
  if (amount.amount > left && (await isAnyUnsent(tx, payment)))
    throw new Error('another refund of this payment is on its way')
  const refund = await insertRefund(tx, payment, {
    amount,
    origin: 'provider',
    state: 'pending',
    providerRef: ref,
  })
  await claim(tx, payment, books, refund)
  await project(tx, payment)
  await applyTo(tx, payment, refund, snapshot)
}

/** By what the provider calls it; where its answer was lost, by what we called it. */
async function findRefund(tx: TxCtx, snapshot: RefundSnapshot): Promise<Refund | null> {
  const [known] = await tx.db
    .select()
    .from(refunds)
    .where(and(eq(refunds.provider, 'stripe'), eq(refunds.providerRef, snapshot.ref)))
  if (known) return known
  const { refundId } = snapshot
  if (refundId === null || !isUuid(refundId)) return null
  const [named] = await tx.db.select().from(refunds).where(eq(refunds.id, refundId))
  return named && isOf(named, snapshot) ? named : null
}

/** Another refund's object that says it is this one's is none of it. */
function isOf(refund: Refund, { ref, amount }: RefundSnapshot): boolean {
  if (refund.providerRef !== null) return refund.providerRef === ref
  const { amount: units, asset } = amountOf(refund)
  return units === amount.amount && asset === amount.asset && !isAnswered(refund)
}

/** What is called ours, and gives another payment back, is none of this one either. */
export async function isFor(
  tx: TxCtx,
  payment: Payment,
  refund: Refund,
  { collectionRef }: RefundSnapshot,
): Promise<boolean> {
  if (refund.providerRef !== null) return true
  if (refund.surplusId === null) return payment.providerRef === collectionRef
  return (await findSurplus(tx, refund.provider, collectionRef))?.id === refund.surplusId
}

async function isAnyUnsent(tx: TxCtx, { id }: Payment): Promise<boolean> {
  const [found] = await tx.db
    .select({ id: refunds.id })
    .from(refunds)
    .where(
      and(eq(refunds.paymentId, id), inArray(refunds.state, ['requested', 'sending', 'unknown'])),
    )
    .limit(1)
  return found !== undefined
}
