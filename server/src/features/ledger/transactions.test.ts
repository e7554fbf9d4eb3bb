/** Posting: once, in balance, and never more than there is, whoever else posts at the same moment. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { money } from '../../platform/money/index.ts'
import { together } from '../auth/testing.ts'
import { chart, lockAccounts, openAccounts, post, reverse } from './index.ts'
import {
  accountOf,
  balanceIn,
  credits,
  expectTrue,
  givenFunds,
  move,
  outcomes,
  postIn,
  usd,
} from './testing.ts'

const server = await startServer()
const second = await startServer({ location: server.location })
const either = (index: number) => (index % 2 === 0 ? server : second)
const sink = () => accountOf(server, chart.escrow(randomUUID(), 'USD'))

test('M1: of fifty who spend 100 of 1,000 at once, on two servers, ten succeed', async () => {
  const [wallet, shop] = [await givenFunds(server, 1000), await sink()]
  const spends = Array.from({ length: 50 }, (_, index) =>
    move(either(index), wallet, shop, usd(100)),
  )
  expect(await outcomes(spends)).toEqual({
    done: 10,
    refused: { 'ledger.insufficient_funds': 40 },
  })
  expect(await balanceIn(server, wallet)).toBe(0n)
  expect(await balanceIn(server, shop)).toBe(1000n)
  await expectTrue(server)
})

test('M2: two first spends of an account that is not there yet spend what was granted, once', async () => {
  for (let round = 0; round < 10; round += 1) {
    const wallet = chart.providerPayable(randomUUID(), 'USD')
    const grant = randomUUID()
    const shop = await sink()
    const spend = (index: number) =>
      either(index)
        .ctx()
        .tx(async (tx) => {
          await post(tx, {
            idemKey: grant,
            reason: 'test.granted',
            postings: [{ debit: chart.world('USD'), credit: wallet, amount: usd(100) }],
          })
          await post(tx, {
            idemKey: randomUUID(),
            reason: 'test.spent',
            postings: [{ debit: wallet, credit: shop, amount: usd(100) }],
          })
        })
    expect(await outcomes([spend(0), spend(1)])).toEqual({
      done: 1,
      refused: { 'ledger.insufficient_funds': 1 },
    })
    expect(await balanceIn(server, shop)).toBe(100n)
  }
  await expectTrue(server)
})

test('M2: an account is one account, however many open it first', async () => {
  const spec = chart.providerPayable(randomUUID(), 'USD')
  const ids = await together(20, (index) =>
    either(index)
      .ctx()
      .tx(async (tx) => (await openAccounts(tx, [spec]))[0]),
  )
  expect(new Set(ids).size).toBe(1)
})

test('M3: three hundred that go to and fro between two accounts wait for each other in one order', async () => {
  const [a, b] = [await givenFunds(server, 10_000), await givenFunds(server, 10_000)]
  const before = await deadlocks()
  const posts = Array.from({ length: 300 }, (_, index) => {
    const isBackwards = Math.random() < 0.5
    const [from, to] = isBackwards ? [a, b] : [b, a]
    return postIn(either(index), {
      idemKey: randomUUID(),
      reason: 'test.swapped',
      postings: [
        { debit: from, credit: to, amount: usd(3) },
        { debit: to, credit: from, amount: usd(1) },
      ],
    })
  })
  expect(await outcomes(posts)).toEqual({ done: 300, refused: {} })
  expect((await balanceIn(server, a)) + (await balanceIn(server, b))).toBe(20_000n)
  expect(await deadlocks()).toBe(before)
  await expectTrue(server)
})

test('M3: whoever posts twice in one transaction locks the accounts of both first', async () => {
  const [a, b] = [await givenFunds(server, 1000), await givenFunds(server, 1000)]
  const posts = Array.from({ length: 40 }, (_, index) =>
    either(index)
      .ctx()
      .tx(async (tx) => {
        const [first, then] = index % 3 === 0 ? [a, b] : [b, a]
        await lockAccounts(tx, [first, then])
        for (const wallet of [first, then])
          await post(tx, {
            idemKey: randomUUID(),
            reason: 'test.given',
            postings: [{ debit: chart.world('USD'), credit: wallet, amount: usd(1) }],
          })
      }),
  )
  expect(await outcomes(posts)).toEqual({ done: 40, refused: {} })
  expect(await balanceIn(server, a)).toBe(1040n)
})

test('M4: forty who post the same under one key make one transaction, and all get its id', async () => {
  const [wallet, shop] = [await givenFunds(server, 100), await sink()]
  const posted = await together(40, (index) =>
    move(either(index), wallet, shop, usd(100), `order:${wallet}`),
  )
  expect(new Set(posted.map(({ transaction }) => transaction.id)).size).toBe(1)
  expect(posted.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
  expect(await balanceIn(server, shop)).toBe(100n)
  await expectTrue(server)
})

test('M4: accounts without bounds are not locked, and still one of forty posts', async () => {
  const key = randomUUID()
  const posted = await together(40, (index) =>
    move(either(index), chart.world('EUR'), chart.commission('EUR'), money(7, 'EUR'), key),
  )
  expect(new Set(posted.map(({ transaction }) => transaction.id)).size).toBe(1)
  expect(await balanceIn(server, await accountOf(server, chart.commission('EUR')))).toBe(7n)
})

test('M4: something else under the same key is refused, and nothing is posted', async () => {
  const [wallet, shop, other] = [await givenFunds(server, 500), await sink(), await sink()]
  const key = randomUUID()
  await move(server, wallet, shop, usd(100), key)
  for (const attempt of [
    () => move(server, wallet, shop, usd(101), key),
    () => move(server, wallet, other, usd(100), key),
    () =>
      postIn(server, {
        idemKey: key,
        reason: 'test.another',
        postings: [{ debit: wallet, credit: shop, amount: usd(100) }],
      }),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'ledger.idem_key_reused', status: 409 })
  expect(await balanceIn(server, wallet)).toBe(400n)
})

test('M4: of twenty that are something else each under one key, and wait for nobody, one is posted; the others are refused', async () => {
  const key = randomUUID()
  const attempts = Array.from({ length: 20 }, (_, index) =>
    move(either(index), chart.world('GBP'), chart.commission('GBP'), money(1 + index, 'GBP'), key),
  )
  expect(await outcomes(attempts)).toEqual({ done: 1, refused: { 'ledger.idem_key_reused': 19 } })
  await expectTrue(server)
})

test('M8: of twenty who reverse one transaction at once one does, and all get the reversal', async () => {
  const [wallet, shop] = [await givenFunds(server, 100), await sink()]
  const { transaction } = await move(server, wallet, shop, usd(60))
  const reversals = await together(20, (index) =>
    either(index)
      .ctx()
      .tx((tx) => reverse(tx, transaction.id, { reason: 'test.undone' })),
  )
  expect(new Set(reversals.map((each) => each.transaction.id)).size).toBe(1)
  expect(reversals.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
  expect(await balanceIn(server, wallet)).toBe(100n)
  expect(await balanceIn(server, shop)).toBe(0n)
  await expectTrue(server)
})

test('M8: under keys of their own one reverses, and the others are told', async () => {
  const { transaction } = await move(server, chart.world('USD'), chart.commission('USD'), usd(60))
  const attempts = Array.from({ length: 20 }, (_, index) =>
    either(index)
      .ctx()
      .tx((tx) => reverse(tx, transaction.id, { reason: 'test.undone', idemKey: randomUUID() })),
  )
  expect(await outcomes(attempts)).toEqual({
    done: 1,
    refused: { 'ledger.already_reversed': 19 },
  })
  await expectTrue(server)
})

test('what was spent cannot be reversed, and stays as it is', async () => {
  const [wallet, shop] = [await givenFunds(server, 0), await sink()]
  const { transaction } = await move(server, chart.world('USD'), wallet, usd(100))
  await move(server, wallet, shop, usd(40))
  await expect(
    server.ctx().tx((tx) => reverse(tx, transaction.id, { reason: 'test.undone' })),
  ).rejects.toMatchObject({
    code: 'ledger.insufficient_funds',
    details: { available: '60', currency: 'USD' },
  })
  expect(await balanceIn(server, wallet)).toBe(60n)
})

test('a transaction is all of its postings or none, and what comes in first can go on', async () => {
  const [escrow, provider] = [await sink(), chart.providerPayable(randomUUID(), 'USD')]
  const release = (idemKey: string) =>
    postIn(server, {
      idemKey,
      reason: 'test.released',
      ref: { type: 'order', id: escrow },
      postings: [
        { debit: chart.pspClearing('stripe', 'USD'), credit: escrow, amount: usd(100) },
        { debit: escrow, credit: chart.commission('USD'), amount: usd(10) },
        { debit: escrow, credit: provider, amount: usd(90) },
      ],
    })
  await release(randomUUID())
  expect(await balanceIn(server, escrow)).toBe(0n)
  const earned = await accountOf(server, provider)
  expect(await balanceIn(server, earned)).toBe(90n)

  const backwards = postIn(server, {
    idemKey: randomUUID(),
    reason: 'test.released',
    postings: [
      { debit: chart.world('USD'), credit: earned, amount: usd(1) },
      { debit: escrow, credit: earned, amount: usd(1) },
    ],
  })
  await expect(backwards).rejects.toMatchObject({ code: 'ledger.insufficient_funds' })
  expect(await balanceIn(server, earned)).toBe(90n)
  await expectTrue(server)
})

test('money becomes credits in one transaction of two currencies, never in one posting', async () => {
  const [wallet, lot] = [await givenFunds(server, 500), randomUUID()]
  const account = chart.creditLot(lot, randomUUID())
  await postIn(server, {
    idemKey: `credits:${lot}`,
    reason: 'test.bought_credits',
    postings: [
      { debit: wallet, credit: chart.liquidity('USD'), amount: usd(500) },
      { debit: chart.liquidity('CRD'), credit: account, amount: credits(5_000_000) },
    ],
  })
  expect(await balanceIn(server, lot)).toBe(5_000_000n)
  await expect(move(server, lot, chart.creditRevenue('CRD'), usd(1))).rejects.toMatchObject({
    code: 'money.asset_mismatch',
  })
  await expectTrue(server)
})

test('nothing, less, an account and itself, and tomorrow are refused before anything is written', async () => {
  const [wallet, shop] = [await givenFunds(server, 500), await sink()]
  await expect(move(server, wallet, shop, usd(0))).rejects.toMatchObject({
    code: 'money.not_positive',
  })
  await expect(move(server, wallet, shop, usd(-5))).rejects.toMatchObject({
    code: 'money.not_positive',
  })
  await expect(move(server, wallet, wallet, usd(5))).rejects.toMatchObject({
    code: 'ledger.same_account',
  })
  const entry = { idemKey: randomUUID(), reason: 'test.moved' }
  await expect(postIn(server, { ...entry, postings: [] })).rejects.toMatchObject({
    code: 'ledger.nothing_posted',
  })
  await expect(
    postIn(server, {
      ...entry,
      postings: [{ debit: wallet, credit: shop, amount: usd(5) }],
      effectiveAt: new Date(Date.now() + 60_000),
    }),
  ).rejects.toMatchObject({ code: 'ledger.effective_in_future' })
  expect(await balanceIn(server, wallet)).toBe(500n)
})

test('an account that is nowhere, or that is in another currency, is not posted to', async () => {
  const wallet = await givenFunds(server, 500)
  const attempts = [
    () => move(server, wallet, randomUUID(), usd(5)),
    () => move(server, randomUUID(), wallet, usd(5)),
    () => move(server, wallet, chart.commission('EUR'), usd(5)),
  ]
  for (const attempt of attempts)
    await expect(attempt()).rejects.toMatchObject({ code: 'ledger.account_not_found', status: 404 })
  expect(await balanceIn(server, wallet)).toBe(500n)
})

test('whoever is refused for want of funds may do something else in the same transaction', async () => {
  const [wallet, shop] = [await givenFunds(server, 50), await sink()]
  await server.ctx().tx(async (tx) => {
    const entry = (amount: number) => ({
      idemKey: randomUUID(),
      reason: 'test.spent',
      postings: [{ debit: wallet, credit: shop, amount: usd(amount) }],
    })
    await expect(post(tx, entry(80))).rejects.toMatchObject({ code: 'ledger.insufficient_funds' })
    await post(tx, entry(50))
  })
  expect(await balanceIn(server, wallet)).toBe(0n)
})

test('each transaction is stated as a fact, once', async () => {
  const [wallet, shop] = [await givenFunds(server, 50), await sink()]
  const key = randomUUID()
  const { transaction } = await move(server, wallet, shop, usd(20), key)
  await move(server, wallet, shop, usd(20), key)
  const facts = (await server.facts()).filter(({ subjectId }) => subjectId === transaction.id)
  expect(facts).toMatchObject([
    { name: 'ledger.transaction_posted', data: { reason: 'test.moved', moved: { USD: '20' } } },
  ])
})

async function deadlocks(): Promise<number> {
  const { rows } = await server.owner.query<{ deadlocks: string }>(
    'select pg_stat_clear_snapshot(), deadlocks from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0]?.deadlocks)
}
