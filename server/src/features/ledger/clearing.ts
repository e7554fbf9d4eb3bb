/** What a payment provider owes us, by our account: its total, and each posting with what it is about. */
import { type SQL, and, eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { ReadCtx } from '../../platform/context.ts'
import { firstIdAt } from '../../platform/db/columns.ts'
import { type Money, money } from '../../platform/money/index.ts'
import { listAccounts } from './accounts.ts'
import { accounts, postings, transactions } from './tables.ts'

export type ClearingPosting = {
  /** Of one that undoes another, the other. */
  readonly transactionId: string
  /** What the key of the transaction ends with; of one that undoes another, the other's. */
  readonly name: string
  readonly ref: { readonly type: string; readonly id: string } | null
  /** Below zero where it went out. */
  readonly amount: Money
  readonly createdAt: Date
}

export type ClearingPlace = { readonly transactionId: string; readonly postingId: string }

/** More currencies than anybody has. */
const maxAccounts = 200
const originals = alias(transactions, 'originals')

/** In the order in which they were made, after a place; `next` is null behind the last. */
export async function listClearing(
  ctx: ReadCtx,
  given: { provider: string; since: Date; after: ClearingPlace | null; limit: number },
): Promise<{ rows: readonly ClearingPosting[]; next: ClearingPlace | null }> {
  const { provider, since, after, limit } = given
  const from = after
    ? sql`(${postings.transactionId}, ${postings.id}) > (${after.transactionId}::uuid, ${after.postingId}::bigint)`
    : sql`${postings.transactionId} >= ${firstIdAt(since)}::uuid`
  const rows = await select(ctx, provider, from)
    .orderBy(postings.transactionId, postings.id)
    .limit(limit)
  const last = rows.length === limit ? rows.at(-1) : undefined
  return {
    rows: rows.map(shown),
    next: last ? { transactionId: last.transactionId, postingId: last.id.toString() } : null,
  }
}

/** Everything that was posted about one thing. */
export async function findClearing(
  ctx: ReadCtx,
  given: { provider: string; ref: { readonly type: string; readonly id: string } },
): Promise<readonly ClearingPosting[]> {
  const { type, id } = given.ref
  const about = and(eq(transactions.refType, type), eq(transactions.refId, id))
  return (await select(ctx, given.provider, about)).map(shown)
}

/** By currency. */
export async function readClearing(ctx: ReadCtx, provider: string): Promise<readonly Money[]> {
  const page = await listAccounts(ctx, {
    kind: 'psp_clearing',
    ownerId: provider,
    limit: maxAccounts,
  })
  return page.rows.map(({ account, balance }) => money(balance.balance, account.asset))
}

const select = (ctx: ReadCtx, provider: string, condition: SQL | undefined) => {
  const own = ctx.db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.kind, 'psp_clearing'), eq(accounts.ownerId, provider)))
  const isIn = inArray(postings.debitId, own)
  return ctx.db
    .select({
      id: postings.id,
      transactionId: postings.transactionId,
      originalId: transactions.reverses,
      key: sql<string>`coalesce(${originals.idemKey}, ${transactions.idemKey})`,
      refType: transactions.refType,
      refId: transactions.refId,
      asset: postings.asset,
      amount: postings.amount,
      isIn: sql<boolean>`${isIn}`,
      createdAt: transactions.createdAt,
    })
    .from(postings)
    .innerJoin(transactions, eq(transactions.id, postings.transactionId))
    .leftJoin(originals, eq(originals.id, transactions.reverses))
    .where(and(condition, sql`(${isIn} or ${inArray(postings.creditId, own)})`))
    .$dynamic()
}

type Row = Awaited<ReturnType<typeof select>>[number]

function shown({ transactionId, originalId, key, refType, refId, ...row }: Row): ClearingPosting {
  return {
    transactionId: originalId ?? transactionId,
    name: key.slice(key.lastIndexOf(':') + 1),
    ref: refType === null || refId === null ? null : { type: refType, id: refId },
    amount: money(row.isIn ? row.amount : -row.amount, row.asset),
    createdAt: row.createdAt,
  }
}
