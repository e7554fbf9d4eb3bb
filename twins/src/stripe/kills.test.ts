/** The twin in a process of its own, killed at the worst moment: right after its answer, with work and webhooks still to do. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Stripe } from 'stripe'
import { type Shop, admin, apiKey, givenFile, givenShop, paid, secret } from './testing.ts'

const entry = fileURLToPath(new URL('main.ts', import.meta.url))
const day = 24 * 3600

type Running = { client: Stripe; kill(): Promise<void> }

/** As `npm start` starts it. */
async function startChild(file: string, shop: Shop): Promise<Running> {
  const args = { port: '0', file, 'api-key': apiKey, webhook: shop.url, 'webhook-secret': secret }
  const child = fork(
    entry,
    Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]),
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  onTestFinished(() => end(child))
  const said = String(await Promise.race([saidBy(child), once(child, 'exit')]))
  const [, port] = /:(\d+),/.exec(said) ?? []
  if (port === undefined) throw new Error(`The twin does not start: ${said}`)
  const client = new Stripe(apiKey, {
    host: '127.0.0.1',
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
  })
  return { client, kill: () => end(child) }
}

const saidBy = async ({ stdout }: ChildProcess) => (stdout ? once(stdout, 'data') : [])

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function givenSubscription({ client }: Running) {
  const customer = await client.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  })
  return client.subscriptions.create({
    customer: customer.id,
    items: [
      {
        price_data: {
          currency: 'usd',
          unit_amount: 1500,
          product: (await client.products.create({ name: 'Tea' })).id,
          recurring: { interval: 'month' },
        },
      },
    ],
  })
}

test('killed right after an answer, it knows what it answered; what was to come, comes', async () => {
  const file = givenFile()
  const shop = await givenShop()
  const first = await startChild(file, shop)
  const subscription = await givenSubscription(first)
  const late = await paid(first.client, 4000, 'pm_usBankAccount_success')
  await vi.waitFor(() => expect(shop.types()).toContain('payment_intent.processing'))
  // From now on nobody listens.
  shop.status = 503
  const order = { idempotencyKey: 'order 1' }
  const create = (client: Stripe) =>
    client.paymentIntents.create(
      {
        amount: 2500,
        currency: 'eur',
        confirm: true,
        payment_method: 'pm_card_visa',
        off_session: true,
      },
      order,
    )
  const intent = await create(first.client)
  await first.kill()

  shop.status = 200
  const second = await startChild(file, shop)
  expect(await second.client.paymentIntents.retrieve(intent.id)).toEqual(intent)
  const replayed = await create(second.client)
  expect(replayed).toEqual(intent)
  expect(replayed.lastResponse.headers['idempotent-replayed']).toBe('true')
  const heard = () => shop.events.filter(({ request }) => request?.idempotency_key === 'order 1')
  await admin(second.client, 'POST', 'clock/advance', { seconds: 61 })
  expect(heard().map(({ type }) => type)).toContain('payment_intent.succeeded')
  expect(await second.client.paymentIntents.retrieve(late.id)).toMatchObject({
    status: 'succeeded',
    amount_received: 4000,
  })
  await second.kill()

  const third = await startChild(file, shop)
  await admin(third.client, 'POST', 'clock/advance', { seconds: 32 * day })
  const invoices = await third.client.invoices.list({ subscription: subscription.id })
  expect(invoices.data.map(({ status }) => status)).toEqual(['paid', 'paid'])
  const events = await third.client.events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  const charges = await third.client.charges.list({ limit: 100 })
  expect(new Set(charges.data.map(({ id }) => id)).size).toBe(4)
})

test('killed again and again while customers pay, no answered payment is forgotten, and none is made twice', async () => {
  const file = givenFile()
  const shop = await givenShop()
  const answered = new Set<string>()
  let sent = 0
  for (let round = 0; round < 4; round += 1) {
    const twin = await startChild(file, shop)
    const customers = Array.from({ length: 4 }, async () => {
      for (;;) {
        sent += 1
        const intent = await paid(twin.client, 1000 + sent).catch(() => null)
        if (!intent) return
        answered.add(intent.id)
      }
    })
    await vi.waitFor(() => expect(answered.size).toBeGreaterThan(12 * (round + 1)))
    await twin.kill()
    await Promise.all(customers)
  }
  const { client } = await startChild(file, shop)
  const intents = await client.paymentIntents
    .list({ limit: 100 })
    .autoPagingToArray({ limit: 5000 })
  const known = new Map(intents.map((each) => [each.id, each]))
  expect([...answered].filter((id) => known.get(id)?.status !== 'succeeded')).toEqual([])
  // One for each amount, at most.
  expect(new Set(intents.map(({ amount }) => amount)).size).toBe(intents.length)
  const charges = await client.charges.list({ limit: 100 }).autoPagingToArray({ limit: 5000 })
  expect(charges.length).toBe(intents.length)
}, 120_000)
