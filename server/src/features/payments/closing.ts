/** Closing: a way to pay is ended at the provider, and counts as ended when that is seen. Money that came first wins. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { markChanged } from '../inbox/index.ts'
import {
  closeAttempt,
  findLiveAttempt,
  getAttempt,
  note,
  sendAttempt,
  setPayment,
} from './attempts.ts'
import { errors } from './errors.ts'
import { cancelWanted, paymentChanged } from './events.ts'
import { getProvider, lockPayment, providerOf, requireOwnPayment } from './payments.ts'
import type { Attempt, Payment } from './tables.ts'

/** `progress`: the bank has it, and says later whether it pays. */
export type Seen = 'closed' | 'paid' | 'progress'

/**
 * Cancels a payment that is not paid. Cancelled already: nothing happens.
 * Throws `payments.payment_not_found` (404), `payments.already_paid` and `payments.in_progress` (409), and
 * `payments.provider_unavailable` (503): then it is cancelled as soon as the provider answers.
 */
export async function cancelPayment(ctx: Ctx, id: string): Promise<Payment> {
  await requireOwnPayment(ctx, id)
  providerOf(ctx)
  const wanted = await ctx.tx((tx) => wantCancelled(tx, id))
  if ('cancelled' in wanted) return wanted.cancelled
  const { live } = wanted
  const seen = live === null ? 'closed' : await lookAndClose(ctx, live)
  const payment = await ctx.tx((tx) => concludeCancelling(tx, id, live, seen))
  if (seen !== 'closed') throw refuse(seen)
  return payment
}

/** Goes on with what could not be closed when it was asked for; what the provider does not say yet stays for later. */
export async function finishClosing(ctx: Ctx, attemptId: string): Promise<void> {
  const attempt = await getAttempt(ctx, attemptId)
  const seen = await lookAndClose(ctx, attempt)
  await ctx.tx((tx) => concludeCancelling(tx, attempt.paymentId, attempt, seen))
}

/** Of a payment that somebody cancelled, with nothing left by which it could be paid. */
export async function endCancelling(ctx: Ctx, id: string): Promise<void> {
  await ctx.tx((tx) => concludeCancelling(tx, id, null, 'closed'))
}

/**
 * Ends an attempt at the provider, after finding out whether it is there at all.
 * Throws `payments.provider_unavailable` (503) when that cannot be known now.
 */
export async function lookAndClose(ctx: Ctx, attempt: Attempt): Promise<Seen> {
  if (attempt.providerRef !== null) return closeAtProvider(ctx, attempt)
  const outcome = await sendAttempt(ctx, attempt)
  if (outcome.kind === 'unknown') throw errors.provider_unavailable({ reason: outcome.reason })
  const known = await ctx.tx(async (tx) => {
    await note(tx, attempt.paymentId, attempt.id, outcome)
    return getAttempt(tx, attempt.id)
  })
  return known.providerRef === null ? 'closed' : closeAtProvider(ctx, known)
}

/**
 * What was seen of an attempt, kept; returns its payment, locked. What may be money is looked at by the inbox, which
 * locks the object before the payment: so its row comes first here, too.
 */
export async function concludeAttempt(
  tx: TxCtx,
  paymentId: string,
  attempt: Attempt | null,
  seen: Seen,
): Promise<Payment> {
  if (attempt !== null && seen !== 'closed') await lookAgain(tx, attempt.id)
  const payment = await lockPayment(tx, paymentId)
  if (attempt !== null && seen === 'closed') await closeAttempt(tx, attempt.id)
  return payment
}

async function lookAgain(tx: TxCtx, attemptId: string): Promise<void> {
  const { paymentId, kind, providerRef } = await getAttempt(tx, attemptId)
  if (providerRef === null) return
  await markChanged(tx, {
    provider: await getProvider(tx, paymentId),
    account: '',
    kind: kind === 'session' ? 'checkout.session' : 'payment_intent',
    objectId: providerRef,
  })
}

export function refuse(reason: Exclude<Seen, 'closed'> | 'other'): Error {
  if (reason === 'paid') return errors.already_paid()
  return reason === 'progress' ? errors.in_progress() : errors.other_attempt()
}

async function wantCancelled(
  tx: TxCtx,
  id: string,
): Promise<{ cancelled: Payment } | { live: Attempt | null }> {
  const payment = await lockPayment(tx, id)
  if (payment.state === 'cancelled') return { cancelled: payment }
  if (payment.heldAt !== null) throw errors.already_paid()
  if (payment.state === 'amount_mismatch') throw errors.payment_closed()
  const live = await findLiveAttempt(tx, id)
  if (payment.cancelWantedAt === null) {
    await setPayment(tx, id, { cancelWantedAt: tx.now })
    await tx.record(cancelWanted, id, { state: payment.state })
  }
  return { live }
}

async function concludeCancelling(
  tx: TxCtx,
  id: string,
  attempt: Attempt | null,
  seen: Seen,
): Promise<Payment> {
  const payment = await concludeAttempt(tx, id, attempt, seen)
  if (payment.cancelWantedAt === null || payment.heldAt !== null) return payment
  // It goes on after all: whoever wants it cancelled hears so, and asks again.
  if (seen !== 'closed') return setPayment(tx, id, { cancelWantedAt: null })
  return endIfOver(tx, payment)
}

/** Nothing is left by which it could be paid. */
async function endIfOver(tx: TxCtx, payment: Payment): Promise<Payment> {
  if (await findLiveAttempt(tx, payment.id)) return payment
  if (payment.state === 'cancelled') return payment
  await tx.record(paymentChanged, payment.id, {
    before: payment.state,
    after: 'cancelled',
    failure: null,
  })
  return setPayment(tx, payment.id, { state: 'cancelled', failure: null })
}

async function closeAtProvider(ctx: Ctx, attempt: Attempt): Promise<Seen> {
  try {
    const seen = await seenAtProvider(ctx, attempt)
    crashPoint('payments.after_close')
    return seen
  } catch (error) {
    throw errors.provider_unavailable({ reason: error instanceof Error ? error.name : 'no_answer' })
  }
}

async function seenAtProvider(ctx: Ctx, { kind, providerRef }: Attempt): Promise<Seen> {
  const provider = providerOf(ctx)
  const ref = providerRef ?? ''
  if (kind === 'intent') {
    const intent = await provider.cancelCollection(ref)
    return intent === null ? 'closed' : seenOf(intent, false)
  }
  const session = await provider.expireSession(ref)
  if (session === null || session.status === 'expired') return 'closed'
  if (session.status === 'open') throw new Error('the page is still open')
  const { collectionRef } = session
  const intent = collectionRef === null ? null : await provider.fetchCollection(collectionRef)
  // Nobody pays a second time on a page that is done, whatever became of the first.
  return intent === null ? 'closed' : seenOf(intent, true)
}

function seenOf({ status }: CollectionSnapshot, isPageDone: boolean): Seen {
  if (status === 'succeeded') return 'paid'
  if (status === 'processing') return 'progress'
  if (status === 'cancelled' || isPageDone) return 'closed'
  throw new Error(`it is still ${status}`)
}
