/** Money that came in twice: it goes back by itself, all of it, once, and the payment knows nothing of it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually } from '../../app/testing.ts'
import { together } from '../auth/testing.ts'
import { alertsOf, watch } from '../monitoring/testing.ts'
import { keyed, price } from '../payments/testing.ts'
import { returnSurplus } from './jobs.ts'
import { givenPaidTwice, restSurplus, startShop } from './testing.ts'

const shop = await startShop()
const { server, twin, stripe, finance, api, get, balancesOf, refundsOf } = shop
const drain = () =>
  returnSurplus.run(
    server.ctx(),
    { scheduledFor: new Date().toISOString() },
    new AbortController().signal,
  )
const rest = () => restSurplus(shop)
const waiting = async () => (await finance.get(`${api}/payments/surplus`)).body.data

test('M53 what came in twice goes back once, by whichever of twenty processes, after it has rested', async () => {
  const { id, surplus } = await givenPaidTwice(shop)
  await drain()
  expect(await refundsOf(id)).toEqual([])
  await rest()
  await together(20, drain)
  expect(await refundsOf(id)).toMatchObject([
    { origin: 'surplus', state: 'succeeded', amount: price },
  ])
  expect(await shop.theirRefunds(surplus.charge)).toMatchObject([{ reason: 'duplicate' }])
  expect(await get(id)).toMatchObject({
    state: 'held',
    captured: price,
    refunded: { amount: '0' },
    refundPending: { amount: '0' },
  })
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  expect((await finance.get(`${api}/payments/surplus`)).body.data).toEqual([])
  // The payment itself can still be refunded, once.
  expect((await shop.refund(id)).body.data).toMatchObject({ state: 'succeeded', amount: price })
  expect(await get(id)).toMatchObject({ state: 'refunded' })
})

test('M53 given back in the dashboard it is given back by nobody else', async () => {
  const { id, surplus } = await givenPaidTwice(shop)
  await shop.atTwin('refunds', { charge: surplus.charge })
  await eventually(async () => (await refundsOf(id)).length > 0)
  await rest()
  await drain()
  expect(await refundsOf(id)).toMatchObject([{ origin: 'provider', state: 'succeeded' }])
  expect(await shop.theirRefunds(surplus.charge)).toHaveLength(1)
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  expect(await get(id)).toMatchObject({ state: 'held', refunded: { amount: '0' } })
})

test('M53 a part given back in the dashboard leaves the rest, which goes back by itself', async () => {
  const { surplus } = await givenPaidTwice(shop)
  await shop.atTwin('refunds', { charge: surplus.charge, amount: 400 })
  await shop.settled()
  expect(await balancesOf(surplus.id)).toMatchObject({ escrow: 699 })
  expect(await waiting()).toMatchObject([{ id: surplus.id, failure: null }])
  await rest()
  await together(20, drain)
  const theirs = await shop.theirRefunds(surplus.charge)
  expect(theirs.map(({ amount }) => amount)).toEqual([699, 400])
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
  expect(await waiting()).toEqual([])
  // The first part comes back from the bank: it is here again, and waits for somebody.
  await shop.atTwin(`refunds/${theirs[1]?.id}/fail`)
  await eventually(async () => (await waiting()).length > 0)
  await drain()
  expect(await waiting()).toMatchObject([{ id: surplus.id, failure: expect.any(String) }])
  const settle = () =>
    keyed(finance, `/payments/surplus/${surplus.id}/settlement`, {
      by: 'other_means',
      note: 'Sent by bank transfer.',
    })
  expect((await settle()).status).toBe(200)
  expect(await waiting()).toEqual([])
  // So is the second one, which is another amount.
  await shop.atTwin(`refunds/${theirs[0]?.id}/fail`)
  await eventually(async () => (await waiting()).length > 0)
  expect((await settle()).status).toBe(200)
  expect(await balancesOf(surplus.id)).toMatchObject({ world: -1099 })
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
})

test('M53 refused, because the dashboard was faster and nobody has heard of it, it is an alert, and both agree in the end', async () => {
  const { id, surplus } = await givenPaidTwice(shop)
  await rest()
  for (const on of ['refund.*', 'charge.refund*'])
    twin.faults.event({ fault: 'drop', on, count: 9 })
  await shop.atTwin('refunds', { charge: surplus.charge })
  await drain()
  twin.faults.clear()
  const [refused] = await refundsOf(id)
  expect(refused).toMatchObject({ origin: 'surplus', state: 'failed' })
  await watch(server)
  const alerts = await alertsOf(await server.as('admin'), 'troubled_refund')
  expect(alerts.map(({ subjectId }) => subjectId)).toContain(refused?.['id'])
  // Any later event about the charge brings it in.
  await stripe.charges.update(surplus.charge, { description: randomUUID() })
  await eventually(async () => (await refundsOf(id)).length === 2)
  await shop.settled()
  expect(await balancesOf(surplus.id)).not.toHaveProperty('escrow')
})

test('in the end the provider’s money and ours are the same', async () => {
  await shop.settled()
  await shop.expectSame()
  expect(server.failures).toEqual([])
})
