/** Subscriptions: what is paid again and again, from the first invoice to the end. */
import { emit } from './events.ts'
import { collectInvoice, finalize, payWith, voidInvoice } from './invoices.ts'
import { type Page } from './listing.ts'
import type { Metadata } from './parameters.ts'
import type { PaymentIntent } from './payments.ts'
import { bill } from './subscription-bills.ts'
import { type SubscriptionItem, lineOf, movePeriods, periodEndOf } from './subscription-items.ts'
import {
  type SubscriptionAndInvoice,
  bothOf,
  cancelSubscription,
  change,
  hasEnded,
  openInvoices,
} from './subscription-states.ts'
import { timeOf } from './their-time.ts'
import { work } from './work.ts'
import type { Home } from './world.ts'

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
  test_clock: string | null
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

type Until = { subscription: string; end: number }
type First = { intent?: PaymentIntent; isLeftToCustomer?: boolean }

const day = 24 * 3600
const incompleteSeconds = 23 * 3600
const draftSeconds = 3600
const trialWarningSeconds = 3 * day
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
  const time = timeOf(home, subscription.customer)
  if (subscription.status === 'incomplete')
    time.later(time.now() + incompleteSeconds, giveUpLater, {
      subscription: subscription.id,
      invoice: invoice.id,
    })
  if (isTrial) warnOfTrialEnd(home, subscription)
  awaitPeriodEnd(home, subscription)
}

/** A paused one begins anew, with a period from now on. */
export function resume(home: Home, subscription: Subscription): void {
  const time = timeOf(home, subscription.customer)
  subscription.billing_cycle_anchor = time.now()
  change(home, subscription, () => {
    movePeriods(subscription, time.now())
    subscription.status = 'active'
  })
  emit(home, 'customer.subscription.resumed', subscription)
  renew(home, subscription)
  awaitPeriodEnd(home, subscription)
}

export function endTrial(home: Home, subscription: Subscription): void {
  const time = timeOf(home, subscription.customer)
  subscription.trial_end = time.now()
  subscription.billing_cycle_anchor = time.now()
  turnPeriod(home, subscription)
}

function awaitPeriodEnd(home: Home, subscription: Subscription): void {
  const end = periodEndOf(subscription)
  timeOf(home, subscription.customer).later(end, turnLater, { subscription: subscription.id, end })
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
    movePeriods(subscription, timeOf(home, subscription.customer).now())
    if (isEndOfTrial) subscription.status = 'active'
  })
  renew(home, subscription)
  awaitPeriodEnd(home, subscription)
}

/** The invoice of a renewal rests for an hour before it is collected. */
function renew(home: Home, subscription: Subscription): void {
  const time = timeOf(home, subscription.customer)
  const lines = subscription.items.data.map((item) => lineOf(item))
  const invoice = bill(home, subscription, lines, 'subscription_cycle')
  // An unpaid subscription goes on writing invoices that nobody collects.
  if (subscription.status === 'unpaid') invoice.auto_advance = false
  time.later(time.now() + draftSeconds, collectLater, {
    subscription: subscription.id,
    invoice: invoice.id,
  })
}

const collectLater = work('subscriptions.collect', (home, given: SubscriptionAndInvoice) => {
  const { subscription, invoice } = bothOf(home, given)
  if (!subscription || !invoice || hasEnded(subscription)) return
  if (invoice.status !== 'draft' || !invoice.auto_advance) return
  finalize(home, invoice)
  if (openInvoices(home, subscription).includes(invoice)) collectInvoice(home, invoice)
})

const giveUpLater = work('subscriptions.give_up', (home, given: SubscriptionAndInvoice) => {
  const { subscription, invoice } = bothOf(home, given)
  if (subscription?.status !== 'incomplete' || !invoice) return
  change(home, subscription, () => {
    subscription.status = 'incomplete_expired'
    subscription.ended_at = timeOf(home, subscription.customer).now()
  })
  if (invoice.status === 'open') voidInvoice(home, invoice)
})

function warnOfTrialEnd(home: Home, subscription: Subscription): void {
  const time = timeOf(home, subscription.customer)
  const end = subscription.trial_end ?? 0
  const due = Math.max(end - trialWarningSeconds, time.now())
  time.later(due, warnLater, { subscription: subscription.id, end })
}

const warnLater = work('subscriptions.warn', (home, { subscription: id, end }: Until) => {
  const subscription = home.subscriptions.get(id)
  if (subscription?.status === 'trialing' && subscription.trial_end === end)
    emit(home, 'customer.subscription.trial_will_end', subscription)
})

export const subscriptionWork = [collectLater, giveUpLater, turnLater, warnLater]

function canPay(home: Home, subscription: Subscription): boolean {
  const customer = home.customers.get(subscription.customer)
  return Boolean(
    subscription.default_payment_method ?? customer?.invoice_settings.default_payment_method,
  )
}
