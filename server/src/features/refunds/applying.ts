/** What the provider says of refunds, applied: of those that were asked for here, and of those made in its dashboard. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import type { RefundSnapshot } from '../../platform/payments/index.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import {
  type Payment,
  findCollected,
  lockPayment,
  project,
  providerOf,
  readBooks,
} from '../payments/index.ts'
import { refundFailed, refundSucceeded } from './events.ts'
import { insertRefund } from './keeping.ts'
import { claim, release, settle } from './postings.ts'
import { aboutOf, amountOf } from './refunds.ts'
import { type Refund, attempts, refunds } from './tables.ts'

/** Metadata may hold anything: the dashboard writes it, too. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A refund never becomes what it was before: an older answer, which comes later, changes nothing. */
const rank: Readonly<Record<Refund['state'], number>> = {
  requested: 0,
  sending: 0,
  unknown: 0,
  needs_review: 0,
  pending: 1,
  succeeded: 2,
  failed: 3,
  cancelled: 3,
}

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
    if (refund && isOf(refund, snapshot)) {
      await applyTo(tx, payment, refund, snapshot)
      return 'applied'
    }
  }
  const payment = await findCollected(tx, 'stripe', snapshot.collectionRef)
  // Refunded before we have heard that it was paid: that comes first.
  if (!payment || payment.captured === 0n) return 'parent_missing'
  const [meanwhile] = await tx.db
    .select()
    .from(refunds)
    .where(and(eq(refunds.provider, 'stripe'), eq(refunds.providerRef, snapshot.ref)))
  if (meanwhile) await applyTo(tx, payment, meanwhile, snapshot)
  else await mirror(tx, payment, snapshot)
  return 'applied'
}

/** The refund as the provider says it is, under the payment's lock. */
export async function applyTo(
  tx: TxCtx,
  payment: Payment,
  given: Refund,
  snapshot: RefundSnapshot,
): Promise<Refund> {
  const refund = await adopt(tx, given, snapshot)
  const { status, failure } = snapshot
  if (rank[status] <= rank[refund.state]) return refund
  if (status === 'failed' || status === 'cancelled')
    return fail(tx, payment, refund, { state: status, failure })
  if (status === 'succeeded') await settle(tx, refund)
  const changed = await change(tx, refund, {
    state: status,
    ...(status === 'succeeded' ? { succeededAt: tx.now } : {}),
  })
  await project(tx, payment)
  if (status === 'succeeded') await tx.record(refundSucceeded, refund.id, aboutOf(refund))
  return changed
}

/** The customer did not get it, which may turn out after it has succeeded: the money is there again. */
export async function fail(
  tx: TxCtx,
  payment: Payment,
  refund: Refund,
  { state, failure }: { state: 'failed' | 'cancelled'; failure: string | null },
): Promise<Refund> {
  if (rank[refund.state] >= rank[state]) return refund
  await release(tx, payment, refund)
  const changed = await change(tx, refund, { state, failure, succeededAt: null })
  await project(tx, payment)
  await tx.record(refundFailed, refund.id, {
    ...aboutOf(refund),
    before: refund.state,
    after: state,
    failure,
  })
  return changed
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
  if (refundId === null || !uuid.test(refundId)) return null
  const [named] = await tx.db.select().from(refunds).where(eq(refunds.id, refundId))
  return named && isOf(named, snapshot) ? named : null
}

/** Another refund's object that says it is this one's is none of it. */
function isOf(refund: Refund, { ref, amount }: RefundSnapshot): boolean {
  if (refund.providerRef !== null) return refund.providerRef === ref
  const { amount: units, asset } = amountOf(refund)
  return units === amount.amount && asset === amount.asset && rank[refund.state] === 0
}

/** The answer to the attempt was lost, or is on its way: what it made is known now. */
async function adopt(tx: TxCtx, refund: Refund, { ref }: RefundSnapshot): Promise<Refund> {
  if (refund.providerRef !== null) return refund
  await tx.db
    .update(attempts)
    .set({ outcome: 'created', detail: null, updatedAt: sql`now()` })
    .where(
      and(eq(attempts.refundId, refund.id), sql`${attempts.outcome} is distinct from 'rejected'`),
    )
  return change(tx, refund, { providerRef: ref })
}

const change = async (tx: TxCtx, { id }: Refund, changes: Partial<Refund>): Promise<Refund> =>
  one(
    await tx.db
      .update(refunds)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(eq(refunds.id, id))
      .returning(),
  )

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
