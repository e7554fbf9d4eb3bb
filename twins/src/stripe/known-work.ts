/** All that can be done later, by the name under which it is written down. */
import { chargeWork } from './charges.ts'
import { checkoutWork } from './checkout-sessions.ts'
import { sessionWork } from './checkout.ts'
import { disputeWork } from './disputes.ts'
import { invoiceWork } from './invoices.ts'
import { paymentWork } from './payments.ts'
import { payoutWork } from './payouts.ts'
import { refundWork } from './refunds.ts'
import { subscriptionBillWork } from './subscription-bills.ts'
import { subscriptionChangeWork } from './subscription-changes.ts'
import { subscriptionWork } from './subscriptions.ts'
import { testClockWork } from './test-clocks.ts'
import { webhookWork } from './webhooks.ts'
import type { KnownWork } from './work.ts'

const all: readonly KnownWork[] = [
  ...chargeWork,
  ...checkoutWork,
  ...disputeWork,
  ...invoiceWork,
  ...paymentWork,
  ...payoutWork,
  ...refundWork,
  ...sessionWork,
  ...subscriptionBillWork,
  ...subscriptionChangeWork,
  ...subscriptionWork,
  ...testClockWork,
  ...webhookWork,
]

export const knownWork: ReadonlyMap<string, KnownWork> = new Map(
  all.map((each) => [each.name, each]),
)
