/** What the twin has written down is there after its end. A kill is a copy of the file: what is not in it then is lost. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Stripe } from 'stripe'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { type StripeTwinOptions, startStripeTwin } from './index.ts'
import {
  admin,
  apiKey,
  copyOf,
  givenClient,
  givenFile,
  givenShop,
  idOf,
  paid,
  secret,
} from './testing.ts'

const day = 24 * 3600

afterEach(() => void vi.useRealTimers())

async function givenRemembering(file: string, options: Partial<StripeTwinOptions> = {}) {
  const twin = await startStripeTwin({ apiKey, file, ...options })
  onTestFinished(() => twin.close())
  return { twin, client: givenClient(twin) }
}

const killed = (file: string, options?: Partial<StripeTwinOptions>) =>
  givenRemembering(copyOf(file), options)

async function givenSubscriber(client: Stripe, amount = 1000) {
  const customer = await client.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  const product = await client.products.create({ name: 'Tea' })
  const priceOf = (unit: number) =>
    client.prices.create({
      currency: 'usd',
      product: product.id,
      unit_amount: unit,
      recurring: { interval: 'month' },
    })
  const [price, dearer] = [await priceOf(amount), await priceOf(amount * 5)]
  const subscription = await client.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  })
  return { customer, price, dearer, subscription }
}

test('everything is the same after a kill, from the balance to the books of connected accounts', async () => {
  const file = givenFile()
  const { twin, client } = await givenRemembering(file)
  const account = await client.accounts.create({
    type: 'express',
    capabilities: { transfers: { requested: true } },
  })
  await admin(client, 'POST', `accounts/${account.id}/enabled`)
  const intent = await paid(client, 20_000, 'pm_card_bypassPending')
  await client.transfers.create({ amount: 500, currency: 'usd', destination: account.id })
  const refund = await client.refunds.create({ payment_intent: intent.id, amount: 100 })
  const { subscription } = await givenSubscriber(client)
  await paid(client, 700, 'pm_card_createDispute')

  const again = await killed(file)
  expect(again.twin.truth()).toEqual(twin.truth())
  expect(await again.client.paymentIntents.retrieve(intent.id)).toEqual(
    await client.paymentIntents.retrieve(intent.id),
  )
  expect(await again.client.refunds.retrieve(refund.id)).toEqual(
    await client.refunds.retrieve(refund.id),
  )
  const expand = ['items.data.price', 'latest_invoice']
  expect(await again.client.subscriptions.retrieve(subscription.id, { expand })).toEqual(
    await client.subscriptions.retrieve(subscription.id, { expand }),
  )
  for (const list of ['events', 'charges', 'disputes', 'balanceTransactions'] as const)
    expect((await again.client[list].list({ limit: 100 })).data, list).toEqual(
      (await client[list].list({ limit: 100 })).data,
    )
  expect(await again.client.accounts.list()).toEqual(await client.accounts.list())
})

test('a key that was answered answers the same after a kill, and no id comes twice', async () => {
  const file = givenFile()
  const { client } = await givenRemembering(file)
  const create = (stripe: Stripe) =>
    stripe.paymentIntents.create(
      {
        amount: 900,
        currency: 'usd',
        confirm: true,
        payment_method: 'pm_card_visa',
        off_session: true,
      },
      { idempotencyKey: 'order-1' },
    )
  const first = await create(client)

  const again = await killed(file)
  const second = await create(again.client)
  expect(second).toEqual(first)
  expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
  const intents = await again.client.paymentIntents.list()
  expect(intents.data.map(({ id }) => id)).toEqual([first.id])
  const others = await Promise.all([paid(again.client), paid(again.client)])
  expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(3)
})

test('what the bank decides later is decided after a kill, and whoever waits for it hears of it', async () => {
  const file = givenFile()
  const { client } = await givenRemembering(file)
  const session = await client.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://shop.test/done',
    line_items: [
      { price_data: { currency: 'usd', unit_amount: 800, product_data: { name: 'Tea' } } },
    ],
  })
  const open = await client.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://shop.test/done',
    line_items: [
      { price_data: { currency: 'usd', unit_amount: 300, product_data: { name: 'Cup' } } },
    ],
  })
  await press(session.url, { card: 'pm_usBankAccount_success' })
  expect(await client.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    payment_status: 'unpaid',
  })

  const { twin, client: again } = await killed(file)
  await twin.advance(61)
  expect(await again.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
  })
  const types = (await again.events.list()).data.map(({ type }) => type)
  expect(types).toContain('checkout.session.async_payment_succeeded')
  await twin.advance(day)
  expect(await again.checkout.sessions.retrieve(open.id)).toMatchObject({ status: 'expired' })
})

test('the clock stays where it was put, and a subscription is renewed after a kill', async () => {
  const file = givenFile()
  const { twin, client } = await givenRemembering(file)
  const { subscription } = await givenSubscriber(client)
  await twin.advance(20 * day)
  const { now } = await admin(client, 'GET', 'clock')

  const { twin: later, client: again } = await killed(file)
  const { now: then } = await admin(again, 'GET', 'clock')
  expect(Number(then) - Number(now)).toBeLessThan(60)
  expect(Number(then) - Number(now)).toBeGreaterThanOrEqual(0)
  await later.advance(12 * day)
  const { data } = await again.invoices.list({ subscription: subscription.id })
  expect(data.map(({ status, amount_paid }) => [status, amount_paid])).toEqual([
    ['paid', 1000],
    ['paid', 1000],
  ])
  const [item] = (await again.subscriptions.retrieve(subscription.id)).items.data
  // The item is one thing still, wherever it is read.
  expect(await again.subscriptionItems.retrieve(item?.id ?? '')).toMatchObject({
    current_period_end: item?.current_period_end,
  })
})

test('what fell due while it was off is done at the next start, each at its own time', async () => {
  const file = givenFile()
  const { twin, client } = await givenRemembering(file)
  const { subscription } = await givenSubscriber(client)
  await twin.close()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 95 * day * 1000 })

  const { client: again } = await givenRemembering(file)
  const { data } = await again.invoices.list({ subscription: subscription.id })
  expect(data.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid', 'paid'])
  const made = data.map(({ created }) => created).toReversed()
  const { billing_cycle_anchor: anchor } = subscription
  for (const [index, created] of made.entries())
    expect(Math.round((created - anchor) / (30.4 * day))).toBe(index)
  const events = (await again.events.list({ type: 'invoice.paid' })).data
  expect(events.map(({ created }) => created)).toEqual(
    events.map(({ created }) => created).toSorted((a, b) => b - a),
  )
})

test('what nobody has taken yet is sent when somebody listens, and what was taken is not sent again', async () => {
  const shop = await givenShop()
  const file = givenFile()
  const { twin, client } = await givenRemembering(file, {
    endpoints: [{ url: shop.url, secret, events: ['charge.succeeded'] }],
  })
  await paid(client, 100)
  await twin.quiet()
  // Sent, and not taken: it would come again in a minute.
  shop.status = 500
  await paid(client, 200)
  await twin.quiet()
  shop.status = 200
  // Not even sent.
  await admin(client, 'POST', 'faults/events', {
    fault: 'delay',
    on: 'charge.succeeded',
    amount: 90,
  })
  await paid(client, 300)
  expect(shop.events.map(amountOf)).toEqual([100])

  const again = await killed(file, {
    endpoints: [{ url: shop.url, secret, events: ['charge.succeeded'] }],
  })
  await again.twin.advance(100)
  expect(shop.events.map(amountOf)).toEqual([100, 200, 300])
  expect((await again.client.events.list({ delivery_success: false })).data).toEqual([])
  expect((await again.client.webhookEndpoints.list()).data).toHaveLength(1)
})

test('a product that starts later than its twin gets at once what it had not answered, and then the rest', async () => {
  // It takes what comes, and dies before it says so.
  const dying = createServer().listen(0, '127.0.0.1')
  await once(dying, 'listening')
  const { port } = dying.address() as AddressInfo
  const events = ['charge.succeeded']
  const endpoints = [{ url: `http://127.0.0.1:${port}/hooks`, secret, events }]
  const file = givenFile()
  const { twin, client } = await givenRemembering(file, { endpoints })
  const arrived = once(dying, 'request')
  await paid(client, 200)
  await arrived
  await twin.close()
  dying.closeAllConnections()
  dying.close()
  await once(dying, 'close')

  const again = await givenRemembering(file, { endpoints })
  await paid(again.client, 300)
  const shop = await givenShop([secret], port)
  await vi.waitFor(() => expect(shop.events.map(amountOf)).toEqual([200, 300]), { timeout: 10_000 })
})

test('an endpoint of the start keeps its name and what waits for it, at a new address under a new secret', async () => {
  const file = givenFile()
  const nobody = { url: 'http://127.0.0.1:9/hooks', events: ['charge.succeeded'] }
  const { twin, client } = await givenRemembering(file, { endpoints: [nobody, nobody] })
  const [, first] = (await client.webhookEndpoints.list()).data
  await paid(client, 400)
  await twin.close()

  const shop = await givenShop(['whsec_new'])
  const again = await givenRemembering(file, {
    endpoints: [{ ...nobody, url: shop.url, secret: 'whsec_new' }],
  })
  await vi.waitFor(() => expect(shop.events.map(amountOf)).toEqual([400]), { timeout: 10_000 })
  expect(shop.rejected).toEqual([])
  const endpoints = (await again.client.webhookEndpoints.list()).data
  expect(endpoints.map(({ id, url }) => [id, url])).toEqual([[first?.id, shop.url]])
})

test('endpoints made through the API keep their secrets', async () => {
  const secrets: string[] = []
  const shop = await givenShop(secrets)
  const file = givenFile()
  const { client } = await givenRemembering(file)
  const made = await client.webhookEndpoints.create({ url: shop.url, enabled_events: ['*'] })
  secrets.push(made.secret ?? '')

  const again = await killed(file)
  await paid(again.client)
  await again.twin.quiet()
  expect(shop.types()).toContain('charge.succeeded')
  expect(shop.rejected).toEqual([])
})

test('a change that waits for its money is applied when it is paid after a kill', async () => {
  const file = givenFile()
  const { client } = await givenRemembering(file)
  const { customer, dearer, subscription } = await givenSubscriber(client)
  const asked = await client.paymentMethods.attach('pm_card_authenticationRequired', {
    customer: customer.id,
  })
  await client.subscriptions.update(subscription.id, { default_payment_method: asked.id })
  const changed = await client.subscriptions.update(subscription.id, {
    items: [{ id: subscription.items.data[0]?.id ?? '', price: dearer.id }],
    payment_behavior: 'pending_if_incomplete',
    proration_behavior: 'always_invoice',
  })
  expect(changed.pending_update).not.toBeNull()

  const { twin, client: again } = await killed(file)
  const invoice = await again.invoices.retrieve(idOf(changed.latest_invoice), {
    expand: ['payments.data.payment.payment_intent'],
  })
  const { payment_intent: intent } = invoice.payments?.data[0]?.payment ?? {}
  await press(`${twin.url}/authenticate/${idOf(intent)}`, { answer: 'yes' })
  const applied = await again.subscriptions.retrieve(subscription.id)
  expect(applied.pending_update).toBeNull()
  expect(applied.items.data.map(({ price }) => price.id)).toEqual([dearer.id])
})

test('what nobody can ask for any more is not kept: old events, and keys of yesterday', async () => {
  const file = givenFile()
  const { twin, client } = await givenRemembering(file)
  const kept = await client.customers.create(
    { email: 'ada@example.com' },
    { idempotencyKey: 'one' },
  )
  await twin.advance(31 * day)
  await client.customers.create({}, { idempotencyKey: 'two' })
  await twin.close()
  const { client: again } = await givenRemembering(file)
  expect(await again.customers.retrieve(kept.id)).toMatchObject({ email: 'ada@example.com' })
  expect((await again.events.list()).data).toHaveLength(1)
})

test('without a file nothing is remembered', async () => {
  const twin = await startStripeTwin({ apiKey })
  const intent = await paid(givenClient(twin))
  await twin.close()
  const other = await startStripeTwin({ apiKey })
  onTestFinished(() => other.close())
  await expect(givenClient(other).paymentIntents.retrieve(intent.id)).rejects.toThrow(/No such/)
})

function amountOf(event: Stripe.Event): number {
  return (event.data.object as Stripe.Charge).amount
}

/** A button of a page; on success the page leads somewhere else. */
async function press(url: string | null, form: Record<string, string>): Promise<void> {
  const body = new URLSearchParams(form)
  const reply = await fetch(url ?? '', { method: 'POST', body, redirect: 'manual' })
  if (reply.status !== 303 && reply.status !== 200) throw new Error(`the page says ${reply.status}`)
}
