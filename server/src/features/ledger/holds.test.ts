/** Holds: promised once, ended once, and back by themselves when nobody comes. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { money } from '../../platform/money/index.ts'
import { type Server, together } from '../auth/testing.ts'
import { chart, expireHold, getBalance, openHold, releaseHold, settleHold } from './index.ts'
import { expireHolds } from './jobs.ts'
import { accountOf, balanceIn, expectTrue, givenFunds, move, outcomes, usd } from './testing.ts'

const server = await startServer()
const second = await startServer({ location: server.location })
const either = (index: number) => (index % 2 === 0 ? server : second)
const inAMinute = () => new Date(Date.now() + 60_000)
const overdue = () => new Date(Date.now() - 1)

const openIn = (
  on: Server,
  account: string,
  amount: number,
  given: { key?: string; expiresAt?: Date } = {},
) =>
  on.ctx().tx((tx) =>
    openHold(tx, {
      account,
      amount: usd(amount),
      idemKey: given.key ?? randomUUID(),
      expiresAt: given.expiresAt ?? inAMinute(),
    }),
  )
const settleIn = (on: Server, id: string, amount: number, to: string) =>
  on.ctx().tx((tx) => settleHold(tx, id, { amount: usd(amount), to, reason: 'test.used' }))
const releaseIn = (on: Server, id: string) => on.ctx().tx((tx) => releaseHold(tx, id))
const expireIn = (on: Server, id: string) => on.ctx().tx((tx) => expireHold(tx, id))
const standing = async (id: string) => {
  const { balance, held, available } = (await getBalance(server.ctx(), id)).balance
  return { balance, held, available }
}
const given = async (funds = 1000) => ({
  wallet: await givenFunds(server, funds),
  shop: await accountOf(server, chart.escrow(randomUUID(), 'USD')),
})

test('M11: of fifty holds of 300 on 1,000 at once, on two servers, exactly three stand', async () => {
  const { wallet } = await given()
  const opened = Array.from({ length: 50 }, (_, index) => openIn(either(index), wallet, 300))
  expect(await outcomes(opened)).toEqual({
    done: 3,
    refused: { 'ledger.insufficient_funds': 47 },
  })
  expect(await standing(wallet)).toEqual({ balance: 1000n, held: 900n, available: 100n })
  await expectTrue(server)
})

test('M12: of twenty who settle and twenty who let it expire one kind wins, and nothing stays held', async () => {
  const wins = { settled: 0, expired: 0 }
  for (let round = 0; round < 10; round += 1) {
    const { wallet, shop } = await given()
    const { hold } = await openIn(server, wallet, 300, { expiresAt: overdue() })
    const [settled, expired] = await Promise.all([
      outcomes(
        Array.from({ length: 20 }, (_, index) => settleIn(either(index), hold.id, 120, shop)),
      ),
      together(20, (index) => expireIn(either(index + 1), hold.id)),
    ])
    const isExpired = expired.filter(Boolean).length
    expect(isExpired).toBeLessThanOrEqual(1)
    expect(settled).toEqual(
      isExpired ? { done: 0, refused: { 'ledger.hold_ended': 20 } } : { done: 20, refused: {} },
    )
    expect(await standing(wallet)).toEqual(
      isExpired
        ? { balance: 1000n, held: 0n, available: 1000n }
        : { balance: 880n, held: 0n, available: 880n },
    )
    wins[isExpired ? 'expired' : 'settled'] += 1
  }
  expect(wins.settled + wins.expired).toBe(10)
  await expectTrue(server)
})

test('what is settled goes, and what is left of the hold is free again', async () => {
  const { wallet, shop } = await given()
  const { hold } = await openIn(server, wallet, 300)
  const settled = await settleIn(server, hold.id, 120, shop)
  expect(settled.hold).toMatchObject({ state: 'settled', settledAmount: 120n })
  expect(settled.hold.transactionId).toBe(settled.transaction?.id)
  expect(await standing(wallet)).toEqual({ balance: 880n, held: 0n, available: 880n })
  expect(await balanceIn(server, shop)).toBe(120n)

  const again = await settleIn(second, hold.id, 120, shop)
  expect(again).toMatchObject({ isReplay: true, transaction: { id: settled.transaction?.id } })
  await expect(settleIn(server, hold.id, 121, shop)).rejects.toMatchObject({
    code: 'ledger.settled_differently',
  })
  await expect(settleIn(server, hold.id, 301, shop)).rejects.toMatchObject({
    code: 'ledger.settled_differently',
  })
  expect(await releaseIn(server, hold.id)).toMatchObject({
    isReplay: true,
    hold: { state: 'settled' },
  })
  expect(await balanceIn(server, shop)).toBe(120n)
})

test('all of it can be settled, and nothing: that posts nothing', async () => {
  const { wallet, shop } = await given(300)
  const { hold: all } = await openIn(server, wallet, 300)
  await settleIn(server, all.id, 300, shop)
  expect(await standing(wallet)).toEqual({ balance: 0n, held: 0n, available: 0n })

  const { wallet: other } = await given(300)
  const { hold: none } = await openIn(server, other, 300)
  expect(await settleIn(server, none.id, 0, shop)).toMatchObject({
    transaction: null,
    hold: { state: 'settled', settledAmount: 0n },
  })
  expect(await settleIn(server, none.id, 0, shop)).toMatchObject({ isReplay: true })
  expect(await standing(other)).toEqual({ balance: 300n, held: 0n, available: 300n })
  await expectTrue(server)
})

test('more than was held is refused, and the hold stays', async () => {
  const { wallet, shop } = await given()
  const { hold } = await openIn(server, wallet, 300)
  await expect(settleIn(server, hold.id, 301, shop)).rejects.toMatchObject({
    code: 'ledger.more_than_held',
  })
  await expect(settleIn(server, hold.id, -1, shop)).rejects.toMatchObject({
    code: 'money.not_positive',
  })
  await expect(
    server
      .ctx()
      .tx((tx) =>
        settleHold(tx, hold.id, { amount: money(1, 'EUR'), to: shop, reason: 'test.used' }),
      ),
  ).rejects.toMatchObject({ code: 'money.asset_mismatch' })
  expect(await standing(wallet)).toEqual({ balance: 1000n, held: 300n, available: 700n })
})

test('what is held cannot be spent otherwise', async () => {
  const { wallet, shop } = await given()
  await openIn(server, wallet, 300)
  await expect(move(server, wallet, shop, usd(701))).rejects.toMatchObject({
    code: 'ledger.insufficient_funds',
    details: { available: '700' },
  })
  await move(server, wallet, shop, usd(700))
  expect(await standing(wallet)).toEqual({ balance: 300n, held: 300n, available: 0n })
})

test('of an account that grows by debits what is held goes by credits', async () => {
  const debt = await accountOf(server, chart.providerReceivable(randomUUID(), 'USD'))
  await move(server, debt, chart.world('USD'), usd(100))
  const { hold } = await openIn(server, debt, 60)
  await expect(openIn(server, debt, 60)).rejects.toMatchObject({
    code: 'ledger.insufficient_funds',
  })
  await settleIn(server, hold.id, 25, await accountOf(server, chart.world('USD')))
  expect(await standing(debt)).toEqual({ balance: 75n, held: 0n, available: 75n })
  await expectTrue(server)
})

test('released it is free, once, and is not settled any more', async () => {
  const { wallet, shop } = await given()
  const { hold } = await openIn(server, wallet, 300)
  const released = await together(20, (index) => releaseIn(either(index), hold.id))
  expect(released.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
  expect(await standing(wallet)).toEqual({ balance: 1000n, held: 0n, available: 1000n })
  await expect(settleIn(server, hold.id, 1, shop)).rejects.toMatchObject({
    code: 'ledger.hold_ended',
    details: { state: 'released' },
  })
})

test('the same hold asked for twenty times at once is held once', async () => {
  const { wallet } = await given()
  const key = randomUUID()
  const opened = await together(20, (index) => openIn(either(index), wallet, 300, { key }))
  expect(new Set(opened.map(({ hold }) => hold.id)).size).toBe(1)
  expect(await standing(wallet)).toEqual({ balance: 1000n, held: 300n, available: 700n })
  await expect(openIn(server, wallet, 301, { key })).rejects.toMatchObject({
    code: 'ledger.idem_key_reused',
  })
})

test('M13: a hold that nobody ends comes back by the clock, and is stated as a fact', async () => {
  const { wallet } = await given()
  const { hold } = await openIn(server, wallet, 300, { expiresAt: overdue() })
  const { hold: young } = await openIn(server, wallet, 100)
  await Promise.all(
    [server, second].map((on) =>
      expireHolds.run(on.ctx(), { scheduledFor: '' }, new AbortController().signal),
    ),
  )
  expect(await standing(wallet)).toEqual({ balance: 1000n, held: 100n, available: 900n })
  const facts = (await server.facts()).filter(({ name }) => name === 'ledger.hold_expired')
  expect(facts.filter(({ subjectId }) => subjectId === hold.id)).toMatchObject([
    { data: { accountId: wallet, asset: 'USD', amount: '300' } },
  ])
  expect(facts.filter(({ subjectId }) => subjectId === young.id)).toEqual([])
})

test('of an account without bounds nothing is held, and of none nothing either', async () => {
  const world = await accountOf(server, chart.world('USD'))
  await expect(openIn(server, world, 1)).rejects.toMatchObject({
    code: 'ledger.unbounded_account',
  })
  await expect(openIn(server, randomUUID(), 1)).rejects.toMatchObject({
    code: 'ledger.account_not_found',
  })
  await expect(releaseIn(server, randomUUID())).rejects.toMatchObject({
    code: 'ledger.hold_not_found',
  })
  const { wallet } = await given()
  await expect(openIn(server, wallet, 0)).rejects.toMatchObject({ code: 'money.not_positive' })
})

test('holds that are settled to and fro between two accounts wait for each other in one order', async () => {
  const [a, b] = [await givenFunds(server, 10_000), await givenFunds(server, 10_000)]
  const work = Array.from({ length: 60 }, async (_, index) => {
    const [from, to] = index % 2 === 0 ? [a, b] : [b, a]
    const { hold } = await openIn(either(index), from, 20)
    await settleIn(either(index + 1), hold.id, 10, to)
  })
  expect(await outcomes(work)).toEqual({ done: 60, refused: {} })
  expect(await standing(a)).toEqual({ balance: 10_000n, held: 0n, available: 10_000n })
  await expectTrue(server)
})
