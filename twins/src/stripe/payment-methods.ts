/** Methods of payment: what a customer pays with. */
import { invalid } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId } from './ids.ts'
import { page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  anything,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  shape,
  text,
} from './parameters.ts'
import { type TestCard, findTestCard } from './test-cards.ts'
import { type Home, take, takeCustomer } from './world.ts'

export type PaymentMethod = {
  id: string
  object: 'payment_method'
  allow_redisplay: 'unspecified'
  billing_details: object
  card?: { brand: string; country: string; exp_month: number; exp_year: number; last4: string }
  created: number
  customer: string | null
  livemode: false
  metadata: Metadata
  type: TestCard['type']
  us_bank_account?: { bank_name: string; last4: string; routing_number: string }
}

/** The method itself, or a new one for a name such as `pm_card_visa`. That of a customer serves nobody else. */
export function usePaymentMethod(
  home: Home,
  name: string,
  customer: string | null,
  { isAttached = false } = {},
): PaymentMethod {
  const card = findTestCard(name)
  const method = card
    ? addPaymentMethod(home, card)
    : take(home.paymentMethods, name, 'PaymentMethod', 'payment_method')
  if (method.customer !== null && method.customer !== customer)
    throw invalid(
      'The payment method belongs to a customer: it can only be used with that customer.',
      { param: 'payment_method' },
    )
  if (isAttached && customer !== null) attach(home, method, customer)
  return method
}

export function attach(home: Home, method: PaymentMethod, customer: string): void {
  if (method.customer === customer) return
  if (method.customer !== null)
    throw invalid('The payment method you provided has already been attached to a customer.')
  method.customer = customer
  emit(home, 'payment_method.attached', method)
}

function addPaymentMethod(home: Home, card: TestCard, billing: object = {}): PaymentMethod {
  const now = home.world.clock.now()
  const method: PaymentMethod = {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, ...billing },
    created: now,
    customer: null,
    livemode: false,
    metadata: {},
    type: card.type,
    ...(card.number === null
      ? {
          us_bank_account: {
            bank_name: 'STRIPE TEST BANK',
            last4: '6789',
            routing_number: '110000000',
          },
        }
      : {
          card: {
            brand: card.brand,
            country: 'US',
            exp_month: 8,
            exp_year: new Date(now * 1000).getUTCFullYear() + 3,
            last4: card.number.slice(-4),
          },
        }),
  }
  home.paymentMethods.set(method.id, method)
  home.cards.set(method.id, card)
  return method
}

const methodType = oneOf('card', 'us_bank_account')

export const paymentMethodOperations = [
  operation('POST /v1/payment_methods', {
    parameters: {
      type: required(methodType),
      billing_details: anything,
      card: shape({
        token: text,
        number: text,
        exp_month: text,
        exp_year: text,
        cvc: text,
      }),
      metadata,
    },
    answers: 'payment_method',
    run({ home, values }) {
      const name = values.card?.token ?? values.card?.number
      if (values.type !== 'card' || name === undefined)
        throw invalid('Missing required param: card[token] or card[number].', {
          code: 'parameter_missing',
          param: 'card',
        })
      const card = findTestCard(name.replaceAll(' ', ''))
      if (!card)
        throw invalid('Your card number is incorrect: it is not one of the test cards.', {
          code: 'incorrect_number',
          param: 'card[number]',
        })
      const method = addPaymentMethod(home, card, values.billing_details)
      method.metadata = mergeMetadata({}, values.metadata)
      return method
    },
  }),
  operation('GET /v1/payment_methods', {
    parameters: { ...pageParameters, customer: text, type: methodType },
    answers: 'payment_method',
    isList: true,
    run({ home, values }) {
      const found = [...home.paymentMethods.values()]
        .filter(({ customer }) => customer !== null)
        .filter(({ customer }) => values.customer === undefined || customer === values.customer)
        .filter(({ type }) => values.type === undefined || type === values.type)
      return page('/v1/payment_methods', found, values)
    },
  }),
  operation('GET /v1/customers/:id/payment_methods', {
    parameters: { ...pageParameters, type: methodType },
    answers: 'payment_method',
    isList: true,
    run({ home, values, part }) {
      const { id } = takeCustomer(home, part('id'))
      const found = [...home.paymentMethods.values()]
        .filter(({ customer }) => customer === id)
        .filter(({ type }) => values.type === undefined || type === values.type)
      return page(`/v1/customers/${id}/payment_methods`, found, values)
    },
  }),
  operation('GET /v1/payment_methods/:id', {
    answers: 'payment_method',
    run: ({ home, part }) => take(home.paymentMethods, part('id'), 'PaymentMethod'),
  }),
  operation('POST /v1/payment_methods/:id/attach', {
    parameters: { customer: required(text) },
    answers: 'payment_method',
    run({ home, values, part }) {
      const customer = takeCustomer(home, values.customer, 'customer')
      return usePaymentMethod(home, part('id'), customer.id, { isAttached: true })
    },
  }),
  operation('POST /v1/payment_methods/:id/detach', {
    answers: 'payment_method',
    run({ home, part }) {
      const method = take(home.paymentMethods, part('id'), 'PaymentMethod')
      if (method.customer === null)
        throw invalid('The payment method you provided is not attached to a customer.')
      const before = structuredClone(method)
      method.customer = null
      emit(home, 'payment_method.detached', method, previousOf(before, method))
      return method
    },
  }),
]
