/** The port to whoever takes payments: what is asked of it, and how its answers are told apart. */
import type { Money } from '../money/index.ts'
import type { DisputeProvider } from './dispute-provider.ts'
import type { RefundProvider } from './refund-provider.ts'
import type { CheckoutProvider } from './checkout-provider.ts'
import type { CustomerProvider } from './customer-provider.ts'
import type { ProviderListing } from './provider-listing.ts'

/**
 * How a request to a provider ended. `rejected`: certainly not done, and the same request would be rejected again.
 * `unknown`: it may have been done; it has to be sent again with the same key and the same body, or looked up.
 */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'rejected'; readonly code: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** One request that was made or may have been made: the same key always goes with the same body. */
export type Attempt<T> = { readonly key: string; readonly body: T }

/** All of it survives JSON: it is kept with its attempt. */
export type CollectRequest = {
  /** A whole number of the smallest unit. */
  readonly amount: string
  readonly currency: string
  readonly description: string | null
  /** Our own id of the payment. */
  readonly paymentId: string
  /** Which attempt of it this is; not given: the first. */
  readonly number?: number
  /** Who pays, as the provider calls them; those from before there were customers have none. */
  readonly customerRef?: string
}

export type Collection = {
  readonly ref: string
  /** What the customer's browser finishes the payment with. Whoever has it can do no more than that. */
  readonly clientSecret: string
}

/** `open`: waits for the customer. */
export type CollectionStatus =
  | 'open'
  | 'action'
  | 'processing'
  | 'succeeded'
  | 'failed'
  | 'cancelled'

/** What a payment is at the provider, now. */
export type CollectionSnapshot = {
  readonly ref: string
  readonly status: CollectionStatus
  readonly isLive: boolean
  readonly price: Money
  /** What came in; nothing before it has succeeded. */
  readonly received: Money | null
  /** What the provider kept of it, as soon as it says so. */
  readonly fee: Money | null
  /** Of the charge that succeeded. */
  readonly chargeRef: string | null
  /** Why the last try failed, in the provider's words for programs. */
  readonly failure: string | null
  /** Our own id of the payment, as we gave it. */
  readonly paymentId: string | null
  /** Which attempt of it this is, as we gave it. */
  readonly number: number
}

export type PaymentProvider = CheckoutProvider &
  CustomerProvider &
  RefundProvider &
  DisputeProvider & {
    readonly id: 'stripe'
    /** Never throws for what the provider does. */
    startCollection(attempt: Attempt<CollectRequest>): Promise<Outcome<Collection>>
    /** Null when there is no such payment. @throws Error when the provider cannot say */
    fetchCollection(ref: string, signal?: AbortSignal): Promise<CollectionSnapshot | null>
    /**
     * Asks that nobody can pay it any more. What it says is what is seen afterwards, whatever the answer was.
     * @throws Error when the provider cannot say
     */
    cancelCollection(ref: string): Promise<CollectionSnapshot | null>
    /** All it has, for whoever compares it with ours. */
    readonly listing: ProviderListing
  }
