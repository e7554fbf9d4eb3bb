/** Disputes from the customer’s bank, over the provider’s webhooks, and what they do to refunds, releases and the books. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../app/testing.ts'
import { crowd, query, rounds, tally, together } from '../auth/testing.ts'
import { chart } from '../ledger/index.ts'
import { move, usd } from '../ledger/testing.ts'
import { alertsOf, watch } from '../monitoring/testing.ts'
import { startShop } from '../refunds/testing.ts'
import { remindOfEvidence } from './jobs.ts'

const shop = await startShop()
const { server, twin, finance, ada, api, pay, get, refund, balancesOf, balanceOf } = shop
const dollars = (amount: number) => ({ amount: String(amount), currency: 'USD' })
/** What the twin’s bank takes for a dispute. */
const fee = 1500
const disputesOf = async (id: string) =>
  (await finance.get(`${api}/disputes?paymentId=${id}`)).body.data
const inDisputeState = (id: string, state: string) =>
  eventually(async () => {
    const [dispute] = await disputesOf(id)
    return dispute?.state === state ? dispute : null
  })
const open = async (charge: string, values: object = {}) =>
  shop.atTwin('disputes', { charge, ...values })
const close = (id: string, outcome: 'won' | 'lost' | 'escalated') =>
  shop.atTwin(`disputes/${id}/${outcome}`)
const say = (id: string, what: string, body: object = {}, key: string = randomUUID()) =>
  finance.post(`${api}/disputes/${id}/${what}`, body, { 'idempotency-key': key })

describe('while the money is held', () => {
  test('M85 M88 an open dispute freezes the payment: no refund of it; won, it can be refunded again', async () => {
    const payment = await pay(10_000)
    const { id } = await open(payment.charge)
    const dispute = await inDisputeState(payment.id, 'needs_response')
    await eventually(async () => (await disputesOf(payment.id))[0].isWithdrawn === true)
    expect(dispute).toMatchObject({
      paymentId: payment.id,
      amount: dollars(10_000),
      claims: dollars(10_000),
      reason: 'fraudulent',
      providerRef: id,
      dueAt: expect.any(String),
      closedAt: null,
    })
    expect(await get(payment.id)).toMatchObject({ state: 'frozen', disputed: dollars(10_000) })
    for (const body of [{}, { amount: '1' }])
      expect(await refund(payment.id, body)).toMatchObject({
        status: 409,
        body: { code: 'refunds.disputed', disputed: dollars(10_000) },
      })
    expect(await balancesOf(payment.id)).toMatchObject({
      escrow: 10_000,
      dispute_reserve: 10_000 + fee,
    })
    await close(id, 'won')
    await shop.inState(payment.id, 'held')
    await shop.settled()
    expect(await disputesOf(payment.id)).toMatchObject([
      { state: 'won', isReinstated: true, claims: dollars(0), closedAt: expect.any(String) },
    ])
    expect(await balancesOf(payment.id)).toMatchObject({ escrow: 10_000 })
    expect(await balancesOf(payment.id)).not.toHaveProperty('dispute_reserve')
    expect((await refund(payment.id)).status).toBe(201)
  })

  test('M88 lost, the escrow is gone, the fee is the house’s, and nothing is left to refund', async () => {
    const payment = await pay(10_000)
    const { id } = await open(payment.charge)
    await inDisputeState(payment.id, 'needs_response')
    await close(id, 'lost')
    await shop.inState(payment.id, 'charged_back')
    await shop.settled()
    const { psp_fee: fees, ...others } = await balancesOf(payment.id)
    // The fee of the payment, and that of the dispute.
    expect(fees).toBe(320 + fee)
    expect(others).toEqual({ psp_clearing: -320 - fee })
    expect(await get(payment.id)).toMatchObject({
      captured: dollars(10_000),
      chargedBack: dollars(10_000),
      disputed: dollars(0),
      refunded: dollars(0),
    })
    expect(await refund(payment.id)).toMatchObject({ status: 409 })
    expect(await shop.facts('disputes.closed', payment.id)).toMatchObject([
      { data: { outcome: 'lost' } },
    ])
  })

  test('M85 an inquiry keeps nothing from anybody; escalated, it does', async () => {
    const payment = await pay(10_000)
    const { id } = await open(payment.charge, { inquiry: true })
    await inDisputeState(payment.id, 'inquiry')
    expect(await get(payment.id)).toMatchObject({ state: 'held', disputed: dollars(0) })
    expect((await refund(payment.id, { amount: '4000' })).status).toBe(201)
    await close(id, 'escalated')
    await shop.inState(payment.id, 'frozen')
    expect(await refund(payment.id, { amount: '1' })).toMatchObject({
      body: { code: 'refunds.disputed' },
    })
    expect(await shop.facts('disputes.changed', payment.id)).toMatchObject([
      { data: { before: 'inquiry', after: 'needs_response' } },
    ])
  })

  test('an inquiry that nothing comes of is closed, and moved no money', async () => {
    const payment = await pay(10_000)
    const { id } = await open(payment.charge, { inquiry: true })
    await inDisputeState(payment.id, 'inquiry')
    await close(id, 'won')
    await inDisputeState(payment.id, 'inquiry_closed')
    expect(await balancesOf(payment.id)).toEqual({
      escrow: 10_000,
      psp_clearing: 10_000 - 320,
      psp_fee: 320,
    })
  })

  test('a dispute about a part freezes that part only; lost, only that is gone', async () => {
    const payment = await pay(10_000)
    const { id } = await open(payment.charge, { amount: 4000 })
    await shop.inState(payment.id, 'frozen')
    await eventually(async () => (await disputesOf(payment.id))[0].isWithdrawn === true)
    expect(await refund(payment.id, { amount: '6001' })).toMatchObject({
      status: 409,
      body: { code: 'refunds.disputed', refundable: dollars(6000), disputed: dollars(4000) },
    })
    await close(id, 'lost')
    await shop.inState(payment.id, 'held')
    await shop.settled()
    expect(await get(payment.id)).toMatchObject({ chargedBack: dollars(4000) })
    expect(await balancesOf(payment.id)).toMatchObject({ escrow: 6000 })
  })

  test('M90 the end that is told before the beginning stays the end', async () => {
    const payment = await pay(10_000)
    twin.faults.event({ fault: 'delay', on: 'charge.dispute.created', amount: 600 })
    twin.faults.event({ fault: 'delay', on: 'charge.dispute.funds_withdrawn', amount: 500 })
    const { id } = await open(payment.charge)
    await close(id, 'lost')
    await inDisputeState(payment.id, 'lost')
    await twin.advance(700)
    await shop.settled()
    expect(await disputesOf(payment.id)).toMatchObject([{ state: 'lost' }])
    expect(await get(payment.id)).toMatchObject({ state: 'charged_back' })
    expect(await shop.facts('disputes.closed', payment.id)).toHaveLength(1)
    expect(await shop.facts('disputes.opened', payment.id)).toEqual([])
  })

  test('a dispute of a payment that is not known to have been paid waits for that', async () => {
    const { id, providerRef } = await shop.start(10_000)
    await shop.settled()
    twin.faults.event({ fault: 'delay', on: 'payment_intent.succeeded', amount: 600 })
    const paid = await shop.stripe.paymentIntents.confirm(providerRef, {
      payment_method: 'pm_card_createDispute',
      return_url: 'https://shop.test/back',
    })
    await eventually(async () => {
      const rows = await query(
        server,
        `select 1 from inbox_objects where kind = 'dispute' and problem = 'parent_missing'`,
      )
      return rows.length > 0
    })
    expect(await disputesOf(id)).toEqual([])
    await twin.advance(601)
    await shop.inState(id, 'frozen')
    expect(paid.status).toBe('succeeded')
  })
})

describe('what was given away before', () => {
  test('M92 a dispute about what has been refunded moves what the provider moved, and no more', async () => {
    const payment = await pay(10_000)
    expect((await refund(payment.id)).status).toBe(201)
    const { id } = await open(payment.charge)
    await inDisputeState(payment.id, 'needs_response')
    await eventually(async () => (await disputesOf(payment.id))[0].isWithdrawn === true)
    expect(await get(payment.id)).toMatchObject({ state: 'refunded', refunded: dollars(10_000) })
    expect(await shop.facts('disputes.opened', payment.id)).toMatchObject([
      { data: { paymentState: 'refunded', dueAt: expect.any(String) } },
    ])
    await close(id, 'lost')
    await inDisputeState(payment.id, 'lost')
    await shop.settled()
    expect(await balancesOf(payment.id)).toEqual({
      chargeback_loss: 10_000,
      psp_fee: 320 + fee,
      psp_clearing: -10_000 - 320 - fee,
    })
    expect(await get(payment.id)).toMatchObject({ state: 'refunded', chargedBack: dollars(0) })
  })

  test('M92 of what was refunded in part only the rest is taken from the escrow', async () => {
    const payment = await pay(10_000)
    await refund(payment.id, { amount: '4000' })
    const { id } = await open(payment.charge)
    await inDisputeState(payment.id, 'needs_response')
    await close(id, 'lost')
    await shop.inState(payment.id, 'charged_back')
    await shop.settled()
    expect(await balancesOf(payment.id)).toMatchObject({ chargeback_loss: 4000 })
    expect(await get(payment.id)).toMatchObject({
      refunded: dollars(4000),
      chargedBack: dollars(6000),
    })
  })

  test('M89 lost after the release, the provider owes its part, the house gives its commission and the fee', async () => {
    const payment = await pay(10_000)
    const provider = await shop.release(payment.id, 10_000, 1000)
    expect(await get(payment.id)).toMatchObject({ state: 'released' })
    const { id } = await open(payment.charge)
    await shop.inState(payment.id, 'frozen')
    await close(id, 'lost')
    await shop.inState(payment.id, 'charged_back')
    await shop.settled()
    expect(await balancesOf(payment.id)).toMatchObject({
      commission: -1000,
      provider_receivable: 9000,
      psp_fee: 320 + fee,
    })
    expect(await balanceOf(chart.providerReceivable(provider, 'USD'))).toBe(9000)
    // What it had earned is left alone: the next release nets it.
    expect(await balanceOf(chart.providerPayable(provider, 'USD'))).toBe(9000)
  })

  test('won after the release, everybody has what they had', async () => {
    const payment = await pay(10_000)
    const provider = await shop.release(payment.id, 10_000, 1000)
    const { id } = await open(payment.charge)
    await shop.inState(payment.id, 'frozen')
    await close(id, 'won')
    await shop.inState(payment.id, 'released')
    expect(await balanceOf(chart.providerPayable(provider, 'USD'))).toBe(9000)
    expect(await balanceOf(chart.providerReceivable(provider, 'USD'))).toBe(0)
  })

  test('M86 refunded after the release: first what was earned, then as a debt; a failure gives it back', async () => {
    const payment = await pay(10_000, 'pm_card_pendingRefund')
    const provider = await shop.release(payment.id, 10_000, 1000)
    const payable = chart.providerPayable(provider, 'USD')
    // Most of it has been sent to the provider.
    await move(server, payable, chart.transferInTransit(randomUUID(), 'USD'), usd(8000))
    const reply = await refund(payment.id, { amount: '4000' })
    expect(reply).toMatchObject({ status: 201, body: { data: { state: 'pending' } } })
    expect(await balancesOf(payment.id)).toMatchObject({
      commission: -400,
      provider_payable: -1000,
      provider_receivable: 2600,
      refund_in_transit: 4000,
    })
    expect(await balanceOf(payable)).toBe(0)
    // The debt is paid in part, and then the bank sends the money back.
    await move(server, chart.world('USD'), payable, usd(1000))
    await move(server, payable, chart.providerReceivable(provider, 'USD'), usd(1000))
    await shop.atTwin(`refunds/${reply.body.data.providerRef}/fail`)
    await eventually(async () => (await get(payment.id)).refundPending.amount === '0')
    expect(await balanceOf(chart.providerReceivable(provider, 'USD'))).toBe(0)
    expect(await balanceOf(payable)).toBe(2000)
    expect(await get(payment.id)).toMatchObject({ state: 'released', refunded: dollars(0) })
  })

  test('M86 refunds after the release add up: at the last one all of the commission has been given', async () => {
    const payment = await pay(10_001)
    const provider = await shop.release(payment.id, 10_001, 1003)
    for (const amount of ['3333', '1', '6000', null])
      expect((await refund(payment.id, { amount })).status).toBe(201)
    await shop.inState(payment.id, 'refunded')
    expect(await balancesOf(payment.id)).toMatchObject({ commission: -1003 })
    expect(await balanceOf(chart.providerPayable(provider, 'USD'))).toBe(0)
  })
})

describe('at the same instant', () => {
  test('a refund of all and a dispute: one of them has the money, and the books say which', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const payment = await pay(10_000)
      const [refunds, disputed] = await Promise.all([
        together(crowd, () => refund(payment.id)),
        open(payment.charge).catch(() => null),
      ])
      const { 201: made = 0, 409: late = 0, 422: refused = 0 } = tally(refunds)
      expect(made + late + refused).toBe(crowd)
      expect(made).toBeLessThanOrEqual(1)
      if (disputed) await inDisputeState(payment.id, 'needs_response')
      await shop.settled()
      expect((await get(payment.id)).state).toBe(made === 1 ? 'refunded' : 'frozen')
      const theirs = await shop.theirRefunds(payment.charge)
      expect(theirs).toHaveLength(made)
    }
  })

  test('twenty events about one dispute, in any order and twice, are one dispute and one movement each', async () => {
    for (let round = 0; round < rounds; round += 4) {
      const payment = await pay(10_000)
      for (const fault of ['duplicate', 'reorder', 'twin'] as const)
        twin.faults.event({ fault, on: 'charge.dispute.*', count: 2, amount: 4 })
      const { id } = await open(payment.charge)
      await close(id, round % 2 === 0 ? 'won' : 'lost')
      await inDisputeState(payment.id, round % 2 === 0 ? 'won' : 'lost')
      await twin.advance(10)
      await shop.settled()
      twin.faults.clear()
      expect(await disputesOf(payment.id)).toHaveLength(1)
      const moved = await query<{ reason: string; count: number }>(
        server,
        `select reason, count(*)::int as count from ledger_transactions
         where ref_id = $1 and reason in ('disputes.withdrawn', 'disputes.reinstated', 'disputes.lost')
         group by reason order by reason`,
        [payment.id],
      )
      expect(moved).toEqual(
        [round % 2 === 0 ? 'disputes.reinstated' : 'disputes.lost', 'disputes.withdrawn'].map(
          (reason) => ({ reason, count: 1 }),
        ),
      )
    }
  })
})

describe('what the bank is told', () => {
  test('evidence is sent once, and what the bank decides by it is heard', async () => {
    const payment = await pay(10_000)
    await open(payment.charge)
    const { id } = await inDisputeState(payment.id, 'needs_response')
    expect(await say(id, 'evidence', {})).toMatchObject({ status: 422 })
    const key = randomUUID()
    const said = await say(id, 'evidence', { text: 'winning_evidence' }, key)
    expect(said).toMatchObject({
      status: 200,
      body: { data: { state: 'under_review', hasEvidence: true } },
    })
    expect((await say(id, 'evidence', { text: 'winning_evidence' }, key)).text).toBe(said.text)
    await twin.advance(61)
    await shop.inState(payment.id, 'held')
    expect(await say(id, 'evidence', { text: 'more' })).toMatchObject({
      status: 409,
      body: { code: 'disputes.dispute_closed' },
    })
  })

  test('no answer of the provider is not a no: the same request goes on', async () => {
    const payment = await pay(10_000)
    await open(payment.charge)
    const { id } = await inDisputeState(payment.id, 'needs_response')
    // The official client sends once more by itself when a connection is lost.
    twin.faults.request({ fault: 'drop_before', on: 'POST /v1/disputes/*', count: 2 })
    const key = randomUUID()
    const first = await say(id, 'acceptance', {}, key)
    expect(first).toMatchObject({ status: 503, body: { code: 'disputes.provider_unavailable' } })
    expect((await say(id, 'acceptance', {}, key)).body.data).toMatchObject({ state: 'lost' })
    await shop.inState(payment.id, 'charged_back')
  })

  test('an inquiry is not accepted, and who may not answer does not', async () => {
    const payment = await pay(10_000)
    await open(payment.charge, { inquiry: true })
    const { id } = await inDisputeState(payment.id, 'inquiry')
    expect((await say(id, 'acceptance')).body.code).toBe('disputes.inquiry_not_accepted')
    for (const client of [ada, await server.as('support')]) {
      for (const what of ['evidence', 'acceptance'])
        expect(
          (
            await client.post(
              `${api}/disputes/${id}/${what}`,
              { text: 'x' },
              { 'idempotency-key': randomUUID() },
            )
          ).status,
        ).toBe(403)
      expect((await client.get(`${api}/disputes/${id}`)).status).toBe(403)
      expect((await client.get(`${api}/disputes`)).status).toBe(403)
    }
    expect((await finance.get(`${api}/disputes/${randomUUID()}`)).body.code).toBe(
      'disputes.dispute_not_found',
    )
  })

  test('before the bank’s patience ends somebody is told, unless it has been answered', async () => {
    const [silent, answered] = [await pay(10_000), await pay(10_000)]
    const none = new AbortController().signal
    for (const payment of [silent, answered]) {
      await open(payment.charge)
      const { id, dueAt } = await inDisputeState(payment.id, 'needs_response')
      if (payment === answered) await say(id, 'evidence', { text: 'it was delivered' })
      await remindOfEvidence.run(server.ctx(), { disputeId: id, dueAt }, none)
      // For another time than the bank’s, which has been put off since.
      const other = new Date(0).toISOString()
      await remindOfEvidence.run(server.ctx(), { disputeId: id, dueAt: other }, none)
    }
    expect(await shop.facts('disputes.evidence_due', silent.id)).toHaveLength(1)
    expect(await shop.facts('disputes.evidence_due', answered.id)).toEqual([])
    await watch(server)
    const [{ id }] = await disputesOf(silent.id)
    const alerts = await alertsOf(await server.as('admin'), 'dispute')
    // When it was opened, and now.
    expect(alerts.find(({ subjectId }) => subjectId === id)).toMatchObject({ count: 2 })
  })
})

test('in the end the provider’s money and ours are the same', async () => {
  await shop.settled()
  await shop.expectSame()
  expect(server.failures).toEqual([
    expect.objectContaining({ code: 'disputes.provider_unavailable' }),
  ])
})
