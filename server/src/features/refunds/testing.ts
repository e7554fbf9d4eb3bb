/** A shop for tests of refunds and disputes: a server, the provider’s twin, a customer who pays, and what the books say. */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { idOf } from '../../../../twins/src/stripe/testing.ts'
import { type Reply, type TestClient, eventually } from '../../app/testing.ts'
import { api, query } from '../auth/testing.ts'
import { type AccountRef, chart, post } from '../ledger/index.ts'
import { accountOf, balanceIn, expectTrue, usd } from '../ledger/testing.ts'
import { lockPayment, project } from '../payments/index.ts'
import { confirm, keyed, press, startWithStripe } from '../payments/testing.ts'

export { applyRefund } from './applying.ts'

export type Shop = Awaited<ReturnType<typeof startShop>>

/** One for each test file. */
export async function startShop() {
  const { twin, server, stripe } = await startWithStripe()
  const ada = await server.as()
  const finance = await server.as('finance')

  const start = async (amount: number): Promise<{ id: string; providerRef: string }> => {
    const body = { amount: String(amount), currency: 'USD' }
    const reply = await keyed(ada, '/payments/create-intent', body)
    expect(reply.status).toBe(201)
    return reply.body.data.payment
  }
  const get = async (id: string) => (await finance.get(`${api}/payments/${id}`)).body.data
  const pay = async (amount: number, method = 'pm_card_visa') => {
    const payment = await start(amount)
    await confirm(stripe, payment.providerRef, method)
    await eventually(async () => (await get(payment.id)).captured.amount === String(amount))
    const intent = await stripe.paymentIntents.retrieve(payment.providerRef)
    return { ...payment, charge: idOf(intent.latest_charge) }
  }
  const refund = (
    id: string,
    body: object = {},
    key: string = randomUUID(),
    client: TestClient = finance,
  ): Promise<Reply> => keyed(client, `/payments/${id}/refunds`, body, key)

  /** What is not in Stripe’s API: the dashboard, and the customer’s bank. */
  const atTwin = async (path: string, values: object = {}): Promise<{ id: string }> => {
    const made: { id: string } = await stripe.rawRequest('POST', `/_twin/${path}`, { ...values })
    return made
  }

  /** As a release will do it: some of the escrow to the house, the rest to whoever earned it. */
  const release = async (id: string, amount: number, commission: number) => {
    const provider = randomUUID()
    await server.ctx().tx(async (tx) => {
      const payment = await lockPayment(tx, id)
      const escrow = chart.escrow(id, 'USD')
      await post(tx, {
        idemKey: `release:${provider}`,
        reason: 'test.released',
        postings: [
          { debit: escrow, credit: chart.commission('USD'), amount: usd(commission) },
          {
            debit: escrow,
            credit: chart.providerPayable(provider, 'USD'),
            amount: usd(amount - commission),
          },
        ],
      })
      await project(tx, payment)
    })
    return provider
  }
  const balanceOf = async (ref: AccountRef) =>
    Number(await balanceIn(server, await accountOf(server, ref)))

  return {
    server,
    twin,
    stripe,
    ada,
    finance,
    api,
    start,
    get,
    pay,
    refund,
    atTwin,
    release,
    balanceOf,
    /** What was posted about a payment, as the balance of each kind of account: on the side on which it grows. */
    balancesOf: async (id: string): Promise<Record<string, number>> => {
      const rows = await query<{ kind: string; amount: string }>(
        server,
        `select a.kind, sum(case when (a.normal = 'credit') = (p.credit_id = a.id) then p.amount else -p.amount end)::text as amount
         from ledger_postings p join ledger_transactions t on t.id = p.transaction_id
         join ledger_accounts a on a.id in (p.debit_id, p.credit_id)
         where t.ref_id = $1 group by a.kind order by a.kind`,
        [id],
      )
      return Object.fromEntries(
        rows.map(({ kind, amount }) => [kind, Number(amount)]).filter(([, amount]) => amount !== 0),
      )
    },
    refundsOf: async (id: string): Promise<Record<string, unknown>[]> =>
      (await finance.get(`${api}/payments/${id}/refunds`)).body.data,
    /** Refunds of a charge, as the provider has them. */
    theirRefunds: async (charge: string) => (await stripe.refunds.list({ charge })).data,
    /** Until the state of a payment is this. */
    inState: (id: string, state: string) => eventually(async () => (await get(id)).state === state),
    /** Until nothing is on its way any more: every event delivered, stored, and applied or waiting. */
    settled: async () => {
      await twin.quiet()
      await eventually(
        async () =>
          (
            await query(
              server,
              `select 1 from inbox_objects where dirty_seq > synced_seq and dead_at is null and problem is null`,
            )
          ).length === 0,
      )
    },
    /** The provider’s money and ours are the same, and the ledger is true to itself. */
    expectSame: async () => {
      const { accounts, platform } = twin.truth()
      const theirs = accounts[platform]
      const [ours] = await query<{ total: string }>(
        server,
        `select coalesce(sum(case when a.id = p.debit_id then p.amount else -p.amount end), 0)::text as total
         from ledger_postings p join ledger_accounts a on a.id in (p.debit_id, p.credit_id)
         where a.kind = 'psp_clearing' and a.asset = 'USD'`,
      )
      const inAll = (theirs?.available['usd'] ?? 0) + (theirs?.pending['usd'] ?? 0)
      expect(Number(ours?.total)).toBe(inAll)
      await expectTrue(server)
    },
    facts: async (name: string, paymentId: string) =>
      (await server.facts()).filter(
        (fact) =>
          fact.name === name && (fact.data as { paymentId?: string }).paymentId === paymentId,
      ),
  }
}

/** Two ways to pay one payment, both paid: what the server makes sure of is taken away underneath it. */
export async function givenPaidTwice({ server, stripe, ada, settled }: Shop) {
  const { payment, url } = (await keyed(ada, '/checkout/sessions')).body.data
  await query(
    server,
    `update payments_attempts set outcome = 'rejected', detail = 'expired' where payment_id = $1`,
    [payment.id],
  )
  const next = await keyed(ada, `/payments/${payment.id}/attempts`, { kind: 'intent' })
  await Promise.all([press(url), confirm(stripe, next.body.data.payment.providerRef)])
  const surplus = await eventually(async () => {
    const [row] = await query<{ id: string; charge: string }>(
      server,
      `select id, coalesce(charge_ref, '') as charge from payments_surplus where payment_id = $1`,
      [payment.id],
    )
    return row
  })
  await settled()
  return { id: String(payment.id), surplus }
}

/** As far as the job can see, it has been here for a while. */
export const restSurplus = ({ server }: Shop) =>
  query(server, `update payments_surplus set created_at = created_at - interval '6 minutes'`)
