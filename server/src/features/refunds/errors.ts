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
  refused_by_provider: [422, 'The payment provider refuses this refund; nothing was refunded.'],
})
