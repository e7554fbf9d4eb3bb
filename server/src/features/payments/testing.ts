/** A server that takes payments, with a stand-in for Stripe of its own, and the people who pay. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Stripe } from 'stripe'
import { type StripeTwin, startStripeTwin } from '../../../../twins/src/stripe/index.ts'
import { type TestClient, eventually, startServer } from '../../app/testing.ts'
import { sendForm } from '../../app/testing-person.ts'
import { atEnd } from '../../app/testing-ends.ts'
import { type Server, api, query } from '../auth/testing.ts'

export { applyCollection } from './collections.ts'

export const webhookSecret = 'whsec_a secret for tests, long enough to pass as one: 5ac1'
const apiKey = 'sk_test_of_the_payments_room'
export const price = { amount: '1099', currency: 'USD' }

export async function startWithStripe(environment: Readonly<Record<string, string>> = {}) {
  // The twin is told where the server listens, and the server where the twin does: one of the two has to choose first.
  const port = await freePort()
  const twin = await startStripeTwin({
    apiKey,
    endpoints: [{ url: `http://127.0.0.1:${port}${api}/webhooks/stripe`, secret: webhookSecret }],
  })
  const server = await startServer({
    hasJobs: true,
    environment: {
      STRIPE_SECRET_KEY: apiKey,
      STRIPE_API_URL: twin.url,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      ...environment,
    },
  })
  // Closed before the server, which may still be told something.
  atEnd(() => twin.close())
  await server.app.listen({ port, host: '127.0.0.1' })
  return { twin, server, stripe: clientOf(twin) }
}

/** As somebody else would ask: the customer’s browser, or the dashboard. */
const clientOf = ({ host, port }: StripeTwin) =>
  new Stripe(apiKey, { host, port, protocol: 'http', maxNetworkRetries: 0 })

/** A request that has to carry a key, by default one of its own. */
export const keyed = (
  client: TestClient,
  path: string,
  body: object = price,
  key: string = randomUUID(),
) => client.post(`${api}${path}`, body, { 'idempotency-key': key })

export const confirm = (stripe: Stripe, ref: string, method = 'pm_card_visa') =>
  stripe.paymentIntents.confirm(ref, {
    payment_method: method,
    return_url: 'https://shop.test/back',
  })

/** What a person does on the provider’s page: presses a button. */
export const press = (url: string, card = 'pm_card_visa') =>
  sendForm(url, { card, email: 'ada@example.com' })

export const getState = async (client: TestClient, id: string): Promise<string> =>
  (await client.get(`${api}/payments/${id}`)).body.data.state

export const inState = (client: TestClient, id: string, state: string) =>
  eventually(async () => (await getState(client, id)) === state)

/** What the ledger has of something, by kind of account. */
export const balancesOf = (server: Server, id: string) =>
  query<{ kind: string; amount: string }>(
    server,
    `select a.kind, sum(case p.credit_id when a.id then p.amount else -p.amount end)::text as amount
     from ledger_postings p join ledger_transactions t on t.id = p.transaction_id
     join ledger_accounts a on a.id in (p.debit_id, p.credit_id)
     where t.ref_id = $1 group by a.kind order by a.kind`,
    [id],
  )

/** It is done, and nobody hears of it: the official client sends once more by itself when a connection is lost. */
export function loseAnswer({ faults }: StripeTwin, on: string): void {
  faults.request({ fault: 'drop_after', on })
  faults.request({ fault: 'drop_before', on })
}

/** As far as the job of that name would see, everything rests long enough to be looked at. */
export const letRest = (server: Server) =>
  query(
    server,
    `with a as (update payments_attempts set updated_at = now() - interval '2 minutes')
     update payments_payments set cancel_wanted_at = now() - interval '2 minutes'
     where cancel_wanted_at is not null`,
  )

export async function freePort(): Promise<number> {
  const opened = createServer().listen(0, '127.0.0.1')
  await once(opened, 'listening')
  const found = opened.address()
  opened.close()
  await once(opened, 'close')
  if (found === null || typeof found === 'string') throw new Error('not listening on a port')
  return found.port
}
