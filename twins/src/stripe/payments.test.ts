import { expect, test } from 'vitest'
import { givenClient, givenShop, givenTwin, idOf, paid, secret } from './testing.ts'

test('a payment makes a charge, the shop hears of it, and a refund gives the money back', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret }] })
  const client = givenClient(twin)
  const intent = await paid(client)
  expect(intent).toMatchObject({ status: 'succeeded', amount_received: 10_000 })
  const refund = await client.refunds.create({ payment_intent: intent.id, amount: 4000 })
  expect(refund).toMatchObject({ status: 'succeeded', amount: 4000, charge: intent.latest_charge })
  await twin.quiet()
  expect(shop.types()).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'refund.created',
    'charge.refunded',
  ])
  const charge = await client.charges.retrieve(idOf(intent.latest_charge), {
    expand: ['balance_transaction', 'refunds'],
  })
  expect(charge).toMatchObject({
    amount_refunded: 4000,
    refunded: false,
    balance_transaction: { amount: 10_000, fee: 320, net: 9680 },
    refunds: { data: [{ id: refund.id }] },
  })
  expect(twin.truth().accounts[twin.truth().platform]).toMatchObject({ pending: { usd: 5680 } })
})
