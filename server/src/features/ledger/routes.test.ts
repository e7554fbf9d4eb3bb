/** Reading the ledger over HTTP: balances now and before, what moved, and whether it is true. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api } from '../auth/testing.ts'
import { chart, closeAccount, openHold, reverse } from './index.ts'
import { accountOf, givenFunds, move, postIn, usd } from './testing.ts'

const base = `${api}/ledger`
let server: Server
let finance: Awaited<ReturnType<Server['as']>>

beforeAll(async () => {
  server = await startServer()
  finance = await server.as('finance')
})

const dollars = (amount: number) => ({ amount: `${amount}`, currency: 'USD' })
const accountAt = async (id: string, query = '') =>
  (await finance.get(`${base}/accounts/${id}${query}`)).body.data

test('an account says what is on it, what is held of it and what can be spent', async () => {
  const wallet = await givenFunds(server, 1000)
  await server.ctx().tx((tx) =>
    openHold(tx, {
      account: wallet,
      amount: usd(300),
      idemKey: randomUUID(),
      expiresAt: new Date(Date.now() + 60_000),
    }),
  )
  expect(await accountAt(wallet)).toMatchObject({
    id: wallet,
    kind: 'provider_payable',
    currency: 'USD',
    normal: 'credit',
    debits: dollars(0),
    credits: dollars(1000),
    balance: dollars(1000),
    held: dollars(300),
    available: dollars(700),
    isUnbounded: false,
    closedAt: null,
  })
})

test('an account without bounds is summed, and nothing of it is "available"', async () => {
  await move(server, chart.pspClearing('paypal', 'USD'), chart.commission('USD'), usd(25))
  const id = await accountOf(server, chart.pspClearing('paypal', 'USD'))
  expect(await accountAt(id)).toMatchObject({
    ownerId: 'paypal',
    normal: 'debit',
    balance: dollars(25),
    debits: dollars(25),
    available: null,
    isUnbounded: true,
  })
})

test('the balance of a past time is that of what had taken effect by then', async () => {
  const provider = chart.providerPayable(randomUUID(), 'USD')
  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  for (const [day, amount] of [
    [10, 100],
    [20, 50],
    [15, 7],
  ] as const)
    await postIn(server, {
      idemKey: randomUUID(),
      reason: 'test.earned',
      postings: [{ debit: chart.world('USD'), credit: provider, amount: usd(amount) }],
      effectiveAt: at(day),
    })
  const id = await accountOf(server, provider)
  const balances = []
  for (const day of [9, 10, 15, 19, 20])
    balances.push((await accountAt(id, `?at=${at(day).toISOString()}`)).balance.amount)
  expect(balances).toEqual(['0', '100', '107', '107', '157'])
  expect((await accountAt(id)).balance).toEqual(dollars(157))
  const world = await accountOf(server, chart.world('USD'))
  expect((await accountAt(world, `?at=${at(15).toISOString()}`)).debits).toEqual(dollars(107))
})

test('accounts are found by kind, owner and currency, page by page', async () => {
  const owner = randomUUID()
  for (const asset of ['USD', 'EUR', 'JPY', 'KWD'] as const) {
    await accountOf(server, chart.providerPayable(owner, asset))
    await accountOf(server, chart.providerReceivable(owner, asset))
  }
  const seen: string[] = []
  let next: string | null = `${base}/accounts?ownerId=${owner}&limit=3`
  let pages = 0
  while (next) {
    const { body } = await finance.get(next)
    for (const { kind, currency } of body.data) seen.push(`${kind} ${currency}`)
    const { nextCursor } = body.meta as { nextCursor: string | null }
    next = nextCursor ? `${base}/accounts?ownerId=${owner}&limit=3&cursor=${nextCursor}` : null
    pages += 1
  }
  expect(pages).toBe(3)
  expect(new Set(seen).size).toBe(8)
  const { body } = await finance.get(
    `${base}/accounts?ownerId=${owner}&kind=provider_payable&currency=KWD`,
  )
  expect(body.data).toMatchObject([{ kind: 'provider_payable', currency: 'KWD' }])
})

test('postings of an account come from both sides, newest first, page by page', async () => {
  const [wallet, shop] = [
    await givenFunds(server, 100),
    await accountOf(server, chart.escrow(randomUUID(), 'USD')),
  ]
  for (const amount of [1, 2, 3]) await move(server, wallet, shop, usd(amount))
  await move(server, shop, wallet, usd(4))
  const url = `${base}/accounts/${wallet}/postings?limit=3`
  const first = await finance.get(url)
  const second = await finance.get(`${url}&cursor=${first.body.meta.nextCursor}`)
  expect(second.body.meta.nextCursor).toBeNull()
  const all = [...first.body.data, ...second.body.data]
  expect(all.map(({ side, amount }) => `${side} ${amount.amount}`)).toEqual([
    'credit 4',
    'debit 3',
    'debit 2',
    'debit 1',
    'credit 100',
  ])
  expect(all[0]).toMatchObject({ otherAccountId: shop, reason: 'test.moved' })
})

test('a transaction names its postings, what it is about, and what undid it', async () => {
  const [order, escrow] = [randomUUID(), randomUUID()]
  const { transaction } = await postIn(server, {
    idemKey: `capture:${order}`,
    reason: 'test.captured',
    ref: { type: 'order', id: order },
    postings: [
      {
        debit: chart.pspClearing('stripe', 'USD'),
        credit: chart.escrow(escrow, 'USD'),
        amount: usd(100),
      },
      {
        debit: chart.pspFee('USD'),
        credit: chart.pspClearing('stripe', 'USD'),
        amount: usd(3),
      },
    ],
  })
  const undone = await server
    .ctx()
    .tx((tx) => reverse(tx, transaction.id, { reason: 'test.undone' }))
  const one = await finance.get(`${base}/transactions/${transaction.id}`)
  expect(one.body.data).toMatchObject({
    id: transaction.id,
    reason: 'test.captured',
    idempotencyKey: `capture:${order}`,
    ref: { type: 'order', id: order },
    reverses: null,
    reversedBy: undone.transaction.id,
    postings: [{ amount: dollars(100) }, { amount: dollars(3) }],
  })
  const all = await finance.get(`${base}/transactions?refType=order&refId=${order}`)
  expect(all.body.data).toMatchObject([
    { reverses: transaction.id, reason: 'test.undone', postings: [{ amount: dollars(3) }, {}] },
    { id: transaction.id },
  ])
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const later = await finance.get(`${base}/transactions?refType=order&from=${tomorrow}`)
  expect(later.body.data).toEqual([])
})

test('what is not there is not found', async () => {
  const id = randomUUID()
  for (const [url, code] of [
    [`${base}/accounts/${id}`, 'ledger.account_not_found'],
    [`${base}/accounts/${id}/postings`, 'ledger.account_not_found'],
    [`${base}/transactions/${id}`, 'ledger.transaction_not_found'],
  ] as const)
    expect(await finance.get(url)).toMatchObject({ status: 404, body: { code } })
  expect(await finance.get(`${base}/accounts?cursor=nonsense`)).toMatchObject({ status: 422 })
  expect(await finance.get(`${base}/accounts?currency=XXX`)).toMatchObject({ status: 422 })
})

test('it is read by finance and administrators, and by nobody else', async () => {
  for (const url of [`${base}/accounts`, `${base}/transactions`, `${base}/check`]) {
    expect(await server.anonymous.get(url)).toMatchObject({ status: 401 })
    expect(await (await server.as('support')).get(url)).toMatchObject({ status: 403 })
    expect(await (await server.as('admin')).get(url)).toMatchObject({ status: 200 })
  }
})

test('a ledger that nobody has checked has no age of a check, and nothing is broken', async () => {
  const { body } = await server.metrics.render()
  expect(body).toContain('ledger_invariant_broken{invariant="I1"} 0')
  expect(body).not.toMatch(/^ledger_check_age_seconds \d/m)
})

test('whether it is true is answered as it is now', async () => {
  const { body } = await finance.get(`${base}/check`)
  expect(body.data).toMatchObject({ isGood: true, findings: [] })
  expect(body.data.invariants.map(({ id }: { id: string }) => id)).toEqual([
    'I0',
    'I1',
    'I2',
    'I3',
    'I4',
    'I5',
    'I6',
    'I8',
  ])
  expect(body.data.counts.postings).toBeGreaterThan(0)
})

test('an empty account is closed for good, one with money on it is not', async () => {
  const [wallet, shop] = [
    await givenFunds(server, 10),
    await accountOf(server, chart.escrow(randomUUID(), 'USD')),
  ]
  const close = (id: string) => server.ctx().tx((tx) => closeAccount(tx, id))
  await expect(close(wallet)).rejects.toMatchObject({ code: 'ledger.account_not_empty' })
  await move(server, wallet, shop, usd(10))
  await close(wallet)
  await close(wallet)
  expect((await accountAt(wallet)).closedAt).toEqual(expect.any(String))
  await expect(move(server, shop, wallet, usd(1))).rejects.toMatchObject({
    code: 'ledger.account_closed',
  })
  await expect(
    server.ctx().tx(async (tx) => closeAccount(tx, await accountOf(server, chart.world('USD')))),
  ).rejects.toMatchObject({ code: 'ledger.unbounded_account' })
  const closings = (await server.facts()).filter(({ name }) => name === 'ledger.account_closed')
  expect(closings).toMatchObject([{ subjectId: wallet }])
})
