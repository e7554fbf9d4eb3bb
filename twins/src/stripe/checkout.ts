/** Checkout sessions: a page on which a customer pays, and what becomes of it. */
import { createCustomer } from './customers.ts'
import { invalid } from './errors.ts'
import { emit } from './events.ts'
import { type Metadata } from './parameters.ts'
import { createSubscription } from './new-subscriptions.ts'
import { createIntent } from './payment-intents.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { type PaymentIntent, attempt, cancel } from './payments.ts'
import { type Price } from './prices.ts'
import { task, work } from './work.ts'
import { type Home } from './world.ts'

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
  mode: 'payment' | 'subscription'
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
  const method = usePaymentMethod(home, card, session.customer)
  if (isNothingDue(home, session)) {
    if (session.mode === 'subscription') subscribe(home, session, method.id)
    complete(home, session, 'no_payment_required')
    return
  }
  const intent = intentOf(home, session)
  intent.customer = session.customer
  attempt(home, intent, method, { returnUrl: `${home.world.url}/c/pay/${session.id}` })
  if (intent.status === 'processing') complete(home, session, 'unpaid')
}

export function expire(home: Home, session: CheckoutSession): void {
  if (session.status !== 'open') throw wrongState(session, 'expired')
  session.status = 'expired'
  session.url = null
  const intent = intentOfSession(home, session)
  if (intent?.status.startsWith('requires_')) cancel(home, intent, 'abandoned')
  emit(home, 'checkout.session.expired', session)
}

export function intentOfSession(home: Home, { id }: CheckoutSession): PaymentIntent | undefined {
  return home.paymentIntents.get(home.sessionIntents.get(id) ?? '')
}

export function successUrl(session: CheckoutSession): string {
  return session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

/** There is none before somebody pays; after a decline it is used again. */
function intentOf(home: Home, session: CheckoutSession): PaymentIntent {
  const known = intentOfSession(home, session)
  if (known) return known
  const intent = createIntent(home, {
    ...home.intentData.get(session.id),
    amount: session.amount_total,
    currency: session.currency,
    ...(session.customer !== null && { customer: session.customer }),
    ...(session.mode === 'subscription' && { setup_future_usage: 'off_session' }),
    payment_method_types: session.payment_method_types as ('card' | 'us_bank_account')[],
  })
  // A subscription has its payment in its invoice.
  if (session.mode === 'payment') session.payment_intent = intent.id
  home.sessionIntents.set(session.id, intent.id)
  home.watchers.set(intent.id, task(followIntent, { session: session.id }))
  return intent
}

const followIntent = work(
  'checkout.follow',
  (home, given: { session: string; intent?: string }) => {
    const session = home.sessions.get(given.session)
    const intent = home.paymentIntents.get(given.intent ?? '')
    if (session && intent) follow(home, session, intent)
  },
)

export const sessionWork = [followIntent]

function follow(home: Home, session: CheckoutSession, intent: PaymentIntent): void {
  if (session.status === 'open') {
    if (intent.status === 'succeeded') {
      if (session.mode === 'subscription')
        subscribe(home, session, intent.payment_method ?? '', intent)
      complete(home, session, 'paid')
    }
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

/** Only now, when it is paid or free at first: an abandoned page leaves no subscription. */
function subscribe(
  home: Home,
  session: CheckoutSession,
  method: string,
  paidBy?: PaymentIntent,
): void {
  const items = (home.lineItems.get(session.id) ?? []).map(({ price, quantity }) => ({
    price: price.id,
    quantity,
  }))
  const subscription = createSubscription(
    home,
    {
      ...home.subscriptionData.get(session.id),
      customer: session.customer ?? '',
      default_payment_method: method,
      items,
    },
    paidBy,
  )
  session.subscription = subscription.id
  session.invoice = subscription.latest_invoice
}

function isNothingDue(home: Home, session: CheckoutSession): boolean {
  const data = home.subscriptionData.get(session.id)
  const isTrial = (data?.trial_period_days ?? 0) > 0 || data?.trial_end !== undefined
  return session.amount_total === 0 || isTrial
}

function complete(
  home: Home,
  session: CheckoutSession,
  status: CheckoutSession['payment_status'],
): void {
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
