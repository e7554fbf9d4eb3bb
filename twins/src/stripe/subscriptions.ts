/** Subscriptions: what is paid again and again, from the first invoice to the end. */
import { emit, previousOf } from './events.ts'
import { type Invoice, type InvoiceOutcome, type NewLine, draftInvoice } from './invoice-drafts.ts'
import { collectInvoice, finalize, intentOf, payWith, voidInvoice } from './invoices.ts'
import { type Page } from './listing.ts'
import type { Metadata } from './parameters.ts'
import type { PaymentIntent } from './payments.ts'
import { type SubscriptionItem, lineOf, movePeriods, periodEndOf } from './subscription-items.ts'
import { type Work, later, task, work } from './work.ts'
import { type Home, take } from './world.ts'

export type Subscription = {
  id: string
  object: 'subscription'
  automatic_tax: { enabled: false }
  billing_cycle_anchor: number
  cancel_at: number | null
  cancel_at_period_end: boolean
  canceled_at: number | null
  cancellation_details: { comment: null; feedback: null; reason: string | null }
  collection_method: 'charge_automatically'
  created: number
  currency: string
  customer: string
  default_payment_method: string | null
  description: string | null
  discounts: []
  ended_at: number | null
  items: Page<SubscriptionItem>
  latest_invoice: string | null
  livemode: false
  metadata: Metadata
  pause_collection: null
  payment_settings: { save_default_payment_method: 'off' | 'on_subscription' }
  pending_update: PendingUpdate | null
  start_date: number
  status:
    | 'active'
    | 'canceled'
    | 'incomplete'
    | 'incomplete_expired'
    | 'past_due'
    | 'paused'
    | 'trialing'
    | 'unpaid'
  trial_end: number | null
  trial_settings: {
    end_behavior: { missing_payment_method: 'cancel' | 'create_invoice' | 'pause' }
  }
  trial_start: number | null
}

/** A change that waits for its money. */
export type PendingUpdate = {
  expires_at: number
  subscription_items: { price: string; quantity: number; id: string }[]
}

type Both = { subscription: string; invoice: string }
type Until = { subscription: string; end: number }
type First = { intent?: PaymentIntent; isLeftToCustomer?: boolean }

const day = 24 * 3600
const incompleteSeconds = 23 * 3600
const draftSeconds = 3600
const trialWarningSeconds = 3 * day
/** From one attempt to the next; after the last one nothing is tried any more. */
const retryPauses = [3 * day, 5 * day, 7 * day]

/** The first invoice, or the trial before it. */
export function begin(home: Home, subscription: Subscription, first: First): void {
  home.subscriptions.set(subscription.id, subscription)
  const isTrial = subscription.trial_end !== null
  if (isTrial) subscription.status = 'trialing'
  emit(home, 'customer.subscription.created', subscription)
  const lines = subscription.items.data.map((item) => lineOf(item, isTrial ? 0 : 1))
  const invoice = bill(home, subscription, lines, 'subscription_create')
  if (first.intent) payWith(home, invoice, first.intent)
  else {
    finalize(home, invoice)
    if (invoice.status === 'open' && first.isLeftToCustomer !== true) collectInvoice(home, invoice)
  }
  const { clock } = home.world
  if (subscription.status === 'incomplete')
    later(home, clock.now() + incompleteSeconds, giveUpLater, {
      subscription: subscription.id,
      invoice: invoice.id,
    })
  if (isTrial) warnOfTrialEnd(home, subscription)
  awaitPeriodEnd(home, subscription)
}

export function cancelSubscription(home: Home, subscription: Subscription, reason: string): void {
  const now = home.world.clock.now()
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

/** A paused one begins anew, with a period from now on. */
export function resume(home: Home, subscription: Subscription): void {
  const { clock } = home.world
  subscription.billing_cycle_anchor = clock.now()
  change(home, subscription, () => {
    movePeriods(subscription, clock.now())
    subscription.status = 'active'
  })
  emit(home, 'customer.subscription.resumed', subscription)
  renew(home, subscription)
  awaitPeriodEnd(home, subscription)
}

export function endTrial(home: Home, subscription: Subscription): void {
  const { clock } = home.world
  subscription.trial_end = clock.now()
  subscription.billing_cycle_anchor = clock.now()
  turnPeriod(home, subscription)
}

export function hasEnded({ status }: Subscription): boolean {
  return status === 'canceled' || status === 'incomplete_expired'
}

function awaitPeriodEnd(home: Home, subscription: Subscription): void {
  const end = periodEndOf(subscription)
  later(home, end, turnLater, { subscription: subscription.id, end })
}

const turnLater = work('subscriptions.turn', (home, { subscription: id, end }: Until) => {
  const subscription = home.subscriptions.get(id)
  // Changed in the meantime: another entry waits for the new end.
  if (subscription && periodEndOf(subscription) === end) turnPeriod(home, subscription)
})

function turnPeriod(home: Home, subscription: Subscription): void {
  if (hasEnded(subscription) || ['incomplete', 'paused'].includes(subscription.status)) return
  if (subscription.cancel_at_period_end) {
    cancelSubscription(home, subscription, 'cancellation_requested')
    return
  }
  const isEndOfTrial = subscription.status === 'trialing'
  if (isEndOfTrial && !canPay(home, subscription)) {
    const behaviour = subscription.trial_settings.end_behavior.missing_payment_method
    if (behaviour === 'cancel') {
      cancelSubscription(home, subscription, 'payment_failed')
      return
    }
    if (behaviour === 'pause') {
      change(home, subscription, () => void (subscription.status = 'paused'))
      emit(home, 'customer.subscription.paused', subscription)
      return
    }
  }
  change(home, subscription, () => {
    movePeriods(subscription, home.world.clock.now())
    if (isEndOfTrial) subscription.status = 'active'
  })
  renew(home, subscription)
  awaitPeriodEnd(home, subscription)
}

/** The invoice of a renewal rests for an hour before it is collected. */
function renew(home: Home, subscription: Subscription): void {
  const { clock } = home.world
  const lines = subscription.items.data.map((item) => lineOf(item))
  const invoice = bill(home, subscription, lines, 'subscription_cycle')
  // An unpaid subscription goes on writing invoices that nobody collects.
  if (subscription.status === 'unpaid') invoice.auto_advance = false
  later(home, clock.now() + draftSeconds, collectLater, {
    subscription: subscription.id,
    invoice: invoice.id,
  })
}

const collectLater = work('subscriptions.collect', (home, given: Both) => {
  const { subscription, invoice } = bothOf(home, given)
  if (!subscription || !invoice || hasEnded(subscription)) return
  if (invoice.status !== 'draft' || !invoice.auto_advance) return
  finalize(home, invoice)
  if (openInvoices(home, subscription).includes(invoice)) collectInvoice(home, invoice)
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
  const { clock, money } = home.world
  const pause = retryPauses[invoice.attempt_count - 1]
  invoice.next_payment_attempt = pause === undefined ? null : clock.now() + pause
  if (invoice.next_payment_attempt !== null) {
    const due = invoice.next_payment_attempt
    later(home, due, retry, { subscription: subscription.id, invoice: invoice.id, due })
    return
  }
  if (money.afterRetries === 'canceled') cancelSubscription(home, subscription, 'payment_failed')
  else change(home, subscription, () => void (subscription.status = money.afterRetries))
}

const retry = work('subscriptions.retry', (home, { due, ...given }: Both & { due: number }) => {
  const { subscription, invoice } = bothOf(home, given)
  if (!subscription || !invoice || hasEnded(subscription)) return
  const isDue = invoice.status === 'open' && invoice.next_payment_attempt === due
  if (isDue && invoice.auto_advance) collectInvoice(home, invoice)
})

const giveUpLater = work('subscriptions.give_up', (home, given: Both) => {
  const { subscription, invoice } = bothOf(home, given)
  if (subscription?.status !== 'incomplete' || !invoice) return
  change(home, subscription, () => {
    subscription.status = 'incomplete_expired'
    subscription.ended_at = home.world.clock.now()
  })
  if (invoice.status === 'open') voidInvoice(home, invoice)
})

function warnOfTrialEnd(home: Home, subscription: Subscription): void {
  const { clock } = home.world
  const end = subscription.trial_end ?? 0
  const due = Math.max(end - trialWarningSeconds, clock.now())
  later(home, due, warnLater, { subscription: subscription.id, end })
}

const warnLater = work('subscriptions.warn', (home, { subscription: id, end }: Until) => {
  const subscription = home.subscriptions.get(id)
  if (subscription?.status === 'trialing' && subscription.trial_end === end)
    emit(home, 'customer.subscription.trial_will_end', subscription)
})

export const subscriptionWork = [
  collectLater,
  followInvoice,
  giveUpLater,
  retry,
  turnLater,
  warnLater,
]

function canPay(home: Home, subscription: Subscription): boolean {
  const customer = home.customers.get(subscription.customer)
  return Boolean(
    subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method,
  )
}

function openInvoices(home: Home, { id }: Subscription): Invoice[] {
  return [...home.invoices.values()]
    .filter(({ parent }) => parent.subscription_details.subscription === id)
    .filter(({ status }) => status === 'open' || status === 'draft')
    .map((invoice) => take(home.invoices, invoice.id, 'invoice'))
}

function bothOf(home: Home, given: { subscription: string; invoice?: string }) {
  return {
    subscription: home.subscriptions.get(given.subscription),
    invoice: home.invoices.get(given.invoice ?? ''),
  }
}
