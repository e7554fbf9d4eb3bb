/** Invoices: the operations on them, and the payments that belong to them. */
import { emit, previousOf } from './events.ts'
import { type Invoice } from './invoice-drafts.ts'
import { collectInvoice, finalize, intentOf, voidInvoice, wrongState } from './invoices.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import { flag, mergeMetadata, metadata, oneOf, text } from './parameters.ts'
import { timeOf } from './their-time.ts'
import { type Home, take } from './world.ts'

const takeInvoice = (home: Home, id: string) => take(home.invoices, id, 'invoice', 'invoice')

export const invoiceOperations = [
  operation('GET /v1/invoices', {
    parameters: {
      ...pageParameters,
      created: moment,
      customer: text,
      status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
      subscription: text,
    },
    answers: 'invoice',
    isList: true,
    run({ home, values }) {
      const { created, customer, status, subscription } = values
      const found = [...home.invoices.values()]
        .filter((each) => isWithin(created, each.created))
        .filter((each) => customer === undefined || each.customer === customer)
        .filter((each) => status === undefined || each.status === status)
        .filter((each) => subscription === undefined || subscriptionOf(each) === subscription)
      return page('/v1/invoices', found, values)
    },
  }),
  operation('GET /v1/invoices/:id', {
    answers: 'invoice',
    run: ({ home, part }) => takeInvoice(home, part('id')),
  }),
  operation('POST /v1/invoices/:id', {
    parameters: { auto_advance: flag, metadata },
    answers: 'invoice',
    run({ home, values, part }) {
      const invoice = takeInvoice(home, part('id'))
      const before = structuredClone(invoice)
      invoice.auto_advance = values.auto_advance ?? invoice.auto_advance
      invoice.metadata = mergeMetadata(invoice.metadata, values.metadata)
      emit(home, 'invoice.updated', invoice, previousOf(before, invoice))
      return invoice
    },
  }),
  operation('POST /v1/invoices/:id/finalize', {
    parameters: { auto_advance: flag },
    answers: 'invoice',
    run({ home, values, part }) {
      const invoice = takeInvoice(home, part('id'))
      finalize(home, invoice)
      invoice.auto_advance = values.auto_advance ?? invoice.auto_advance
      return invoice
    },
  }),
  operation('POST /v1/invoices/:id/pay', {
    parameters: { off_session: flag, payment_method: text },
    answers: 'invoice',
    run({ home, values, part }) {
      const invoice = takeInvoice(home, part('id'))
      if (invoice.status === 'draft') {
        finalize(home, invoice)
        // One over nothing is paid by that.
        if (invoice.amount_due === 0) return invoice
      }
      const trouble = collectInvoice(home, invoice, values.payment_method)
      if (trouble) throw trouble
      return invoice
    },
  }),
  operation('POST /v1/invoices/:id/void', {
    answers: 'invoice',
    run({ home, part }) {
      const invoice = takeInvoice(home, part('id'))
      voidInvoice(home, invoice)
      return invoice
    },
  }),
  operation('POST /v1/invoices/:id/mark_uncollectible', {
    answers: 'invoice',
    run({ home, part }) {
      const invoice = takeInvoice(home, part('id'))
      if (invoice.status !== 'open') throw wrongState(invoice, 'given up')
      invoice.status = 'uncollectible'
      invoice.status_transitions.marked_uncollectible_at = timeOf(home, invoice.customer).now()
      emit(home, 'invoice.marked_uncollectible', invoice)
      return invoice
    },
  }),
  operation('GET /v1/invoices/:id/lines', {
    parameters: pageParameters,
    answers: 'line_item',
    isList: true,
    run({ home, values, part }) {
      const { id, lines } = takeInvoice(home, part('id'))
      return page(`/v1/invoices/${id}/lines`, lines.data.toReversed(), values)
    },
  }),
  operation('GET /v1/invoice_payments', {
    parameters: { ...pageParameters, invoice: text, status: oneOf('canceled', 'open', 'paid') },
    answers: 'invoice_payment',
    isList: true,
    run({ home, values }) {
      const { invoice, status } = values
      const found = [...home.invoicePayments.values()]
        .filter((each) => invoice === undefined || each.invoice === invoice)
        .filter((each) => status === undefined || each.status === status)
      return page('/v1/invoice_payments', found, values)
    },
  }),
  operation('GET /v1/invoice_payments/:id', {
    answers: 'invoice_payment',
    run: ({ home, part }) => take(home.invoicePayments, part('id'), 'invoice_payment'),
  }),
]

/** What the customer's browser confirms the payment with; there when it is asked for. */
export function confirmationSecretOf(home: Home, invoiceId: string): object | null {
  const invoice = home.invoices.get(invoiceId)
  if (!invoice || invoice.status === 'draft' || invoice.amount_due === 0) return null
  return { client_secret: intentOf(home, invoice).client_secret, type: 'payment_intent' }
}

function subscriptionOf(invoice: Invoice): string {
  return invoice.parent.subscription_details.subscription
}
