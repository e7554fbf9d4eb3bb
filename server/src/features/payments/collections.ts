/** What the provider says of a payment, applied: the state for people, and the ledger once the money is there. */
import { isUuid } from '../../platform/ids.ts'
import { and, eq, ne, or, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { compare, presentMoney } from '../../platform/money/index.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import { closeAttempt, getAttempt, isLatest, know, setPayment } from './attempts.ts'
import { amountDiffers, paymentChanged, paymentHeld } from './events.ts'
import { lockPayment, priceOf, providerOf } from './payments.ts'
import { project, statesWithMoney } from './projection.ts'
import { postReceived } from './received.ts'
import { keepSurplus } from './surplus.ts'
import { type Attempt, type Payment, attempts, isLive } from './tables.ts'

/** A payment of Stripe: one PaymentIntent. */
export const stripePayments: Applier = {
  provider: 'stripe',
  kind: 'payment_intent',
  look: async (ctx, { objectId }, signal) => {
    const provider = providerOf(ctx)
    const snapshot = await provider.fetchCollection(objectId, signal)
    if (!snapshot) throw new PermanentFailure('the provider does not know it')
    const [known] = await ctx.db
      .select({ id: attempts.id })
      .from(attempts)
      .where(eq(attempts.collectionRef, objectId))
    // Only the provider can say which page it was made by: what it says of itself anybody may have written.
    const isNamed = snapshot.paymentId !== null && isUuid(snapshot.paymentId)
    const sessionRef = known || !isNamed ? null : await provider.findSessionOf(snapshot.ref, signal)
    return (tx) => applyCollection(tx, snapshot, sessionRef)
  },
}

/**
 * Brings a payment in step. Applied twice, or after a newer one, it changes nothing.
 * @param sessionRef the page that it was made by, where that is not known yet
 */
export async function applyCollection(
  tx: TxCtx,
  snapshot: CollectionSnapshot,
  sessionRef: string | null,
): Promise<Applied> {
  const found = await findAttempt(tx, snapshot, sessionRef)
  if (found === null) return 'parent_missing'
  const locked = await lockPayment(tx, found.paymentId)
  const attempt = await getAttempt(tx, found.id)
  const providerRef = attempt.providerRef ?? sessionRef ?? snapshot.ref
  const payment = await know(tx, locked, attempt, { providerRef, collectionRef: snapshot.ref })
  const isSecond = payment.heldAt !== null && payment.providerRef !== snapshot.ref
  if (snapshot.status === 'succeeded') await closeAttempt(tx, attempt.id)
  if (isSecond) {
    await keepSurplus(tx, payment, snapshot)
    return 'applied'
  }
  if (snapshot.status === 'succeeded') await supersede(tx, attempt)
  const isCurrent = snapshot.status === 'succeeded' || (await isLatest(tx, attempt))
  if (!isCurrent) return 'applied'
  if (compare(snapshot.price, priceOf(payment)) !== 0 || !isWhole(snapshot)) {
    await mismatch(tx, payment, snapshot)
    return 'applied'
  }
  if (snapshot.status === 'succeeded')
    await postReceived(tx, snapshot, {
      type: 'payment',
      id: payment.id,
      provider: payment.provider,
    })
  // On a page the customer may try again; that it is over the page says itself.
  if (snapshot.status === 'cancelled' && attempt.kind === 'session') return 'applied'
  if (snapshot.status === 'cancelled') await closeAttempt(tx, attempt.id)
  await show(tx, payment, snapshot)
  if (snapshot.status === 'succeeded') await project(tx, await lockPayment(tx, payment.id))
  return 'applied'
}

/** By what the provider calls it; where its answer was lost, by what we called it. */
async function findAttempt(
  tx: TxCtx,
  { ref, paymentId, number }: CollectionSnapshot,
  sessionRef: string | null,
): Promise<Attempt | null> {
  const isOfSession = sessionRef === null ? undefined : eq(attempts.providerRef, sessionRef)
  const [known] = await tx.db
    .select()
    .from(attempts)
    .where(or(eq(attempts.collectionRef, ref), isOfSession))
  if (known) return known
  const named = await findNamedAttempt(tx, { paymentId, number })
  return named && (named.kind === 'session') === (sessionRef !== null) ? named : null
}

/** The attempt that an object names, as long as it has none: with one, another object only says that it is its. */
export async function findNamedAttempt(
  tx: TxCtx,
  { paymentId, number }: Pick<CollectionSnapshot, 'paymentId' | 'number'>,
): Promise<Attempt | null> {
  if (paymentId === null || !isUuid(paymentId)) return null
  const [named] = await tx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.paymentId, paymentId), eq(attempts.number, number)))
  return named?.providerRef === null ? named : null
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
  await setPayment(tx, payment.id, { state: 'amount_mismatch' })
  const expected = presentMoney(priceOf(payment))
  await tx.record(amountDiffers, payment.id, {
    expected,
    said: presentMoney(received ?? price),
    ref,
  })
}

/** Money came, be it the right amount: what else it could be paid by is given up, and closed as soon as the provider can be asked. */
async function supersede(tx: TxCtx, { id, paymentId }: Attempt): Promise<void> {
  await tx.db
    .update(attempts)
    .set({ outcome: 'rejected', detail: 'superseded', updatedAt: sql`now()` })
    .where(and(eq(attempts.paymentId, paymentId), ne(attempts.id, id), isLive(attempts)))
}

/** The state that people see. Money that is here stays here, whatever an older answer says. */
async function show(tx: TxCtx, payment: Payment, snapshot: CollectionSnapshot): Promise<void> {
  const state = stateOf(payment, snapshot)
  if (state === payment.state && snapshot.failure === payment.failure) return
  const failure = state === 'failed' || state === 'cancelled' ? snapshot.failure : null
  await setPayment(tx, payment.id, {
    state,
    failure,
    ...(state === 'held' && payment.heldAt === null
      ? { heldAt: tx.now, providerRef: snapshot.ref, cancelWantedAt: null }
      : {}),
  })
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
  if (statesWithMoney.includes(payment.state)) return payment.state
  if (status === 'succeeded') return 'held'
  // It was ended on purpose; only money, or a bank that is at it, says otherwise.
  if (payment.state === 'cancelled' && status !== 'processing') return 'cancelled'
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
