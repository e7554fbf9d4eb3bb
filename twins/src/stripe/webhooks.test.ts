import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { admin, givenClient, givenShop, givenTwin, paid, refusalOf, secret } from './testing.ts'

const created: 'customer.created'[] = ['customer.created']

test('an endpoint hears only what it asked for, signed with the secret that was shown once', async () => {
  const client = givenClient(await givenTwin())
  const made = await client.webhookEndpoints.create({
    url: 'http://127.0.0.1:1/hooks',
    enabled_events: ['charge.succeeded'],
    metadata: { of: 'ada' },
  })
  expect(made.secret).toMatch(/^whsec_/)
  const found = await client.webhookEndpoints.retrieve(made.id)
  expect(found).toMatchObject({ enabled_events: ['charge.succeeded'], status: 'enabled' })
  expect(found.secret).toBeUndefined()
  const disabled = await client.webhookEndpoints.update(made.id, { disabled: true })
  expect(disabled.status).toBe('disabled')
  expect((await client.webhookEndpoints.list()).data).toHaveLength(1)
  await client.webhookEndpoints.del(made.id)
  expect(await refusalOf(client.webhookEndpoints.retrieve(made.id))).toMatchObject({
    code: 'resource_missing',
  })
})

test('the official client verifies what arrives; the event says which request made it', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: created }] })
  const client = givenClient(twin)
  const made = await client.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' })
  await client.customers.update(made.id, { name: 'Eve' })
  await twin.quiet()
  expect(shop.events).toMatchObject([
    {
      object: 'event',
      type: 'customer.created',
      livemode: false,
      data: { object: { id: made.id, name: 'Ada' } },
      request: { id: made.lastResponse.requestId, idempotency_key: 'k' },
    },
  ])
  const [event] = shop.events
  expect(await client.events.retrieve(event?.id ?? '')).toMatchObject({ pending_webhooks: 0 })
})

test('an update tells the old values', async () => {
  const client = givenClient(await givenTwin())
  const { id } = await client.customers.create({ name: 'Ada', email: 'a@example.com' })
  await client.customers.update(id, { name: 'Eve' })
  const { data } = await client.events.list({ type: 'customer.updated' })
  expect(data).toMatchObject([{ data: { previous_attributes: { name: 'Ada' } } }])
})

test('what is not taken is sent again, with growing pauses, for three days', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: created }] })
  const client = givenClient(twin)
  shop.status = 500
  await client.customers.create({})
  await twin.advance(3600)
  expect(twin.deliveries().map(({ status }) => status)).toEqual([500, 500, 500, 500])
  expect((await client.events.list({ delivery_success: false })).data).toHaveLength(1)
  shop.status = 200
  await twin.advance(3600)
  expect(shop.types()).toEqual(created)
  expect((await client.events.list({ delivery_success: false })).data).toEqual([])
  shop.status = 500
  await client.customers.create({})
  await twin.advance(10 * 24 * 3600)
  const attempts = twin.deliveries().length
  await twin.advance(10 * 24 * 3600)
  expect(twin.deliveries()).toHaveLength(attempts)
  expect(attempts).toBeGreaterThan(15)
})

test('a rolled secret: both sign during the overlap, then only the new one', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const old = await givenShop(['to be known'])
  const made = await client.webhookEndpoints.create({ url: old.url, enabled_events: created })
  const rolled = await admin(client, 'POST', `webhook_endpoints/${made.id}/roll`, {
    overlap_seconds: 3600,
  })
  await client.customers.create({})
  await twin.quiet()
  const [during] = old.rejected
  const accepts = (key: unknown, { body = '', signature = '' } = {}) => {
    try {
      new Stripe('sk_test_x').webhooks.constructEvent(body, signature, String(key))
      return true
    } catch {
      return false
    }
  }
  expect(accepts(made.secret, during)).toBe(true)
  expect(accepts(rolled['secret'], during)).toBe(true)
  await twin.advance(3601)
  old.rejected.splice(0)
  await client.customers.create({})
  await twin.quiet()
  const after = old.rejected.at(-1)
  expect(accepts(made.secret, after)).toBe(false)
  expect(accepts(rolled['secret'], after)).toBe(true)
})

test('events can come twice, late, out of order, not at all, or be told by a twin', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: created }] })
  const client = givenClient(twin)
  const names = () => shop.events.map(({ data }) => Reflect.get(data.object, 'name') as string)
  const create = async (name: string) => {
    await client.customers.create({ name })
    await twin.quiet()
  }
  twin.faults.event({ fault: 'duplicate', amount: 2 })
  await create('twice')
  expect(names()).toEqual(['twice', 'twice', 'twice'])
  expect(new Set(shop.events.map(({ id }) => id)).size).toBe(1)
  twin.faults.event({ fault: 'delay', amount: 600 })
  await create('late')
  expect(names()).not.toContain('late')
  await twin.advance(600)
  expect(names()).toContain('late')
  shop.events.splice(0)
  twin.faults.event({ fault: 'reorder' })
  await create('first')
  await create('second')
  await twin.quiet()
  expect(names()).toEqual(['second', 'first'])
  shop.events.splice(0)
  twin.faults.event({ fault: 'drop' })
  await create('dropped')
  twin.faults.event({ fault: 'never' })
  await create('never')
  expect(names()).toEqual([])
  const { data } = await client.events.list({ type: 'customer.created' })
  expect(data[0]).toMatchObject({ data: { object: { name: 'dropped' } }, pending_webhooks: 1 })
  twin.faults.event({ fault: 'twin' })
  await create('twin')
  expect(names()).toEqual(['twin', 'twin'])
  expect(new Set(shop.events.map(({ id }) => id)).size).toBe(2)
})

test('events can lie about their version and mode, be too old or forged', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: created }] })
  const client = givenClient(twin)
  for (const fault of ['old_version', 'wrong_livemode', 'stale', 'forged'] as const) {
    twin.faults.event({ fault })
    await client.customers.create({})
    await twin.quiet()
  }
  expect(shop.events).toMatchObject([{ api_version: '2019-12-03' }, { livemode: true }])
  expect(shop.rejected).toHaveLength(2)
})

test('events are found by type and are gone after thirty days', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  await paid(client)
  const intents = await client.events.list({ type: 'payment_intent.*' })
  expect(intents.data.map(({ type }) => type)).toEqual([
    'payment_intent.succeeded',
    'payment_intent.created',
  ])
  const some = await client.events.list({ types: ['charge.succeeded', 'charge.failed'] })
  expect(some.data).toHaveLength(1)
  const [event] = some.data
  await twin.advance(31 * 24 * 3600)
  expect((await client.events.list()).data).toEqual([])
  expect(await refusalOf(client.events.retrieve(event?.id ?? ''))).toMatchObject({
    statusCode: 404,
  })
})

test('an event is sent again when somebody asks for it', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: created }] })
  const client = givenClient(twin)
  await client.customers.create({})
  await twin.quiet()
  await admin(client, 'POST', `events/${shop.events[0]?.id}/resend`)
  await twin.quiet()
  expect(shop.types()).toEqual(['customer.created', 'customer.created'])
})
