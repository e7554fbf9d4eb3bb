/** Invoices: from draft to paid, or not. Who wrote one is told what became of it. */
import { minimumOf } from './currencies.ts'
import { StripeError, invalid } from './errors.ts'
import { emit } from './events.ts'
import { newId, randomText } from './ids.ts'
import { type Page, wholeList } from './listing.ts'
import type { Metadata } from './parameters.ts'
import { createIntent } from './payment-intents.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { type PaymentIntent, attempt, cancel } from './payments.ts'
import { type Home, takeCustomer } from './world.ts'

export type InvoiceLine = {
  id: string
  object: 'line_item'
  amount: number
  currency: string
  description: string
  discounts: []
  invoice: string
  livemode: false
  metadata: Metadata
  parent: { subscription_item_details: object; type: 'subscription_item_details' }
  period: { end: number; start: number }
  pricing: { price_details: { price: string; product: string }; type: 'price_details' }
  quantity: number
}

export type Invoice = {
  id: string
  object: 'invoice'
  amount_due: number
  amount_overpaid: 0
  amount_paid: number
  amount_remaining: number
  attempt_count: number
  attempted: boolean
  auto_advance: boolean
  billing_reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update'
  collection_method: 'charge_automatically'
  created: number
  currency: string
  customer: string
  customer_email: string | null
  customer_name: string | null
  default_payment_method: string | null
  description: null
  discounts: []
  due_date: null
  ending_balance: number | null
  hosted_invoice_url: string | null
  invoice_pdf: null
  lines: Page<InvoiceLine>
  livemode: false
  metadata: Metadata
  next_payment_attempt: number | null
  number: string | null
  parent: {
    quote_details: null
    subscription_details: { metadata: Metadata; subscription: string }
    type: 'subscription_details'
  }
  period_end: number
  period_start: number
  starting_balance: number
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
  status_transitions: {
    finalized_at: number | null
    marked_uncollectible_at: number | null
    paid_at: number | null
    voided_at: number | null
  }
  subtotal: number
  total: number
  total_taxes: []
}

export type InvoicePayment = {
  id: string
  object: 'invoice_payment'
  amount_paid: number | null
  amount_requested: number
  created: number
  currency: string
  invoice: string
  is_default: boolean
  livemode: false
  payment: { payment_intent: string; type: 'payment_intent' }
  status: 'canceled' | 'open' | 'paid'
  status_transitions: { canceled_at: number | null; paid_at: number | null }
}

export type InvoiceWatcher = (outcome: 'action' | 'failed' | 'paid' | 'void') => void

export type NewLine = Pick<InvoiceLine, 'amount' | 'description' | 'period' | 'quantity'> & {
  price: string
  product: string
  item: string
  isProration: boolean
}

type NewInvoice = {
  customer: string
  currency: string
  subscription: { id: string; metadata: Metadata }
  lines: readonly NewLine[]
  reason: Invoice['billing_reason']
  method: string | null
  watcher: InvoiceWatcher
}

export function draftInvoice(home: Home, wanted: NewInvoice): Invoice {
  const now = home.world.clock.now()
  const customer = takeCustomer(home, wanted.customer)
  const id = newId('in')
  const total = wanted.lines.reduce((sum, { amount }) => sum + amount, 0)
  const lines = wanted.lines.map((line) => lineOf(line, id, wanted))
  const invoice: Invoice = {
    id,
    object: 'invoice',
    amount_due: Math.max(total + customer.balance, 0),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: Math.max(total + customer.balance, 0),
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    billing_reason: wanted.reason,
    collection_method: 'charge_automatically',
    created: now,
    currency: wanted.currency,
    customer: customer.id,
    customer_email: customer.email,
    customer_name: customer.name,
    default_payment_method: wanted.method,
    description: null,
    discounts: [],
    due_date: null,
    ending_balance: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    lines: wholeList(`/v1/invoices/${id}/lines`, lines),
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: { ...wanted.subscription.metadata },
        subscription: wanted.subscription.id,
      },
      type: 'subscription_details',
    },
    period_end: now,
    period_start: now,
    starting_balance: customer.balance,
    status: 'draft',
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    subtotal: total,
    total,
    total_taxes: [],
  }
  home.invoices.set(id, invoice)
  home.invoiceWatchers.set(id, wanted.watcher)
  emit(home, 'invoice.created', invoice)
  return invoice
}

/** From now on it is owed. The customer's credit is used, or grows when the invoice is below zero. */
export function finalize(home: Home, invoice: Invoice): void {
  if (invoice.status !== 'draft') throw wrongState(invoice, 'finalized')
  const customer = takeCustomer(home, invoice.customer)
  invoice.starting_balance = customer.balance
  const owed = invoice.total + customer.balance
  // What is too little to be charged is carried over, as a credit is.
  invoice.amount_due = owed < minimumOf(invoice.currency) ? 0 : owed
  invoice.amount_remaining = invoice.amount_due
  customer.balance = owed - invoice.amount_due
  invoice.ending_balance = customer.balance
  invoice.number = `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`
  customer.next_invoice_sequence += 1
  invoice.status = 'open'
  invoice.status_transitions.finalized_at = home.world.clock.now()
  invoice.hosted_invoice_url = `${home.world.url}/i/${invoice.id}`
  emit(home, 'invoice.finalized', invoice)
  if (invoice.amount_due === 0) markPaid(home, invoice)
  else addPayment(home, invoice, intentFor(home, invoice))
}

/** Tries to collect. Whether it worked is in the invoice; a decline is returned. */
export function collectInvoice(
  home: Home,
  invoice: Invoice,
  method = methodFor(home, invoice),
): StripeError | null {
  if (invoice.status !== 'open') throw wrongState(invoice, 'paid')
  const intent = intentOf(home, invoice)
  invoice.attempted = true
  invoice.attempt_count += 1
  if (method === null) {
    failed(home, invoice)
    return invalid('This customer has no default payment method.', { code: 'missing' })
  }
  try {
    attempt(home, intent, usePaymentMethod(home, method, invoice.customer))
  } catch (error) {
    if (error instanceof StripeError) return error
    throw error
  }
  if (intent.status === 'requires_action') {
    emit(home, 'invoice.payment_action_required', invoice)
    home.invoiceWatchers.get(invoice.id)?.('action')
  }
  return null
}

export function voidInvoice(home: Home, invoice: Invoice): void {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw wrongState(invoice, 'voided')
  invoice.status = 'void'
  invoice.auto_advance = false
  invoice.status_transitions.voided_at = home.world.clock.now()
  const intent = intentOf(home, invoice)
  if (intent.status.startsWith('requires_')) cancel(home, intent, 'void_invoice')
  emit(home, 'invoice.voided', invoice)
  home.invoiceWatchers.get(invoice.id)?.('void')
}

/** It was paid by this intent already, on the page of a checkout session. */
export function payWith(home: Home, invoice: Invoice, intent: PaymentIntent): void {
  invoice.status = 'open'
  invoice.attempted = true
  invoice.attempt_count = 1
  addPayment(home, invoice, intent)
  markPaid(home, invoice)
}

export function intentOf(home: Home, invoice: Invoice): PaymentIntent {
  const payment = [...home.invoicePayments.values()].findLast((each) => each.invoice === invoice.id)
  const intent = home.paymentIntents.get(payment?.payment.payment_intent ?? '')
  if (intent) return intent
  throw invalid(`Invoice ${invoice.id} has no payment.`)
}

export function wrongState(invoice: Invoice, what: string): StripeError {
  return invalid(`This invoice is ${invoice.status}: it cannot be ${what}.`, {
    code: 'invoice_not_editable',
  })
}

function intentFor(home: Home, invoice: Invoice): PaymentIntent {
  const intent = createIntent(home, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description: `Invoice ${invoice.number ?? ''}`,
    payment_method_types: ['card', 'us_bank_account'],
    setup_future_usage: 'off_session',
  })
  home.watchers.set(intent.id, (changed) => follow(home, invoice, changed))
  return intent
}

function follow(home: Home, invoice: Invoice, intent: PaymentIntent): void {
  if (invoice.status === 'void' || invoice.status === 'paid') return
  if (intent.status === 'succeeded') markPaid(home, invoice)
  if (intent.status === 'requires_payment_method') failed(home, invoice)
}

function failed(home: Home, invoice: Invoice): void {
  emit(home, 'invoice.payment_failed', invoice)
  home.invoiceWatchers.get(invoice.id)?.('failed')
}

function markPaid(home: Home, invoice: Invoice): void {
  const now = home.world.clock.now()
  invoice.status = 'paid'
  invoice.auto_advance = false
  invoice.attempted = true
  invoice.amount_paid = invoice.amount_due
  invoice.amount_remaining = 0
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = now
  for (const payment of home.invoicePayments.values())
    if (payment.invoice === invoice.id)
      Object.assign(payment, {
        amount_paid: invoice.amount_paid,
        status: 'paid',
        status_transitions: { canceled_at: null, paid_at: now },
      })
  emit(home, 'invoice.paid', invoice)
  emit(home, 'invoice.payment_succeeded', invoice)
  home.invoiceWatchers.get(invoice.id)?.('paid')
}

function addPayment(home: Home, invoice: Invoice, intent: PaymentIntent): void {
  const id = newId('inpay')
  home.invoicePayments.set(id, {
    id,
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: home.world.clock.now(),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  })
}

function methodFor(home: Home, invoice: Invoice): string | null {
  const subscription = home.subscriptions.get(invoice.parent.subscription_details.subscription)
  return (
    subscription?.default_payment_method ??
    home.customers.get(invoice.customer)?.invoice_settings.default_payment_method ??
    null
  )
}

function lineOf(line: NewLine, invoice: string, wanted: NewInvoice): InvoiceLine {
  return {
    id: `il_${randomText(24)}`,
    object: 'line_item',
    amount: line.amount,
    currency: wanted.currency,
    description: line.description,
    discounts: [],
    invoice,
    livemode: false,
    metadata: {},
    parent: {
      subscription_item_details: {
        invoice_item: null,
        proration: line.isProration,
        subscription: wanted.subscription.id,
        subscription_item: line.item,
      },
      type: 'subscription_item_details',
    },
    period: line.period,
    pricing: {
      price_details: { price: line.price, product: line.product },
      type: 'price_details',
    },
    quantity: line.quantity,
  }
}
