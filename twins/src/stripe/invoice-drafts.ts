/** Invoices as they are written: what is on them, before anybody owes it. */
import { emit } from './events.ts'
import { newId, randomText } from './ids.ts'
import { type Page, wholeList } from './listing.ts'
import type { Metadata } from './parameters.ts'
import { timeOf } from './their-time.ts'
import type { Task } from './work.ts'
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
  quantity_decimal: string
  subscription: string
  subtotal: number
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
  test_clock: string | null
  total: number
  total_taxes: []
}

export type InvoiceOutcome = 'action' | 'failed' | 'paid' | 'void'

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
}

export function draftInvoice(home: Home, wanted: NewInvoice & { watcher: Task }): Invoice {
  const invoice = writeInvoice(home, wanted)
  home.invoices.set(invoice.id, invoice)
  home.invoiceWatchers.set(invoice.id, wanted.watcher)
  emit(home, 'invoice.created', invoice)
  return invoice
}

/** Writes it down and nothing more: nobody hears of it. */
export function writeInvoice(home: Home, wanted: NewInvoice): Invoice {
  const customer = takeCustomer(home, wanted.customer)
  const now = timeOf(home, customer.id).now()
  const id = newId('in')
  const total = wanted.lines.reduce((sum, { amount }) => sum + amount, 0)
  const lines = wanted.lines.map((line) => lineOf(line, id, wanted))
  return {
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
    test_clock: customer.test_clock,
    total,
    total_taxes: [],
  }
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
    quantity_decimal: String(line.quantity),
    subscription: wanted.subscription.id,
    subtotal: line.amount,
  }
}
