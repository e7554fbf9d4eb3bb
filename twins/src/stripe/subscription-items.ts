/** Items of subscriptions: a price, a quantity, and the period that is paid. */
import { newId } from './ids.ts'
import type { NewLine } from './invoice-drafts.ts'
import { type Page, wholeList } from './listing.ts'
import type { Metadata } from './parameters.ts'
import { nextPeriodEnd } from './periods.ts'
import type { Price } from './prices.ts'
import type { Subscription } from './subscriptions.ts'
import { timeOf } from './their-time.ts'
import type { Home } from './world.ts'

export type SubscriptionItem = {
  id: string
  object: 'subscription_item'
  created: number
  current_period_end: number
  current_period_start: number
  discounts: []
  metadata: Metadata
  price: Price
  quantity: number
  subscription: string
  tax_rates: []
}

export function newItem(
  home: Home,
  subscription: Pick<Subscription, 'billing_cycle_anchor' | 'customer' | 'id' | 'trial_end'>,
  wanted: { price: Price; quantity: number },
): SubscriptionItem {
  const now = timeOf(home, subscription.customer).now()
  const { billing_cycle_anchor: anchor, trial_end: trialEnd } = subscription
  const { recurring } = wanted.price
  if (!recurring) throw new Error(`${wanted.price.id} is not recurring.`)
  const item: SubscriptionItem = {
    id: newId('si', 14),
    object: 'subscription_item',
    created: now,
    current_period_end:
      trialEnd !== null && trialEnd > now ? trialEnd : nextPeriodEnd(anchor, recurring, now),
    current_period_start: now,
    discounts: [],
    metadata: {},
    price: wanted.price,
    quantity: wanted.quantity,
    subscription: subscription.id,
    tax_rates: [],
  }
  home.subscriptionItems.set(item.id, item)
  return item
}

export function itemList(id: string, items: SubscriptionItem[]): Page<SubscriptionItem> {
  return wholeList(`/v1/subscription_items?subscription=${id}`, items)
}

export function lineOf(item: SubscriptionItem, share = 1): NewLine {
  return {
    amount: Math.round(item.price.unit_amount * item.quantity * share),
    description: `${item.quantity} × ${item.price.nickname ?? item.price.product}`,
    isProration: false,
    item: item.id,
    period: { end: item.current_period_end, start: item.current_period_start },
    price: item.price.id,
    product: item.price.product,
    quantity: item.quantity,
  }
}

export function movePeriods(subscription: Subscription, now: number): void {
  for (const item of subscription.items.data) {
    if (!item.price.recurring) continue
    item.current_period_start = now
    item.current_period_end = nextPeriodEnd(
      subscription.billing_cycle_anchor,
      item.price.recurring,
      now,
    )
  }
}

export function periodEndOf({ items }: Subscription): number {
  return Math.min(...items.data.map(({ current_period_end: end }) => end))
}
