/** Differences between a provider and us: each is found, told by its name, and mended where that can be. */
import { expect, test } from 'vitest'
import { chart, post } from '../ledger/index.ts'
import { usd } from '../ledger/testing.ts'
import { openShop } from './testing.ts'

const shop = await openShop()
const { server, stripe, behind } = shop

const clean = { state: 'clean', findings: [] }

test('M101 a payment that nobody told us of is brought in, and a second run finds nothing', async () => {
  expect(await shop.find()).toEqual(clean)
  const held = await shop.givenPaid()
  expect(await shop.stateOf(held.id)).toBe('created')
  expect(await shop.find({ isDryRun: true })).toMatchObject({ state: 'drift' })
  expect(await shop.stateOf(held.id)).toBe('created')
  const mended = await shop.find()
  expect(mended).toEqual({
    state: 'clean',
    findings: [
      { class: 'behind', kind: 'payment_intent', ref: held.providerRef, outcome: 'healed' },
    ],
  })
  expect(await shop.stateOf(held.id)).toBe('held')
  expect(await shop.find()).toEqual(clean)
})
void [server, stripe, behind, chart, post, usd]
