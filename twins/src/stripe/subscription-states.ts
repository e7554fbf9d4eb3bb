/** How a subscription changes and how it ends. */
import { emit, previousOf } from './events.ts'
import type { Invoice } from './invoice-drafts.ts'
import type { Subscription } from './subscriptions.ts'
import { timeOf } from './their-time.ts'
import { type Home, take } from './world.ts'

/** Written down by their names. */
export type SubscriptionAndInvoice = { subscription: string; invoice: string }

export function cancelSubscription(home: Home, subscription: Subscription, reason: string): void {
  const now = timeOf(home, subscription.customer).now()
  subscription.status = subscription.status === 'incomplete' ? 'incomplete_expired' : 'canceled'
  subscription.canceled_at ??= now
  subscription.ended_at = now
  subscription.cancel_at_period_end = false
  subscription.cancellation_details.reason ??= reason
  subscription.pending_update = null
  for (const invoice of openInvoices(home, subscription)) invoice.auto_advance = false
  emit(home, 'customer.subscription.deleted', subscription)
}

export function cancelAllOf(home: Home, customer: string): void {
  for (const each of home.subscriptions.values())
    if (each.customer === customer && !hasEnded(each))
      cancelSubscription(
        home,
        take(home.subscriptions, each.id, 'subscription'),
        'cancellation_requested',
      )
}

/** Says what changed, when something did. */
export function change(home: Home, subscription: Subscription, work: () => void): void {
  const before = structuredClone(subscription)
  work()
  const previous = previousOf(before, subscription)
  if (Object.keys(previous).length > 0)
    emit(home, 'customer.subscription.updated', subscription, previous)
}

export function hasEnded({ status }: Subscription): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}

export function openInvoices(home: Home, { id }: Subscription): Invoice[] {
  return [...home.invoices.values()]
    .filter(({ parent }) => parent.subscription_details.subscription === id)
    .filter(({ status }) => status === 'open' || status === 'draft')
    .map((invoice) => take(home.invoices, invoice.id, 'invoice'))
}

export function bothOf(
  home: Home,
  given: Pick<SubscriptionAndInvoice, 'subscription'> & { invoice?: string },
) {
  return {
    subscription: home.subscriptions.get(given.subscription),
    invoice: home.invoices.get(given.invoice ?? ''),
  }
}
