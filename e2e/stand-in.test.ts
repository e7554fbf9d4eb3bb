/** Development over a kill: the stand-in for Stripe knows what the product's database knows. */
import { afterAll, expect, test } from 'vitest'
import { post, register, signIn } from './person.ts'
import { type Running, dataDirectory, freePort, run, start } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const ports = { twin: String(await freePort()), stripe: String(await freePort()) }
const environment = {
  ASHLAR_DATA_DIR: directory.path,
  PORT: String(await freePort()),
  TWINS_ENABLED: 'true',
}
const stripeUrl = `http://127.0.0.1:${ports.stripe}`
const startAll = () =>
  start(environment, ['start', '--twin-port', ports.twin, '--stripe-port', ports.stripe])

/** Asked as seldom as a customer may ask, however long it takes. */
const slowly = { timeout: 60_000, interval: 1_000 }

/** Customers come back with the token they had. */
type Customer = { readonly server: Running; readonly authorization: string }
type Payment = { readonly id: string; readonly state: string; readonly providerRef: string }

async function givenCustomer(server: Running): Promise<string> {
  const { accessToken } = await signIn(server.url, await register(server.url))
  return `Bearer ${accessToken}`
}

/** On the page of the stand-in, as its button does it. */
async function pay({ server, authorization }: Customer, amount: string): Promise<string> {
  const asked = await post(
    server.url,
    '/api/v1/checkout/sessions',
    { amount, currency: 'USD', description: 'A chair' },
    { authorization, 'idempotency-key': crypto.randomUUID() },
  )
  expect(asked.status, await asked.clone().text()).toBe(201)
  const { data } = (await asked.json()) as { data: { payment: Payment; url: string } }
  expect(data.url).toContain(`${stripeUrl}/c/pay/`)
  const body = new URLSearchParams({ card: 'pm_card_visa', email: 'ada@example.com' })
  const pressed = await fetch(data.url, { method: 'POST', body, redirect: 'manual' })
  expect(pressed.status).toBe(303)
  return data.payment.id
}

async function stateOf({ server, authorization }: Customer, id: string): Promise<string> {
  const reply = await fetch(`${server.url}/api/v1/payments/${id}`, { headers: { authorization } })
  return ((await reply.json()) as { data: Payment }).data.state
}

test('after kill -9 of everything nothing is different in the books of Stripe and ours, and what was on its way arrives', async () => {
  const first = await startAll()
  const authorization = await givenCustomer(first)
  const before = { server: first, authorization }
  const paid = await pay(before, '1500')
  await expect.poll(() => stateOf(before, paid), slowly).toBe('held')
  // Nobody has heard of this one.
  const unheard = await pay(before, '2700')
  await first.killAll()

  const second = await startAll()
  try {
    const after = { server: second, authorization }
    await expect.poll(() => stateOf(after, unheard), slowly).toBe('held')
    expect(await stateOf(after, paid)).toBe('held')
    const compared = await run(['reconcile', '--full', '--json'], {
      ...environment,
      STRIPE_SECRET_KEY: 'sk_test_twin',
      STRIPE_API_URL: stripeUrl,
      STRIPE_WEBHOOK_SECRET: 'whsec_of_nobody, for nothing is received by this command',
    })
    expect(compared.stderr).toBe('')
    expect(JSON.parse(compared.stdout)).toMatchObject({
      state: 'clean',
      healed: [],
      drift: [],
      balances: [{ currency: 'USD', unexplained: '0' }],
    })
    expect(compared.code).toBe(0)
    // Still the same Stripe: another payment is one among others.
    const next = await pay(after, '300')
    await expect.poll(() => stateOf(after, next), slowly).toBe('held')
  } finally {
    await second.killAll()
  }
}, 120_000)
