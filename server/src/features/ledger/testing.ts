/** The ledger for tests: funds from nowhere, and what is true of it afterwards. */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { type Money, money } from '../../platform/money/index.ts'
import type { Server } from '../auth/testing.ts'
import {
  type AccountRef,
  type Entry,
  type Posted,
  chart,
  checkLedger,
  getBalance,
  openAccounts,
  post,
} from './index.ts'

export const usd = (amount: bigint | number) => money(amount, 'USD')
export const credits = (amount: bigint | number) => money(amount, 'CRD')

export const postIn = (server: Server, entry: Entry): Promise<Posted> =>
  server.ctx().tx((tx) => post(tx, entry))

/** One posting, under a key of its own if none is given. */
export const move = (
  server: Server,
  debit: AccountRef,
  credit: AccountRef,
  amount: Money,
  idemKey: string = randomUUID(),
): Promise<Posted> =>
  postIn(server, { idemKey, reason: 'test.moved', postings: [{ debit, credit, amount }] })

export async function accountOf(server: Server, ref: AccountRef): Promise<string> {
  const [id = ''] = await server.ctx().tx((tx) => openAccounts(tx, [ref]))
  return id
}

/** A provider with so much earned; returns the account's id. */
export async function givenFunds(server: Server, amount: bigint | number): Promise<string> {
  const account = chart.providerPayable(randomUUID(), 'USD')
  if (BigInt(amount) > 0n) await move(server, chart.world('USD'), account, usd(amount))
  return accountOf(server, account)
}

export const balanceIn = async (server: Server, id: string): Promise<bigint> =>
  (await getBalance(server.ctx(), id)).balance.balance

/** Everything that must be true of the ledger is. */
export async function expectTrue(server: Server): Promise<void> {
  expect((await checkLedger(server.ctx())).findings).toEqual([])
}

/** How many of these went through, and how the others ended. */
export async function outcomes(
  all: readonly Promise<unknown>[],
): Promise<{ done: number; refused: Record<string, number> }> {
  const settled = await Promise.allSettled(all)
  const refused: Record<string, number> = {}
  for (const each of settled) {
    if (each.status === 'fulfilled') continue
    const { code = String(each.reason) } = each.reason as { code?: string }
    refused[code] = (refused[code] ?? 0) + 1
  }
  return { done: settled.filter(({ status }) => status === 'fulfilled').length, refused }
}

/** How one statement ends for the application's role, with nothing of ours in between. */
export async function asApplication(
  server: Server,
  ...statements: string[]
): Promise<{ code: string; constraint: string | null } | 'done'> {
  try {
    await server.db.transaction(async (tx) => {
      for (const statement of statements) await tx.execute(sql.raw(statement))
    })
    return 'done'
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      const { code, constraint } = cause as { code?: unknown; constraint?: unknown }
      if (typeof code === 'string')
        return { code, constraint: typeof constraint === 'string' ? constraint : null }
    }
    throw error
  }
}
