import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { apiKey, givenClient, givenTwin, refusalOf } from './testing.ts'

const payment = {
  amount: 2000,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  confirm: true,
  return_url: 'https://shop.test',
} as const
const day = 24 * 3600

test('the same key gives the same answer and does nothing more', async () => {
  const client = givenClient(await givenTwin())
  const options = { idempotencyKey: 'order-1' }
  const first = await client.paymentIntents.create(payment, options)
  const second = await client.paymentIntents.create(payment, options)
  expect(second).toEqual(first)
  const { headers } = second.lastResponse
  expect(headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.lastResponse.requestId,
    'idempotency-key': 'order-1',
  })
  expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
  expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
  expect((await client.charges.list()).data).toHaveLength(1)
})

test('the order of the parameters does not matter, their values and the path do', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const send = (body: string) =>
    fetch(`${twin.url}/v1/customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': 'k' },
      body,
    })
  await send('name=Ada&email=ada%40example.com')
  const again = await send('email=ada%40example.com&name=Ada')
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect((await send('name=Bob')).status).toBe(400)
  const elsewhere = await refusalOf(
    client.products.create({ name: 'Ada' }, { idempotencyKey: 'k' }),
  )
  expect(elsewhere).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
  expect((await client.customers.list()).data).toHaveLength(1)
})

test('a decline is kept: the same key declines again, without another attempt', async () => {
  const client = givenClient(await givenTwin())
  const options = { idempotencyKey: 'order-2' }
  const declined = { ...payment, payment_method: 'pm_card_visa_chargeDeclined' }
  const first = await refusalOf(client.paymentIntents.create(declined, options))
  const second = await refusalOf(client.paymentIntents.create(declined, options))
  expect(second).toBeInstanceOf(Stripe.errors.StripeCardError)
  expect(second.headers).toMatchObject({
    'idempotent-replayed': 'true',
    'original-request': first.requestId,
    'stripe-should-retry': 'false',
  })
  expect((await client.charges.list()).data).toHaveLength(1)
})

test('what is missing is kept as missing', async () => {
  const client = givenClient(await givenTwin())
  const refund = () => client.refunds.create({ charge: 'ch_none' }, { idempotencyKey: 'r' })
  await refusalOf(refund())
  expect((await refusalOf(refund())).headers).toMatchObject({ 'idempotent-replayed': 'true' })
})

test('what was refused before it began is not kept: the key is still free', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const options = { idempotencyKey: 'order-3' }
  const bad: object = { ...payment, colour: 'red' }
  await refusalOf(client.paymentIntents.create(bad as typeof payment, options))
  await refusalOf(givenClient(twin, {}, 'sk_test_no').paymentIntents.create(payment, options))
  twin.faults.request({ fault: 'rate_limit' })
  const limited = await refusalOf(client.paymentIntents.create(payment, options))
  expect(limited).toBeInstanceOf(Stripe.errors.StripeRateLimitError)
  const { lastResponse } = await client.paymentIntents.create(payment, options)
  expect(lastResponse.headers['idempotent-replayed']).toBeUndefined()
})

test('while the first request is still at work, the second one is a conflict', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  twin.faults.request({ fault: 'delay', amount: 1000 })
  const options = { idempotencyKey: 'order-4' }
  const first = client.paymentIntents.create(payment, options)
  await new Promise((done) => setTimeout(done, 100))
  const second = await refusalOf(client.paymentIntents.create(payment, options))
  expect(second).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' })
  expect(second.headers).toMatchObject({ 'stripe-should-retry': 'true' })
  await first
  expect((await client.paymentIntents.create(payment, options)).id).toBe((await first).id)
})

test('the official client tries a conflict again by itself and gets the first answer', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin, { maxNetworkRetries: 3 })
  twin.faults.request({ fault: 'delay', amount: 300 })
  const options = { idempotencyKey: 'order-5' }
  const both = await Promise.all([
    client.paymentIntents.create(payment, options),
    client.paymentIntents.create(payment, options),
  ])
  expect(both[0]?.id).toBe(both[1]?.id)
  expect((await client.charges.list()).data).toHaveLength(1)
})

test('after a day a key is forgotten: it makes a second payment', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const options = { idempotencyKey: 'order-6' }
  const first = await client.paymentIntents.create(payment, options)
  await twin.advance(day - 60)
  expect((await client.paymentIntents.create(payment, options)).id).toBe(first.id)
  await twin.advance(61)
  expect((await client.paymentIntents.create(payment, options)).id).not.toBe(first.id)
})

test('keys of one account do not meet those of another', async () => {
  const client = givenClient(await givenTwin())
  const { id } = await client.accounts.create({ type: 'express' })
  const mine = await client.customers.create({ name: 'a' }, { idempotencyKey: 'k' })
  const theirs = await client.customers.create(
    { name: 'b' },
    { idempotencyKey: 'k', stripeAccount: id },
  )
  expect(theirs.id).not.toBe(mine.id)
})

test('twenty at once under one key are one payment', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin, { maxNetworkRetries: 5 })
  twin.faults.request({ fault: 'delay', amount: 100 })
  twin.faults.request({ fault: 'drop_after' })
  const attempts = Array.from({ length: 20 }, () =>
    client.paymentIntents.create(payment, { idempotencyKey: 'order-7' }),
  )
  const ids = (await Promise.all(attempts)).map(({ id }) => id)
  expect(new Set(ids).size).toBe(1)
  expect(twin.truth().accounts[twin.truth().platform]?.charges).toHaveLength(1)
})
