import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { admin, givenClient, givenTwin, refusalOf } from './testing.ts'

const customers = async (client: Stripe) => (await client.customers.list()).data.length

test('a lost request did nothing; a lost answer hides that it did', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  twin.faults.request({ fault: 'drop_before', on: 'POST /v1/customers', count: 2 })
  const lost = await refusalOf(client.customers.create({}, { idempotencyKey: 'a' }))
  expect(lost).toBeInstanceOf(Stripe.errors.StripeConnectionError)
  expect(await customers(client)).toBe(0)
  twin.faults.clear()
  twin.faults.request({ fault: 'drop_after', on: 'POST /v1/customers' })
  const retrying = givenClient(twin, { maxNetworkRetries: 2 })
  const found = await retrying.customers.create({}, { idempotencyKey: 'b' })
  expect(found.lastResponse.headers['idempotent-replayed']).toBe('true')
  expect(await customers(client)).toBe(1)
})

test('a 500 may come before the effect or after it, and is kept only then', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const create = (key: string) => client.customers.create({}, { idempotencyKey: key })
  twin.faults.request({ fault: 'error_before' })
  const before = await refusalOf(create('a'))
  expect(before).toBeInstanceOf(Stripe.errors.StripeAPIError)
  expect(before.headers).toMatchObject({ 'stripe-should-retry': 'true' })
  expect(await customers(client)).toBe(0)
  await create('a')
  twin.faults.request({ fault: 'error_after' })
  expect(await refusalOf(create('b'))).toMatchObject({ statusCode: 500 })
  expect(await customers(client)).toBe(2)
  const again = await refusalOf(create('b'))
  expect(again).toMatchObject({ statusCode: 500 })
  expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' })
  expect(await customers(client)).toBe(2)
})

test('a conflict and a rate limit can be ordered for one path', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  await admin(client, 'POST', 'faults/requests', { fault: 'conflict', on: 'POST /v1/refunds' })
  await client.customers.create({})
  expect(await refusalOf(client.refunds.create({ charge: 'ch_1' }))).toMatchObject({
    statusCode: 409,
  })
  await admin(client, 'POST', 'faults/requests', { fault: 'rate_limit', count: 2 })
  expect(await refusalOf(client.customers.list())).toMatchObject({ code: 'rate_limit' })
  await admin(client, 'DELETE', 'faults')
  await client.customers.list()
})

test('the same seed makes the same trouble', async () => {
  const outcomes = async (seed: number) => {
    const twin = await givenTwin()
    const client = givenClient(twin)
    await admin(client, 'POST', 'faults/seed', {
      seed,
      requests: { rate_limit: 300, error_before: 200 },
    })
    const statuses: number[] = []
    for (let index = 0; index < 20; index += 1)
      statuses.push(
        await client.customers.list().then(
          () => 200,
          (error: unknown) => (error as Stripe.errors.StripeError).statusCode ?? 0,
        ),
      )
    return statuses
  }
  const [first, second, third] = [await outcomes(7), await outcomes(7), await outcomes(8)]
  expect(second).toEqual(first)
  expect(third).not.toEqual(first)
  expect(new Set(first)).toEqual(new Set([200, 429, 500]))
})
