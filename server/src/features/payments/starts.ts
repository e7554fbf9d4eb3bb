/** Starting: a new payment, or another way to pay one that is not paid yet. */
import { and, eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { one } from '../../platform/db/one.ts'
import { type Asset, type Money, money, presentMoney } from '../../platform/money/index.ts'
import { requireChargeable } from '../../platform/money/stripe.ts'
import type { PaymentProvider } from '../../platform/payments/index.ts'
import {
  type Begun,
  type Way,
  findLiveAttempt,
  keepAttempt,
  note,
  sendAttempt,
  setPayment,
} from './attempts.ts'
import { type Seen, concludeAttempt, lookAndClose, refuse } from './closing.ts'
import { ensureCustomer } from './customers.ts'
import { errors } from './errors.ts'
import { attemptStarted, paymentStarted } from './events.ts'
import { lockPayment, providerOf, requireOwnPayment } from './payments.ts'
import { type Attempt, type Payment, payments } from './tables.ts'

export type NewPayment = {
  readonly amount: string
  readonly currency: Asset
  readonly description?: string | undefined
  readonly reference?: string | undefined
}
export type Started = { readonly payment: Payment; readonly begun: Begun }

/**
 * Starts a payment: kept first, then asked for at the provider, then noted. A request that is sent again under its
 * Idempotency-Key goes on where it was, and asks the provider for the same thing under the same key.
 * Throws `payments.not_configured` and `payments.provider_unavailable` (503), `payments.refused_by_provider` and what
 * money says of a price that cannot be charged (422), `payments.reference_taken` and `payments.attempt_over` (409).
 */
export async function startPayment(ctx: Ctx, given: NewPayment, way: Way): Promise<Started> {
  const provider = providerOf(ctx)
  const price = requireChargeable(money(given.amount, given.currency))
  const customerRef = await ensureCustomer(ctx)
  crashPoint('payments.before_keep')
  const kept = await ctx.tx((tx) =>
    keep(tx, { provider: provider.id, price, given, way, customerRef }),
  )
  if ('taken' in kept) throw errors.reference_taken({ paymentId: kept.taken })
  return begin(ctx, kept.attempt)
}

/**
 * Another way to pay: the one before is closed first, and seen to be closed, so that nobody can pay both.
 * Throws `payments.payment_not_found` (404); `payments.already_paid`, `payments.payment_closed`, `payments.in_progress`,
 * `payments.other_attempt` and `payments.too_many_attempts` (409); and what `startPayment` throws.
 */
export async function startAttempt(ctx: Ctx, paymentId: string, way: Way): Promise<Started> {
  await requireOwnPayment(ctx, paymentId)
  providerOf(ctx)
  const before = await ctx.tx(async (tx) => {
    requireOpen(await lockPayment(tx, paymentId))
    return findLiveAttempt(tx, paymentId)
  })
  const seen = before === null ? null : await lookAndClose(ctx, before)
  const customerRef = await ensureCustomer(ctx)
  const kept = await ctx.tx((tx) => keepNext(tx, { paymentId, before, seen, way, customerRef }))
  if ('refused' in kept) throw refuse(kept.refused)
  return begin(ctx, kept.attempt)
}

async function begin(ctx: Ctx, attempt: Attempt): Promise<Started> {
  crashPoint('payments.after_keep')
  const outcome = await sendAttempt(ctx, attempt)
  crashPoint('payments.after_call')
  // Not noted: what this request has committed once is not done again, and its next try may know more.
  if (outcome.kind === 'unknown') throw errors.provider_unavailable({ reason: outcome.reason })
  const payment = await ctx.tx((tx) => note(tx, attempt.paymentId, attempt.id, outcome))
  crashPoint('payments.after_note')
  if (outcome.kind === 'rejected')
    throw outcome.code === 'expired'
      ? errors.attempt_over({ paymentId: payment.id })
      : errors.refused_by_provider({ reason: outcome.code, paymentId: payment.id })
  return { payment, begun: outcome.value }
}

type ToKeep = {
  readonly provider: PaymentProvider['id']
  readonly price: Money
  readonly given: NewPayment
  readonly way: Way
  readonly customerRef: string
}

async function keep(
  tx: TxCtx,
  { provider, price, given, way, customerRef }: ToKeep,
): Promise<{ attempt: Attempt } | { taken: string }> {
  const { description = null, reference = null } = given
  const userId = tx.actor.id ?? ''
  const [payment] = await tx.db
    .insert(payments)
    .values({
      id: uuidv7(),
      userId,
      amount: price.amount,
      asset: price.asset,
      description,
      reference,
      provider,
    })
    .onConflictDoNothing({ target: [payments.userId, payments.reference] })
    .returning()
  if (!payment) {
    const named = and(eq(payments.userId, userId), eq(payments.reference, reference ?? ''))
    const { id } = one(await tx.db.select({ id: payments.id }).from(payments).where(named))
    return { taken: id }
  }
  await tx.record(paymentStarted, payment.id, { ...presentMoney(price), provider, by: way.kind })
  return { attempt: await keepAttempt(tx, payment, way, customerRef) }
}

type Next = {
  readonly paymentId: string
  readonly before: Attempt | null
  readonly seen: Seen | null
  readonly way: Way
  readonly customerRef: string
}

async function keepNext(
  tx: TxCtx,
  { paymentId, before, seen, way, customerRef }: Next,
): Promise<{ attempt: Attempt } | { refused: Parameters<typeof refuse>[0] }> {
  const payment = await concludeAttempt(tx, paymentId, before, seen ?? 'closed')
  if (seen !== null && seen !== 'closed') return { refused: seen }
  if (payment.heldAt !== null) return { refused: 'paid' }
  if (await findLiveAttempt(tx, paymentId)) return { refused: 'other' }
  // That we have just cancelled what was before may have been heard already; it is no wish to be done with the payment.
  const isOurs = seen === 'closed' && payment.state === 'cancelled'
  requireOpen(isOurs ? { ...payment, state: 'created' } : payment)
  const opened = await setPayment(tx, paymentId, {
    state: 'created',
    failure: null,
    providerRef: null,
  })
  const attempt = await keepAttempt(tx, opened, way, customerRef)
  const { number, kind } = attempt
  await tx.record(attemptStarted, paymentId, { number, by: kind })
  return { attempt }
}

/** It takes another attempt, whatever comes of the one that is under way. */
function requireOpen({ heldAt, state, cancelWantedAt }: Payment): void {
  if (heldAt !== null) throw errors.already_paid()
  if (cancelWantedAt !== null || state === 'cancelled' || state === 'amount_mismatch')
    throw errors.payment_closed()
}
