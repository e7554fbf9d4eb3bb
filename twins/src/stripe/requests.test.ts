import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { startStripeTwin } from './index.ts'
import { apiKey, givenClient, givenTwin, paid, refusalOf } from './testing.ts'

test('nobody gets in without the key, and a live key starts nothing', async () => {
  const twin = await givenTwin()
  const wrong = await refusalOf(givenClient(twin, {}, 'sk_test_other').balance.retrieve())
  expect(wrong).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
  expect(wrong.message).toMatch(/^Invalid API Key provided: sk_test_/)
  expect(wrong.message).not.toContain('sk_test_other')
  expect((await fetch(`${twin.url}/v1/balance`)).status).toBe(401)
  const basic = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`
  const answer = await fetch(`${twin.url}/v1/balance`, { headers: { authorization: basic } })
  expect(answer.status).toBe(200)
  await expect(startStripeTwin({ apiKey: 'sk_live_x' })).rejects.toThrow('sk_test_')
})

test('what is not part of the API is unrecognized, with every method', async () => {
  const client = givenClient(await givenTwin())
  const unknown = await refusalOf(client.issuing.cards.list())
  expect(unknown).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
  expect(unknown).toMatchObject({ statusCode: 404, type: 'StripeInvalidRequestError' })
  expect(unknown.message).toContain('Unrecognized request URL (GET: /v1/issuing/cards)')
  expect(unknown.requestId).toMatch(/^req_/)
  const refused = await refusalOf(client.rawRequest('DELETE', '/v1/payment_intents/pi_1'))
  expect(refused.statusCode).toBe(404)
})

test('parameters that nobody knows, that are missing or of another kind are refused by name', async () => {
  const client = givenClient(await givenTwin())
  const create = (params: object) =>
    refusalOf(client.rawRequest('POST', '/v1/payment_intents', { ...params }))
  expect(await create({ amount: 100, currency: 'usd', colour: 'red' })).toMatchObject({
    code: 'parameter_unknown',
    param: 'colour',
  })
  expect(await create({ currency: 'usd' })).toMatchObject({
    code: 'parameter_missing',
    param: 'amount',
  })
  expect(await create({ amount: '1.5', currency: 'usd' })).toMatchObject({
    code: 'parameter_invalid_integer',
    param: 'amount',
  })
  expect(await create({ amount: 100, currency: 'usd', customer: '' })).toMatchObject({
    code: 'parameter_invalid_empty',
    param: 'customer',
  })
  expect(await create({ amount: 100, currency: 'zzz' })).toMatchObject({ param: 'currency' })
  expect(
    await create({ amount: 100, currency: 'usd', automatic_payment_methods: { enabled: 'maybe' } }),
  ).toMatchObject({ param: 'automatic_payment_methods[enabled]' })
})

test('an object that is missing is a 404 in the path and a 400 in a parameter', async () => {
  const client = givenClient(await givenTwin())
  expect(await refusalOf(client.customers.retrieve('cus_x'))).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
    param: 'id',
  })
  const refund = client.refunds.create({ charge: 'ch_x' })
  expect(await refusalOf(refund)).toMatchObject({ statusCode: 400, param: 'charge' })
})

test('the twin speaks one version of the API and says so', async () => {
  const client = givenClient(await givenTwin())
  const old = await refusalOf(client.balance.retrieve({}, { apiVersion: '2020-08-27' }))
  expect(old.message).toContain('Invalid Stripe API version: 2020-08-27')
})

test('metadata is added to, one key is taken away by an empty value, all of them by an empty string', async () => {
  const client = givenClient(await givenTwin())
  const { id } = await client.customers.create({ metadata: { a: '1', b: '2', 7: 'x' } })
  const changed = await client.customers.update(id, { metadata: { a: '', c: '3' } })
  expect(changed.metadata).toEqual({ 7: 'x', b: '2', c: '3' })
  expect((await client.customers.update(id, { metadata: '' })).metadata).toEqual({})
  const long = await refusalOf(client.customers.update(id, { metadata: { a: 'x'.repeat(501) } }))
  expect(long).toMatchObject({ statusCode: 400, param: 'metadata[a]' })
})

test('lists go newest first, by cursor in both directions, and the client pages through all of them', async () => {
  const client = givenClient(await givenTwin())
  const ids: string[] = []
  for (let index = 0; index < 7; index += 1) ids.unshift((await client.customers.create({})).id)
  const first = await client.customers.list({ limit: 3 })
  expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 3))
  const last = await client.customers.list({ limit: 3, starting_after: ids[5] ?? '' })
  expect([last.data.map(({ id }) => id), last.has_more]).toEqual([[ids[6]], false])
  const before = await client.customers.list({ limit: 2, ending_before: ids[3] ?? '' })
  expect([before.data.map(({ id }) => id), before.has_more]).toEqual([[ids[1], ids[2]], true])
  const all: string[] = []
  for await (const { id } of client.customers.list({ limit: 2 })) all.push(id)
  expect(all).toEqual(ids)
  expect(await refusalOf(client.customers.list({ starting_after: 'cus_x' }))).toMatchObject({
    code: 'resource_missing',
    param: 'starting_after',
  })
  expect(await refusalOf(client.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' })
})

test('a list can be limited to a time', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const early = await client.customers.create({})
  await twin.advance(100)
  const late = await client.customers.create({})
  const since = await client.customers.list({ created: { gt: early.created } })
  expect(since.data.map(({ id }) => id)).toEqual([late.id])
  const exact = await client.customers.list({ created: early.created })
  expect(exact.data.map(({ id }) => id)).toEqual([early.id])
})

test('expand goes through objects and lists, four deep, and only where there is something', async () => {
  const client = givenClient(await givenTwin())
  const { id } = await client.customers.create({ email: 'ada@example.com' })
  const intent = await client.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    customer: id,
    payment_method: 'pm_card_visa',
    confirm: true,
    return_url: 'https://shop.test',
    expand: ['customer', 'latest_charge.balance_transaction'],
  })
  expect(intent).toMatchObject({
    customer: { email: 'ada@example.com' },
    latest_charge: { balance_transaction: { amount: 1000 } },
  })
  const list = await client.charges.list({ expand: ['data.payment_intent.customer'] })
  expect(list.data).toMatchObject([{ payment_intent: { customer: { id } } }])
  const refused = await refusalOf(client.paymentIntents.retrieve(intent.id, { expand: ['amount'] }))
  expect(refused.message).toContain('cannot be expanded (amount)')
})

test('an expand that is refused does nothing', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  await refusalOf(
    client.paymentIntents.create({ amount: 1000, currency: 'usd', expand: ['nonsense'] }),
  )
  expect((await client.paymentIntents.list()).data).toEqual([])
})

test('another account is reached by its header, and nobody else by it', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  await paid(client)
  const account = await client.accounts.create({ type: 'express' })
  const there = await client.charges.list({}, { stripeAccount: account.id })
  expect(there.data).toEqual([])
  const refused = await refusalOf(client.charges.list({}, { stripeAccount: 'acct_unknown' }))
  expect(refused).toBeInstanceOf(Stripe.errors.StripePermissionError)
})

test('fields that are never filled are there all the same, in what is expanded as well', async () => {
  const client = givenClient(await givenTwin())
  const intent = await paid(client)
  const found = await client.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
  expect(found).toMatchObject({
    customer_account: null,
    latest_charge: { on_behalf_of: null, fraud_details: {} },
  })
  const { data } = await client.events.list({ type: 'charge.succeeded' })
  expect(data[0]?.data.object).toHaveProperty('review', null)
})
