/** Customers: who pays. */
import { invalid } from './errors.ts'
import { newId, randomText } from './ids.ts'
import { emit, previousOf } from './events.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  type Values,
  anything,
  clearable,
  mergeMetadata,
  metadata,
  shape,
  text,
} from './parameters.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { cancelAllOf } from './subscription-states.ts'
import type { TestClock } from './test-clocks.ts'
import { type Home, take, takeCustomer } from './world.ts'

export type Customer = {
  id: string
  object: 'customer'
  address: object | null
  balance: number
  created: number
  currency: string | null
  default_source: null
  deleted?: true
  delinquent: boolean
  description: string | null
  discount: null
  email: string | null
  invoice_prefix: string
  invoice_settings: {
    custom_fields: null
    default_payment_method: string | null
    footer: null
    rendering_options: null
  }
  livemode: false
  metadata: Metadata
  name: string | null
  next_invoice_sequence: number
  phone: string | null
  preferred_locales: string[]
  shipping: object | null
  tax_exempt: 'none'
  test_clock: string | null
}

const fields = {
  address: clearable(anything),
  description: clearable(text),
  email: clearable(text),
  invoice_settings: shape({ default_payment_method: clearable(text) }),
  metadata,
  name: clearable(text),
  phone: clearable(text),
  shipping: clearable(anything),
}

const customersOfClock = 3

export function createCustomer(
  home: Home,
  values: Values<typeof fields>,
  clock: TestClock | null = null,
): Customer {
  const customer: Customer = {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: clock?.frozen_time ?? home.world.clock.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: clock?.id ?? null,
  }
  change(home, customer, values)
  home.customers.set(customer.id, customer)
  emit(home, 'customer.created', customer)
  return customer
}

export function deleteCustomer(home: Home, id: string): object {
  const customer = takeCustomer(home, id)
  cancelAllOf(home, id)
  emit(home, 'customer.deleted', customer)
  customer.deleted = true
  return { id, object: 'customer', deleted: true }
}

function clockFor(home: Home, id: string | undefined): TestClock | null {
  if (id === undefined) return null
  const clock = take(home.testClocks, id, 'test_clock', 'test_clock')
  const others = [...home.customers.values()].filter((each) => each.test_clock === id)
  if (others.length >= customersOfClock)
    throw invalid(`A test clock can have ${customersOfClock} customers.`, { param: 'test_clock' })
  return clock
}

function change(home: Home, customer: Customer, values: Values<typeof fields>): void {
  const { invoice_settings: settings, metadata: changed, ...plain } = values
  const method = settings?.default_payment_method
  if (method !== undefined)
    customer.invoice_settings.default_payment_method =
      method === null ? null : usePaymentMethod(home, method, customer.id).id
  Object.assign(customer, plain)
  customer.metadata = mergeMetadata(customer.metadata, changed)
}

export const customerOperations = [
  operation('POST /v1/customers', {
    parameters: { ...fields, payment_method: text, test_clock: text },
    answers: 'customer',
    run({ home, values: { payment_method: method, test_clock: clock, ...values } }) {
      const customer = createCustomer(home, values, clockFor(home, clock))
      if (method !== undefined) usePaymentMethod(home, method, customer.id, { isAttached: true })
      return customer
    },
  }),
  operation('GET /v1/customers', {
    parameters: { ...pageParameters, created: moment, email: text, test_clock: text },
    answers: 'customer',
    isList: true,
    run({ home, values }) {
      const found = [...home.customers.values()]
        .filter((each) => !each.deleted && isWithin(values.created, each.created))
        .filter((each) => each.test_clock === (values.test_clock ?? null))
        .filter((each) => values.email === undefined || each.email === values.email)
      return page('/v1/customers', found, values)
    },
  }),
  operation('GET /v1/customers/:id', {
    answers: 'customer',
    run({ home, part }) {
      const id = part('id')
      if (home.customers.get(id)?.deleted) return { id, object: 'customer', deleted: true }
      return takeCustomer(home, id)
    },
  }),
  operation('POST /v1/customers/:id', {
    parameters: fields,
    answers: 'customer',
    run({ home, values, part }) {
      const customer = takeCustomer(home, part('id'))
      const before = structuredClone(customer)
      change(home, customer, values)
      emit(home, 'customer.updated', customer, previousOf(before, customer))
      return customer
    },
  }),
  operation('DELETE /v1/customers/:id', {
    answers: 'customer',
    run: ({ home, part }) => deleteCustomer(home, part('id')),
  }),
]
