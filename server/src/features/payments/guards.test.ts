/** Guards of payments that the usual way never meets, because something else stands in front of them. */
import { randomUUID } from 'node:crypto'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { startStripeTwin } from '../../../../twins/src/stripe/index.ts'
import { startServer } from '../../app/testing.ts'
import { atEnd } from '../../app/testing-ends.ts'
import { money } from '../../platform/money/index.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { query } from '../auth/testing.ts'
import { applyCollection } from './collections.ts'
import { resendAttempts } from './jobs.ts'

const apiKey = 'sk_test_of_the_guards'
// It tells nobody anything: what is applied here, the test applies.
const twin = await startStripeTwin({ apiKey })
const server = await startServer({
  environment: { STRIPE_SECRET_KEY: apiKey, STRIPE_API_URL: twin.url },
})
atEnd(() => twin.close())
/** As somebody else would ask: the dashboard. */
const stripe = new Stripe(apiKey, { host: twin.host, port: twin.port, protocol: 'http' })
const ada = await server.as()
const price = { amount: '1099', currency: 'USD' }
const path = '/api/v1/payments/create-intent'

const start = (key: string = randomUUID()) => ada.post(path, price, { 'idempotency-key': key })
async function started(): Promise<{ id: string; providerRef: string }> {
  return (await start()).body.data.payment
}
const apply = (snapshot: CollectionSnapshot) =>
  server.ctx().tx((tx) => applyCollection(tx, snapshot, null))
const paid = ({ id, providerRef }: { id: string; providerRef: string }): CollectionSnapshot => ({
  ref: providerRef,
  status: 'succeeded',
  isLive: false,
  price: money(1099, 'USD'),
  received: money(1099, 'USD'),
  fee: money(62, 'USD'),
  chargeRef: `ch_${providerRef}`,
  failure: null,
  paymentId: id,
  number: 1,
})
const stateOf = async (id: string) => (await ada.get(`/api/v1/payments/${id}`)).body.data.state
const posted = (id: string) =>
  query(server, 'select reason from ledger_transactions where ref_id = $1 order by reason', [id])
const madeAtStripe = async (id: string) => {
  const { data } = await stripe.paymentIntents.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata['payment_id'] === id).length
}
const constraintOf = async (statement: string, values: unknown[]) =>
  query(server, statement, values).then(
    () => null,
    (error: { constraint?: string }) => error.constraint,
  )

test('M53 a payment has one live attempt: the database refuses a second one, but not one after a rejection', async () => {
  const { id } = await started()
  const add = (number: number) =>
    constraintOf(
      `insert into payments_attempts (id, payment_id, number, key, request)
       values ($1, $2, $3, $4, '{}')`,
      [randomUUID(), id, number, randomUUID()],
    )
  expect(await add(2)).toBe('payments_attempts_live')
  await query(server, `update payments_attempts set outcome = 'unknown' where payment_id = $1`, [
    id,
  ])
  expect(await add(2)).toBe('payments_attempts_live')
  await query(server, `update payments_attempts set outcome = 'rejected' where payment_id = $1`, [
    id,
  ])
  expect(await add(2)).toBeNull()
  expect(await add(3)).toBe('payments_attempts_live')
})

test('what Stripe calls one payment it calls no other', async () => {
  const [first, second] = [await started(), await started()]
  expect(
    await constraintOf('update payments_payments set provider_ref = $2 where id = $1', [
      first.id,
      second.providerRef,
    ]),
  ).toBe('payments_payments_ref')
})

test('M30 an answer that was lost and then asked for by the sweeper is one payment at Stripe', async () => {
  twin.faults.request({ fault: 'drop_after', on: 'POST /v1/payment_intents' })
  // The official client asks once more by itself; so that its answer is lost, too.
  twin.faults.request({ fault: 'rate_limit', on: 'POST /v1/payment_intents' })
  expect((await start()).status).toBe(503)
  const [attempt] = await query<{ payment_id: string }>(
    server,
    `update payments_attempts set updated_at = now() - interval '2 minutes'
     where id = (select id from payments_attempts order by created_at desc, id desc limit 1)
     returning payment_id`,
  )
  const id = attempt?.payment_id ?? ''
  expect(await madeAtStripe(id)).toBe(1)
  const tick = { scheduledFor: new Date().toISOString() }
  await resendAttempts.run(server.ctx(), tick, new AbortController().signal)
  expect(await madeAtStripe(id)).toBe(1)
  expect(
    await query(server, 'select outcome from payments_attempts where payment_id = $1', [id]),
  ).toEqual([{ outcome: 'created' }])
  server.failures.length = 0
})

test.each(['conflict', 'rate_limit'] as const)(
  'M32 the answer %s says nothing about what was done: the same request ends with the same payment',
  async (fault) => {
    // A conflict is asked about again four times within one request.
    twin.faults.request({
      fault,
      on: 'POST /v1/payment_intents',
      count: fault === 'conflict' ? 5 : 1,
    })
    const key = randomUUID()
    expect(await start(key)).toMatchObject({
      status: 503,
      body: { code: 'payments.provider_unavailable' },
    })
    const again = await start(key)
    expect(again.status).toBe(201)
    const { id } = again.body.data.payment
    expect(await madeAtStripe(id)).toBe(1)
    expect(
      await query(server, 'select number, outcome from payments_attempts where payment_id = $1', [
        id,
      ]),
    ).toEqual([{ number: 1, outcome: 'created' }])
    server.failures.length = 0
  },
)

test('less or more than was asked for is not taken, although Stripe says that the price is right', async () => {
  for (const received of [1098, 1100]) {
    const payment = await started()
    await apply({ ...paid(payment), received: money(received, 'USD') })
    expect(await stateOf(payment.id)).toBe('amount_mismatch')
    expect(await posted(payment.id)).toEqual([])
  }
})

test('M55 money that is here stays here, whatever an older answer says', async () => {
  const payment = await started()
  await apply(paid(payment))
  const older = { ...paid(payment), received: null, fee: null, chargeRef: null }
  for (const status of ['failed', 'processing', 'cancelled', 'action', 'open'] as const)
    await apply({ ...older, status, failure: status === 'failed' ? 'generic_decline' : null })
  expect(await stateOf(payment.id)).toBe('held')
  expect(await posted(payment.id)).toHaveLength(2)
})

test('M40 applied twenty times at once a charge is posted once, and its fee', async () => {
  const payment = await started()
  await Promise.all(Array.from({ length: 20 }, () => apply(paid(payment))))
  expect(await posted(payment.id)).toEqual([
    { reason: 'payments.captured' },
    { reason: 'payments.fee' },
  ])
})
