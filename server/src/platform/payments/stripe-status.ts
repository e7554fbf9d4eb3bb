/** What a PaymentIntent's status says, in the words of the port. */
import type { Stripe } from 'stripe'
import type { CollectionStatus } from './provider.ts'

export function collectionStatusOf({
  status,
  last_payment_error,
}: Stripe.PaymentIntent): CollectionStatus {
  switch (status) {
    case 'succeeded':
      return 'succeeded'
    case 'processing':
    case 'requires_capture':
      return 'processing'
    case 'requires_action':
      return 'action'
    case 'canceled':
      return 'cancelled'
    default:
      return last_payment_error ? 'failed' : 'open'
  }
}
