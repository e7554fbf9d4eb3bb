/** Flows: what went from which account to which on account of one thing, in all. What states for people are read from. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { ReadCtx } from '../../platform/context.ts'
import type { AccountSpec } from './chart.ts'
import { type Account, accounts, postings, transactions } from './tables.ts'

type Side = Pick<Account, 'id' | 'kind' | 'ownerId' | 'asset'>

/** All of it in one direction: what came back is a flow of its own. */
export type Flow = {
  readonly reason: string
  readonly debit: Side
  readonly credit: Side
  readonly amount: bigint
}

const debited = alias(accounts, 'debited')
const credited = alias(accounts, 'credited')

const sideOf = (account: typeof debited | typeof credited) => ({
  id: account.id,
  kind: account.kind,
  ownerId: account.ownerId,
  asset: account.asset,
})

/**
 * What was posted about something (`ref`), and all that came to an account and left it, whatever that was about. Whoever
 * decides by it locks first what everybody locks who posts about it.
 */
export async function readFlows(
  ctx: ReadCtx,
  of: {
    readonly ref: { readonly type: string; readonly id: string }
    readonly account: AccountSpec
  },
): Promise<readonly Flow[]> {
  const { kind, ownerId, asset } = of.account
  const account = ctx.db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.kind, kind), eq(accounts.ownerId, ownerId), eq(accounts.asset, asset)))
  const about = ctx.db
    .select({ id: transactions.id })
    .from(transactions)
    .where(and(eq(transactions.refType, of.ref.type), eq(transactions.refId, of.ref.id)))
  // Each branch has an index of its own: account by account, and by transaction.
  const matching = ctx.db
    .select({ id: postings.id })
    .from(postings)
    .where(inArray(postings.transactionId, about))
    .union(
      ctx.db.select({ id: postings.id }).from(postings).where(inArray(postings.debitId, account)),
    )
    .union(
      ctx.db.select({ id: postings.id }).from(postings).where(inArray(postings.creditId, account)),
    )
  return ctx.db
    .select({
      reason: transactions.reason,
      debit: sideOf(debited),
      credit: sideOf(credited),
      amount: sql`sum(${postings.amount})`.mapWith(BigInt),
    })
    .from(postings)
    .innerJoin(transactions, eq(transactions.id, postings.transactionId))
    .innerJoin(debited, eq(debited.id, postings.debitId))
    .innerJoin(credited, eq(credited.id, postings.creditId))
    .where(inArray(postings.id, matching))
    .groupBy(transactions.reason, debited.id, credited.id)
}
