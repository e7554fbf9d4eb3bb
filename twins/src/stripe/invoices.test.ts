import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { givenClient, givenTwin, idOf, refusalOf } from './testing.ts'

/** One that is open, because nobody has paid it yet. */
async function givenInvoice(client: Stripe) {
  const customer = await client.customers.create({})
  const subscription = await client.subscriptions.create({
    customer: customer.id,
    items: [
      {
        price_data: {
          currency: 'usd',
          product: (await client.products.create({ name: 'Magazine' })).id,
          recurring: { interval: 'month' },
          unit_amount: 900,
        },
        quantity: 2,
      },
    ],
    payment_behavior: 'default_incomplete',
  })
  return client.invoices.retrieve(idOf(subscription.latest_invoice))
}

const press = (url: string | null | undefined, card: string) =>
  fetch(url ?? '', { method: 'POST', body: new URLSearchParams({ card }), redirect: 'manual' })

test('an open invoice has a number, lines and a page, on which a person pays it', async () => {
  const client = givenClient(await givenTwin())
  const invoice = await givenInvoice(client)
  expect(invoice).toMatchObject({ status: 'open', amount_due: 1800, attempt_count: 0 })
  expect(invoice.number).toMatch(/^\w{8}-0001$/)
  expect((await client.invoices.listLineItems(invoice.id)).data).toMatchObject([
    { amount: 1800, quantity: 2, subtotal: 1800 },
  ])
  const page = await (await fetch(invoice.hosted_invoice_url ?? '')).text()
  expect(page).toContain('1800 usd')
  const declined = await press(invoice.hosted_invoice_url, 'pm_card_visa_chargeDeclined')
  expect(declined.status).toBe(402)
  expect((await press(invoice.hosted_invoice_url, 'pm_card_visa')).status).toBe(200)
  const paid = await client.invoices.retrieve(invoice.id)
  expect(paid).toMatchObject({ status: 'paid', amount_paid: 1800, amount_remaining: 0 })
  const payments = await client.invoicePayments.list({ invoice: invoice.id })
  expect(payments.data).toMatchObject([{ status: 'paid', amount_paid: 1800 }])
  expect(await refusalOf(client.invoices.pay(invoice.id))).toMatchObject({ statusCode: 400 })
})

test('on the page, a bank that asks is asked', async () => {
  const client = givenClient(await givenTwin())
  const invoice = await givenInvoice(client)
  const sent = await press(invoice.hosted_invoice_url, 'pm_card_authenticationRequired')
  const url = sent.headers.get('location') ?? ''
  await fetch(url, { method: 'POST', body: new URLSearchParams({ answer: 'yes' }) })
  expect((await client.invoices.retrieve(invoice.id)).status).toBe('paid')
})

test('an invoice that is void cannot be paid, one that was given up can', async () => {
  const client = givenClient(await givenTwin())
  const [one, two] = [await givenInvoice(client), await givenInvoice(client)]
  expect((await client.invoices.voidInvoice(one.id)).status).toBe('void')
  expect(await refusalOf(client.invoices.pay(one.id))).toMatchObject({ statusCode: 400 })
  expect((await client.invoices.markUncollectible(two.id)).status).toBe('uncollectible')
  const paid = await client.invoices.pay(two.id, { payment_method: 'pm_card_visa' })
  expect(paid.status).toBe('paid')
})

test('paying with a card that is declined says so, and the invoice stays open', async () => {
  const client = givenClient(await givenTwin())
  const invoice = await givenInvoice(client)
  const refused = client.invoices.pay(invoice.id, { payment_method: 'pm_card_visa_chargeDeclined' })
  expect(await refusalOf(refused)).toMatchObject({ statusCode: 402, code: 'card_declined' })
  expect(await refusalOf(client.invoices.pay(invoice.id))).toMatchObject({ statusCode: 400 })
  expect(await client.invoices.retrieve(invoice.id)).toMatchObject({
    status: 'open',
    attempt_count: 2,
  })
})
