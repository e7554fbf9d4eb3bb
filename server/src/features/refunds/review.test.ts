/** Where no program goes on: a refund that nobody knows of, and a second money that the provider does not take back. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { TestClient } from '../../app/testing.ts'
import { query, tally, together } from '../auth/testing.ts'
import { keyed } from '../payments/testing.ts'
import { resendRefunds, returnSurplus } from './jobs.ts'
import { givenPaidTwice, restSurplus, startShop } from './testing.ts'

const shop = await startShop()
const { server, twin, stripe, finance, ada, api, pay, get, balancesOf, refundsOf } = shop
const tick = { scheduledFor: new Date().toISOString() }
const none = new AbortController().signal
const note = 'Looked for it in the dashboard.'
const review = (id: string, body: object, client: TestClient = finance, key?: string) =>
  keyed(client, `/refunds/${id}/review`, { note, ...body }, key)
const settle = (id: string, by: string, client: TestClient = finance, key?: string) =>
  keyed(client, `/payments/surplus/${id}/settlement`, { by, note }, key)
const usd = (amount: number) => ({ amount: String(amount), currency: 'USD' })

/** Unknown for a day, and twice not found. */
async function givenUnknown() {
  const payment = await pay(1000)
  twin.faults.request({ fault: 'error_before', on: 'POST /v1/refunds' })
  const { id } = (await shop.refund(payment.id, { amount: '300' })).body.data
  for (let look = 0; look < 2; look += 1) {
    await query(
      server,
      `with r as (update refunds_refunds set created_at = created_at - interval '24 hours' where id = $1)
       update refunds_attempts set created_at = created_at - interval '24 hours', updated_at = updated_at - interval '24 hours',
         missed_at = missed_at - interval '24 hours' where refund_id = $1`,
      [id],
    )
    await resendRefunds.run(server.ctx(), tick, none)
  }
  server.failures.length = 0
  expect((await finance.get(`${api}/refunds/${id}`)).body.data.state).toBe('needs_review')
  return { id: String(id), payment }
}

test('a refund that was not made is ended, and its money can be refunded again; once, whoever says so', async () => {
  const { id, payment } = await givenUnknown()
  expect(await get(payment.id)).toMatchObject({ refundPending: usd(300) })
  const replies = await together(10, () => review(id, { outcome: 'not_made' }))
  expect(tally(replies)).toEqual({ 200: 1, 409: 9 })
  expect(await get(payment.id)).toMatchObject({ refundPending: usd(0), state: 'held' })
  expect(await refundsOf(payment.id)).toMatchObject([{ state: 'failed', failure: 'not_made' }])
  expect((await shop.facts('refunds.reviewed', payment.id)).map(({ data }) => data)).toMatchObject([
    { outcome: 'not_made', note },
  ])
  // Nobody sends it after that, and what is left is all of it.
  await resendRefunds.run(server.ctx(), tick, none)
  expect(await shop.theirRefunds(payment.charge)).toEqual([])
  expect((await shop.refund(payment.id)).body.data).toMatchObject({ amount: usd(1000) })
  await shop.settled()
  await shop.expectSame()
})

test('a refund that was made under another name is that one, and is no second one', async () => {
  const { id, payment } = await givenUnknown()
  for (const on of ['refund.*', 'charge.refund*'])
    twin.faults.event({ fault: 'never', on, count: 9 })
  const [other, made] = [
    await shop.atTwin('refunds', { charge: payment.charge, amount: 200 }),
    await shop.atTwin('refunds', { charge: payment.charge, amount: 300 }),
  ]
  twin.faults.clear()
  for (const ref of [other.id, 're_nothing', undefined])
    expect(await review(id, { outcome: 'made', ref })).toMatchObject({
      status: 422,
      body: { code: 'refunds.not_this_refund' },
    })
  const key = randomUUID()
  const reply = await review(id, { outcome: 'made', ref: made.id }, finance, key)
  expect(reply).toMatchObject({
    status: 200,
    body: { data: { state: 'succeeded', providerRef: made.id } },
  })
  expect((await review(id, { outcome: 'made', ref: made.id }, finance, key)).body).toEqual(
    reply.body,
  )
  expect(await review(id, { outcome: 'made', ref: made.id })).toMatchObject({
    status: 409,
    body: { code: 'refunds.not_in_review' },
  })
  await stripe.charges.update(payment.charge, { description: 'looked at' })
  await shop.settled()
  expect(await get(payment.id)).toMatchObject({ refunded: usd(500), refundPending: usd(0) })
  await shop.expectSame()
})

test('what the provider has is not said not to have been made, and when it cannot say nothing is decided', async () => {
  const { id, payment } = await givenUnknown()
  for (const on of ['refund.*', 'charge.refund*'])
    twin.faults.event({ fault: 'never', on, count: 9 })
  const { id: ref } = await stripe.refunds.create({
    charge: payment.charge,
    amount: 300,
    metadata: { refund_id: id },
  })
  twin.faults.clear()
  twin.faults.request({ fault: 'error_before', on: 'GET /v1/refunds', count: 1 })
  expect(await review(id, { outcome: 'not_made' })).toMatchObject({ status: 503 })
  expect(await review(id, { outcome: 'not_made' })).toMatchObject({
    status: 409,
    body: { code: 'refunds.made_after_all', providerRef: ref },
  })
  expect(await shop.facts('refunds.reviewed', payment.id)).toEqual([])
  expect((await review(id, { outcome: 'made', ref })).body.data.state).toBe('succeeded')
  server.failures.length = 0
  await shop.expectSame()
})

test('only those decide who may, of what is there, and with a reason', async () => {
  const { id } = await givenUnknown()
  const support = await server.as('support')
  for (const client of [ada, support])
    expect((await review(id, { outcome: 'not_made' }, client)).status).toBe(403)
  expect((await review(randomUUID(), { outcome: 'not_made' })).status).toBe(404)
  expect((await review(id, { outcome: 'not_made', note: 'no' })).status).toBe(422)
  expect((await settle(randomUUID(), 'refund', support)).status).toBe(403)
  expect((await settle(randomUUID(), 'refund')).status).toBe(404)
  expect((await finance.get(`${api}/refunds/${id}`)).body.data.state).toBe('needs_review')
})

/** Refused, because the bank disputes it. */
async function givenRefused() {
  const twice = await givenPaidTwice(shop)
  await restSurplus(shop)
  twin.faults.event({ fault: 'never', on: 'charge.dispute.*', count: 5 })
  const dispute = await shop.atTwin('disputes', { charge: twice.surplus.charge })
  twin.faults.clear()
  await returnSurplus.run(server.ctx(), tick, none)
  const waiting = (await finance.get(`${api}/payments/surplus?isRefused=true`)).body.data
  expect(waiting).toMatchObject([{ id: twice.surplus.id, failure: 'charge_disputed' }])
  return { ...twice, dispute }
}

test('a second money that was refused is seen, is not asked for again by itself, and goes back when somebody says so', async () => {
  const { id, surplus, dispute } = await givenRefused()
  expect((await finance.get(`${api}/payments/surplus?isRefused=false`)).body.data).toEqual([])
  await returnSurplus.run(server.ctx(), tick, none)
  expect(await refundsOf(id)).toHaveLength(1)
  // It is refused again, and is there again.
  expect((await settle(surplus.id, 'refund')).body.data).toMatchObject({
    refundId: null,
    failure: 'charge_disputed',
  })
  await shop.atTwin(`disputes/${dispute.id}/won`)
  await shop.settled()
  const replies = await together(10, () => settle(surplus.id, 'refund'))
  expect(tally(replies)).toEqual({ 200: 1, 409: 9 })
  expect(await shop.theirRefunds(surplus.charge)).toHaveLength(1)
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  expect((await finance.get(`${api}/payments/surplus`)).body.data).toEqual([])
  await shop.settled()
  await shop.expectSame()
})

test('a second money that was given back by other means waits for nobody any more, and what Stripe owes stays', async () => {
  const { surplus, dispute } = await givenRefused()
  const replies = await together(10, () => settle(surplus.id, 'other_means'))
  expect(tally(replies)).toEqual({ 200: 1, 409: 9 })
  expect(await balancesOf(surplus.id)).toMatchObject({ world: -1099 })
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  expect((await finance.get(`${api}/payments/surplus`)).body.data).toEqual([])
  await shop.atTwin(`disputes/${dispute.id}/won`)
  await shop.settled()
  await shop.expectSame()
})

test('M88 a dispute about a second money is written down, and lost it takes that money and nothing of the payment', async () => {
  const { id, surplus } = await givenPaidTwice(shop)
  const { id: ref } = await shop.atTwin('disputes', { charge: surplus.charge })
  await shop.settled()
  const list = async () => (await finance.get(`${api}/disputes?paymentId=${id}`)).body.data
  expect(await list()).toMatchObject([
    { surplusId: surplus.id, state: 'needs_response', providerRef: ref, isWithdrawn: true },
  ])
  expect(await get(id)).toMatchObject({ state: 'held', disputed: usd(0) })
  await shop.atTwin(`disputes/${ref}/lost`)
  await shop.settled()
  expect(await list()).toMatchObject([{ state: 'lost', claims: usd(0) }])
  expect(await get(id)).toMatchObject({ state: 'held', chargedBack: usd(0) })
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  // It is settled: nobody gives it back once more.
  await restSurplus(shop)
  await returnSurplus.run(server.ctx(), tick, none)
  expect(await shop.theirRefunds(surplus.charge)).toEqual([])
  await shop.expectSame()
})
