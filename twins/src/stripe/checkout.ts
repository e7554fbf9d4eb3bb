/** Checkout sessions: a page on which a customer pays, and what becomes of it. */
import { checkChargeAmount } from './currencies.ts'
import { createCustomer } from './customers.ts'
import { invalid } from './errors.ts'
import { emit } from './events.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { exactlyOne, operation } from './operation.ts'
import {
  type Metadata,
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
import { createIntent } from './payment-intents.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { type PaymentIntent, attempt, cancel } from './payments.ts'
import { type Price, createPrice, priceData } from './prices.ts'
import { type Home, take, takeCustomer } from './world.ts'

export type CheckoutSession = {
  id: string
  object: 'checkout.session'
  allow_promotion_codes: null
  amount_subtotal: number
  amount_total: number
  automatic_tax: { enabled: false; liability: null; provider: null; status: null }
  billing_address_collection: null
  cancel_url: string | null
  client_reference_id: string | null
  created: number
  currency: string
  customer: string | null
  customer_creation: 'always' | 'if_required' | null
  customer_details: {
    address: null
    email: string | null
    name: string | null
    phone: null
    tax_exempt: 'none'
    tax_ids: []
  } | null
  customer_email: string | null
  expires_at: number
  invoice: string | null
  livemode: false
  locale: string | null
  metadata: Metadata
  mode: 'payment'
  payment_intent: string | null
  payment_method_collection: 'always' | 'if_required' | null
  payment_method_types: string[]
  payment_status: 'no_payment_required' | 'paid' | 'unpaid'
  shipping_cost: null
  status: 'complete' | 'expired' | 'open'
  submit_type: null
  subscription: string | null
  success_url: string
  total_details: { amount_discount: 0; amount_shipping: 0; amount_tax: 0 }
  ui_mode: 'hosted'
  url: string | null
}

export type LineItem = {
  id: string
  object: 'item'
  amount_discount: 0
  amount_subtotal: number
  amount_tax: 0
  amount_total: number
  currency: string
  description: string
  price: Price
  quantity: number
}

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
  mode: required(oneOf('payment')),
  payment_intent_data: shape(intentFields),
  payment_method_types: listOf(oneOf('card', 'us_bank_account')),
  success_url: required(text),
}

const shortestSeconds = 30 * 60
const longestSeconds = 24 * 3600

/** The customer pays on the page, with a test card; a decline is thrown, and the page stays open. */
export function pay(home: Home, session: CheckoutSession, card: string, email: string): void {
  if (session.status !== 'open') throw wrongState(session, 'paid')
  const address = session.customer_email ?? email
  session.customer_details = {
    address: null,
    email: customerOf(home, session)?.email ?? (address === '' ? null : address),
    name: customerOf(home, session)?.name ?? null,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
  if (session.customer === null && session.customer_creation === 'always')
    session.customer = createCustomer(home, { email: session.customer_details.email }).id
  const intent = intentOf(home, session)
  intent.customer = session.customer
  const method = usePaymentMethod(home, card, session.customer)
  attempt(home, intent, method, { returnUrl: `${home.world.url}/c/pay/${session.id}` })
  if (intent.status === 'processing') complete(home, session, 'unpaid')
}

export function expire(home: Home, session: CheckoutSession): void {
  if (session.status !== 'open') throw wrongState(session, 'expired')
  session.status = 'expired'
  session.url = null
  const intent = home.paymentIntents.get(session.payment_intent ?? '')
  if (intent && intent.status.startsWith('requires_')) cancel(home, intent, 'abandoned')
  emit(home, 'checkout.session.expired', session)
}

export function successUrl(session: CheckoutSession): string {
  return session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

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
  const items = lineItemsOf(home, values.line_items)
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
      values.customer === undefined ? (values.customer_creation ?? 'if_required') : null,
    customer_details: null,
    customer_email: values.customer_email ?? null,
    expires_at: expiresAt,
    invoice: null,
    livemode: false,
    locale: values.locale ?? null,
    metadata: mergeMetadata({}, values.metadata),
    mode: values.mode,
    payment_intent: null,
    payment_method_collection: 'if_required',
    payment_method_types: values.payment_method_types ?? ['card', 'us_bank_account'],
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
  clock.at(expiresAt, () => {
    if (session.status === 'open') expire(home, session)
  })
  return session
}

function lineItemsOf(home: Home, given: Values<typeof creating>['line_items']): LineItem[] {
  if (given.length === 0) throw invalid('A session needs line items.', { param: 'line_items' })
  const items = given.map((item, index) => {
    const param = `line_items[${index}]`
    const price =
      exactlyOne(item, 'price', 'price_data') === 'price'
        ? take(home.prices, item.price ?? '', 'price', `${param}[price]`)
        : createPrice(home, item.price_data ?? { currency: '', unit_amount: 0 })
    if (!price.active)
      throw invalid('The price specified is inactive.', { param: `${param}[price]` })
    if (price.recurring)
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

/** There is none before somebody pays; after a decline it is used again. */
function intentOf(home: Home, session: CheckoutSession): PaymentIntent {
  const known = home.paymentIntents.get(session.payment_intent ?? '')
  if (known) return known
  const intent = createIntent(home, {
    ...home.intentData.get(session.id),
    amount: session.amount_total,
    currency: session.currency,
    ...(session.customer !== null && { customer: session.customer }),
    payment_method_types: session.payment_method_types as ('card' | 'us_bank_account')[],
  })
  session.payment_intent = intent.id
  home.watchers.set(intent.id, (changed) => follow(home, session, changed))
  return intent
}

function follow(home: Home, session: CheckoutSession, intent: PaymentIntent): void {
  if (session.status === 'open') {
    if (intent.status === 'succeeded') complete(home, session, 'paid')
    if (intent.status === 'requires_capture') complete(home, session, 'unpaid')
    return
  }
  if (session.status !== 'complete' || session.payment_status === 'paid') return
  if (intent.status === 'succeeded') {
    session.payment_status = 'paid'
    if (intent.capture_method !== 'manual')
      emit(home, 'checkout.session.async_payment_succeeded', session)
  }
  if (intent.status === 'requires_payment_method')
    emit(home, 'checkout.session.async_payment_failed', session)
}

function complete(home: Home, session: CheckoutSession, status: 'paid' | 'unpaid'): void {
  session.status = 'complete'
  session.payment_status = status
  session.url = null
  emit(home, 'checkout.session.completed', session)
}

function customerOf(home: Home, session: CheckoutSession) {
  return home.customers.get(session.customer ?? '')
}

function wrongState(session: CheckoutSession, what: string): Error {
  return invalid(
    `Only Checkout Sessions with a status of open can be ${what}. This one is ${session.status}.`,
  )
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
