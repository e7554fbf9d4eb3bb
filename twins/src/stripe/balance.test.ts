import { expect, test } from 'vitest'
import { givenClient, givenTwin, idOf, paid, refusalOf } from './testing.ts'

const day = 24 * 3600

test('money is pending for two days, unless the card is made for it; refunds come from where it is', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const amounts = async () => {
    const { available, pending } = await client.balance.retrieve()
    return { available: available[0]?.amount, pending: pending[0]?.amount }
  }
  const intent = await paid(client, 10_000)
  expect(await amounts()).toEqual({ available: 0, pending: 9680 })
  await client.refunds.create({ payment_intent: intent.id, amount: 1000 })
  expect(await amounts()).toEqual({ available: 0, pending: 8680 })
  await paid(client, 1000, 'pm_card_bypassPending')
  expect(await amounts()).toEqual({ available: 941, pending: 8680 })
  await twin.advance(2 * day)
  expect(await amounts()).toEqual({ available: 9621, pending: 0 })
  await client.refunds.create({ payment_intent: intent.id, amount: 1000 })
  expect(await amounts()).toEqual({ available: 8621, pending: 0 })
})

test('balance transactions are the sum of the balance and are found by type, time and source', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const intent = await paid(client)
  await twin.advance(10)
  const refund = await client.refunds.create({ payment_intent: intent.id, amount: 100 })
  const all = await client.balanceTransactions.list({ expand: ['data.source'] })
  expect(all.data).toMatchObject([
    { type: 'refund', amount: -100, source: { object: 'refund' } },
    { type: 'charge', amount: 10_000, source: { object: 'charge' }, status: 'pending' },
  ])
  const charges = await client.balanceTransactions.list({ type: 'charge' })
  expect(charges.data).toMatchObject([{ source: intent.latest_charge }])
  const late = await client.balanceTransactions.list({ created: { gt: intent.created + 5 } })
  expect(late.data).toMatchObject([{ source: refund.id }])
  const found = await client.balanceTransactions.retrieve(idOf(refund.balance_transaction))
  expect(found).toMatchObject({ net: -100, reporting_category: 'refund' })
})

test('each currency has its least amount, its decimals and its largest amount', async () => {
  const client = givenClient(await givenTwin())
  const refuse = (amount: number, currency: string) =>
    refusalOf(client.paymentIntents.create({ amount, currency }))
  expect(await refuse(49, 'usd')).toMatchObject({ code: 'amount_too_small', param: 'amount' })
  expect(await refuse(29, 'gbp')).toMatchObject({ code: 'amount_too_small' })
  expect(await refuse(17_499, 'huf')).toMatchObject({ code: 'amount_too_small' })
  expect(await refuse(1_000_000_000_000, 'usd')).toMatchObject({ code: 'amount_too_large' })
  expect(await refuse(0, 'usd')).toMatchObject({ param: 'amount' })
  expect(await refuse(-500, 'usd')).toMatchObject({ param: 'amount' })
  for (const [amount, currency] of [
    [550, 'isk'],
    [1001, 'ugx'],
    [1235, 'kwd'],
  ] as const)
    expect(await refuse(amount, currency)).toMatchObject({ code: 'invalid_charge_amount' })
  for (const [amount, currency] of [
    [50, 'JPY'],
    [500, 'ugx'],
    [1230, 'kwd'],
    [17_555, 'huf'],
  ] as const)
    expect((await client.paymentIntents.create({ amount, currency })).amount).toBe(amount)
})

test('a payout is only made of what is available, in wholes where the currency has no smaller part', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  await paid(client, 10_000)
  const payout = { amount: 5000, currency: 'usd' }
  expect(await refusalOf(client.payouts.create(payout))).toMatchObject({
    code: 'balance_insufficient',
  })
  await twin.advance(2 * day)
  const made = await client.payouts.create(payout)
  expect(made).toMatchObject({ status: 'pending', automatic: false })
  expect((await client.balance.retrieve()).available[0]?.amount).toBe(4680)
  await twin.advance(2 * day)
  expect((await client.payouts.retrieve(made.id)).status).toBe('paid')
  expect(await refusalOf(client.balanceTransactions.list({ payout: made.id }))).toMatchObject({
    param: 'payout',
  })
  expect(await refusalOf(client.payouts.cancel(made.id))).toMatchObject({ statusCode: 400 })
  const odd = client.payouts.create({ amount: 150, currency: 'twd' })
  expect(await refusalOf(odd)).toMatchObject({ param: 'amount' })
})

test('a payment in another currency is settled in ours, at the rate of the day', async () => {
  const twin = await givenTwin({ money: { conversions: { eur: { to: 'usd', rate: 1.25 } } } })
  const client = givenClient(twin)
  const intent = await client.paymentIntents.create({
    amount: 1000,
    currency: 'eur',
    return_url: 'https://shop.test',
    payment_method: 'pm_card_visa',
    confirm: true,
    expand: ['latest_charge.balance_transaction'],
  })
  expect(intent.latest_charge).toMatchObject({
    currency: 'eur',
    balance_transaction: { currency: 'usd', amount: 1250, exchange_rate: 1.25, fee: 66 },
  })
})
