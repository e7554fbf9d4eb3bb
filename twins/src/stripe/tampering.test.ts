import { expect, test } from 'vitest'
import { admin, givenClient, givenTwin, idOf, paid, refusalOf } from './testing.ts'

const balanceIn = async (client: ReturnType<typeof givenClient>) =>
  (await client.balance.retrieve()).pending[0]?.amount

test('money moves by itself, and what moved changes: the balance is still the sum', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const intent = await paid(client, 1099)
  const charge = await client.charges.retrieve(idOf(intent.latest_charge))
  await admin(client, 'POST', `balance_transactions/${idOf(charge.balance_transaction)}`, {
    amount: 1100,
  })
  expect(await balanceIn(client)).toBe(1100 - 62)
  const moved = await admin(client, 'POST', 'balance_transactions', {
    amount: -500,
    currency: 'usd',
    type: 'payout',
    source: 'po_of_a_test',
  })
  expect(moved).toMatchObject({ type: 'payout', net: -500, source: 'po_of_a_test' })
  const { available, pending } = await client.balance.retrieve()
  expect((available[0]?.amount ?? 0) + (pending[0]?.amount ?? 0)).toBe(1100 - 62 - 500)
})

test('a payment changes its amount, is unpaid again, or is gone with its money', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const { id } = await paid(client, 1099)
  await admin(client, 'POST', `payment_intents/${id}`, { amount: 1098 })
  expect(await client.paymentIntents.retrieve(id)).toMatchObject({
    amount: 1098,
    amount_received: 1098,
    status: 'succeeded',
  })
  await admin(client, 'POST', `payment_intents/${id}`, { unpaid: true })
  expect(await client.paymentIntents.retrieve(id)).toMatchObject({
    amount_received: 0,
    status: 'requires_payment_method',
  })
  await admin(client, 'DELETE', `payment_intents/${id}`)
  expect(await refusalOf(client.paymentIntents.retrieve(id))).toMatchObject({
    code: 'resource_missing',
  })
  expect((await client.balanceTransactions.list()).data).toEqual([])
  expect((await client.charges.list()).data).toEqual([])
})
