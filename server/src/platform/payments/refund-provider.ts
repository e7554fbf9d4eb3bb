/** The part of the port that gives money back: what is asked for, and what a refund is there. */
import type { Money } from '../money/index.ts'
import type { Attempt, Outcome } from './provider.ts'

/** All of it survives JSON: it is kept with its attempt. */
export type RefundRequest = {
  /** A whole number of the smallest unit. */
  readonly amount: string
  readonly currency: string
  /** In the provider's own words, or nothing. */
  readonly reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null
  /** What is given back, as the provider calls it: a payment, or one charge where a payment came in twice. */
  readonly of: { readonly collection: string } | { readonly charge: string }
  /** Our own ids. */
  readonly refundId: string
  readonly paymentId: string
}

/** `pending`: asked for, and not known to have arrived. */
export type RefundStatus = 'pending' | 'succeeded' | 'failed' | 'cancelled'

/** What a refund is at the provider, now. */
export type RefundSnapshot = {
  readonly ref: string
  readonly status: RefundStatus
  readonly amount: Money
  readonly chargeRef: string | null
  readonly collectionRef: string | null
  /** Why it failed, in the provider's words for programs. */
  readonly failure: string | null
  /** Our own id of it, as we gave it. */
  readonly refundId: string | null
}

export type RefundProvider = {
  /** Never throws for what the provider does. */
  refund(attempt: Attempt<RefundRequest>): Promise<Outcome<RefundSnapshot>>
  /** Null when there is no such refund. @throws Error when the provider cannot say */
  fetchRefund(ref: string, signal?: AbortSignal): Promise<RefundSnapshot | null>
  /** All refunds of a charge or of a payment. @throws Error when the provider cannot say */
  listRefunds(of: RefundRequest['of'], signal?: AbortSignal): Promise<readonly RefundSnapshot[]>
}
