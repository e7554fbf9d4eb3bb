/** What the payments room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('payments', {
  payment_not_found: [404, 'There is no such payment.'],
  not_configured: [
    503,
    'Payments are not set up here.',
    'Set STRIPE_SECRET_KEY, or run `ashlar dev`, which brings a stand-in.',
  ],
  already_paid: [409, 'This payment is paid.'],
  payment_closed: [409, 'This payment takes no money any more.', 'Start another payment.'],
  in_progress: [
    409,
    'The customer’s bank is at this payment, and says later whether it pays.',
    'Ask again when the state is not `processing` any more.',
  ],
  other_attempt: [
    409,
    'Somebody has just begun another attempt to pay this.',
    'Look at the payment, and ask again with another Idempotency-Key if it still has to be.',
  ],
  too_many_attempts: [409, 'This payment was tried too often.', 'Start another payment.'],
  attempt_over: [
    409,
    'What this key was used for is over, and leads to nothing any more.',
    'Ask for another attempt of the payment with a new Idempotency-Key.',
  ],
  reference_taken: [
    409,
    'There is a payment with this reference already.',
    'Go on with the payment named in `paymentId`.',
  ],
  address_not_allowed: [
    422,
    'A customer is not sent to this address.',
    'Use one of this server, of FRONTEND_URL or of CORS_ORIGINS.',
  ],
  surplus_not_found: [404, 'There is no such surplus.'],
  surplus_returned: [409, 'Another refund has given this surplus back.'],
  refused_by_provider: [422, 'The payment provider refuses this payment.'],
  provider_unavailable: [
    503,
    'The payment provider did not answer; whether it has begun the payment is not known.',
    'Send the same request with the same Idempotency-Key again.',
  ],
})
