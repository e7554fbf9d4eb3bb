/** Invoices: from draft to paid, or not. Who wrote one is told what became of it. */
import { minimumOf } from './currencies.ts'
import { StripeError, invalid } from './errors.ts'
import { emit } from './events.ts'
import type { Invoice, InvoiceOutcome } from './invoice-drafts.ts'
import { newId } from './ids.ts'
import { createIntent } from './payment-intents.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { type PaymentIntent, attempt, cancel } from './payments.ts'
import { timeOf } from './their-time.ts'
import { perform, task, work } from './work.ts'
import { type Home, take, takeCustomer } from './world.ts'

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
  invoice.status_transitions.finalized_at = timeOf(home, invoice.customer).now()
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
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw wrongState(invoice, 'paid')
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
    tellWatcher(home, invoice, 'action')
  }
  return null
}

export function voidInvoice(home: Home, invoice: Invoice): void {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw wrongState(invoice, 'voided')
  invoice.status = 'void'
  invoice.auto_advance = false
  invoice.status_transitions.voided_at = timeOf(home, invoice.customer).now()
  const intent = intentOf(home, invoice)
  if (intent.status.startsWith('requires_')) cancel(home, intent, 'void_invoice')
  emit(home, 'invoice.voided', invoice)
  tellWatcher(home, invoice, 'void')
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
  home.watchers.set(intent.id, task(followIntent, { invoice: invoice.id }))
  return intent
}

const followIntent = work(
  'invoices.follow',
  (home, given: { invoice: string; intent?: string }) => {
    const invoice = home.invoices.get(given.invoice)
    const intent = home.paymentIntents.get(given.intent ?? '')
    if (invoice && intent) follow(home, invoice, intent)
  },
)

export const invoiceWork = [followIntent]

function tellWatcher(home: Home, { id: invoice }: Invoice, outcome: InvoiceOutcome): void {
  const watcher = home.invoiceWatchers.get(invoice)
  if (watcher) perform(home, watcher, { invoice, outcome })
}

function follow(home: Home, invoice: Invoice, intent: PaymentIntent): void {
  if (invoice.status === 'void' || invoice.status === 'paid') return
  if (intent.status === 'succeeded') markPaid(home, invoice)
  if (intent.status === 'requires_payment_method') failed(home, invoice)
}

function failed(home: Home, invoice: Invoice): void {
  emit(home, 'invoice.payment_failed', invoice)
  tellWatcher(home, invoice, 'failed')
}

function markPaid(home: Home, invoice: Invoice): void {
  const now = timeOf(home, invoice.customer).now()
  invoice.status = 'paid'
  invoice.auto_advance = false
  invoice.attempted = true
  invoice.amount_paid = invoice.amount_due
  invoice.amount_remaining = 0
  invoice.next_payment_attempt = null
  invoice.status_transitions.paid_at = now
  for (const { id, invoice: of } of home.invoicePayments.values())
    if (of === invoice.id)
      Object.assign(take(home.invoicePayments, id, 'invoice_payment'), {
        amount_paid: invoice.amount_paid,
        status: 'paid',
        status_transitions: { canceled_at: null, paid_at: now },
      })
  emit(home, 'invoice.paid', invoice)
  emit(home, 'invoice.payment_succeeded', invoice)
  tellWatcher(home, invoice, 'paid')
}

function addPayment(home: Home, invoice: Invoice, intent: PaymentIntent): void {
  const id = newId('inpay')
  home.invoicePayments.set(id, {
    id,
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: timeOf(home, invoice.customer).now(),
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
