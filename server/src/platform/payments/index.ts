/** Whoever takes payments: the outside world that money comes from. The front door; rooms reach it as `ctx.ports.payments`. */
export type {
  Attempt,
  CollectRequest,
  Collection,
  CollectionSnapshot,
  Outcome,
  PaymentProvider,
} from './provider.ts'
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
