/** A run in the middle of business: payments come in, events arrive late or twice, and nothing is wrong for all that. */
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { query, rounds } from '../auth/testing.ts'
import { openShop } from './testing.ts'

test('while people pay, runs mend what is late and cry over nothing', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.listen()
  shop.twin.faults.seed(20_261_126, {}, { delay: 0.2, duplicate: 0.2, drop: 0.2, reorder: 0.1 })
  const business = { left: 3 * rounds, paying: 3 }
  const customer = async () => {
    for (; business.left > 0; await pause(20)) {
      business.left -= 1
      await shop.givenPaid()
    }
    business.paying -= 1
  }
  const customers = Promise.all([customer(), customer(), customer()])
  try {
    while (business.paying > 0) {
      const { findings } = await shop.find()
      expect(findings.filter(({ outcome }) => outcome !== 'healed')).toEqual([])
    }
  } finally {
    business.left = 0
    await customers
  }
  await shop.find()
  expect(await shop.find()).toEqual({ state: 'clean', findings: [] })
  expect(
    await query(shop.server, 'select state, count(*)::int from payments_payments group by state'),
  ).toEqual([{ state: 'held', count: 3 * rounds }])
  expect(await query(shop.server, `select 1 from reconciliation_drifts`)).toEqual([])
})

test('what is behind the first page of a list is found, too', async () => {
  const shop = await openShop()
  const paid = await shop.givenPaid()
  for (let made = 0; made < 205; made += 1)
    await shop.stripe.paymentIntents.create({ amount: 700, currency: 'usd' })
  const run = await shop.run()
  expect(run.scanned).toMatchObject({ payment_intent: 206 })
  expect(await shop.findings(run)).toMatchObject([{ ref: paid.providerRef, outcome: 'healed' }])
})

test('a transfer that nobody here has sent is told', async () => {
  const shop = await openShop({ money: { settleSeconds: 0 } })
  await shop.givenPaid('50000')
  await shop.find()
  const account = await shop.stripe.accounts.create({
    type: 'express',
    capabilities: { transfers: { requested: true } },
  })
  await shop.behind('POST', `accounts/${account.id}/enabled`)
  const transfer = await shop.behind('POST', 'transfers', {
    amount: 900,
    currency: 'usd',
    destination: account.id,
  })
  expect(await shop.find()).toEqual({
    state: 'drift',
    findings: [{ class: 'unposted', kind: 'movement', ref: transfer.id, outcome: 'open' }],
  })
})
