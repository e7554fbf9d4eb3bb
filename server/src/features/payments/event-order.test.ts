/** What a provider tells in whatever order, twice and late: the payment ends as it is there, and is posted once. */
import { createHmac, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Stripe } from 'stripe'
import { eventually } from '../../app/testing.ts'
import { query } from '../auth/testing.ts'
import {
  balancesOf,
  confirm,
  getState,
  inState,
  keyed,
  startWithStripe,
  webhookSecret,
} from './testing.ts'

const { twin, server, stripe } = await startWithStripe()
const ada = await server.as()
const atOnce = 20

/** Nobody hears of anything but from this test. */
twin.faults.event({ fault: 'drop', on: '*', count: 100_000 })

async function tell(event: object): Promise<void> {
  const body = JSON.stringify(event)
  const at = Math.floor(Date.now() / 1000)
  const v1 = createHmac('sha256', webhookSecret).update(`${at}.${body}`).digest('hex')
  const reply = await server.anonymous.post('/api/v1/webhooks/stripe', body, {
    'stripe-signature': `t=${at},v1=${v1}`,
  })
  expect(reply.status, reply.text).toBe(200)
}

function* permutationsOf<T>(all: readonly T[]): Generator<readonly T[]> {
  if (all.length < 2) return yield all
  for (const [index, first] of all.entries())
    for (const rest of permutationsOf(all.toSpliced(index, 1))) yield [first, ...rest]
}

type Paid = { readonly id: string; readonly ref: string }

/** Declined first, then paid: five things to be told of. */
async function givenPaid(): Promise<Paid> {
  const { payment } = (await keyed(ada, '/payments/create-intent')).body.data
  const ref = String(payment.providerRef)
  await expect(confirm(stripe, ref, 'pm_card_visa_chargeDeclined')).rejects.toThrow('declined')
  await confirm(stripe, ref)
  return { id: payment.id, ref }
}

/** What there is to be told of these payments, by payment. */
async function eventsOf(paid: readonly Paid[]): Promise<ReadonlyMap<string, Stripe.Event[]>> {
  const events: Stripe.Event[] = []
  for await (const event of stripe.events.list({ limit: 100 })) {
    events.push(event)
    if (events.length >= paid.length * of.length) break
  }
  return new Map(
    paid.map(({ id, ref }) => [
      id,
      events.filter(({ data }) => JSON.stringify(data.object).includes(ref)),
    ]),
  )
}

const of = [
  'charge.failed',
  'charge.succeeded',
  'payment_intent.created',
  'payment_intent.payment_failed',
  'payment_intent.succeeded',
]

test('M41 in each of the 120 orders, each event once or twice: held, and posted once', async () => {
  const orders = [...permutationsOf(of)]
  expect(orders).toHaveLength(120)
  while (orders.length > 0) {
    const batch = orders.splice(0, atOnce)
    const paid = await Promise.all(batch.map(givenPaid))
    const told = await eventsOf(paid)
    await Promise.all(
      batch.map(async (order, index) => {
        const { id } = paid[index] ?? { id: '' }
        const events = told.get(id) ?? []
        expect(events.map(({ type }) => type).toSorted()).toEqual(of)
        for (const type of order) {
          const event = events.find((each) => each.type === type)
          if (!event) throw new Error(`nothing says ${type}`)
          await tell(event)
          if (Math.random() < 0.5) await tell(event)
        }
        await inState(ada, id, 'held')
      }),
    )
    await settled()
    for (const { id } of paid) {
      expect(await getState(ada, id)).toBe('held')
      expect(await balancesOf(server, id)).toEqual([
        { kind: 'escrow', amount: '1099' },
        { kind: 'psp_clearing', amount: '-1037' },
        { kind: 'psp_fee', amount: '-62' },
      ])
    }
  }
  const posted = await query<{ reason: string; count: number }>(
    server,
    'select reason, count(*)::int from ledger_transactions group by reason order by reason',
  )
  expect(posted).toEqual([
    { reason: 'payments.captured', count: 120 },
    { reason: 'payments.fee', count: 120 },
  ])
  expect(server.failures).toEqual([])
})

test('M43 what is told three days after it was cancelled brings nothing back', async () => {
  const { payment } = (await keyed(ada, '/payments/create-intent')).body.data
  expect((await keyed(ada, `/payments/${payment.id}/cancel`, {})).status).toBe(200)
  const events = (await stripe.events.list({ limit: 20 })).data.filter(({ data }) =>
    JSON.stringify(data.object).includes(payment.providerRef),
  )
  const created = events.find(({ type }) => type === 'payment_intent.created')
  const cancelled = events.find(({ type }) => type === 'payment_intent.canceled')
  if (!created || !cancelled) throw new Error('nothing is told')
  await tell(cancelled)
  await settled()
  expect(await getState(ada, payment.id)).toBe('cancelled')
  // As it was when it was made, waiting to be paid; and a success that never was.
  await tell({ ...created, created: created.created - 3 * 86_400 })
  await tell({ ...created, id: `evt_${randomUUID()}`, type: 'payment_intent.succeeded' })
  await settled()
  expect(await getState(ada, payment.id)).toBe('cancelled')
  expect(await balancesOf(server, payment.id)).toEqual([])
})

/** Every event has been looked at. */
const settled = () =>
  eventually(
    async () =>
      (
        await query(
          server,
          `select 1 from inbox_events where state not in ('processed', 'ignored') limit 1`,
        )
      ).length === 0,
  )
