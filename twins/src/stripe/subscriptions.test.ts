import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { admin, givenClient, givenShop, givenTwin, idOf, refusalOf, secret } from './testing.ts'
import type { StripeTwin } from './index.ts'

const day = 24 * 3600
const month = 31 * day

async function givenPlan(client: Stripe, amount = 1000, interval: 'month' | 'year' = 'month') {
  const price = await client.prices.create({
    product_data: { name: `Plan of ${amount}` },
    currency: 'usd',
    unit_amount: amount,
    recurring: { interval },
  })
  return price.id
}

async function givenCustomer(client: Stripe, card = 'pm_card_visa') {
  const customer = await client.customers.create({ email: 'ada@example.com' })
  const method = await client.paymentMethods.attach(card, { customer: customer.id })
  await client.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  })
  return customer.id
}

async function givenSubscription(
  client: Stripe,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
  card = 'pm_card_visa',
) {
  const customer = await givenCustomer(client, card)
  return client.subscriptions.create({
    customer,
    items: [{ price: await givenPlan(client) }],
    ...more,
  })
}

const periodOf = ({ items }: Stripe.Subscription) => items.data[0]?.current_period_end ?? 0
const netOf = (twin: StripeTwin) =>
  twin.truth().accounts[twin.truth().platform]?.charges.map(({ captured }) => captured)

test('the first invoice is paid at once, the next one an hour after the period began', async () => {
  const shop = await givenShop()
  const events = ['customer.subscription.*', 'invoice.*']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const made = await givenSubscription(client, { expand: ['latest_invoice.payments'] })
  expect(made).toMatchObject({
    status: 'active',
    latest_invoice: {
      status: 'paid',
      amount_paid: 1000,
      billing_reason: 'subscription_create',
      payments: { data: [{ status: 'paid', payment: { type: 'payment_intent' } }] },
    },
  })
  await twin.quiet()
  expect(shop.types()).toEqual([
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_succeeded',
    'customer.subscription.updated',
  ])
  await twin.advance(periodOf(made) - made.created + 60)
  const draft = await client.invoices.list({ subscription: made.id, status: 'draft' })
  expect(draft.data).toHaveLength(1)
  await twin.advance(3600)
  expect((await client.invoices.list({ customer: idOf(made.customer) })).data).toMatchObject([
    { status: 'paid', billing_reason: 'subscription_cycle' },
    { status: 'paid', billing_reason: 'subscription_create' },
  ])
  expect(netOf(twin)).toEqual([1000, 1000])
  const after = await client.subscriptions.retrieve(made.id)
  expect(periodOf(after)).toBeGreaterThan(periodOf(made))
})

test('a card that is declined at first leaves it incomplete, and expired after 23 hours', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const made = await givenSubscription(client, {}, 'pm_card_chargeCustomerFail')
  expect(made.status).toBe('incomplete')
  const later = await givenSubscription(client, {}, 'pm_card_chargeCustomerFail')
  await client.invoices.pay(idOf(later.latest_invoice), { payment_method: 'pm_card_visa' })
  expect((await client.subscriptions.retrieve(later.id)).status).toBe('active')
  await twin.advance(23 * 3600 + 1)
  expect((await client.subscriptions.retrieve(made.id)).status).toBe('incomplete_expired')
  expect((await client.invoices.retrieve(idOf(made.latest_invoice))).status).toBe('void')
  const listed = await client.subscriptions.list({})
  expect(listed.data.map(({ id }) => id)).toEqual([later.id])
})

test('the browser may pay the first invoice: the card is kept when that was asked for', async () => {
  const client = givenClient(await givenTwin())
  const customer = await client.customers.create({})
  const made = await client.subscriptions.create({
    customer: customer.id,
    items: [{ price: await givenPlan(client) }],
    payment_behavior: 'default_incomplete',
    payment_settings: { save_default_payment_method: 'on_subscription' },
    expand: ['latest_invoice.confirmation_secret'],
  })
  expect(made.status).toBe('incomplete')
  const invoice = made.latest_invoice
  if (invoice === null || typeof invoice === 'string') throw new Error('It is not expanded.')
  const [intent = ''] = (invoice.confirmation_secret?.client_secret ?? '').split('_secret_')
  await client.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa' })
  const after = await client.subscriptions.retrieve(made.id)
  expect(after.status).toBe('active')
  expect(after.default_payment_method).toMatch(/^pm_/)
})

test('a renewal that fails is tried three times more, then it is over; paying in between heals it', async () => {
  const shop = await givenShop()
  const events = ['invoice.payment_failed', 'customer.subscription.deleted']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const made = await givenSubscription(client)
  const customer = idOf(made.customer)
  const bad = await client.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
  const good = await client.customers.listPaymentMethods(customer)
  const use = (method: string) =>
    client.customers.update(customer, { invoice_settings: { default_payment_method: method } })
  await use(bad.id)
  await twin.advance(month + 7200)
  const late = await client.subscriptions.retrieve(made.id)
  expect(late.status).toBe('past_due')
  await client.invoices.pay(idOf(late.latest_invoice), {
    payment_method: good.data.at(-1)?.id ?? '',
  })
  expect((await client.subscriptions.retrieve(made.id)).status).toBe('active')
  await twin.advance(2 * month)
  const end = await client.subscriptions.retrieve(made.id)
  expect(end).toMatchObject({
    status: 'canceled',
    cancellation_details: { reason: 'payment_failed' },
  })
  expect(shop.types()).toEqual([
    'invoice.payment_failed',
    ...Array.from({ length: 4 }, () => 'invoice.payment_failed'),
    'customer.subscription.deleted',
  ])
})

test('what could not be paid may stay unpaid instead of ending', async () => {
  const twin = await givenTwin({ money: { afterRetries: 'unpaid' } })
  const client = givenClient(twin)
  const made = await givenSubscription(client)
  const customer = idOf(made.customer)
  const bad = await client.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
  await client.subscriptions.update(made.id, { default_payment_method: bad.id })
  await twin.advance(month + 20 * day)
  const after = await client.subscriptions.retrieve(made.id)
  expect(after.status).toBe('unpaid')
  await client.invoices.pay(idOf(after.latest_invoice), { payment_method: 'pm_card_visa' })
  expect((await client.subscriptions.retrieve(made.id)).status).toBe('active')
})

test('a trial costs nothing until it ends; without a card it goes as it was told to', async () => {
  const shop = await givenShop()
  const events = ['customer.subscription.*']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const made = await givenSubscription(client, { trial_period_days: 14 })
  expect(made).toMatchObject({ status: 'trialing', trial_end: made.created + 14 * day })
  const poor = await client.customers.create({})
  const price = await givenPlan(client)
  const without = (missing: 'cancel' | 'pause') =>
    client.subscriptions.create({
      customer: poor.id,
      items: [{ price }],
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    })
  const [cancelled, paused] = [await without('cancel'), await without('pause')]
  await twin.advance(11 * day + 1)
  expect(shop.types()).toContain('customer.subscription.trial_will_end')
  expect(netOf(twin)).toEqual([])
  await twin.advance(3 * day + 3700)
  const statusOf = async (id: string) => (await client.subscriptions.retrieve(id)).status
  expect(await statusOf(made.id)).toBe('active')
  expect(netOf(twin)).toEqual([1000])
  expect(await statusOf(cancelled.id)).toBe('canceled')
  expect(await statusOf(paused.id)).toBe('paused')
  await client.customers.update(poor.id, {
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  expect((await client.subscriptions.resume(paused.id)).status).toBe('active')
  await twin.quiet()
  expect(shop.types()).toContain('customer.subscription.paused')
  expect(shop.types()).toContain('customer.subscription.resumed')
})

test('cancelled at the end of the period, it runs until then, unless that is taken back', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const [one, two] = [await givenSubscription(client), await givenSubscription(client)]
  const ending = await client.subscriptions.update(one.id, { cancel_at_period_end: true })
  expect(ending).toMatchObject({
    status: 'active',
    cancel_at_period_end: true,
    cancel_at: periodOf(one),
  })
  await client.subscriptions.update(two.id, { cancel_at_period_end: true })
  const kept = await client.subscriptions.update(two.id, { cancel_at_period_end: false })
  expect(kept).toMatchObject({ cancel_at: null, canceled_at: null })
  await twin.advance(month + 7200)
  expect((await client.subscriptions.retrieve(one.id)).status).toBe('canceled')
  expect((await client.subscriptions.retrieve(two.id)).status).toBe('active')
  const now = await client.subscriptions.cancel(two.id)
  expect(now).toMatchObject({ status: 'canceled' })
  expect(await refusalOf(client.subscriptions.cancel(two.id))).toMatchObject({
    code: 'resource_missing',
  })
  expect(await refusalOf(client.subscriptions.update(two.id, { description: 'x' }))).toMatchObject({
    statusCode: 400,
  })
})

test('when the customer goes, so do the subscriptions', async () => {
  const client = givenClient(await givenTwin())
  const made = await givenSubscription(client)
  await admin(client, 'DELETE', `customers/${idOf(made.customer)}`)
  expect((await client.subscriptions.retrieve(made.id)).status).toBe('canceled')
})

test('a subscription is bought on the page, with or without a trial; a decline leaves none', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const price = await givenPlan(client)
  const open = (more: object = {}) =>
    client.checkout.sessions.create({
      mode: 'subscription',
      line_items: [{ price, quantity: 1 }],
      success_url: 'https://shop.test/thanks',
      ...more,
    })
  const press = (url: string | null, card: string) =>
    fetch(url ?? '', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ card, email: 'ada@example.com' }),
    })
  const session = await open({ subscription_data: { metadata: { of: 'ada' } } })
  expect((await press(session.url, 'pm_card_visa_chargeDeclined')).status).toBe(402)
  expect((await client.subscriptions.list()).data).toEqual([])
  await press(session.url, 'pm_card_visa')
  const done = await client.checkout.sessions.retrieve(session.id, {
    expand: ['subscription', 'invoice'],
  })
  expect(done).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    payment_intent: null,
    subscription: { status: 'active', metadata: { of: 'ada' } },
    invoice: { status: 'paid', amount_paid: 1000 },
  })
  expect(netOf(twin)).toEqual([1000])
  const free = await open({ subscription_data: { trial_period_days: 7 } })
  await press(free.url, 'pm_card_visa')
  expect(
    await client.checkout.sessions.retrieve(free.id, { expand: ['subscription'] }),
  ).toMatchObject({ payment_status: 'no_payment_required', subscription: { status: 'trialing' } })
  await twin.advance(7 * day + 7200)
  expect(netOf(twin)).toEqual([1000, 1000])
})

test('in the portal a person ends a subscription and takes that back', async () => {
  const client = givenClient(await givenTwin())
  const made = await givenSubscription(client)
  const { url } = await client.billingPortal.sessions.create({
    customer: idOf(made.customer),
    return_url: 'https://shop.test/account',
  })
  const press = (name: string) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ [name]: made.id }) })
  expect(await (await fetch(url)).text()).toContain('https://shop.test/account')
  await press('cancel')
  expect((await client.subscriptions.retrieve(made.id)).cancel_at_period_end).toBe(true)
  await press('resume')
  expect((await client.subscriptions.retrieve(made.id)).cancel_at_period_end).toBe(false)
  await press('card')
  expect((await client.subscriptions.retrieve(made.id)).default_payment_method).toMatch(/^pm_/)
})
