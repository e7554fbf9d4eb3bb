/** `expand`: which ids of an answer may become the objects they name, and how they do. */
import { fillAbsent } from './absent.ts'
import { invalid } from './errors.ts'
import { type Form } from './form.ts'
import { confirmationSecretOf } from './invoice-operations.ts'
import { wholeList } from './listing.ts'
import { type Home, findAny } from './world.ts'

/** By kind of object; `any` is settled when the object is there. */
const expandable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  payment_intent: {
    customer: 'customer',
    latest_charge: 'charge',
    payment_method: 'payment_method',
  },
  charge: {
    balance_transaction: 'balance_transaction',
    customer: 'customer',
    payment_intent: 'payment_intent',
    refunds: 'list:refund',
    source_transfer: 'transfer',
  },
  refund: {
    balance_transaction: 'balance_transaction',
    charge: 'charge',
    customer: 'customer',
    payment_method: 'payment_method',
    failure_balance_transaction: 'balance_transaction',
    payment_intent: 'payment_intent',
  },
  dispute: { charge: 'charge', payment_intent: 'payment_intent' },
  balance_transaction: { source: 'any' },
  customer: { test_clock: 'test_helpers.test_clock' },
  payment_method: { customer: 'customer' },
  price: { product: 'product' },
  product: { default_price: 'price' },
  'checkout.session': {
    customer: 'customer',
    invoice: 'invoice',
    subscription: 'subscription',
    line_items: 'list:item',
    payment_intent: 'payment_intent',
  },
  item: { price: 'price' },
  transfer: {
    balance_transaction: 'balance_transaction',
    destination: 'account',
    destination_payment: 'charge',
    source_transaction: 'charge',
  },
  transfer_reversal: { balance_transaction: 'balance_transaction', transfer: 'transfer' },
  subscription: {
    customer: 'customer',
    default_payment_method: 'payment_method',
    items: 'list:subscription_item',
    latest_invoice: 'invoice',
    test_clock: 'test_helpers.test_clock',
  },
  subscription_item: { price: 'price' },
  invoice: {
    confirmation_secret: 'any',
    customer: 'customer',
    default_payment_method: 'payment_method',
    payments: 'list:invoice_payment',
    test_clock: 'test_helpers.test_clock',
  },
  invoice_payment: { invoice: 'invoice', payment: 'invoice_payment.payment' },
  'invoice_payment.payment': { payment_intent: 'payment_intent' },
  payout: { balance_transaction: 'balance_transaction' },
}

/** Lists that are part of an object only when they are asked for. */
const included: Readonly<Record<string, (home: Home, id: string) => object>> = {
  'charge.refunds': (home, id) =>
    wholeList(
      `/v1/charges/${id}/refunds`,
      [...home.refunds.values()].filter(({ charge }) => charge === id).toReversed(),
    ),
  'invoice.confirmation_secret': (home, id) => confirmationSecretOf(home, id) ?? {},
  'invoice.payments': (home, id) =>
    wholeList(
      '/v1/invoice_payments',
      [...home.invoicePayments.values()].filter(({ invoice }) => invoice === id),
    ),
  'checkout.session.line_items': (home, id) =>
    wholeList(`/v1/checkout/sessions/${id}/line_items`, home.lineItems.get(id) ?? []),
}

type Json = { [name: string]: unknown }

/** Refuses what cannot be expanded before anything is done. */
export function readExpand(form: Form | undefined, answers: string | null, isList: boolean) {
  if (form === undefined) return []
  if (!Array.isArray(form)) throw invalid('Invalid array', { param: 'expand' })
  return form.map((value) => {
    const path = typeof value === 'string' ? value : ''
    check(path, answers, isList)
    return path.split('.')
  })
}

export function expandAnswer(
  home: Home,
  answer: object,
  paths: readonly (readonly string[])[],
): object {
  const copy = structuredClone(answer) as Json
  for (const path of paths) expandAt(home, copy, path)
  fillAbsent(copy)
  return copy
}

function check(path: string, answers: string | null, isList: boolean): void {
  const parts = path.split('.')
  if (parts.length > 4)
    throw invalid('You cannot expand more than 4 levels of a property.', { param: 'expand' })
  if (isList && parts.shift() !== 'data') throw notExpandable(path)
  let kind = answers ?? ''
  for (const [index, part] of parts.entries()) {
    if (kind === 'any') return
    const isInList = kind.startsWith('list:')
    if (isInList && part !== 'data') throw notExpandable(path)
    const next = isInList ? kind.slice('list:'.length) : expandable[kind]?.[part]
    // A list is a step on the way, not an end.
    if (next === undefined || (isInList && index === parts.length - 1)) throw notExpandable(path)
    kind = next
  }
}

function expandAt(home: Home, target: unknown, path: readonly string[]): void {
  if (Array.isArray(target)) {
    for (const each of target) expandAt(home, each, path)
    return
  }
  const [name, ...rest] = path
  if (typeof target !== 'object' || target === null || name === undefined) return
  const holder = target as Json
  const include = included[`${String(holder['object'])}.${name}`]
  if (include && holder[name] === undefined)
    holder[name] = structuredClone(include(home, String(holder['id'])))
  const value = holder[name]
  if (typeof value === 'string') {
    const found = findAny(home, value)
    if (found) holder[name] = structuredClone(found)
  }
  expandAt(home, holder[name], rest)
}

function notExpandable(path: string): Error {
  return invalid(
    `This property cannot be expanded (${path}). You may want to try expanding another one, or 'data.${path}' in a list.`,
    { param: 'expand' },
  )
}
