/** What other rooms keep is mended by them: refunds and disputes that nobody told us of. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { query } from '../auth/testing.ts'
import { releasesAllowed } from './index.ts'
import { type Shop, chargeOf, openShop } from './testing.ts'

const clean = { state: 'clean', findings: [] }

/** The next run is one whose window begins after all that has happened. */
async function givenLaterWindow(shop: Shop) {
  const asked = await shop.finance.post(
    '/api/v1/reconciliation/runs',
    { span: '24h' },
    { 'idempotency-key': randomUUID() },
  )
  expect(asked.status).toBe(202)
  await query(
    shop.server,
    `update reconciliation_runs set since = now() + interval '1 minute' where id = $1`,
    [asked.body.data.id],
  )
}

test('M84 M101 a refund of the dashboard is written down, with its money; one that fails is undone', async () => {
  const shop = await openShop()
  const paid = await shop.givenPaid()
  await shop.find()
  const refund = await shop.behind('POST', 'refunds', { charge: paid.charge, amount: 200 })
  expect(await shop.find()).toEqual({
    state: 'clean',
    findings: [{ class: 'missing_here', kind: 'refund', ref: refund.id, outcome: 'healed' }],
  })
  expect(await query(shop.server, 'select state, origin from refunds_refunds')).toEqual([
    { state: 'succeeded', origin: 'provider' },
  ])
  expect(await shop.find()).toEqual(clean)
  await shop.behind('POST', `refunds/${refund.id}/fail`)
  expect(await shop.find()).toMatchObject({ state: 'clean', findings: [{ outcome: 'healed' }] })
  expect(await query(shop.server, 'select state from refunds_refunds')).toEqual([
    { state: 'failed' },
  ])
  expect(await shop.find()).toEqual(clean)
})

test('M101 a refund that waits at a bank is on its way, however long, and blocks no payout', async () => {
  const shop = await openShop()
  const { id, providerRef } = await shop.start('5000')
  const charge = chargeOf(await shop.pay(providerRef, 'pm_card_pendingRefund'))
  await shop.find()
  const refund = await shop.behind('POST', 'refunds', { charge, amount: 2000 })
  // Heard of by nobody but the first run, and the money is gone at the provider already.
  expect(await shop.find()).toMatchObject({
    state: 'clean',
    findings: [{ class: 'missing_here', outcome: 'healed' }],
  })
  expect(await query(shop.server, 'select state from refunds_refunds')).toEqual([
    { state: 'pending' },
  ])
  expect(await shop.find()).toEqual(clean)
  await givenLaterWindow(shop)
  expect(await shop.find()).toEqual(clean)
  const { body } = await shop.finance.get('/api/v1/reconciliation/runs?limit=1')
  expect(body.data[0]).toMatchObject({ balances: [{ explained: '-2000' }] })
  expect(await releasesAllowed(shop.server.ctx())).toEqual({ isAllowed: true, blocks: [] })
  // The bank has paid it, or not: then it is posted, or is the escrow's again.
  await shop.behind('POST', `refunds/${refund.id}/fail`)
  expect(await shop.find()).toMatchObject({ state: 'clean' })
  expect(await query(shop.server, 'select state from refunds_refunds')).toEqual([
    { state: 'failed' },
  ])
  expect(await shop.stateOf(id)).toBe('held')
  expect(await shop.find()).toEqual(clean)
})

test('M101 another amount than the refund that waits is told, however long ago it moved', async () => {
  const shop = await openShop()
  const { providerRef } = await shop.start('5000')
  const charge = chargeOf(await shop.pay(providerRef, 'pm_card_pendingRefund'))
  await shop.find()
  const refund = await shop.behind('POST', 'refunds', { charge, amount: 2000 })
  await shop.find()
  await query(shop.server, 'update refunds_refunds set amount = 1999')
  await givenLaterWindow(shop)
  expect(await shop.find()).toEqual({
    state: 'drift',
    findings: [{ class: 'unposted', kind: 'movement', ref: refund.id, outcome: 'open' }],
  })
  expect((await releasesAllowed(shop.server.ctx())).isAllowed).toBe(false)
})

test('M101 a dispute is written down with what was taken for it, and with what came back', async () => {
  const shop = await openShop()
  const paid = await shop.givenPaid('5000')
  await shop.find()
  const dispute = await shop.behind('POST', 'disputes', { charge: paid.charge })
  expect(await shop.find()).toEqual({
    state: 'clean',
    findings: [{ class: 'missing_here', kind: 'dispute', ref: dispute.id, outcome: 'healed' }],
  })
  expect(await shop.stateOf(paid.id)).toBe('frozen')
  expect(await shop.find()).toEqual(clean)
  await shop.behind('POST', `disputes/${dispute.id}/won`)
  expect(await shop.find()).toMatchObject({ state: 'clean', findings: [{ outcome: 'healed' }] })
  expect(await shop.stateOf(paid.id)).toBe('held')
  expect(await shop.find()).toEqual(clean)
  expect(await releasesAllowed(shop.server.ctx())).toEqual({ isAllowed: true, blocks: [] })
})
