/** What the disputes room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('disputes', {
  dispute_not_found: [404, 'There is no such dispute.'],
  dispute_closed: [409, 'The customer’s bank has decided already.'],
  inquiry_not_accepted: [
    409,
    'The customer’s bank only asks so far: there is nothing to accept.',
    'Refund the payment, or send evidence.',
  ],
  refused_by_provider: [422, 'The payment provider does not take this.'],
  provider_unavailable: [
    503,
    'The payment provider did not answer; whether it has passed this on is not known.',
    'Send the same request with the same Idempotency-Key again.',
  ],
})
