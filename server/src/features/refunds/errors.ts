/** What the refunds room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('refunds', {
  refund_not_found: [404, 'There is no such refund.'],
  nothing_to_refund: [
    409,
    'Nothing of this payment can be refunded.',
    '`refundable` says how much there is; money that is on its way back, or that a dispute claims, is not part of it.',
  ],
  more_than_refundable: [
    409,
    'Less than that can be refunded.',
    '`refundable` says how much there is; money that is on its way back, or that a dispute claims, is not part of it.',
  ],
  disputed: [
    409,
    'The customer’s bank disputes this payment: until that is decided, what it claims is not refunded.',
    'Answer the dispute, or accept it.',
  ],
  not_in_review: [409, 'What became of this refund is known.'],
  made_after_all: [
    409,
    'The payment provider has this refund: it was made.',
    'Say that it was made, by the name in `providerRef`.',
  ],
  not_this_refund: [
    422,
    'What the provider calls so is not this refund.',
    'It has to give back the same payment, the same amount, and be no other refund of ours.',
  ],
  surplus_not_open: [409, 'This surplus is on its way back, or is settled.'],
  provider_unavailable: [
    503,
    'The payment provider did not say what it has.',
    'Send the same request again.',
  ],
  refused_by_provider: [422, 'The payment provider refuses this refund; nothing was refunded.'],
})
