import { expect, test } from 'vitest'
import {
  admin,
  givenClient,
  givenShop,
  givenTwin,
  idOf,
  paid,
  refusalOf,
  secret,
} from './testing.ts'

test('no more is given back than was paid, in parts or at once', async () => {
  const client = givenClient(await givenTwin())
  const { id } = await paid(client, 10_000)
  for (const amount of [3000, 3000, 3000])
    await client.refunds.create({ payment_intent: id, amount })
  const tooMuch = await refusalOf(client.refunds.create({ payment_intent: id, amount: 3000 }))
  expect(tooMuch).toMatchObject({ statusCode: 400, param: 'amount' })
  const rest = await client.refunds.create({ payment_intent: id, reason: 'duplicate' })
  expect(rest).toMatchObject({ amount: 1000, reason: 'duplicate', status: 'succeeded' })
  expect(await refusalOf(client.refunds.create({ payment_intent: id }))).toMatchObject({
    code: 'charge_already_refunded',
  })
  const { data } = await client.refunds.list({ payment_intent: id })
  expect(data.map(({ amount }) => amount)).toEqual([1000, 3000, 3000, 3000])
  const charge = await client.charges.retrieve(idOf(rest.charge))
  expect(charge).toMatchObject({ refunded: true, amount_refunded: 10_000 })
})

test('nothing, less than nothing, an unpaid intent and two names for one charge are refused', async () => {
  const client = givenClient(await givenTwin())
  const intent = await paid(client)
  const open = await client.paymentIntents.create({ amount: 100, currency: 'usd' })
  const refuse = (params: object) => refusalOf(client.refunds.create(params))
  expect(await refuse({ payment_intent: intent.id, amount: 0 })).toMatchObject({ param: 'amount' })
  expect(await refuse({ payment_intent: intent.id, amount: -1 })).toMatchObject({ param: 'amount' })
  expect(await refuse({ payment_intent: open.id })).toMatchObject({ statusCode: 400 })
  expect(await refuse({})).toMatchObject({ code: 'parameter_missing' })
  expect(
    await refuse({ payment_intent: intent.id, charge: idOf(intent.latest_charge) }),
  ).toMatchObject({ code: 'parameters_exclusive' })
})

test('a refund may fail after it seemed done: the money and the charge are as before', async () => {
  const shop = await givenShop()
  const events = ['refund.*', 'charge.refund*']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const { id } = await paid(client, 10_000, 'pm_card_refundFail')
  const refund = await client.refunds.create({ payment_intent: id })
  expect(refund.status).toBe('succeeded')
  await twin.advance(61)
  const after = await client.refunds.retrieve(refund.id, {
    expand: ['failure_balance_transaction', 'charge'],
  })
  expect(after).toMatchObject({
    status: 'failed',
    failure_reason: 'unknown',
    failure_balance_transaction: { amount: 10_000 },
    charge: { refunded: false, amount_refunded: 0 },
  })
  expect(shop.types()).toEqual([
    'refund.created',
    'charge.refunded',
    'refund.updated',
    'charge.refund.updated',
    'refund.failed',
  ])
  expect((await client.refunds.create({ payment_intent: id })).amount).toBe(10_000)
})

test('a pending refund succeeds later; it is cancelled only while the customer has to act', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { id } = await paid(client, 10_000, 'pm_card_pendingRefund')
  const first = await client.refunds.create({ payment_intent: id, amount: 4000 })
  expect(first.status).toBe('pending')
  expect(await refusalOf(client.refunds.cancel(first.id))).toMatchObject({ statusCode: 400 })
  await twin.advance(61)
  expect((await client.refunds.retrieve(first.id)).status).toBe('succeeded')
  const second = await client.refunds.create({ payment_intent: id, amount: 4000 })
  await admin(client, 'POST', `refunds/${second.id}/require_action`)
  expect((await client.refunds.cancel(second.id)).status).toBe('canceled')
  const charge = await client.charges.retrieve(idOf(first.charge))
  expect(charge.amount_refunded).toBe(4000)
})

test('where the bank gives nothing, a refund waits until there is money', async () => {
  const twin = await givenTwin({ money: { mayOverdraw: false } })
  const client = givenClient(twin)
  const { id } = await paid(client, 10_000)
  const refund = await client.refunds.create({ payment_intent: id })
  expect(refund).toMatchObject({ status: 'pending', pending_reason: 'insufficient_funds' })
  await twin.advance(3601)
  expect((await client.refunds.retrieve(refund.id)).status).toBe('pending')
  await paid(client, 10_000)
  await twin.advance(3601)
  const done = await client.refunds.retrieve(refund.id)
  expect(done.status).toBe('succeeded')
  expect(done.balance_transaction).not.toBeNull()
})

test('a refund from the dashboard is like any other, but no request of ours', async () => {
  const client = givenClient(await givenTwin())
  const intent = await paid(client)
  await admin(client, 'POST', 'refunds', { payment_intent: intent.id, amount: 500 })
  const { data } = await client.events.list({ type: 'charge.refunded' })
  expect(data).toMatchObject([
    { data: { object: { amount_refunded: 500 } }, request: { id: null, idempotency_key: null } },
  ])
})
