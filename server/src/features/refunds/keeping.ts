/** The guard: what may be refunded is read from the ledger, and claimed there before anybody is asked. */
import { v7 as uuidv7 } from 'uuid'
import type { TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import {
  type Asset,
  type Money,
  money,
  moneyErrors,
  presentMoney,
  requirePositive,
} from '../../platform/money/index.ts'
import { toStripe } from '../../platform/money/stripe.ts'
import type { Attempt, RefundRequest } from '../../platform/payments/index.ts'
import { type Amounts, type Payment, lockPayment, project, readBooks } from '../payments/index.ts'
import { errors } from './errors.ts'
import { refundRequested } from './events.ts'
import { claim } from './postings.ts'
import { aboutOf } from './refunds.ts'
import { type Refund, attempts, refunds } from './tables.ts'

/** The reasons that Stripe knows; any other is ours alone. */
const knownReasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

export type Asked = {
  /** Nothing given: all that is left. */
  readonly amount?: string | null | undefined
  readonly currency?: Asset | undefined
  readonly reason?: string | undefined
}
/** A refund that is kept, with what to send. */
export type Kept = {
  readonly refundId: string
  readonly attemptId: string
  readonly attempt: Attempt<RefundRequest>
}

/**
 * Keeps a refund with its first attempt, and claims its money, so that nobody else can have it. Throws
 * `payments.payment_not_found` (404), `refunds.nothing_to_refund`, `refunds.more_than_refundable`, `refunds.disputed`
 * (409), and what money says of an amount that cannot be refunded (422).
 */
export async function keepRefund(tx: TxCtx, paymentId: string, asked: Asked): Promise<Kept> {
  const payment = await lockPayment(tx, paymentId)
  const books = await readBooks(tx, payment)
  const amount = amountAllowed(payment, books.amounts, asked)
  const refund = await insertRefund(tx, payment, {
    amount,
    origin: 'asked',
    state: 'sending',
    reason: asked.reason ?? null,
  })
  await claim(tx, payment, books, refund)
  await project(tx, payment)
  return keepAttempt(tx, refund, {
    ...presentMoney(amount),
    reason: knownReasons.find((known) => known === asked.reason) ?? null,
    of: { collection: payment.providerRef ?? '' },
    refundId: refund.id,
    paymentId,
  })
}

/** Written down, and recorded as a fact. */
export async function insertRefund(
  tx: TxCtx,
  payment: Payment,
  given: Pick<Refund, 'origin' | 'state'> &
    Partial<Pick<Refund, 'id' | 'reason' | 'providerRef' | 'failure' | 'surplusId'>> & {
      readonly amount: Money
    },
): Promise<Refund> {
  const { amount, ...rest } = given
  const refund = one(
    await tx.db
      .insert(refunds)
      .values({
        ...rest,
        paymentId: payment.id,
        userId: payment.userId,
        amount: amount.amount,
        asset: amount.asset,
        provider: payment.provider,
      })
      .returning(),
  )
  await tx.record(refundRequested, refund.id, { ...aboutOf(refund), origin: refund.origin })
  return refund
}

/** A refund that is rejected needs another attempt under another key; one that is unknown never does. */
export async function keepAttempt(
  tx: TxCtx,
  refund: Refund,
  request: RefundRequest,
): Promise<Kept> {
  const attemptId = uuidv7()
  const key = `refund_${refund.id}_1`
  await tx.db
    .insert(attempts)
    .values({ id: attemptId, refundId: refund.id, number: 1, key, request })
  return { refundId: refund.id, attemptId, attempt: { key, body: request } }
}

function amountAllowed(payment: Payment, amounts: Amounts, asked: Asked): Money {
  const { refundable, disputed, captured } = amounts
  const { amount, currency = refundable.asset } = asked
  if (currency !== refundable.asset)
    throw moneyErrors.asset_mismatch({ assets: [refundable.asset, currency] })
  // Nothing said is all that is left; zero is an amount, and wrong.
  const wanted = amount === undefined || amount === null ? null : money(amount, payment.asset)
  if (wanted) toStripe(requirePositive(wanted))
  const details = { refundable: presentMoney(refundable) }
  const isMore = wanted !== null && wanted.amount > refundable.amount
  if ((isMore || refundable.amount === 0n) && disputed.amount > 0n && captured.amount > 0n)
    throw errors.disputed({ ...details, disputed: presentMoney(disputed) })
  if (refundable.amount === 0n) throw errors.nothing_to_refund(details)
  if (isMore) throw errors.more_than_refundable(details)
  return wanted ?? refundable
}
