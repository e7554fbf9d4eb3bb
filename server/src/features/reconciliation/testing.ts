/** For tests: a server with its payment provider, what happens behind its back, and runs that look for it. */
import { randomUUID } from 'node:crypto'
import { Stripe } from 'stripe'
import { type StripeTwinOptions, startStripeTwin } from '../../../../twins/src/stripe/index.ts'
import { type ServerOptions, eventually, startServer } from '../../app/testing.ts'
import { atEnd } from '../../app/testing-ends.ts'
import { reconciliationParts as parts } from '../../app/rooms.ts'
import { query } from '../auth/testing.ts'
import { freePort } from '../payments/testing.ts'
import { type Run, findingsOf, reconcile } from './index.ts'

const apiKey = 'sk_test_of_the_reconciliation_room'
const secret = 'whsec_a secret for tests, long enough to pass as one: 77c0'
const api = '/api/v1'
export { reconciliationParts as parts } from '../../app/rooms.ts'

export type Shop = Awaited<ReturnType<typeof openShop>>

/** With jobs it hears webhooks; without, nothing is done that a test does not do. */
export async function openShop({
  hasJobs = false,
  money = {},
}: Pick<ServerOptions, 'hasJobs'> & Pick<StripeTwinOptions, 'money'> = {}) {
  const port = await freePort()
  const twin = await startStripeTwin({
    apiKey,
    money,
    endpoints: [{ url: `http://127.0.0.1:${port}${api}/webhooks/stripe`, secret }],
  })
  const environment = {
    STRIPE_SECRET_KEY: apiKey,
    STRIPE_API_URL: twin.url,
    STRIPE_WEBHOOK_SECRET: secret,
  }
  const server = await startServer({ hasJobs, environment })
  atEnd(() => twin.close())
  const stripe = new Stripe(apiKey, {
    host: twin.host,
    port: twin.port,
    protocol: 'http',
    maxNetworkRetries: 0,
  })
  const ada = await server.as()
  const finance = await server.as('finance')

  const start = async (amount = '1099', currency = 'USD') => {
    const reply = await ada.post(
      `${api}/payments/create-intent`,
      { amount, currency },
      { 'idempotency-key': randomUUID() },
    )
    if (reply.status !== 201) throw new Error(reply.text)
    return reply.body.data.payment as { id: string; providerRef: string }
  }
  const pay = (ref: string, method = 'pm_card_visa') =>
    stripe.paymentIntents.confirm(ref, {
      payment_method: method,
      return_url: 'https://shop.test/back',
    })
  const run = (given: Partial<Pick<Run, 'span' | 'isDryRun'>> = {}) =>
    reconcile(
      server.ctx(),
      parts,
      { span: '24h', isDryRun: false, trigger: 'command', ...given },
      { signal: new AbortController().signal },
    )
  const findings = async (given: Run) =>
    (await findingsOf(server.ctx(), given.id, 500)).map((each) => ({
      class: each.class,
      kind: each.kind,
      ref: each.ref,
      outcome: each.outcome,
    }))
  return {
    twin,
    server,
    stripe,
    ada,
    finance,
    environment,
    start,
    pay,
    run,
    /** The server is reached where the provider sends its events. */
    listen: () => server.app.listen({ port, host: '127.0.0.1' }),
    /** What a run finds, by class, kind, name and what became of it. */
    async find(given: Partial<Pick<Run, 'span' | 'isDryRun'>> = {}) {
      const ended = await run(given)
      return { state: ended.state, findings: await findings(ended) }
    },
    findings,
    /** Behind the product's back. */
    behind: (method: 'DELETE' | 'POST', path: string, values: object = {}) =>
      stripe.rawRequest(method, `/_twin/${path}`, { ...values }) as Promise<unknown> as Promise<{
        id: string
      }>,
    stateOf: async (id: string): Promise<string> =>
      (await ada.get(`${api}/payments/${id}`)).body.data.state,
    /** A payment that is paid at the provider; nobody here has heard of it. */
    async givenPaid(amount = '1099') {
      const payment = await start(amount)
      return { ...payment, charge: chargeOf(await pay(payment.providerRef)) }
    },
    inState: (id: string, state: string) =>
      eventually(
        async () =>
          (
            await query(server, 'select 1 from payments_payments where id = $1 and state = $2', [
              id,
              state,
            ])
          ).length === 1,
      ),
  }
}

/** What took the money. */
export function chargeOf({ latest_charge: charge }: Stripe.PaymentIntent): string {
  if (typeof charge !== 'string') throw new Error('nothing was charged')
  return charge
}
