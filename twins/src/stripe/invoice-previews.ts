/** Previews: what the next invoice of a subscription would say, as it is or after a change. */
import { invalid } from './errors.ts'
import { writeInvoice } from './invoice-drafts.ts'
import { operation } from './operation.ts'
import { flag, integer, listOf, oneOf, required, shape, text } from './parameters.ts'
import { nextPeriodEnd } from './periods.ts'
import { planChange } from './subscription-changes.ts'
import { lineOf, periodEndOf } from './subscription-items.ts'
import { hasEnded } from './subscription-states.ts'
import type { Subscription } from './subscriptions.ts'
import { type Home, take } from './world.ts'

const details = shape({
  items: listOf(shape({ deleted: flag, id: text, price: text, quantity: integer })),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
})

type Details = ReturnType<typeof details.read>

/** A change that is paid now is an invoice of its own; everything else is on the next one. */
function preview(home: Home, subscription: Subscription, wanted: Details): object {
  const plan = planChange(home, subscription, wanted?.items ?? [], {
    proration_behavior: wanted?.proration_behavior,
  })
  const pending = home.pendingLines.get(subscription.id) ?? []
  const start = periodEndOf(subscription)
  const next = plan.wanted.map(({ old, price, quantity }) => {
    const template = old ?? subscription.items.data[0]
    if (!template || !price.recurring) throw new Error('The subscription has no items.')
    const end = nextPeriodEnd(subscription.billing_cycle_anchor, price.recurring, start)
    const period = { current_period_end: end, current_period_start: start }
    return lineOf({ ...template, ...period, price, quantity })
  })
  const { id: draftId, ...invoice } = writeInvoice(home, {
    customer: subscription.customer,
    currency: subscription.currency,
    subscription,
    lines: plan.isInvoicedNow ? [...pending, ...plan.lines] : [...pending, ...plan.lines, ...next],
    reason: plan.isInvoicedNow ? 'subscription_update' : 'subscription_cycle',
    method: subscription.default_payment_method,
  })
  return { id: `upcoming_${draftId}`, ...invoice }
}

export const invoicePreviewOperations = [
  operation('POST /v1/invoices/create_preview', {
    parameters: { customer: text, subscription: required(text), subscription_details: details },
    answers: 'invoice',
    run({ home, values }) {
      const id = values.subscription
      const subscription = take(home.subscriptions, id, 'subscription', 'subscription')
      const isOther = values.customer !== undefined && values.customer !== subscription.customer
      if (hasEnded(subscription) || isOther)
        throw invalid('No upcoming invoices for this subscription.', {
          code: 'invoice_upcoming_none',
        })
      return preview(home, subscription, values.subscription_details)
    },
  }),
]
