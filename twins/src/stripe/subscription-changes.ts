/** Changes of a subscription in the middle of a period: what they cost, and what waits for its money. */
import { invalid } from './errors.ts'
import { emit } from './events.ts'
import { type Invoice, type NewLine } from './invoice-drafts.ts'
import { collectInvoice, finalize, voidInvoice } from './invoices.ts'
import { checkItems, recurringPrice } from './new-subscriptions.ts'
import { type Values, flag, integer, listOf, oneOf, shape, text } from './parameters.ts'
import { type Price, priceData } from './prices.ts'
import { type SubscriptionItem, itemList, lineOf, newItem } from './subscription-items.ts'
import { type Followed, bill, followInvoice } from './subscription-bills.ts'
import { type SubscriptionAndInvoice, change } from './subscription-states.ts'
import type { Subscription } from './subscriptions.ts'
import { timeOf } from './their-time.ts'
import { work } from './work.ts'
import { type Home, take } from './world.ts'

const changedItem = shape({
  deleted: flag,
  id: text,
  price: text,
  price_data: priceData,
  quantity: integer,
})
export const itemChanges = listOf(changedItem)
export const howToChange = {
  payment_behavior: oneOf('allow_incomplete', 'error_if_incomplete', 'pending_if_incomplete'),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
}

type Change = NonNullable<Values<{ items: typeof itemChanges }>['items']>[number]
/** By their names: it may have to wait for long. */
export type PendingChange = {
  invoice: string
  isNewCycle: boolean
  wanted: { old: string | null; price: string; quantity: number }[]
}

type Wanted = { old: SubscriptionItem | null; price: Price; quantity: number }

const pendingSeconds = 23 * 3600

export function changeItems(
  home: Home,
  subscription: Subscription,
  changes: readonly Change[],
  how: Values<typeof howToChange>,
): void {
  const { wanted, isNewCycle, isInvoicedNow, lines } = planChange(home, subscription, changes, how)
  if (!isInvoicedNow) {
    apply(home, subscription, wanted, isNewCycle)
    const pending = home.pendingLines.get(subscription.id) ?? []
    if (lines.length > 0) home.pendingLines.set(subscription.id, [...pending, ...lines])
    return
  }
  if (how.payment_behavior === undefined || how.payment_behavior === 'allow_incomplete') {
    apply(home, subscription, wanted, isNewCycle)
    const invoice = bill(home, subscription, lines, 'subscription_update')
    finalize(home, invoice)
    if (isOpen(invoice)) collectInvoice(home, invoice)
    return
  }
  applyWhenPaid(home, subscription, { wanted, isNewCycle, lines }, how.payment_behavior)
}

/** What a change would mean, before anything is done. */
export function planChange(
  home: Home,
  subscription: Subscription,
  changes: readonly Change[],
  how: Values<typeof howToChange>,
) {
  const wanted = wantedItems(home, subscription, changes)
  checkItems(wanted)
  const isNewCycle = isOtherInterval(subscription, wanted)
  const isCharged = ['active', 'past_due'].includes(subscription.status)
  const isProrated = how.proration_behavior !== 'none'
  const lines = isCharged ? linesOf(home, subscription, wanted, { isNewCycle, isProrated }) : []
  const isInvoicedNow =
    lines.length > 0 && (isNewCycle || how.proration_behavior === 'always_invoice')
  return { wanted, isNewCycle, isInvoicedNow, lines }
}

/** What is left of the period, given back: negative lines. */
export function creditLines(home: Home, subscription: Subscription): NewLine[] {
  return subscription.items.data.map((item) => prorated(item, -remainingShare(home, item)))
}

type Planned = { wanted: readonly Wanted[]; isNewCycle: boolean; lines: readonly NewLine[] }

function applyWhenPaid(
  home: Home,
  subscription: Subscription,
  { wanted, isNewCycle, lines }: Planned,
  behaviour: 'error_if_incomplete' | 'pending_if_incomplete',
): void {
  const time = timeOf(home, subscription.customer)
  const expiresAt = time.now() + pendingSeconds
  const update = {
    expires_at: expiresAt,
    subscription_items: wanted.map(({ old, price, quantity }) => ({
      id: old?.id ?? '',
      price: price.id,
      quantity,
    })),
  }
  // Set before the attempt: a decline must not touch the subscription while something waits.
  subscription.pending_update = update
  const invoice = bill(home, subscription, lines, 'subscription_update', applyPaid)
  home.pendingChanges.set(subscription.id, {
    invoice: invoice.id,
    isNewCycle,
    wanted: wanted.map(({ old, price, quantity }) => ({
      old: old?.id ?? null,
      price: price.id,
      quantity,
    })),
  })
  finalize(home, invoice)
  const trouble = isOpen(invoice) ? collectInvoice(home, invoice) : null
  if (!isOpen(invoice)) return
  if (behaviour === 'error_if_incomplete') {
    takeWaiting(home, subscription, invoice.id)
    voidInvoice(home, invoice)
    throw (
      trouble ??
      invalid('The payment needs an action of the customer.', {
        code: 'subscription_payment_intent_requires_action',
      })
    )
  }
  emit(home, 'customer.subscription.updated', subscription, { pending_update: null })
  const both = { subscription: subscription.id, invoice: invoice.id }
  time.later(expiresAt, expireWaiting, both)
}

const applyPaid = work('subscription_changes.apply', (home, given: Followed) => {
  const subscription = home.subscriptions.get(given.subscription)
  const waiting =
    subscription && given.outcome === 'paid' && takeWaiting(home, subscription, given.invoice)
  if (subscription && waiting) {
    const wanted = waiting.wanted.map(({ old, price, quantity }) => ({
      old: home.subscriptionItems.get(old ?? '') ?? null,
      price: take(home.prices, price, 'price'),
      quantity,
    }))
    apply(home, subscription, wanted, waiting.isNewCycle)
    emit(home, 'customer.subscription.pending_update_applied', subscription)
  }
  followInvoice.run(home, given)
})

const expireWaiting = work('subscription_changes.expire', (home, given: SubscriptionAndInvoice) => {
  const subscription = home.subscriptions.get(given.subscription)
  if (!subscription || !takeWaiting(home, subscription, given.invoice)) return
  const invoice = home.invoices.get(given.invoice)
  if (invoice && isOpen(invoice)) voidInvoice(home, invoice)
  emit(home, 'customer.subscription.pending_update_expired', subscription)
})

export const subscriptionChangeWork = [applyPaid, expireWaiting]

/** It waits no longer. Null when it did not: another one may have come in its place. */
function takeWaiting(
  home: Home,
  subscription: Subscription,
  invoice: string | undefined,
): PendingChange | null {
  const waiting = home.pendingChanges.get(subscription.id)
  if (!subscription.pending_update || waiting?.invoice !== invoice) return null
  home.pendingChanges.delete(subscription.id)
  subscription.pending_update = null
  return waiting ?? null
}

function wantedItems(home: Home, subscription: Subscription, changes: readonly Change[]): Wanted[] {
  const current = subscription.items.data
  const unknown = changes.find(
    ({ id }) => id !== undefined && !current.some((item) => item.id === id),
  )
  if (unknown)
    throw invalid(`The subscription has no item ${unknown.id}.`, {
      code: 'resource_missing',
      param: 'items',
    })
  const kept = current.flatMap((old) => {
    const each = changes.find(({ id }) => id === old.id)
    if (each?.deleted === true) return []
    const hasPrice = each?.price !== undefined || each?.price_data !== undefined
    const price = each && hasPrice ? recurringPrice(home, each, 'items') : old.price
    return [{ old, price, quantity: each?.quantity ?? old.quantity }]
  })
  const added = changes
    .filter(({ id }) => id === undefined)
    .map((each) => ({
      old: null,
      price: recurringPrice(home, each, 'items'),
      quantity: each.quantity ?? 1,
    }))
  return [...kept, ...added]
}

function linesOf(
  home: Home,
  subscription: Subscription,
  wanted: readonly Wanted[],
  { isNewCycle, isProrated }: { isNewCycle: boolean; isProrated: boolean },
): NewLine[] {
  const gone = subscription.items.data.filter(
    (old) => isNewCycle || !wanted.some((each) => each.old === old && isSame(each, old)),
  )
  const come = wanted.filter(({ old, ...each }) => isNewCycle || !old || !isSame(each, old))
  const credit = gone.map((old) => prorated(old, -remainingShare(home, old)))
  const period = subscription.items.data[0]
  const debit = come.map(({ old, price, quantity }) => {
    const share = isNewCycle || !period ? 1 : remainingShare(home, old ?? period)
    const template = old ?? period
    if (!template) throw new Error('The subscription has no items.')
    const line = lineOf({ ...template, price, quantity }, share)
    return { ...line, isProration: !isNewCycle }
  })
  if (isProrated) return [...credit, ...debit]
  // A new cycle is paid in any case.
  return isNewCycle ? debit : []
}

function apply(
  home: Home,
  subscription: Subscription,
  wanted: readonly Wanted[],
  isNewCycle: boolean,
): void {
  if (isNewCycle) subscription.billing_cycle_anchor = timeOf(home, subscription.customer).now()
  change(home, subscription, () => {
    const items = wanted.map(({ old, price, quantity }) => {
      const fresh = newItem(home, subscription, { price, quantity })
      if (!old) return fresh
      home.subscriptionItems.delete(fresh.id)
      const period = isNewCycle
        ? { current_period_end: fresh.current_period_end, current_period_start: fresh.created }
        : {}
      return Object.assign(old, { price, quantity, ...period })
    })
    for (const { id } of subscription.items.data)
      if (!items.some((item) => item.id === id)) home.subscriptionItems.delete(id)
    subscription.items = itemList(subscription.id, items)
  })
}

function prorated(item: SubscriptionItem, share: number): NewLine {
  return { ...lineOf(item, share), isProration: true }
}

function remainingShare(home: Home, item: SubscriptionItem): number {
  const { current_period_end: end, current_period_start: start } = item
  const customer = home.subscriptions.get(item.subscription)?.customer ?? ''
  return Math.max(end - timeOf(home, customer).now(), 0) / (end - start)
}

function isOtherInterval(subscription: Subscription, wanted: readonly Wanted[]): boolean {
  const before = subscription.items.data[0]?.price.recurring
  const after = wanted[0]?.price.recurring
  return before?.interval !== after?.interval || before?.interval_count !== after?.interval_count
}

function isSame(a: { price: Price; quantity: number }, b: { price: Price; quantity: number }) {
  return a.price.id === b.price.id && a.quantity === b.quantity
}

function isOpen({ status }: Invoice): boolean {
  return status === 'open'
}
