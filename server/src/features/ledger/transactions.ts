/** Transactions: what is posted is posted once and stays; what was wrong is undone by another one. */
import { createHash } from 'node:crypto'
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { Type } from 'typebox'
import { v7 as uuidv7 } from 'uuid'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import type { ReadDb, Tx } from '../../platform/db/index.ts'
import { statement } from '../../platform/db/prepared.ts'
import { violatedConstraint } from '../../platform/db/failures.ts'
import { type Page, cursorOf, idCursor, pageOf } from '../../platform/http/index.ts'
import {
  type Asset,
  type Money,
  maxAmount,
  moneyErrors,
  requirePositive,
} from '../../platform/money/index.ts'
import { type AccountRef, balanceOf, lockAccounts, openAccounts } from './accounts.ts'
import { errors } from './errors.ts'
import { transactionPosted } from './events.ts'
import { type Account, type Posting, type Transaction, postings, transactions } from './tables.ts'

export type Move = {
  readonly debit: AccountRef
  readonly credit: AccountRef
  readonly amount: Money
}

/** What is to be posted, as one. */
export type Entry = {
  /** What makes it the same when it comes again: the id of whatever it is posted for, and what of it. */
  readonly idemKey: string
  /** What happened: `payments.captured`. */
  readonly reason: string
  /** In this order: what comes in first can go out again. */
  readonly postings: readonly Move[]
  /** What it is about: an order, a refund. */
  readonly ref?: { readonly type: string; readonly id: string }
  /** When it counts from; now, if it is not said. */
  readonly effectiveAt?: Date
}

export type Posted = {
  readonly transaction: Transaction
  /** It had been posted before, exactly so; nothing was added. */
  readonly isReplay: boolean
}

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

/**
 * Posts one transaction, or finds that it has been. Throws `ledger.account_not_found` (404), `ledger.insufficient_funds`, `ledger.account_closed` and
 * `ledger.idem_key_reused` (409), `ledger.nothing_posted`, `ledger.same_account`, `ledger.effective_in_future`,
 * `money.not_positive` and `money.asset_mismatch` (422). Only the first of these ends the database's transaction.
 */
export const post = (tx: TxCtx, entry: Entry): Promise<Posted> => postAs(tx, uuidv7(), entry)

/** As `post`, under an id that is known before. */
export async function postAs(tx: TxCtx, id: string, entry: Entry): Promise<Posted> {
  return write(tx, { id, entry, reverses: null, lines: await linesOf(tx, entry.postings) })
}

/**
 * Undoes a transaction, once: every posting the other way. A second call under the same key, or none, finds the reversal.
 * Throws `ledger.transaction_not_found` (404), `ledger.already_reversed`, `ledger.insufficient_funds` and
 * `ledger.account_closed` (409).
 */
export async function reverse(
  tx: TxCtx,
  transactionId: string,
  { reason, idemKey = `reverse:${transactionId}` }: { reason: string; idemKey?: string },
): Promise<Posted> {
  const { transaction, postings: made } = await getTransaction(tx, transactionId)
  const { refType, refId } = transaction
  const lines = made.toReversed().map(({ debitId, creditId, asset, amount }) => ({
    debitId: creditId,
    creditId: debitId,
    asset,
    amount,
  }))
  const ref = refType === null || refId === null ? {} : { ref: { type: refType, id: refId } }
  const entry = { idemKey, reason, ...ref }
  return write(tx, { id: uuidv7(), entry, reverses: transactionId, lines })
}

type Line = Pick<Posting, 'debitId' | 'creditId' | 'asset' | 'amount'>
type Draft = {
  readonly id: string
  readonly entry: Omit<Entry, 'postings'>
  readonly reverses: string | null
  readonly lines: readonly Line[]
}

async function linesOf(tx: TxCtx, moves: readonly Move[]): Promise<readonly Line[]> {
  if (moves.length === 0) throw errors.nothing_posted()
  for (const { amount } of moves) requirePositive(amount)
  const ids = await openAccounts(
    tx,
    moves.flatMap(({ debit, credit }) => [debit, credit]),
  )
  return moves.map(({ amount: { amount, asset } }, index) => {
    const [debitId = '', creditId = ''] = ids.slice(index * 2, index * 2 + 2)
    if (debitId === creditId) throw errors.same_account()
    return { debitId, creditId, asset, amount }
  })
}

async function write(tx: TxCtx, draft: Draft): Promise<Posted> {
  const { id, entry, reverses, lines } = draft
  if (entry.effectiveAt && entry.effectiveAt > tx.now) throw errors.effective_in_future()
  const fingerprint = fingerprintOf(draft)
  // The look-up comes behind the locks: what another has posted meanwhile is seen.
  const [locked, earlier] = await Promise.all([
    lockAccounts(
      tx,
      lines.flatMap(({ debitId, creditId }) => [debitId, creditId]),
    ),
    findPosted(tx, entry.idemKey),
  ])
  crashPoint('ledger.after_lock')
  if (earlier) return replayOf(earlier, fingerprint)
  requireFunds(locked, lines)
  const [transaction] = await insertTransaction(tx.db, {
    id,
    reason: entry.reason,
    idemKey: entry.idemKey,
    fingerprint,
    refType: entry.ref?.type ?? null,
    refId: entry.ref?.id ?? null,
    reverses,
    effectiveAt: entry.effectiveAt ?? tx.now,
  })
  if (!transaction) {
    const faster = await findPosted(tx, entry.idemKey)
    if (faster) return replayOf(faster, fingerprint)
    throw errors.already_reversed({ id: reverses })
  }
  crashPoint('ledger.after_transaction')
  // They travel together, and are written in this order.
  await Promise.all([
    ...lines.map((line) => insertPosting(tx.db, { ...line, transactionId: transaction.id })),
    tx.record(transactionPosted, transaction.id, {
      reason: entry.reason,
      ref: entry.ref ? `${entry.ref.type}:${entry.ref.id}` : null,
      reverses,
      moved: movedIn(lines),
    }),
  ]).catch(refuseUnknown)
  crashPoint('ledger.after_postings')
  return { transaction, isReplay: false }
}

async function findPosted(ctx: ReadCtx, idemKey: string): Promise<Transaction | null> {
  const [found] = await transactionByKey(ctx.db, { idemKey })
  return found ?? null
}

const transactionByKey = statement<{ idemKey: string }>()((db: ReadDb, given) =>
  db
    .select()
    .from(transactions)
    .where(eq(transactions.idemKey, given('idemKey'))),
)

const insertTransaction = statement<Omit<Transaction, 'createdAt' | 'createdXid'>>()(
  (db: Tx, given) =>
    db
      .insert(transactions)
      .values({
        id: given('id'),
        reason: given('reason'),
        idemKey: given('idemKey'),
        fingerprint: given('fingerprint'),
        refType: given('refType'),
        refId: given('refId'),
        reverses: given('reverses'),
        effectiveAt: given('effectiveAt'),
      })
      .onConflictDoNothing()
      .returning(),
)

const insertPosting = statement<Line & Pick<Posting, 'transactionId'>>()((db: Tx, given) =>
  db.insert(postings).values({
    transactionId: given('transactionId'),
    debitId: given('debitId'),
    creditId: given('creditId'),
    asset: given('asset'),
    amount: given('amount'),
  }),
)

function replayOf(transaction: Transaction, fingerprint: Buffer): Posted {
  if (!transaction.fingerprint.equals(fingerprint))
    throw errors.idem_key_reused({ transactionId: transaction.id })
  return { transaction, isReplay: true }
}

/** When it counts from is part of it only where somebody said so: now is another time at the second try. */
function fingerprintOf({ entry, reverses, lines }: Draft): Buffer {
  const { reason, ref, effectiveAt } = entry
  const said = [
    reason,
    ref?.type ?? null,
    ref?.id ?? null,
    reverses,
    effectiveAt?.toISOString() ?? null,
    lines.map(({ debitId, creditId, asset, amount }) => [
      debitId,
      creditId,
      asset,
      amount.toString(),
    ]),
  ]
  return createHash('sha256').update(JSON.stringify(said)).digest()
}

/**
 * Says no before the database would: it would end the whole transaction, and could not say how much there is. Line by
 * line, as the database looks at it.
 */
function requireFunds(locked: ReadonlyMap<string, Account>, lines: readonly Line[]): void {
  const standing = new Map(locked)
  const touch = (
    id: string,
    asset: Asset,
    change: Partial<Record<'debits' | 'credits', bigint>>,
  ) => {
    const account = standing.get(id)
    if (!account) return
    if (account.asset !== asset)
      throw moneyErrors.asset_mismatch({ assets: [account.asset, asset] })
    if (account.closedAt) throw errors.account_closed({ accountId: id })
    const after = {
      ...account,
      debits: account.debits + (change.debits ?? 0n),
      credits: account.credits + (change.credits ?? 0n),
    }
    if (after.debits > maxAmount || after.credits > maxAmount) throw moneyErrors.out_of_range()
    const { available } = balanceOf(after, after)
    if (available !== null && available < 0n)
      throw errors.insufficient_funds({
        accountId: id,
        available: (balanceOf(account, account).available ?? 0n).toString(),
        currency: asset,
      })
    standing.set(id, after)
  }
  for (const { debitId, creditId, asset, amount } of lines) {
    touch(debitId, asset, { debits: amount })
    touch(creditId, asset, { credits: amount })
  }
}

/** An account that is nowhere, or one without bounds in another asset: of those the locks tell nothing. */
function refuseUnknown(error: unknown): never {
  const constraint = violatedConstraint(error)
  if (constraint === 'ledger_postings_debit' || constraint === 'ledger_postings_credit')
    throw errors.account_not_found({}, { cause: error })
  throw error
}

function movedIn(lines: readonly Line[]): Record<string, string> {
  const moved = new Map<Asset, bigint>()
  for (const { asset, amount } of lines) moved.set(asset, (moved.get(asset) ?? 0n) + amount)
  return Object.fromEntries([...moved].map(([asset, amount]) => [asset, amount.toString()]))
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
