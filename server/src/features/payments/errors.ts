/** What the payments room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('payments', {
  payment_not_found: [404, 'There is no such payment.'],
  not_configured: [
    503,
    'Payments are not set up here.',
    'Set STRIPE_SECRET_KEY, or run `ashlar dev`, which brings a stand-in.',
  ],
  refused_by_provider: [422, 'The payment provider refuses this payment.'],
  provider_unavailable: [
    503,
    'The payment provider did not answer; whether it has begun the payment is not known.',
    'Send the same request with the same Idempotency-Key again.',
  ],
})
