/** The port to a provider's own page on which a customer pays: what is asked of it, and what it says. */
import type { Attempt, CollectRequest, Outcome } from './provider.ts'

/** All of it survives JSON, as that of a payment without a page does. */
export type SessionRequest = CollectRequest & {
  /** What the page says is sold. */
  readonly name: string
  /** Where the page sends somebody who has paid, and somebody who has changed their mind. */
  readonly successUrl: string
  readonly cancelUrl: string
}

export type Session = { readonly ref: string; readonly url: string }

/** `complete`: the customer is done with the page, which does not say that the money is there. */
export type SessionStatus = 'open' | 'complete' | 'expired'

/** What a page is at the provider, now. */
export type SessionSnapshot = {
  readonly ref: string
  readonly status: SessionStatus
  /** What the customer pays by; null until they have tried to. */
  readonly collectionRef: string | null
  /** Our own id of the payment, and which attempt of it this is, as we gave them. */
  readonly paymentId: string | null
  readonly number: number
}

export type CheckoutProvider = {
  /** Never throws for what the provider does. */
  startSession(attempt: Attempt<SessionRequest>): Promise<Outcome<Session>>
  /** Null when there is no such page. @throws Error when the provider cannot say */
  fetchSession(ref: string, signal?: AbortSignal): Promise<SessionSnapshot | null>
  /**
   * Asks that nobody can pay on it any more. What it says is what is seen afterwards, whatever the answer was.
   * @throws Error when the provider cannot say
   */
  expireSession(ref: string): Promise<SessionSnapshot | null>
  /** The page that a payment belongs to; null when it belongs to none. @throws Error when the provider cannot say */
  findSessionOf(collectionRef: string, signal?: AbortSignal): Promise<string | null>
}
