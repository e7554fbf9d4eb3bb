/** The journal: transactions as they were posted, with their postings, and what came to an account and left it. */
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { Type } from 'typebox'
import type { ReadCtx } from '../../platform/context.ts'
import { type Page, cursorOf, idCursor, pageOf } from '../../platform/http/index.ts'
import { errors } from './errors.ts'
import { type Posting, type Transaction, postings, transactions } from './tables.ts'

export type TransactionFilter = {
  readonly reason?: string | undefined
  readonly refType?: string | undefined
  readonly refId?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

export type TransactionWithPostings = {
  readonly transaction: Transaction
  readonly postings: readonly Posting[]
  readonly reversedBy: string | null
}

const numberCursor = cursorOf(Type.String({ pattern: '^[1-9][0-9]{0,18}$' }))
const reversals = alias(transactions, 'reversals')

/** Throws `ledger.transaction_not_found` (404). */
export async function getTransaction(ctx: ReadCtx, id: string): Promise<TransactionWithPostings> {
  const rows = await selectTransactions(ctx).where(eq(transactions.id, id))
  const [found] = await withPostings(ctx, rows)
  if (!found) throw errors.transaction_not_found()
  return found
}

/** Newest first. */
export async function listTransactions(
  ctx: ReadCtx,
  given: TransactionFilter & { limit: number; cursor?: string | undefined },
): Promise<Page<TransactionWithPostings>> {
  const { limit, reason, refType, refId, from, to } = given
  const { id, effectiveAt } = transactions
  const rows = await selectTransactions(ctx)
    .where(
      and(
        reason === undefined ? undefined : eq(transactions.reason, reason),
        refType === undefined ? undefined : eq(transactions.refType, refType),
        refId === undefined ? undefined : eq(transactions.refId, refId),
        from === undefined ? undefined : gte(effectiveAt, from),
        to === undefined ? undefined : lt(effectiveAt, to),
        given.cursor === undefined ? undefined : lt(id, idCursor.decode(given.cursor)),
      ),
    )
    .orderBy(desc(id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, ({ transaction }) => idCursor.encode(transaction.id))
  return { ...page, rows: await withPostings(ctx, page.rows) }
}

/** What came to an account and left it, newest first. Each side is read from its own index. */
export async function listPostings(
  ctx: ReadCtx,
  given: { accountId: string; limit: number; cursor?: string | undefined },
): Promise<Page<{ posting: Posting; transaction: Transaction }>> {
  const { accountId, limit } = given
  const before =
    given.cursor === undefined ? sql`true` : sql`id < ${numberCursor.decode(given.cursor)}::bigint`
  const newest = (column: 'debit_id' | 'credit_id') =>
    sql`(select id from ${postings} where ${sql.raw(column)} = ${accountId} and ${before} order by id desc limit ${limit + 1})`
  const rows = await ctx.db
    .select({ posting: postings, transaction: transactions })
    .from(postings)
    .innerJoin(transactions, eq(transactions.id, postings.transactionId))
    .where(inArray(postings.id, sql`(${newest('debit_id')} union all ${newest('credit_id')})`))
    .orderBy(desc(postings.id))
    .limit(limit + 1)
  return pageOf(rows, limit, ({ posting }) => numberCursor.encode(posting.id.toString()))
}

const selectTransactions = ({ db }: ReadCtx) =>
  db
    .select({ transaction: transactions, reversedBy: reversals.id })
    .from(transactions)
    .leftJoin(reversals, eq(reversals.reverses, transactions.id))

async function withPostings(
  ctx: ReadCtx,
  rows: readonly { readonly transaction: Transaction; readonly reversedBy: string | null }[],
): Promise<TransactionWithPostings[]> {
  if (rows.length === 0) return []
  const made = await ctx.db
    .select()
    .from(postings)
    .where(
      inArray(
        postings.transactionId,
        rows.map(({ transaction }) => transaction.id),
      ),
    )
    .orderBy(postings.id)
  const byTransaction = Map.groupBy(made, ({ transactionId }) => transactionId)
  return rows.map((row) => ({ ...row, postings: byTransaction.get(row.transaction.id) ?? [] }))
}
