/** Facts the payments room states. */
import { defineEvent } from '../../platform/events/index.ts'

type Price = { readonly amount: string; readonly currency: string }

export const paymentStarted = defineEvent<Price & { provider: string }>()('payments.started')
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
