/** Whether the ledger is true to itself: what is wrong is found and named, stated, raised as an alert and measured. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { query } from '../auth/testing.ts'
import { alertsOf, watch } from '../monitoring/testing.ts'
import { chart, checkLedger, openHold } from './index.ts'
import { checkByClock } from './jobs.ts'
import { accountOf, expectTrue, givenFunds, move, usd } from './testing.ts'

const server = await startServer()
const admin = await server.as('admin')

/** What only the owner of the database can do, and only on purpose: the triggers are out of the way for as long as it takes. */
const tamper = (table: string, ...statements: string[]) =>
  query(
    server,
    [
      `alter table ${table} disable trigger user`,
      ...statements,
      `alter table ${table} enable trigger user`,
    ].join(';'),
  )

/** What is wrong, by invariant, of these subjects. */
async function wrongOf(...subjects: string[]) {
  const { findings } = await checkLedger(server.ctx())
  return findings
    .filter(({ subject }) => subjects.includes(subject))
    .map(({ invariant, expected, found }) => `${invariant}: ${found}, not ${expected}`)
}

test('I1, I2: a balance that was changed is found, with what it should be', async () => {
  const wallet = await givenFunds(server, 1000)
  const change = (by: number) =>
    tamper(
      'ledger_accounts',
      `update ledger_accounts set credits = credits + ${by} where id = '${wallet}'`,
    )
  await expectTrue(server)
  await change(5)
  expect(await wrongOf(wallet)).toEqual([
    'I1: 0 debited, 1005 credited, not 0 debited, 1000 credited',
  ])
  expect(await wrongOf('USD')).toEqual(['I2: -5, not 0'])
  await change(-5)
  await expectTrue(server)
})

test('I0: a transaction whose postings are gone is found, even between accounts without bounds', async () => {
  const { transaction } = await move(server, chart.world('USD'), chart.commission('USD'), usd(77))
  const copy = `create table copied as select * from ledger_postings where transaction_id = '${transaction.id}'`
  await tamper(
    'ledger_postings',
    copy,
    `delete from ledger_postings where transaction_id = '${transaction.id}'`,
  )
  expect(await wrongOf(transaction.id)).toEqual(['I0: none, not at least one posting'])
  await tamper(
    'ledger_postings',
    'insert into ledger_postings overriding system value select * from copied',
    'drop table copied',
  )
  await expectTrue(server)
})

test('I3: what is held without a hold is found', async () => {
  const wallet = await givenFunds(server, 1000)
  const hold = (by: number) =>
    tamper(
      'ledger_accounts',
      `update ledger_accounts set held = held + ${by} where id = '${wallet}'`,
    )
  await hold(7)
  expect(await wrongOf(wallet)).toEqual(['I3: 7, not 0'])
  await hold(-7)
  await expectTrue(server)
})

test('I4: an account below its floor is found', async () => {
  const wallet = await givenFunds(server, 10)
  const [row] = await query<{ definition: string }>(
    server,
    `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'ledger_accounts_no_overdraft'`,
  )
  const raise = (floor: number) =>
    tamper('ledger_accounts', `update ledger_accounts set floor = ${floor} where id = '${wallet}'`)
  await query(server, 'alter table ledger_accounts drop constraint ledger_accounts_no_overdraft')
  await raise(50)
  expect(await wrongOf(wallet)).toEqual(['I4: 10, not at least 50'])
  await raise(0)
  await query(
    server,
    `alter table ledger_accounts add constraint ledger_accounts_no_overdraft ${row?.definition}`,
  )
  await expectTrue(server)
})

test('I5, I6: an order and a provider that have spent what never came are found', async () => {
  const provider = randomUUID()
  const order = randomUUID()
  const [escrow, payable] = [
    await accountOf(server, chart.escrow(order, 'USD')),
    await accountOf(server, chart.providerPayable(provider, 'USD')),
  ]
  const paid = await move(server, chart.world('USD'), escrow, usd(100))
  await move(server, escrow, chart.commission('USD'), usd(60))
  const earned = await move(server, chart.world('USD'), payable, usd(30))
  await move(server, payable, chart.pspClearing('stripe', 'USD'), usd(30))

  const gone = `transaction_id in ('${paid.transaction.id}', '${earned.transaction.id}')`
  await tamper(
    'ledger_postings',
    `create table copied as select * from ledger_postings where ${gone}`,
    `delete from ledger_postings where ${gone}`,
  )
  expect((await wrongOf(escrow)).filter((each) => each.startsWith('I5'))).toEqual([
    'I5: -60, not at least 0',
  ])
  const debt = async () => (await wrongOf(payable)).filter((each) => each.startsWith('I6'))
  expect(await debt()).toEqual(['I6: none, not a debt of 30'])
  await move(server, chart.providerReceivable(provider, 'USD'), chart.world('USD'), usd(30))
  expect(await debt()).toEqual([])
  await tamper(
    'ledger_postings',
    'insert into ledger_postings overriding system value select * from copied',
    'drop table copied',
  )
  await expectTrue(server)
})

test('I8: a hold that nobody lets go is found', async () => {
  const wallet = await givenFunds(server, 100)
  const { hold } = await server.ctx().tx((tx) =>
    openHold(tx, {
      account: wallet,
      amount: usd(10),
      idemKey: randomUUID(),
      expiresAt: new Date(Date.now() - 20 * 60_000),
    }),
  )
  expect(await wrongOf(hold.id)).toEqual([expect.stringMatching(/^I8: open, not ended by /)])
  await query(
    server,
    `update ledger_holds set state = 'released', ended_at = now() where id = '${hold.id}'`,
  )
  await expectTrue(server)
})

test('what is posted meanwhile never looks wrong', async () => {
  const [a, b] = [await givenFunds(server, 1000), await givenFunds(server, 1000)]
  const posting = Promise.all(
    Array.from({ length: 60 }, (_, index) => {
      const [from, to] = index % 2 === 0 ? [a, b] : [b, a]
      return move(server, from, to, usd(1))
    }),
  )
  for (let look = 0; look < 20; look += 1) await expectTrue(server)
  expect(await posting).toHaveLength(60)
})

test('by the clock a broken ledger is stated as a fact, an alert for those who watch, and a figure', async () => {
  const check = () =>
    checkByClock.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)
  const stated = async () =>
    (await server.facts()).filter(({ name }) => name === 'ledger.invariant_broken')
  await check()
  expect(await stated()).toEqual([])

  const wallet = await givenFunds(server, 1000)
  const change = (by: number) =>
    tamper(
      'ledger_accounts',
      `update ledger_accounts set debits = debits + ${by} where id = '${wallet}'`,
    )
  await change(5)
  await check()
  await check()
  const facts = await stated()
  expect(facts).toHaveLength(4)
  expect(facts[0]).toMatchObject({
    subjectId: 'I1',
    data: { invariant: 'I1', count: 1, subject: wallet, found: '5 debited, 1000 credited' },
  })
  await watch(server)
  const alerts = await alertsOf(admin, 'broken_ledger')
  expect(alerts.map(({ subjectId, count }) => ({ subjectId, count }))).toEqual([
    { subjectId: 'I1', count: 2 },
    { subjectId: 'I2', count: 2 },
  ])
  expect(alerts[0]).toMatchObject({ severity: 'critical', status: 'open' })

  const { body } = await server.metrics.render()
  expect(body).toContain('ledger_invariant_broken{invariant="I1"} 1')
  expect(body).toContain('ledger_invariant_broken{invariant="I3"} 0')
  expect(body).toMatch(/^ledger_check_age_seconds \d/m)
  expect(await (await server.as('finance')).get('/api/v1/ledger/check')).toMatchObject({
    body: { data: { isGood: false, findings: [{ invariant: 'I1', subject: wallet }, {}] } },
  })
  await change(-5)
  await check()
  expect(await stated()).toHaveLength(4)
})

test('of what is broken everywhere the first twenty are named, and all are counted', async () => {
  const wallets: string[] = []
  for (let index = 0; index < 25; index += 1) wallets.push(await givenFunds(server, 1))
  const ids = wallets.map((id) => `'${id}'`).join(',')
  const hold = (by: number) =>
    tamper('ledger_accounts', `update ledger_accounts set held = held + ${by} where id in (${ids})`)
  await hold(1)
  const { findings, invariants } = await checkLedger(server.ctx())
  expect(findings).toHaveLength(20)
  expect(invariants.find(({ id }) => id === 'I3')).toMatchObject({ isGood: false, broken: 25 })
  await hold(-1)
  await expectTrue(server)
})
