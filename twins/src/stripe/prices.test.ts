import { expect, test } from 'vitest'
import { givenClient, givenTwin, refusalOf } from './testing.ts'

test('a product has prices, and cannot go while it has', async () => {
  const client = givenClient(await givenTwin())
  const product = await client.products.create({ name: 'Tickets', metadata: { of: 'ada' } })
  const price = await client.prices.create({
    product: product.id,
    currency: 'EUR',
    unit_amount: 1250,
    lookup_key: 'ticket',
  })
  expect(price).toMatchObject({ currency: 'eur', type: 'one_time', recurring: null, active: true })
  await client.products.update(product.id, { default_price: price.id, description: 'For one' })
  const found = await client.products.retrieve(product.id, { expand: ['default_price'] })
  expect(found).toMatchObject({ default_price: { unit_amount: 1250 }, description: 'For one' })
  expect(await refusalOf(client.products.del(product.id))).toMatchObject({ statusCode: 400 })
  const byKey = await client.prices.list({ lookup_keys: ['ticket'], expand: ['data.product'] })
  expect(byKey.data).toMatchObject([{ id: price.id, product: { name: 'Tickets' } }])
  const other = await client.products.create({ name: 'Nothing', id: 'prod_mine' })
  expect(await client.products.del(other.id)).toMatchObject({ deleted: true })
  expect(await refusalOf(client.products.retrieve('prod_mine'))).toMatchObject({
    code: 'resource_missing',
  })
})

test('a price that is not active, and one that comes again and again, are told apart', async () => {
  const client = givenClient(await givenTwin())
  const monthly = await client.prices.create({
    product_data: { name: 'Magazine' },
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
  })
  expect(monthly).toMatchObject({
    type: 'recurring',
    recurring: { interval: 'month', interval_count: 1 },
  })
  await client.prices.update(monthly.id, { active: false, nickname: 'old' })
  expect((await client.prices.list({ active: true })).data).toEqual([])
  expect((await client.prices.list({ type: 'recurring' })).data).toMatchObject([
    { nickname: 'old' },
  ])
  const both = client.prices.create({
    product: 'prod_1',
    product_data: { name: 'x' },
    currency: 'usd',
    unit_amount: 1,
  })
  expect(await refusalOf(both)).toMatchObject({ code: 'parameters_exclusive' })
})
