/** How a subscription is made, through the API or on the page of a checkout session. */
import type { Customer } from './customers.ts'
import { invalid } from './errors.ts'
import { newId } from './ids.ts'
import {
  type Values,
  either,
  flag,
  integer,
  listOf,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  shape,
  text,
} from './parameters.ts'
import { usePaymentMethod } from './payment-methods.ts'
import type { PaymentIntent } from './payments.ts'
import { type Price, createPrice, priceData } from './prices.ts'
import { exactlyOne } from './operation.ts'
import { itemList, newItem } from './subscription-items.ts'
import { type Subscription, begin } from './subscriptions.ts'
import { timeOf } from './their-time.ts'
import { type Home, take, takeCustomer } from './world.ts'

/** A moment, or now. */
export const trialEnd = either((value) => value === 'now', oneOf('now'), integer)

export const trialSettings = shape({
  end_behavior: required(
    shape({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) }),
  ),
})

export const newSubscription = {
  cancel_at_period_end: flag,
  customer: required(text),
  default_payment_method: text,
  description: text,
  items: required(
    listOf(shape({ metadata, price: text, price_data: priceData, quantity: integer })),
  ),
  metadata,
  off_session: flag,
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete'),
  payment_settings: shape({ save_default_payment_method: oneOf('off', 'on_subscription') }),
  trial_end: trialEnd,
  trial_period_days: integer,
  trial_settings: trialSettings,
}

const subscriptionsOnClock = 3

export function createSubscription(
  home: Home,
  values: Values<typeof newSubscription>,
  paidBy?: PaymentIntent,
): Subscription {
  const customer = takeCustomer(home, values.customer, 'customer')
  const now = timeOf(home, customer.id).now()
  checkTestClock(home, customer)
  const wanted = values.items.map((item, index) => ({
    price: recurringPrice(home, item, `items[${index}]`),
    quantity: item.quantity ?? 1,
  }))
  checkItems(wanted)
  const trialEndsAt = trialEndOf(values, now)
  const [first] = wanted
  const method = values.default_payment_method
  const methodId =
    method === undefined
      ? null
      : usePaymentMethod(home, method, customer.id, { isAttached: true }).id
  const subscription: Subscription = {
    id: newId('sub'),
    object: 'subscription',
    automatic_tax: { enabled: false },
    billing_cycle_anchor: trialEndsAt ?? now,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency: first?.price.currency ?? '',
    customer: customer.id,
    default_payment_method: methodId,
    description: values.description ?? null,
    discounts: [],
    ended_at: null,
    items: itemList('', []),
    latest_invoice: null,
    livemode: false,
    metadata: mergeMetadata({}, values.metadata),
    pause_collection: null,
    payment_settings: {
      save_default_payment_method: values.payment_settings?.save_default_payment_method ?? 'off',
    },
    pending_update: null,
    start_date: now,
    status: 'incomplete',
    test_clock: customer.test_clock,
    trial_end: trialEndsAt,
    trial_settings: values.trial_settings ?? {
      end_behavior: { missing_payment_method: 'create_invoice' },
    },
    trial_start: trialEndsAt === null ? null : now,
  }
  subscription.items = itemList(
    subscription.id,
    wanted.map((each) => newItem(home, subscription, each)),
  )
  if (values.cancel_at_period_end === true) endWithPeriod(subscription, now)
  begin(home, subscription, {
    isLeftToCustomer: values.payment_behavior === 'default_incomplete',
    ...(paidBy && { intent: paidBy }),
  })
  return subscription
}

export function endWithPeriod(subscription: Subscription, now: number): void {
  subscription.cancel_at_period_end = true
  subscription.canceled_at = now
  subscription.cancellation_details.reason = 'cancellation_requested'
  subscription.cancel_at = Math.min(
    ...subscription.items.data.map(({ current_period_end: end }) => end),
  )
}

type WantedPrice = { price?: string | undefined; price_data?: Values<{ p: typeof priceData }>['p'] }

export function recurringPrice(home: Home, item: WantedPrice, param: string): Price {
  const price =
    exactlyOne(item, 'price', 'price_data') === 'price'
      ? take(home.prices, item.price ?? '', 'price', `${param}[price]`)
      : createPrice(home, item.price_data ?? { currency: '', unit_amount: 0 })
  if (!price.active) throw invalid('The price specified is inactive.', { param: `${param}[price]` })
  if (!price.recurring)
    throw invalid('A subscription needs prices of type recurring.', { param: `${param}[price]` })
  return price
}

export function checkItems(items: readonly { price: Price; quantity: number }[]): void {
  if (items.length === 0) throw invalid('A subscription needs items.', { param: 'items' })
  if (items.some(({ quantity }) => quantity < 0))
    throw invalid('The quantity must not be negative.', { param: 'items' })
  const kinds = items.map(
    ({ price: { currency, recurring } }) =>
      `${currency} ${recurring?.interval} ${recurring?.interval_count}`,
  )
  if (new Set(kinds).size > 1)
    throw invalid('All prices of a subscription must have one currency and one interval.', {
      param: 'items',
    })
}

function checkTestClock(home: Home, { id, test_clock: clock }: Customer): void {
  if (clock === null) return
  const others = [...home.subscriptions.values()].filter(({ customer }) => customer === id)
  if (others.length >= subscriptionsOnClock)
    throw invalid(
      `A customer of a test clock can have ${subscriptionsOnClock} subscriptions at most.`,
      { param: 'customer' },
    )
}

function trialEndOf(values: Values<typeof newSubscription>, now: number): number | null {
  const { trial_end: end, trial_period_days: days } = values
  if (end !== undefined && days !== undefined)
    throw invalid('Pass either trial_end or trial_period_days.', {
      code: 'parameters_exclusive',
      param: 'trial_end',
    })
  if (days !== undefined) return days > 0 ? now + days * 24 * 3600 : null
  if (end === undefined || end === 'now') return null
  if (end <= now) throw invalid('trial_end must be in the future.', { param: 'trial_end' })
  return end
}
