/** Facts the payments room states. */
import { defineEvent } from '../../platform/events/index.ts'

type Price = { readonly amount: string; readonly currency: string }

export const paymentStarted = defineEvent<Price & { provider: string; by: string }>()(
  'payments.started',
)
/** Another way to pay what was not paid yet. */
export const attemptStarted = defineEvent<{ number: number; by: string }>()(
  'payments.attempt_started',
)
/** It is cancelled when the provider says so. */
export const cancelWanted = defineEvent<{ state: string }>()('payments.cancel_wanted')
export const paymentHeld = defineEvent<Price & { provider: string; ref: string }>()('payments.held')
export const paymentChanged = defineEvent<{
  before: string
  after: string
  failure: string | null
}>()('payments.changed')
/** The provider says another amount than was asked for: nobody gets anything for it before somebody has looked. */
export const amountDiffers = defineEvent<{ expected: Price; said: Price; ref: string }>()(
  'payments.amount_differs',
)
/** Money came in a second time: it is kept apart, and has to be given back. */
export const paidTwice = defineEvent<
  Price & { surplusId: string; ref: string; chargeRef: string | null }
>()('payments.paid_twice')
export const surplusReturned = defineEvent<{ surplusId: string; refundId: string }>()(
  'payments.surplus_returned',
)
export const customerMade = defineEvent<{ ref: string }>()('payments.customer_made')
export const customerGone = defineEvent<{ ref: string | null }>()('payments.customer_gone')
