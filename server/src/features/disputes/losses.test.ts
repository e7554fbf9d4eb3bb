/** A refund and a dispute about the same money: what the house bears for a while is no loss once the refund has failed. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../app/testing.ts'
import { keyed } from '../payments/testing.ts'
import { chart } from '../ledger/index.ts'
import { money } from '../../platform/money/index.ts'
import { returnSurplus } from '../refunds/index.ts'
import { givenPaidTwice, restSurplus, startShop } from '../refunds/testing.ts'
import { applyDispute } from './applying.ts'

const shop = await startShop()
const { server, finance, api, pay, get, refund, refundsOf, balancesOf, balanceOf } = shop
const dollars = (amount: number) => ({ amount: String(amount), currency: 'USD' })
const disputeOf = async (id: string) =>
  (await finance.get(`${api}/disputes?paymentId=${id}`)).body.data[0]
/** Its bank takes the money; the house has lost what is not here any more. */
async function lose(id: string, charge: string, values: object = {}): Promise<string> {
  const { id: ref } = await shop.atTwin('disputes', { charge, ...values })
  await eventually(async () => (await disputeOf(id))?.isWithdrawn === true)
  await shop.atTwin(`disputes/${ref}/lost`)
  await eventually(async () => (await disputeOf(id)).state === 'lost')
  await shop.settled()
  return ref
}
/** The customer's bank sends the refund back. */
async function fail(id: string): Promise<void> {
  const [{ providerRef } = { providerRef: '' }] = await refundsOf(id)
  await shop.atTwin(`refunds/${String(providerRef)}/fail`)
  await eventually(async () => (await refundsOf(id))[0]?.['state'] === 'failed')
  await shop.settled()
}
const waiting = async () => (await finance.get(`${api}/payments/surplus`)).body.data
const drain = () =>
  returnSurplus.run(
    server.ctx(),
    { scheduledFor: new Date().toISOString() },
    new AbortController().signal,
  )

describe('a refund that fails after the dispute was lost', () => {
  test('M92 was on its way, or done: nothing is left of the payment, and the house has lost nothing', async () => {
    for (const method of ['pm_card_pendingRefund', 'pm_card_visa']) {
      const payment = await pay(10_000, method)
      await refund(payment.id, { amount: '6000' })
      await lose(payment.id, payment.charge)
      expect(await balancesOf(payment.id)).toMatchObject({ chargeback_loss: 6000 })
      await fail(payment.id)
      expect(await balancesOf(payment.id)).toEqual({
        psp_fee: expect.any(Number),
        psp_clearing: expect.any(Number),
      })
      expect(await get(payment.id)).toMatchObject({
        state: 'charged_back',
        refunded: dollars(0),
        chargedBack: dollars(10_000),
      })
      await shop.expectSame()
    }
  })

  test('M92 of what was released, those who earned it owe it', async () => {
    const payment = await pay(10_000, 'pm_card_pendingRefund')
    const provider = await shop.release(payment.id, 10_000, 1000)
    await refund(payment.id, { amount: '4000' })
    await lose(payment.id, payment.charge)
    expect(await balancesOf(payment.id)).toMatchObject({ chargeback_loss: 4000 })
    await fail(payment.id)
    const books = await balancesOf(payment.id)
    expect(books).toMatchObject({ commission: -1000 })
    expect(books).not.toHaveProperty('chargeback_loss')
    const earned = await balanceOf(chart.providerPayable(provider, 'USD'))
    const owed = await balanceOf(chart.providerReceivable(provider, 'USD'))
    expect(earned - owed).toBe(0)
    await shop.expectSame()
  })

  test('and when the bank gives it back after all, all of it is here again', async () => {
    const payment = await pay(10_000, 'pm_card_pendingRefund')
    await refund(payment.id, { amount: '6000' })
    const ref = await lose(payment.id, payment.charge)
    await fail(payment.id)
    const snapshot = await server.ctx().ports.payments?.fetchDispute(ref)
    if (!snapshot) throw new Error('the dispute is gone')
    const amount = money(10_000, 'USD')
    const back = { ref: `txn_${randomUUID()}`, kind: 'reinstated', amount, fee: null } as const
    await server.ctx().tx((tx) =>
      applyDispute(tx, {
        ...snapshot,
        status: 'won',
        movements: [...snapshot.movements, back],
      }),
    )
    const books = await balancesOf(payment.id)
    expect(books).toMatchObject({ escrow: 10_000 })
    expect(books).not.toHaveProperty('chargeback_loss')
    expect(await get(payment.id)).toMatchObject({ state: 'held', chargedBack: dollars(0) })
  })

  test('M53 of money that came in twice, too: nobody waits for what the bank has', async () => {
    const { id, surplus } = await givenPaidTwice(shop)
    await restSurplus(shop)
    await drain()
    await lose(id, surplus.charge)
    expect(await balancesOf(surplus.id)).toMatchObject({ chargeback_loss: 1099 })
    await fail(id)
    const books = await balancesOf(surplus.id)
    expect(books).not.toHaveProperty('chargeback_loss')
    expect(books).not.toHaveProperty('escrow')
    expect(await waiting()).toEqual([])
  })
})

test('M53 a dispute about a part of what came in twice leaves the rest to be given back', async () => {
  const { id, surplus } = await givenPaidTwice(shop)
  await lose(id, surplus.charge, { amount: 400 })
  expect(await waiting()).toMatchObject([{ id: surplus.id, failure: null }])
  await restSurplus(shop)
  // A charge that was lost is not refunded any more, and somebody finds another way.
  await drain()
  expect(await waiting()).toMatchObject([{ id: surplus.id, failure: 'charge_disputed' }])
  const body = { by: 'other_means', note: 'Sent by bank transfer.' }
  const settled = await keyed(finance, `/payments/surplus/${surplus.id}/settlement`, body)
  expect(settled.status).toBe(200)
  expect(await balancesOf(surplus.id)).toMatchObject({ world: -699 })
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  expect(await waiting()).toEqual([])
})
