/** Checkout sessions: the operations on them. What becomes of one is in `checkout.ts`. */
import { type CheckoutSession, type LineItem, expire } from './checkout.ts'
import { checkChargeAmount } from './currencies.ts'
import { invalid } from './errors.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { checkItems, trialSettings } from './new-subscriptions.ts'
import { exactlyOne, operation } from './operation.ts'
import {
  type Values,
  clearable,
  integer,
  listOf,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  shape,
  text,
} from './parameters.ts'
import { createPrice, priceData } from './prices.ts'
import { later, work } from './work.ts'
import { type Home, take, takeCustomer } from './world.ts'

const intentFields = {
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: text,
  metadata,
  receipt_email: text,
  setup_future_usage: oneOf('off_session', 'on_session'),
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  transfer_group: text,
}
const subscriptionFields = {
  description: text,
  metadata,
  trial_end: integer,
  trial_period_days: integer,
  trial_settings: trialSettings,
}
export type SubscriptionData = Values<typeof subscriptionFields>
export type IntentData = Values<typeof intentFields>

const creating = {
  cancel_url: text,
  client_reference_id: text,
  customer: text,
  customer_creation: oneOf('always', 'if_required'),
  customer_email: text,
  expires_at: integer,
  line_items: required(listOf(shape({ price: text, price_data: priceData, quantity: integer }))),
  locale: text,
  metadata,
  mode: required(oneOf('payment', 'subscription')),
  payment_intent_data: shape(intentFields),
  payment_method_types: listOf(oneOf('card', 'us_bank_account')),
  subscription_data: shape(subscriptionFields),
  success_url: required(text),
}

const shortestSeconds = 30 * 60
const longestSeconds = 24 * 3600

function create(home: Home, values: Values<typeof creating>): CheckoutSession {
  const { clock, url } = home.world
  const now = clock.now()
  const expiresAt = values.expires_at ?? now + longestSeconds
  // One minute of grace, for clocks that differ.
  if (expiresAt < now + shortestSeconds - 60 || expiresAt > now + longestSeconds + 60)
    throw invalid('expires_at must be between 30 minutes and 24 hours from now.', {
      param: 'expires_at',
    })
  if (values.customer !== undefined) {
    takeCustomer(home, values.customer, 'customer')
    if (values.customer_email !== undefined || values.customer_creation !== undefined)
      throw invalid('customer goes neither with customer_email nor with customer_creation.', {
        code: 'parameters_exclusive',
        param: 'customer',
      })
  }
  const isSubscription = values.mode === 'subscription'
  if (isSubscription ? values.payment_intent_data : values.subscription_data)
    throw invalid('payment_intent_data goes with payment mode, subscription_data with the other.', {
      param: isSubscription ? 'payment_intent_data' : 'subscription_data',
    })
  const items = lineItemsOf(home, values.line_items, isSubscription)
  if (isSubscription) checkItems(items)
  const total = items.reduce((sum, { amount_total: amount }) => sum + amount, 0)
  const [{ currency } = { currency: '' }] = items
  if (total > 0) checkChargeAmount(total, currency)
  const id = newId('cs_test', 58)
  const session: CheckoutSession = {
    id,
    object: 'checkout.session',
    allow_promotion_codes: null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: values.cancel_url ?? null,
    client_reference_id: values.client_reference_id ?? null,
    created: now,
    currency,
    customer: values.customer ?? null,
    customer_creation:
      values.customer === undefined
        ? isSubscription
          ? 'always'
          : (values.customer_creation ?? 'if_required')
        : null,
    customer_details: null,
    customer_email: values.customer_email ?? null,
    expires_at: expiresAt,
    invoice: null,
    livemode: false,
    locale: values.locale ?? null,
    metadata: mergeMetadata({}, values.metadata),
    mode: values.mode,
    payment_intent: null,
    payment_method_collection: isSubscription ? 'always' : null,
    payment_method_types:
      values.payment_method_types ?? (isSubscription ? ['card'] : ['card', 'us_bank_account']),
    payment_status: total === 0 ? 'no_payment_required' : 'unpaid',
    shipping_cost: null,
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: values.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted',
    url: `${url}/c/pay/${id}`,
  }
  home.sessions.set(id, session)
  home.lineItems.set(id, items)
  home.intentData.set(id, values.payment_intent_data ?? {})
  home.subscriptionData.set(id, values.subscription_data ?? {})
  later(home, expiresAt, expireUnpaid, { session: id })
  return session
}

const expireUnpaid = work('checkout.expire', (home, { session: id }: { session: string }) => {
  const session = home.sessions.get(id)
  if (session?.status === 'open') expire(home, session)
})

export const checkoutWork = [expireUnpaid]

function lineItemsOf(
  home: Home,
  given: Values<typeof creating>['line_items'],
  isSubscription: boolean,
): LineItem[] {
  if (given.length === 0) throw invalid('A session needs line items.', { param: 'line_items' })
  const items = given.map((item, index) => {
    const param = `line_items[${index}]`
    const price =
      exactlyOne(item, 'price', 'price_data') === 'price'
        ? take(home.prices, item.price ?? '', 'price', `${param}[price]`)
        : createPrice(home, item.price_data ?? { currency: '', unit_amount: 0 })
    if (!price.active)
      throw invalid('The price specified is inactive.', { param: `${param}[price]` })
    if (isSubscription && !price.recurring)
      throw invalid('This twin sells only recurring prices in subscription mode.', { param })
    if (!isSubscription && price.recurring)
      throw invalid('A recurring price needs a session in subscription mode.', { param: 'mode' })
    const quantity = item.quantity ?? 1
    if (quantity < 1) throw invalid('quantity must be at least 1.', { param: `${param}[quantity]` })
    const amount = price.unit_amount * quantity
    return {
      id: newId('li', 24),
      object: 'item' as const,
      amount_discount: 0 as const,
      amount_subtotal: amount,
      amount_tax: 0 as const,
      amount_total: amount,
      currency: price.currency,
      description: home.products.get(price.product)?.name ?? '',
      price,
      quantity,
    }
  })
  if (new Set(items.map(({ currency }) => currency)).size > 1)
    throw invalid('All line items must have the same currency.', { param: 'line_items' })
  return items
}

const takeSession = (home: Home, id: string) =>
  take(home.sessions, id, 'checkout.session', 'session')

export const checkoutOperations = [
  operation('POST /v1/checkout/sessions', {
    parameters: creating,
    answers: 'checkout.session',
    run: ({ home, values }) => create(home, values),
  }),
  operation('GET /v1/checkout/sessions', {
    parameters: {
      ...pageParameters,
      created: moment,
      customer: text,
      payment_intent: text,
      status: oneOf('complete', 'expired', 'open'),
    },
    answers: 'checkout.session',
    isList: true,
    run({ home, values }) {
      const { created, customer, payment_intent: intent, status } = values
      const found = [...home.sessions.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => customer === undefined || each.customer === customer)
        .filter((each) => intent === undefined || each.payment_intent === intent)
        .filter((each) => status === undefined || each.status === status)
      return page('/v1/checkout/sessions', found, values)
    },
  }),
  operation('GET /v1/checkout/sessions/:id', {
    answers: 'checkout.session',
    run: ({ home, part }) => takeSession(home, part('id')),
  }),
  operation('POST /v1/checkout/sessions/:id', {
    parameters: { metadata: clearable(metadata) },
    answers: 'checkout.session',
    run({ home, values, part }) {
      const session = takeSession(home, part('id'))
      session.metadata = mergeMetadata(session.metadata, values.metadata ?? undefined)
      return session
    },
  }),
  operation('POST /v1/checkout/sessions/:id/expire', {
    answers: 'checkout.session',
    run({ home, part }) {
      const session = takeSession(home, part('id'))
      expire(home, session)
      return session
    },
  }),
  operation('GET /v1/checkout/sessions/:id/line_items', {
    parameters: pageParameters,
    answers: 'item',
    isList: true,
    run({ home, values, part }) {
      const { id } = takeSession(home, part('id'))
      const items = home.lineItems.get(id)?.toReversed() ?? []
      return page(`/v1/checkout/sessions/${id}/line_items`, items, values)
    },
  }),
]
