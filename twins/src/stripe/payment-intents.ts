/** Payment intents: the operations on them. What they go through is in `payments.ts`. */
import { checkChargeAmount, readCurrency } from './currencies.ts'
import { invalid } from './errors.ts'
import { emit } from './events.ts'
import { newId, randomText } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Values,
  anything,
  clearable,
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
import { type PaymentIntent, attempt, cancel, capture, wrongState } from './payments.ts'
import { type Home, take, takeCustomer } from './world.ts'

const common = {
  description: clearable(text),
  metadata,
  receipt_email: clearable(text),
  setup_future_usage: clearable(oneOf('off_session', 'on_session')),
  shipping: clearable(anything),
  statement_descriptor: clearable(text),
  statement_descriptor_suffix: clearable(text),
  transfer_group: text,
}
const changing = {
  ...common,
  amount: integer,
  currency: text,
  customer: text,
  payment_method: text,
}
const creating = {
  ...common,
  amount: required(integer),
  automatic_payment_methods: shape({
    allow_redirects: oneOf('always', 'never'),
    enabled: required(flag),
  }),
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  currency: required(text),
  customer: text,
  payment_method: text,
  payment_method_types: listOf(oneOf('card', 'us_bank_account')),
}
const confirming = {
  error_on_requires_action: flag,
  off_session: flag,
  payment_method: text,
  return_url: text,
}

const cancellationReasons = [
  'abandoned',
  'duplicate',
  'fraudulent',
  'requested_by_customer',
] as const
const open = ['requires_action', 'requires_confirmation', 'requires_payment_method']

export function createIntent(home: Home, values: Values<typeof creating>): PaymentIntent {
  const currency = readCurrency(values.currency)
  checkChargeAmount(values.amount, currency)
  if (values.customer !== undefined) takeCustomer(home, values.customer, 'customer')
  const automatic = values.automatic_payment_methods
  if (automatic && values.payment_method_types)
    throw invalid('Pass either automatic_payment_methods or payment_method_types.', {
      code: 'parameters_exclusive',
      param: 'payment_method_types',
    })
  const id = newId('pi')
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    amount: values.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods:
      automatic || !values.payment_method_types
        ? {
            allow_redirects: automatic?.allow_redirects ?? 'always',
            enabled: automatic?.enabled ?? true,
          }
        : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: values.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created: home.world.clock.now(),
    currency,
    customer: values.customer ?? null,
    description: values.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: mergeMetadata({}, values.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: {},
    payment_method_types: values.payment_method_types ?? ['card', 'us_bank_account'],
    processing: null,
    receipt_email: values.receipt_email ?? null,
    review: null,
    setup_future_usage: values.setup_future_usage ?? null,
    shipping: values.shipping ?? null,
    source: null,
    statement_descriptor: values.statement_descriptor ?? null,
    statement_descriptor_suffix: values.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: values.transfer_group ?? null,
  }
  if (values.payment_method !== undefined) give(home, intent, values.payment_method)
  home.paymentIntents.set(id, intent)
  emit(home, 'payment_intent.created', intent)
  return intent
}

function confirm(home: Home, intent: PaymentIntent, values: Values<typeof confirming>): void {
  if (!open.includes(intent.status)) throw wrongState(intent, 'confirmed')
  const mayRedirect = intent.automatic_payment_methods?.allow_redirects === 'always'
  if (mayRedirect && values.return_url === undefined && values.off_session !== true)
    throw invalid(
      'This PaymentIntent may send the customer to another page: pass a return_url, or create it with automatic_payment_methods[allow_redirects]=never.',
      { param: 'return_url' },
    )
  const name = values.payment_method ?? intent.payment_method
  if (name === null)
    throw invalid('You cannot confirm this PaymentIntent because it is missing a payment method.', {
      code: 'payment_intent_unexpected_state',
      more: { payment_intent: intent },
    })
  attempt(home, intent, usePaymentMethod(home, name, intent.customer), {
    isOffSession: values.off_session === true,
    isActionAnError: values.error_on_requires_action === true,
    returnUrl: values.return_url,
  })
}

function give(home: Home, intent: PaymentIntent, name: string): void {
  intent.payment_method = usePaymentMethod(home, name, intent.customer).id
  intent.status = 'requires_confirmation'
}

function change(home: Home, intent: PaymentIntent, values: Values<typeof changing>): void {
  const { amount, currency, customer, metadata: changed, payment_method: method, ...plain } = values
  const touchesMoney = amount !== undefined || currency !== undefined || customer !== undefined
  if ((touchesMoney || method !== undefined) && !open.includes(intent.status))
    throw wrongState(intent, 'updated')
  const nextCurrency = readCurrency(currency ?? intent.currency)
  if (touchesMoney) checkChargeAmount(amount ?? intent.amount, nextCurrency)
  if (customer !== undefined) intent.customer = takeCustomer(home, customer, 'customer').id
  intent.amount = amount ?? intent.amount
  intent.currency = nextCurrency
  Object.assign(intent, plain)
  intent.metadata = mergeMetadata(intent.metadata, changed)
  if (method !== undefined) give(home, intent, method)
}

const takeIntent = (home: Home, id: string) =>
  take(home.paymentIntents, id, 'payment_intent', 'intent')

export const paymentIntentOperations = [
  operation('POST /v1/payment_intents', {
    parameters: { ...creating, ...confirming, confirm: flag },
    answers: 'payment_intent',
    run({ home, values }) {
      const { confirm: isConfirmed, off_session, return_url, error_on_requires_action } = values
      if (
        isConfirmed !== true &&
        (off_session ?? return_url ?? error_on_requires_action) !== undefined
      )
        throw invalid('off_session, return_url and error_on_requires_action need confirm=true.', {
          param: 'confirm',
        })
      const intent = createIntent(home, values)
      if (isConfirmed === true)
        // The method was already taken at creation: a name would become a second one.
        confirm(home, intent, { ...values, payment_method: undefined })
      return intent
    },
  }),
  operation('GET /v1/payment_intents', {
    parameters: { ...pageParameters, created: moment, customer: text },
    answers: 'payment_intent',
    isList: true,
    run({ home, values }) {
      const found = [...home.paymentIntents.values()]
        .filter((each) => isWithin(values.created, each.created))
        .filter(({ customer }) => values.customer === undefined || customer === values.customer)
      return page('/v1/payment_intents', found, values)
    },
  }),
  operation('GET /v1/payment_intents/:id', {
    answers: 'payment_intent',
    run: ({ home, part }) => takeIntent(home, part('id')),
  }),
  operation('POST /v1/payment_intents/:id', {
    parameters: changing,
    answers: 'payment_intent',
    run({ home, values, part }) {
      const intent = takeIntent(home, part('id'))
      // There is no event for this.
      change(home, intent, values)
      return intent
    },
  }),
  operation('POST /v1/payment_intents/:id/confirm', {
    parameters: confirming,
    answers: 'payment_intent',
    run({ home, values, part }) {
      const intent = takeIntent(home, part('id'))
      confirm(home, intent, values)
      return intent
    },
  }),
  operation('POST /v1/payment_intents/:id/capture', {
    parameters: { amount_to_capture: integer, metadata },
    answers: 'payment_intent',
    run({ home, values, part }) {
      const intent = takeIntent(home, part('id'))
      capture(home, intent, values.amount_to_capture)
      intent.metadata = mergeMetadata(intent.metadata, values.metadata)
      return intent
    },
  }),
  operation('POST /v1/payment_intents/:id/cancel', {
    parameters: { cancellation_reason: oneOf(...cancellationReasons) },
    answers: 'payment_intent',
    run({ home, values, part }) {
      const intent = takeIntent(home, part('id'))
      cancel(home, intent, values.cancellation_reason ?? null)
      return intent
    },
  }),
]
