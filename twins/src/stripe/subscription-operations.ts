/** Subscriptions: the operations on them and on their items. */
import { invalid, missing } from './errors.ts'
import { finalize } from './invoices.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import {
  createSubscription,
  endWithPeriod,
  newSubscription,
  trialEnd,
} from './new-subscriptions.ts'
import { operation } from './operation.ts'
import {
  anything,
  clearable,
  flag,
  integer,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  text,
} from './parameters.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { changeItems, creditLines, howToChange, itemChanges } from './subscription-changes.ts'
import { bill } from './subscription-bills.ts'
import { cancelSubscription, change, hasEnded } from './subscription-states.ts'
import { type Subscription, endTrial, resume } from './subscriptions.ts'
import { timeOf } from './their-time.ts'
import { type Home, take } from './world.ts'

const statuses = [
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const

const takeSubscription = (home: Home, id: string) => take(home.subscriptions, id, 'subscription')

function takeLive(home: Home, id: string): Subscription {
  const subscription = takeSubscription(home, id)
  if (hasEnded(subscription))
    throw invalid('A canceled subscription can only update its cancellation details.', {
      code: 'invalid_canceled_subscription_fields',
    })
  return subscription
}

/** Without a status: all that have not ended. */
function hasStatus(subscription: Subscription, status: (typeof statuses)[number] | undefined) {
  if (status === 'all') return true
  if (status === undefined) return !hasEnded(subscription)
  return status === 'ended' ? hasEnded(subscription) : subscription.status === status
}

export function setEnd(home: Home, subscription: Subscription, isWanted: boolean): void {
  change(home, subscription, () => {
    if (isWanted) endWithPeriod(subscription, timeOf(home, subscription.customer).now())
    else
      Object.assign(subscription, {
        cancel_at: null,
        cancel_at_period_end: false,
        canceled_at: null,
        cancellation_details: { comment: null, feedback: null, reason: null },
      })
  })
}

export const subscriptionOperations = [
  operation('POST /v1/subscriptions', {
    parameters: newSubscription,
    answers: 'subscription',
    run: ({ home, values }) => createSubscription(home, values),
  }),
  operation('GET /v1/subscriptions', {
    parameters: {
      ...pageParameters,
      created: moment,
      customer: text,
      price: text,
      status: oneOf(...statuses),
      test_clock: text,
    },
    answers: 'subscription',
    isList: true,
    run({ home, values }) {
      const { created, customer, price, status, test_clock: clock } = values
      const found = [...home.subscriptions.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => customer === undefined || each.customer === customer)
        // Those of a test clock are listed by it, or by their customer.
        .filter(
          (each) =>
            each.test_clock === clock ||
            (clock === undefined && (each.test_clock === null || customer !== undefined)),
        )
        .filter(
          ({ items }) => price === undefined || items.data.some((item) => item.price.id === price),
        )
        .filter((each) => hasStatus(each, status))
      return page('/v1/subscriptions', found, values)
    },
  }),
  operation('GET /v1/subscriptions/:id', {
    answers: 'subscription',
    run: ({ home, part }) => takeSubscription(home, part('id')),
  }),
  operation('POST /v1/subscriptions/:id', {
    parameters: {
      ...howToChange,
      cancel_at_period_end: flag,
      default_payment_method: clearable(text),
      description: clearable(text),
      items: itemChanges,
      metadata,
      off_session: flag,
      trial_end: trialEnd,
    },
    answers: 'subscription',
    run({ home, values, part }) {
      const subscription = takeLive(home, part('id'))
      const now = timeOf(home, subscription.customer).now()
      const { default_payment_method: method, trial_end: end } = values
      if (end !== undefined && end !== 'now')
        throw invalid('This twin can end a trial only now.', { param: 'trial_end' })
      const methodId =
        method === null || method === undefined
          ? method
          : usePaymentMethod(home, method, subscription.customer, { isAttached: true }).id
      change(home, subscription, () => {
        if (methodId !== undefined) subscription.default_payment_method = methodId
        if (values.description !== undefined) subscription.description = values.description
        subscription.metadata = mergeMetadata(subscription.metadata, values.metadata)
      })
      if (values.items) changeItems(home, subscription, values.items, values)
      if (values.cancel_at_period_end !== undefined)
        setEnd(home, subscription, values.cancel_at_period_end)
      if (end === 'now' && (subscription.trial_end ?? 0) > now) endTrial(home, subscription)
      return subscription
    },
  }),
  operation('DELETE /v1/subscriptions/:id', {
    parameters: { cancellation_details: anything, invoice_now: flag, prorate: flag },
    answers: 'subscription',
    run({ home, values, part }) {
      const subscription = takeSubscription(home, part('id'))
      if (hasEnded(subscription)) throw missing('subscription', subscription.id)
      Object.assign(subscription.cancellation_details, values.cancellation_details)
      const credit =
        values.prorate === true && subscription.status === 'active'
          ? creditLines(home, subscription)
          : []
      if (values.invoice_now === true && credit.length > 0)
        finalize(home, bill(home, subscription, credit, 'subscription_update'))
      cancelSubscription(home, subscription, 'cancellation_requested')
      return subscription
    },
  }),
  operation('POST /v1/subscriptions/:id/resume', {
    parameters: { billing_cycle_anchor: oneOf('now') },
    answers: 'subscription',
    run({ home, part }) {
      const subscription = takeLive(home, part('id'))
      if (subscription.status !== 'paused')
        throw invalid(`Only a paused subscription can be resumed; it is ${subscription.status}.`)
      resume(home, subscription)
      return subscription
    },
  }),
  operation('GET /v1/subscription_items', {
    parameters: { ...pageParameters, subscription: required(text) },
    answers: 'subscription_item',
    isList: true,
    run({ home, values }) {
      const { items } = takeSubscription(home, values.subscription)
      return page('/v1/subscription_items', items.data.toReversed(), values)
    },
  }),
  operation('GET /v1/subscription_items/:id', {
    answers: 'subscription_item',
    run: ({ home, part }) => take(home.subscriptionItems, part('id'), 'subscription_item'),
  }),
  operation('POST /v1/subscription_items/:id', {
    parameters: { ...howToChange, metadata, price: text, quantity: integer },
    answers: 'subscription_item',
    run({ home, values, part }) {
      const item = take(home.subscriptionItems, part('id'), 'subscription_item')
      const subscription = takeLive(home, item.subscription)
      const { price, quantity } = values
      item.metadata = mergeMetadata(item.metadata, values.metadata)
      if (price !== undefined || quantity !== undefined)
        changeItems(home, subscription, [{ id: item.id, price, quantity }], values)
      return item
    },
  }),
]
