/** The database says no by itself: plain SQL as the application's role, with nothing of ours in between. */
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { assets, maxAmount, scaleOf } from '../../platform/money/index.ts'
import { type Server, query } from '../auth/testing.ts'
import { chart, closeAccount } from './index.ts'
import {
  accountOf,
  asApplication,
  balanceIn,
  expectTrue,
  givenFunds,
  move,
  usd,
} from './testing.ts'

let server: Server
let wallet: string
let shop: string
let euros: string
let world: string
let closed: string

beforeAll(async () => {
  server = await startServer()
  wallet = await givenFunds(server, 1000)
  shop = await accountOf(server, chart.escrow(randomUUID(), 'USD'))
  euros = await accountOf(server, chart.escrow(randomUUID(), 'EUR'))
  world = await accountOf(server, chart.world('USD'))
  closed = await accountOf(server, chart.escrow(randomUUID(), 'USD'))
  await server.ctx().tx((tx) => closeAccount(tx, closed))
})

const newTransaction = (id: string, reverses: string | null = null) =>
  `insert into ledger_transactions (id, reason, idem_key, fingerprint, effective_at, reverses)
   values ('${id}', 'test.by_hand', '${randomUUID()}', '', now(), ${reverses === null ? 'null' : `'${reverses}'`})`

const newPosting = (
  transaction: string,
  debit: string,
  credit: string,
  amount: bigint | number | string,
  asset = 'USD',
) =>
  `insert into ledger_postings (transaction_id, debit_id, credit_id, asset, amount)
   values ('${transaction}', '${debit}', '${credit}', '${asset}', ${amount})`

const codeOf = (outcome: Awaited<ReturnType<typeof asApplication>>) =>
  outcome === 'done' ? outcome : outcome.code

/** One transaction with one posting, by hand. */
function byHand(debit: string, credit: string, amount: bigint | number | string, asset = 'USD') {
  const id = randomUUID()
  return asApplication(server, newTransaction(id), newPosting(id, debit, credit, amount, asset))
}

test('M6: by hand what is right is taken, and what is wrong refused', async () => {
  expect(await byHand(wallet, shop, 100)).toBe('done')
  expect(await balanceIn(server, shop)).toBe(100n)

  const violated = (constraint: string) => ({ code: '23514', constraint })
  expect(await byHand(wallet, shop, 0)).toEqual(violated('ledger_postings_amount'))
  expect(await byHand(wallet, shop, -5)).toEqual(violated('ledger_postings_amount'))
  // More than the receiver's column can hold, in whichever order the two are looked at.
  expect(['22003', '23514']).toContain(codeOf(await byHand(wallet, shop, maxAmount)))
  expect(await byHand(world, shop, maxAmount)).toEqual({ code: '22003', constraint: null })
  expect(await byHand(wallet, shop, 901)).toEqual(violated('ledger_accounts_no_overdraft'))
  expect(await byHand(wallet, wallet, 5)).toEqual(violated('ledger_postings_two_accounts'))
  expect(await byHand(wallet, closed, 5)).toEqual(violated('ledger_accounts_closed'))
  expect(await byHand(closed, wallet, 5)).toEqual(violated('ledger_accounts_closed'))
  expect(await byHand(wallet, euros, 5)).toEqual({
    code: '23503',
    constraint: 'ledger_postings_credit',
  })
  expect(await byHand(wallet, shop, 5, 'EUR')).toEqual({
    code: '23503',
    constraint: 'ledger_postings_debit',
  })
  expect(await byHand(wallet, shop, 'null')).toMatchObject({ code: '23502' })
  expect(await asApplication(server, newTransaction(randomUUID()))).toEqual(
    violated('ledger_transactions_not_empty'),
  )
  expect(await balanceIn(server, wallet)).toBe(900n)
  expect(await balanceIn(server, shop)).toBe(100n)
  await expectTrue(server)
})

test('M6: nothing is added to a transaction that is complete', async () => {
  const { transaction } = await move(server, wallet, shop, usd(1))
  expect(await asApplication(server, newPosting(transaction.id, wallet, shop, 1))).toEqual({
    code: '23514',
    constraint: 'ledger_transactions_complete',
  })
  const lie = newTransaction(randomUUID())
    .replace('id, reason', 'created_xid, id, reason')
    .replace("values ('", "values ('999999999', '")
  expect(await asApplication(server, lie)).toEqual({
    code: '23514',
    constraint: 'ledger_transactions_not_empty',
  })
})

test('M8: by hand, too, a transaction is reversed once and exactly', async () => {
  const { transaction } = await move(server, wallet, shop, usd(10))
  const half = randomUUID()
  expect(
    await asApplication(
      server,
      newTransaction(half, transaction.id),
      newPosting(half, shop, wallet, 5),
    ),
  ).toEqual({ code: '23514', constraint: 'ledger_transactions_undoes' })
  const whole = () => {
    const id = randomUUID()
    return asApplication(
      server,
      newTransaction(id, transaction.id),
      newPosting(id, shop, wallet, 10),
    )
  }
  expect(await whole()).toBe('done')
  expect(await whole()).toEqual({ code: '23505', constraint: 'ledger_transactions_reverses' })
  await expectTrue(server)
})

const tables = ['assets', 'accounts', 'transactions', 'postings', 'holds'].map(
  (name) => `ledger_${name}`,
)

test('M7: the application’s role takes nothing out and changes nothing', async () => {
  const denied = { code: '42501', constraint: null }
  for (const table of tables) {
    expect(await asApplication(server, `delete from ${table}`), table).toEqual(denied)
    expect(await asApplication(server, `truncate ${table} cascade`), table).toEqual(denied)
  }
  for (const change of [
    'ledger_postings set amount = amount + 1',
    'ledger_postings set credit_id = debit_id',
    `ledger_transactions set reason = 'test.other'`,
    'ledger_transactions set effective_at = now()',
    'ledger_assets set scale = 3',
    'ledger_accounts set credits = credits + 1000',
    'ledger_accounts set debits = 0, credits = 0',
    'ledger_accounts set held = 0',
    'ledger_accounts set floor = -1000',
    'ledger_accounts set is_unbounded = true',
    `ledger_accounts set owner_id = 'me'`,
    'ledger_holds set amount = 1',
    `ledger_holds set expires_at = now() + interval '1 year'`,
  ])
    expect(await asApplication(server, `update ${change}`), change).toEqual(denied)
  expect(
    await asApplication(server, `insert into ledger_assets (code, scale) values ('EVIL', 2)`),
  ).toEqual(denied)
  await expectTrue(server)
})

test('M7: no account begins with money on it, and a closed one is not opened again', async () => {
  const begin = (column: string, value: string) =>
    asApplication(
      server,
      `insert into ledger_accounts (id, kind, owner_id, asset, normal, ${column})
       values (gen_random_uuid(), 'escrow', '${randomUUID()}', 'USD', 'credit', ${value})`,
    )
  for (const column of ['debits', 'credits', 'held'])
    expect(await begin(column, '1'), column).toEqual({
      code: '23514',
      constraint: 'ledger_accounts_begin_empty',
    })
  expect(await begin('floor', '1')).toEqual({
    code: '23514',
    constraint: 'ledger_accounts_no_overdraft',
  })
  const reopen = `update ledger_accounts set closed_at = null where id = '${closed}'`
  expect(await asApplication(server, reopen)).toEqual({
    code: '23514',
    constraint: 'ledger_accounts_closed',
  })
  const close = (id: string) =>
    asApplication(server, `update ledger_accounts set closed_at = now() where id = '${id}'`)
  for (const id of [wallet, world])
    expect(await close(id)).toEqual({
      code: '23514',
      constraint: 'ledger_accounts_closed_is_empty',
    })
})

test('M7: the functions behind the triggers cannot be called, and the triggers not taken away', async () => {
  for (const name of ['apply_posting', 'apply_hold'])
    expect(await asApplication(server, `select ledger_${name}()`)).toMatchObject({ code: '0A000' })
  for (const table of tables)
    expect(await asApplication(server, `alter table ${table} disable trigger user`)).toMatchObject({
      code: '42501',
    })
  expect(await asApplication(server, `set session_replication_role = replica`)).toMatchObject({
    code: '42501',
  })
})

test('M7: a temporary table of the same name changes nothing', async () => {
  const before = await balanceIn(server, shop)
  const shadows = ['accounts', 'postings', 'transactions'].map(
    (name) => `create temporary table ledger_${name} (like public.ledger_${name}) on commit drop`,
  )
  const pretended = randomUUID()
  const inPublic = (statement: string) => statement.replace('into ledger_', 'into public.ledger_')
  expect(
    await asApplication(
      server,
      ...shadows,
      inPublic(newTransaction(pretended)),
      `insert into pg_temp.ledger_postings select 1, '${pretended}', '${wallet}', '${shop}', 'USD', 5`,
    ),
  ).toEqual({ code: '23514', constraint: 'ledger_transactions_not_empty' })
  const id = randomUUID()
  expect(
    await asApplication(
      server,
      ...shadows,
      inPublic(newTransaction(id)),
      inPublic(newPosting(id, wallet, shop, 5)),
    ),
  ).toBe('done')
  expect(await balanceIn(server, shop)).toBe(before + 5n)
  await expectTrue(server)
})

test('not even the owner of the database changes a row in passing', async () => {
  const refusedTo = async (statement: string) =>
    expect(query(server, statement), statement).rejects.toMatchObject({ code: '23001' })
  await refusedTo('update ledger_postings set amount = 1')
  await refusedTo('delete from ledger_postings')
  await refusedTo('truncate ledger_postings')
  await refusedTo('truncate ledger_transactions cascade')
  await refusedTo('delete from ledger_transactions')
  await refusedTo('delete from ledger_accounts')
  await refusedTo('delete from ledger_assets')
  await refusedTo(`update ledger_accounts set credits = credits + 1 where id = '${wallet}'`)
  await refusedTo(`update ledger_accounts set is_unbounded = true where id = '${wallet}'`)
  await refusedTo(`update ledger_accounts set floor = -1000 where id = '${wallet}'`)
})

test('a hold begins open, ends once, and holds what it holds', async () => {
  const id = randomUUID()
  const open = (state: string) =>
    asApplication(
      server,
      `insert into ledger_holds (id, account_id, asset, amount, state, idem_key, expires_at, ended_at)
       values ('${id}', '${wallet}', 'USD', 10, '${state}', '${id}', now(), ${state === 'open' ? 'null' : 'now()'})`,
    )
  expect(await open('released')).toMatchObject({ constraint: 'ledger_holds_begin_open' })
  expect(await open('open')).toBe('done')
  const end = (set: string) =>
    asApplication(server, `update ledger_holds set ${set} where id = '${id}'`)
  expect(
    await end(`state = 'settled', settled_amount = 11, ended_at = now(), transaction_id = id`),
  ).toMatchObject({
    constraint: 'ledger_holds_settled',
  })
  expect(await end(`state = 'settled', settled_amount = 5, ended_at = now()`)).toMatchObject({
    constraint: 'ledger_holds_posted',
  })
  expect(await end(`state = 'open'`)).toMatchObject({ constraint: 'ledger_holds_end_once' })
  expect(await end(`state = 'released', ended_at = now()`)).toBe('done')
  expect(await end(`state = 'expired', ended_at = now()`)).toMatchObject({
    constraint: 'ledger_holds_end_once',
  })
  const tooMuch = `insert into ledger_holds (id, account_id, asset, amount, idem_key, expires_at)
     values (gen_random_uuid(), '${wallet}', 'USD', 100000, '${randomUUID()}', now())`
  expect(await asApplication(server, tooMuch)).toMatchObject({
    constraint: 'ledger_accounts_no_overdraft',
  })
  expect(await asApplication(server, tooMuch.replace(wallet, world))).toMatchObject({
    constraint: 'ledger_accounts_unbounded_is_summed',
  })
  await expectTrue(server)
})

test('the currencies of the database are those of the program', async () => {
  const rows = await query<{ code: string; scale: number }>(
    server,
    'select code, scale from ledger_assets order by code',
  )
  expect(rows).toEqual(assets.toSorted().map((code) => ({ code, scale: scaleOf(code) })))
})
