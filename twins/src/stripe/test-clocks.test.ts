import type { Stripe } from 'stripe'
import { expect, onTestFinished, test } from 'vitest'
import { type StripeTwin, startStripeTwin } from './index.ts'
import {
  admin,
  apiKey,
  copyOf,
  givenClient,
  givenFile,
  givenShop,
  givenTwin,
  idOf,
  refusalOf,
  secret,
} from './testing.ts'

const day = 24 * 3600
const start = Date.UTC(2031, 0, 15) / 1000
const at = (month: number, dayOfMonth = 15) => Date.UTC(2031, month, dayOfMonth) / 1000

type Wanted = { clock?: string; card?: string; interval?: 'day' | 'month' }

async function givenSubscription(client: Stripe, { clock, card, interval = 'month' }: Wanted) {
  const customer = await client.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: card ?? 'pm_card_visa' },
    ...(clock !== undefined && { test_clock: clock }),
  })
  const product = await client.products.create({ name: 'Tea' })
  const price = await client.prices.create({
    currency: 'usd',
    product: product.id,
    recurring: { interval },
    unit_amount: 1000,
  })
  return client.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
}

async function advance(client: Stripe, id: string, time: number) {
  const asked = await client.testHelpers.testClocks.advance(id, { frozen_time: time })
  return { asked, arrived: await client.testHelpers.testClocks.retrieve(id) }
}

const invoicesOf = async (client: Stripe, subscription: string) =>
  (await client.invoices.list({ subscription })).data.toReversed()

test('a subscription lives by the clock of its customer, and everybody else by the world’s', async () => {
  const shop = await givenShop()
  const events = ['*']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start, name: 'A year' })
  expect(clock).toMatchObject({
    object: 'test_helpers.test_clock',
    frozen_time: start,
    livemode: false,
    name: 'A year',
    status: 'ready',
  })
  const other = await givenSubscription(client, {})
  const made = await givenSubscription(client, { clock: clock.id })
  expect(made).toMatchObject({
    created: start,
    status: 'active',
    test_clock: clock.id,
    billing_cycle_anchor: start,
  })
  expect(made.items.data[0]).toMatchObject({
    current_period_start: start,
    current_period_end: at(1),
  })

  const { asked, arrived } = await advance(client, clock.id, at(1, 16))
  expect(asked).toMatchObject({
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: at(1, 16) } },
    frozen_time: start,
  })
  expect(arrived).toMatchObject({ status: 'ready', frozen_time: at(1, 16), status_details: {} })
  const [first, second, ...more] = await invoicesOf(client, made.id)
  expect(more).toEqual([])
  expect(first).toMatchObject({ created: start, status: 'paid', test_clock: clock.id })
  expect(second).toMatchObject({
    created: at(1),
    status: 'paid',
    status_transitions: { finalized_at: at(1) + 3600, paid_at: at(1) + 3600 },
  })
  expect(await invoicesOf(client, other.id)).toHaveLength(1)
  const { now } = await admin(client, 'GET', 'clock')
  expect(Math.abs(Number(now) - Date.now() / 1000)).toBeLessThan(60)
  await twin.quiet()
  expect(shop.types().filter((type) => type.startsWith('test_helpers.'))).toEqual([
    'test_helpers.test_clock.created',
    'test_helpers.test_clock.advancing',
    'test_helpers.test_clock.ready',
  ])
  expect(shop.types().filter((type) => type === 'invoice.paid')).toHaveLength(3)
})

test('the world’s time does not move a test clock', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start })
  const made = await givenSubscription(client, { clock: clock.id })
  await twin.advance(20 * day)
  expect(await client.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({
    frozen_time: start,
  })
  expect(await invoicesOf(client, made.id)).toHaveLength(1)
})

test('on the way everything is done in its order: tries again, the end of a trial, the end of all', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start })
  const made = await givenSubscription(client, { clock: clock.id })
  const customer = idOf(made.customer)
  const bad = await client.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
  await client.subscriptions.update(made.id, { default_payment_method: bad.id })
  const trial = await client.subscriptions.create({
    customer,
    items: [{ price: made.items.data[0]?.price.id ?? '' }],
    trial_period_days: 10,
    trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
  })
  expect(trial).toMatchObject({ status: 'trialing', trial_end: start + 10 * day })

  await advance(client, clock.id, at(1, 16))
  expect(await client.subscriptions.retrieve(trial.id)).toMatchObject({ status: 'active' })
  expect(await client.subscriptions.retrieve(made.id)).toMatchObject({ status: 'past_due' })
  await advance(client, clock.id, at(2, 14))
  expect(await client.subscriptions.retrieve(made.id)).toMatchObject({
    status: 'canceled',
    // After 3, 5 and 7 days more.
    ended_at: at(1) + 3600 + 15 * day,
  })
})

test('half of a period by the clock is half of the price', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: at(3, 1) })
  const made = await givenSubscription(client, { clock: clock.id })
  await advance(client, clock.id, at(3, 16))
  const [item] = made.items.data
  await client.subscriptions.update(made.id, {
    items: [{ id: item?.id ?? '', quantity: 2 }],
    proration_behavior: 'always_invoice',
  })
  const [, change] = await invoicesOf(client, made.id)
  expect(change).toMatchObject({ created: at(3, 16), amount_paid: 500 })
})

test('it goes forward only, and not further than two periods, or two years when nothing is paid', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start })
  const refused = async (time: number) =>
    expect(await refusalOf(advance(client, clock.id, time))).toMatchObject({
      statusCode: 400,
      param: 'frozen_time',
    })
  await refused(start)
  await refused(start - 1)
  await refused(start + 800 * day)
  await givenSubscription(client, { clock: clock.id })
  await givenSubscription(client, { clock: clock.id, interval: 'day' })
  await refused(start + 2 * day + 1)
  expect((await advance(client, clock.id, start + 2 * day)).arrived.status).toBe('ready')
})

test('three customers, three subscriptions each; lists show them only to who asks for them', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start })
  const made = await givenSubscription(client, { clock: clock.id })
  const more = {
    customer: idOf(made.customer),
    items: [{ price: made.items.data[0]?.price.id ?? '' }],
  }
  await client.subscriptions.create(more)
  await client.subscriptions.create(more)
  expect(await refusalOf(client.subscriptions.create(more))).toMatchObject({ param: 'customer' })
  await client.customers.create({ test_clock: clock.id })
  await client.customers.create({ test_clock: clock.id })
  const fourth = client.customers.create({ test_clock: clock.id })
  expect(await refusalOf(fourth)).toMatchObject({ param: 'test_clock' })
  expect(await refusalOf(client.customers.create({ test_clock: 'clock_none' }))).toMatchObject({
    code: 'resource_missing',
    param: 'test_clock',
  })
  expect((await client.customers.list()).data).toEqual([])
  expect((await client.customers.list({ test_clock: clock.id })).data).toHaveLength(3)
  expect((await client.subscriptions.list()).data).toEqual([])
  expect((await client.subscriptions.list({ test_clock: clock.id })).data).toHaveLength(3)
  expect((await client.subscriptions.list({ customer: more.customer })).data).toHaveLength(3)
  const expanded = await client.customers.retrieve(more.customer, { expand: ['test_clock'] })
  expect(expanded).toMatchObject({ test_clock: { id: clock.id, frozen_time: start } })
})

test('deleted, it takes its customers along; after a month it goes by itself', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret }] })
  const client = givenClient(twin)
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start })
  const made = await givenSubscription(client, { clock: clock.id })
  expect(await client.testHelpers.testClocks.del(clock.id)).toEqual({
    id: clock.id,
    object: 'test_helpers.test_clock',
    deleted: true,
  })
  expect(await client.customers.retrieve(idOf(made.customer))).toMatchObject({ deleted: true })
  expect(await client.subscriptions.retrieve(made.id)).toMatchObject({
    status: 'canceled',
    ended_at: start,
  })
  const gone = client.testHelpers.testClocks.retrieve(clock.id)
  expect(await refusalOf(gone)).toMatchObject({ statusCode: 404, code: 'resource_missing' })
  await twin.quiet()
  expect(shop.types().slice(-3)).toEqual([
    'customer.subscription.deleted',
    'customer.deleted',
    'test_helpers.test_clock.deleted',
  ])
  const left = await client.testHelpers.testClocks.create({ frozen_time: start })
  expect((await client.testHelpers.testClocks.list()).data.map(({ id }) => id)).toEqual([left.id])
  await twin.advance(31 * day)
  expect((await client.testHelpers.testClocks.list()).data).toEqual([])
})

test('after a kill a test clock stands where it stood, and goes on from there', async () => {
  const file = givenFile()
  const started = async (of: string): Promise<StripeTwin> => {
    const twin = await startStripeTwin({ apiKey, file: of })
    onTestFinished(() => twin.close())
    return twin
  }
  const client = givenClient(await started(file))
  const clock = await client.testHelpers.testClocks.create({ frozen_time: start })
  const made = await givenSubscription(client, { clock: clock.id })
  await advance(client, clock.id, at(1, 16))

  const again = givenClient(await started(copyOf(file)))
  await advance(again, clock.id, at(3, 16))
  expect(
    (await invoicesOf(again, made.id)).map(({ created, status }) => [created, status]),
  ).toEqual([start, at(1), at(2), at(3)].map((created) => [created, 'paid']))
})

test('a clock cannot be given to a customer who is there already', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { id } = await client.customers.create({})
  const wanted = client.testHelpers.testClocks.create({ frozen_time: start, customer: id })
  expect(await refusalOf(wanted)).toMatchObject({ code: 'parameter_unknown', param: 'customer' })
})
