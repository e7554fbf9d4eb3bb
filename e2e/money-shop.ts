/** The product with its payment provider, in a browser: customers who pay, and an eye on what the provider has. */
import { Client } from 'pg'
import { type StripeTwin, startStripeTwin } from '../twins/src/stripe/index.ts'
import { type Person, type Tokens, post, signIn } from './person.ts'
import { type Product, openProduct } from './product.ts'
import { freePort } from './running.ts'

const apiKey = 'sk_test_of_the_console'
const secret = 'whsec_a secret for tests, long enough to pass as one: c0n5'

export type Shop = {
  readonly product: Product
  readonly twin: StripeTwin
  /** As whoever owns the database would. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** What is done at the provider behind the product's back. */
  behind(path: string, values?: Readonly<Record<string, string>>): Promise<{ id: string }>
  /** What took the money of a payment, by the provider's name. */
  chargeOf(collection: string): Promise<string>
  stop(): Promise<void>
}

export type Started = { readonly id: string; readonly url: string }

/** Null where no browser is installed. */
export async function openShop(): Promise<Shop | null> {
  const port = String(await freePort())
  const twin = await startStripeTwin({
    apiKey,
    endpoints: [{ url: `http://127.0.0.1:${port}/api/v1/webhooks/stripe`, secret }],
  })
  const product = await openProduct({
    PORT: port,
    STRIPE_SECRET_KEY: apiKey,
    STRIPE_API_URL: twin.url,
    STRIPE_WEBHOOK_SECRET: secret,
  })
  if (product === null) {
    await twin.close()
    return null
  }
  return {
    product,
    twin,
    query: async (text, values = []) => {
      const client = new Client({ connectionString: product.ownerUrl })
      await client.connect()
      try {
        return (await client.query(text, [...values])).rows
      } finally {
        await client.end()
      }
    },
    behind: async (path, values = {}) =>
      (await askTwin(twin, `/_twin/${path}`, new URLSearchParams(values))) as { id: string },
    chargeOf: async (collection) => {
      const intent = await askTwin(twin, `/v1/payment_intents/${collection}`)
      return (intent as { latest_charge: string }).latest_charge
    },
    stop: async () => {
      await product.stop()
      await twin.close()
    },
  }
}

async function askTwin(
  twin: StripeTwin,
  path: string,
  body: URLSearchParams | null = null,
): Promise<unknown> {
  const reply = await fetch(`${twin.url}${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body,
  })
  if (!reply.ok) throw new Error(`twin: ${reply.status} ${await reply.text()}`)
  return reply.json()
}

/** A payment on the provider's page, which nobody has paid yet. */
export async function startPayment(
  { product }: Shop,
  customer: Person,
  price: { amount: string; currency: string; description: string },
): Promise<Started> {
  const { accessToken }: Tokens = await signIn(product.server.url, customer)
  const reply = await post(product.server.url, '/api/v1/checkout/sessions', price, {
    authorization: `Bearer ${accessToken}`,
    'idempotency-key': crypto.randomUUID(),
  })
  if (reply.status !== 201) throw new Error(`checkout: ${reply.status} ${await reply.text()}`)
  const { data } = (await reply.json()) as { data: { payment: { id: string }; url: string } }
  return { id: data.payment.id, url: data.url }
}
