/** What other rooms keep is mended by them: refunds and disputes that nobody told us of. */
import { expect, test } from 'vitest'
import { query } from '../auth/testing.ts'
import { releasesAllowed } from './index.ts'
import { openShop } from './testing.ts'

const clean = { state: 'clean', findings: [] }

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
