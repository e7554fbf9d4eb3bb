/** Invoices of subscriptions: what becomes of a subscription when its invoice is paid, or is not. */
import { type Invoice, type InvoiceOutcome, type NewLine, draftInvoice } from './invoice-drafts.ts'
import { collectInvoice, intentOf } from './invoices.ts'
import {
  type SubscriptionAndInvoice,
  bothOf,
  cancelSubscription,
  change,
  hasEnded,
} from './subscription-states.ts'
import type { Subscription } from './subscriptions.ts'
import { timeOf } from './their-time.ts'
import { type Work, task, work } from './work.ts'
import type { Home } from './world.ts'

const day = 24 * 3600
/** From one attempt to the next; after the last one nothing is tried any more. */
const retryPauses = [3 * day, 5 * day, 7 * day]

export function bill(
  home: Home,
  subscription: Subscription,
  lines: readonly NewLine[],
  reason: Invoice['billing_reason'],
  watcher: Work<Followed> = followInvoice,
): Invoice {
  const pending = home.pendingLines.get(subscription.id) ?? []
  home.pendingLines.delete(subscription.id)
  const invoice: Invoice = draftInvoice(home, {
    customer: subscription.customer,
    currency: subscription.currency,
    subscription,
    lines: [...pending, ...lines],
    reason,
    method: subscription.default_payment_method,
    watcher: task(watcher, { subscription: subscription.id }),
  })
  subscription.latest_invoice = invoice.id
  return invoice
}

/** `invoice` and `outcome` are known when it happens. */
export type Followed = { subscription: string; invoice?: string; outcome?: InvoiceOutcome }

export const followInvoice = work('subscriptions.follow', (home, given: Followed) => {
  const { subscription, invoice } = bothOf(home, given)
  if (!subscription || !invoice) return
  if (given.outcome === 'paid') settled(home, subscription, invoice)
  else if (given.outcome === 'failed') unpaid(home, subscription, invoice)
  else if (given.outcome === 'action') waitForCustomer(home, subscription)
})

function settled(home: Home, subscription: Subscription, invoice: Invoice): void {
  if (subscription.latest_invoice !== invoice.id) return
  const isKept = subscription.payment_settings.save_default_payment_method === 'on_subscription'
  change(home, subscription, () => {
    if (isKept && invoice.amount_paid > 0)
      subscription.default_payment_method ??= intentOf(home, invoice).payment_method
    if (['incomplete', 'past_due', 'unpaid'].includes(subscription.status))
      subscription.status = 'active'
  })
}

function unpaid(home: Home, subscription: Subscription, invoice: Invoice): void {
  if (hasEnded(subscription) || subscription.status === 'incomplete') return
  // A change that waits for its money leaves everything as it is.
  if (subscription.pending_update) return
  change(home, subscription, () => {
    if (['active', 'trialing'].includes(subscription.status)) subscription.status = 'past_due'
  })
  retryLater(home, subscription, invoice)
}

function waitForCustomer(home: Home, subscription: Subscription): void {
  if (subscription.status === 'active' && !subscription.pending_update)
    change(home, subscription, () => void (subscription.status = 'past_due'))
}

function retryLater(home: Home, subscription: Subscription, invoice: Invoice): void {
  const { money } = home.world
  const time = timeOf(home, subscription.customer)
  const pause = retryPauses[invoice.attempt_count - 1]
  invoice.next_payment_attempt = pause === undefined ? null : time.now() + pause
  if (invoice.next_payment_attempt !== null) {
    const due = invoice.next_payment_attempt
    time.later(due, retry, { subscription: subscription.id, invoice: invoice.id, due })
    return
  }
  if (money.afterRetries === 'canceled') cancelSubscription(home, subscription, 'payment_failed')
  else change(home, subscription, () => void (subscription.status = money.afterRetries))
}

const retry = work(
  'subscriptions.retry',
  (home, { due, ...given }: SubscriptionAndInvoice & { due: number }) => {
    const { subscription, invoice } = bothOf(home, given)
    if (!subscription || !invoice || hasEnded(subscription)) return
    const isDue = invoice.status === 'open' && invoice.next_payment_attempt === due
    if (isDue && invoice.auto_advance) collectInvoice(home, invoice)
  },
)

export const subscriptionBillWork = [followInvoice, retry]
