import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { givenClient, givenTwin, idOf, refusalOf } from './testing.ts'

const day = 24 * 3600

async function givenPlans(client: Stripe) {
  const make = (amount: number, interval: 'month' | 'year' = 'month') =>
    client.prices.create({
      product_data: { name: `Plan of ${amount}` },
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval },
    })
  const [small, large, yearly] = [await make(1000), await make(3000), await make(10_000, 'year')]
  const customer = await client.customers.create({})
  const subscription = await client.subscriptions.create({
    customer: customer.id,
    items: [{ price: small.id }],
    default_payment_method: 'pm_card_visa',
  })
  return {
    customer: customer.id,
    subscription: subscription.id,
    item: subscription.items.data[0]?.id ?? '',
    small: small.id,
    large: large.id,
    yearly: yearly.id,
  }
}

const half = async (client: Stripe, id: string) => {
  const { items } = await client.subscriptions.retrieve(id)
  const [item] = items.data
  return Math.floor(((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)) / 2)
}

test('an upgrade in the middle of the period costs half the difference, now', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { subscription, item, large } = await givenPlans(client)
  await twin.advance(await half(client, subscription))
  const changed = await client.subscriptions.update(subscription, {
    items: [{ id: item, price: large }],
    proration_behavior: 'always_invoice',
    expand: ['latest_invoice'],
  })
  expect(changed.items.data).toMatchObject([{ id: item, price: { id: large } }])
  expect(changed.latest_invoice).toMatchObject({
    billing_reason: 'subscription_update',
    status: 'paid',
    lines: { data: [{ amount: -500 }, { amount: 1500 }] },
    amount_paid: 1000,
  })
})

test('without always_invoice it is on the next invoice, or nowhere', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const [one, two] = [await givenPlans(client), await givenPlans(client)]
  const wait = await half(client, one.subscription)
  await twin.advance(wait)
  await client.subscriptions.update(one.subscription, {
    items: [{ id: one.item, price: one.large }],
  })
  await client.subscriptions.update(two.subscription, {
    items: [{ id: two.item, quantity: 5 }],
    proration_behavior: 'none',
  })
  await twin.advance(wait + 2 * day)
  const latest = async (customer: string) =>
    (await client.invoices.list({ customer, limit: 1 })).data[0]?.total
  expect(await latest(one.customer)).toBe(4000)
  expect(await latest(two.customer)).toBe(5000)
})

test('a downgrade is a credit, which the next invoice uses', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { customer, subscription, item, small, large } = await givenPlans(client)
  await client.subscriptions.update(subscription, {
    items: [{ id: item, price: large }],
    proration_behavior: 'always_invoice',
  })
  const wait = await half(client, subscription)
  await twin.advance(wait)
  await client.subscriptions.update(subscription, {
    items: [{ id: item, price: small }],
    proration_behavior: 'always_invoice',
  })
  expect(await client.customers.retrieve(customer)).toMatchObject({ balance: -1000 })
  await twin.advance(wait + 2 * day)
  const [next] = (await client.invoices.list({ customer, limit: 1 })).data
  expect(next).toMatchObject({
    total: 1000,
    starting_balance: -1000,
    amount_due: 0,
    status: 'paid',
  })
  expect(await client.customers.retrieve(customer)).toMatchObject({ balance: 0 })
})

test('another interval begins a new cycle at once', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { subscription, item, yearly } = await givenPlans(client)
  await twin.advance(await half(client, subscription))
  const changed = await client.subscriptions.update(subscription, {
    items: [{ id: item, price: yearly }],
    expand: ['latest_invoice'],
  })
  expect(changed.latest_invoice).toMatchObject({ amount_paid: 9500, status: 'paid' })
  const [after] = changed.items.data
  const length = (after?.current_period_end ?? 0) - (after?.current_period_start ?? 0)
  expect(length).toBeGreaterThanOrEqual(365 * day)
})

test('an upgrade that is not paid yet leaves the old plan, until it is paid or 23 hours are over', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { customer, subscription, item, small, large } = await givenPlans(client)
  const card = await client.paymentMethods.attach('pm_card_authenticationRequired', { customer })
  await client.subscriptions.update(subscription, { default_payment_method: card.id })
  const upgrade = () =>
    client.subscriptions.update(subscription, {
      items: [{ id: item, price: large }],
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
    })
  const pending = await upgrade()
  expect(pending).toMatchObject({
    status: 'active',
    pending_update: { subscription_items: [{ price: large }] },
    items: { data: [{ price: { id: small } }] },
  })
  await twin.advance(23 * 3600 + 1)
  const expired = await client.subscriptions.retrieve(subscription)
  expect(expired).toMatchObject({ status: 'active', pending_update: null })
  expect((await client.invoices.retrieve(idOf(pending.latest_invoice))).status).toBe('void')
  const again = await upgrade()
  await client.invoices.pay(idOf(again.latest_invoice), { payment_method: 'pm_card_visa' })
  expect(await client.subscriptions.retrieve(subscription)).toMatchObject({
    pending_update: null,
    items: { data: [{ price: { id: large } }] },
  })
})

test('an upgrade may be refused when the card is, and nothing has changed then', async () => {
  const client = givenClient(await givenTwin())
  const { customer, subscription, item, small, large } = await givenPlans(client)
  const card = await client.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
  await client.subscriptions.update(subscription, { default_payment_method: card.id })
  const refused = await refusalOf(
    client.subscriptions.update(subscription, {
      items: [{ id: item, price: large }],
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    }),
  )
  expect(refused).toMatchObject({ statusCode: 402, code: 'card_declined' })
  expect(await client.subscriptions.retrieve(subscription)).toMatchObject({
    status: 'active',
    pending_update: null,
    items: { data: [{ price: { id: small } }] },
  })
})

test('items are listed and changed by themselves, and prices must fit together', async () => {
  const client = givenClient(await givenTwin())
  const { subscription, item, yearly } = await givenPlans(client)
  const changed = await client.subscriptionItems.update(item, {
    quantity: 3,
    proration_behavior: 'none',
  })
  expect(changed.quantity).toBe(3)
  expect((await client.subscriptionItems.list({ subscription })).data).toMatchObject([
    { id: item, quantity: 3 },
  ])
  const mixed = client.subscriptions.update(subscription, { items: [{ price: yearly }] })
  expect(await refusalOf(mixed)).toMatchObject({ param: 'items' })
})

test('a preview says what an upgrade would cost, and changes nothing', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { subscription, item, large, small } = await givenPlans(client)
  const preview = (more: object = {}) =>
    client.invoices.createPreview({ subscription, subscription_details: more })
  expect(await preview()).toMatchObject({ total: 1000, billing_reason: 'subscription_cycle' })
  await twin.advance(await half(client, subscription))
  const items = [{ id: item, price: large }]
  expect(await preview({ items, proration_behavior: 'always_invoice' })).toMatchObject({
    total: 1000,
    lines: { data: [{ amount: -500 }, { amount: 1500 }] },
  })
  expect(await preview({ items })).toMatchObject({ total: 4000 })
  expect((await client.invoices.list({ subscription })).data).toHaveLength(1)
  expect(await client.subscriptions.retrieve(subscription)).toMatchObject({
    items: { data: [{ price: { id: small } }] },
  })
})
