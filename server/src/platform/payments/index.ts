/** Whoever takes payments: the outside world that money comes from. The front door; rooms reach it as `ctx.ports.payments`. */
export {
  type DisputeMovement,
  type DisputeSnapshot,
  type DisputeStatus,
  type EvidenceRequest,
  disputeStatuses,
} from './dispute-provider.ts'
export type { Session, SessionRequest, SessionSnapshot } from './checkout-provider.ts'
export type {
  Attempt,
  CollectRequest,
  Collection,
  CollectionSnapshot,
  CollectionStatus,
  Outcome,
  PaymentProvider,
} from './provider.ts'
export type { RefundRequest, RefundSnapshot, RefundStatus } from './refund-provider.ts'
export {
  type Listed,
  type ListedNotice,
  type Movement,
  type ProviderListing,
  type Sighting,
  type SightingKind,
  type SightingPhase,
  sightingKinds,
} from './provider-listing.ts'
export { openStripe } from './stripe.ts'
export { type Notice, readStripeNotice } from './stripe-notice.ts'
export { stripeMode, stripeWebhookSecrets } from './stripe-settings.ts'
