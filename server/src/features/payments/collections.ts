/** What the provider says of a payment, applied: the state for people, and the ledger once the money is there. */
import { and, eq, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { compare, presentMoney } from '../../platform/money/index.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import { chart, post } from '../ledger/index.ts'
import { amountDiffers, paymentChanged, paymentHeld } from './events.ts'
import { lockPayment, priceOf, providerOf } from './payments.ts'
import { type Payment, attempts, payments } from './tables.ts'

/** Metadata may hold anything: the dashboard writes it, too. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A payment of Stripe: one PaymentIntent. */
export const stripePayments: Applier = {
  provider: 'stripe',
  kind: 'payment_intent',
  look: async (ctx, { objectId }, signal) => {
    const snapshot = await providerOf(ctx).fetchCollection(objectId, signal)
    if (!snapshot) throw new PermanentFailure('the provider does not know it')
    return (tx) => applyCollection(tx, snapshot)
  },
}

/** Brings a payment in step. Applied twice, or after a newer one, it changes nothing. */
export async function applyCollection(tx: TxCtx, snapshot: CollectionSnapshot): Promise<Applied> {
  const id = await findId(tx, snapshot)
  if (id === null) return 'parent_missing'
  const payment = await lockPayment(tx, id)
  // Another payment's object that says it is this one's.
  if (payment.providerRef !== null && payment.providerRef !== snapshot.ref) return 'parent_missing'
  await adopt(tx, payment, snapshot)
  if (compare(snapshot.price, priceOf(payment)) !== 0 || !isWhole(snapshot)) {
    await mismatch(tx, payment, snapshot)
    return 'applied'
  }
  // The fee may come later than the money.
  if (snapshot.status === 'succeeded') await postReceived(tx, payment, snapshot)
  await show(tx, payment, snapshot)
  return 'applied'
}

/** By what the provider calls it; where its answer was lost, by what we called it. */
async function findId(tx: TxCtx, { ref, paymentId }: CollectionSnapshot): Promise<string | null> {
  const [known] = await tx.db
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.provider, 'stripe'), eq(payments.providerRef, ref)))
  if (known) return known.id
  if (paymentId === null || !uuid.test(paymentId)) return null
  const [named] = await tx.db
    .select({ id: payments.id })
    .from(payments)
    .where(eq(payments.id, paymentId))
  return named?.id ?? null
}

/** The answer to the attempt was lost, or is on its way: what it made is known now. */
async function adopt(tx: TxCtx, payment: Payment, { ref }: CollectionSnapshot): Promise<void> {
  if (payment.providerRef !== null) return
  await tx.db.update(payments).set({ providerRef: ref }).where(eq(payments.id, payment.id))
  await tx.db
    .update(attempts)
    .set({ outcome: 'created', providerRef: ref, updatedAt: sql`now()` })
    .where(
      and(eq(attempts.paymentId, payment.id), sql`${attempts.outcome} is distinct from 'rejected'`),
    )
}

/** All of it came in, or nothing yet. */
function isWhole({ status, price, received }: CollectionSnapshot): boolean {
  return status !== 'succeeded' || (received !== null && compare(received, price) === 0)
}

async function mismatch(
  tx: TxCtx,
  payment: Payment,
  { ref, price, received }: CollectionSnapshot,
): Promise<void> {
  if (payment.state === 'amount_mismatch') return
  await tx.db
    .update(payments)
    .set({ state: 'amount_mismatch', updatedAt: sql`now()` })
    .where(eq(payments.id, payment.id))
  const expected = presentMoney(priceOf(payment))
  await tx.record(amountDiffers, payment.id, {
    expected,
    said: presentMoney(received ?? price),
    ref,
  })
}

/** In escrow: it is here, and nobody's yet. */
async function postReceived(
  tx: TxCtx,
  payment: Payment,
  { ref, received, fee, chargeRef }: CollectionSnapshot,
): Promise<void> {
  if (!received) return
  const { id, provider } = payment
  const clearing = chart.pspClearing(provider, received.asset)
  const about = { type: 'payment', id }
  await post(tx, {
    idemKey: `payments.captured:${chargeRef ?? ref}`,
    reason: 'payments.captured',
    postings: [{ debit: clearing, credit: chart.escrow(id, received.asset), amount: received }],
    ref: about,
  })
  crashPoint('payments.after_capture')
  if (fee && fee.amount > 0n)
    await post(tx, {
      idemKey: `payments.fee:${chargeRef ?? ref}`,
      reason: 'payments.fee',
      postings: [{ debit: chart.pspFee(fee.asset), credit: clearing, amount: fee }],
      ref: about,
    })
}

/** The state that people see. Money that is here stays here, whatever an older answer says. */
async function show(tx: TxCtx, payment: Payment, snapshot: CollectionSnapshot): Promise<void> {
  const state = stateOf(payment, snapshot)
  if (state === payment.state && snapshot.failure === payment.failure) return
  const failure = state === 'failed' || state === 'cancelled' ? snapshot.failure : null
  await tx.db
    .update(payments)
    .set({
      state,
      failure,
      updatedAt: sql`now()`,
      ...(state === 'held' && payment.heldAt === null ? { heldAt: tx.now } : {}),
    })
    .where(eq(payments.id, payment.id))
  if (state === payment.state) return
  if (state === 'held')
    await tx.record(paymentHeld, payment.id, {
      ...presentMoney(priceOf(payment)),
      provider: payment.provider,
      ref: snapshot.ref,
    })
  else await tx.record(paymentChanged, payment.id, { before: payment.state, after: state, failure })
}

function stateOf(payment: Payment, { status }: CollectionSnapshot): Payment['state'] {
  if (payment.state === 'held' || status === 'succeeded') return 'held'
  switch (status) {
    case 'action':
      return 'requires_action'
    case 'processing':
    case 'failed':
    case 'cancelled':
      return status
    case 'open':
      return 'created'
  }
}
