/** Transactions: what is posted is posted once and stays; what was wrong is undone by another one. */
import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import type { ReadDb, Tx } from '../../platform/db/index.ts'
import { statement } from '../../platform/db/prepared.ts'
import { ahead } from '../../platform/db/transaction.ts'
import { LostRace, violatedConstraint } from '../../platform/db/failures.ts'
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
import { getTransaction } from './journal.ts'
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

/**
 * Posts one transaction, or finds that it has been. Throws `ledger.account_not_found` (404), `ledger.insufficient_funds`, `ledger.account_closed` and
 * `ledger.idem_key_reused` (409), `ledger.nothing_posted`, `ledger.same_account`, `ledger.effective_in_future`,
 * `money.not_positive` and `money.asset_mismatch` (422). Only the first of these ends the database's transaction. Where another posts
 * the same at the same moment, and there is no bounded account to wait for, that transaction is run again.
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
  // The look-ups come behind the locks: what another has posted meanwhile is seen.
  const [locked, [earlier], [undone]] = await Promise.all([
    lockAccounts(
      tx,
      lines.flatMap(({ debitId, creditId }) => [debitId, creditId]),
    ),
    transactionByKey(tx.db, { idemKey: entry.idemKey }),
    reverses === null ? [] : reversalOf(tx.db, { reverses }),
  ])
  crashPoint('ledger.after_lock')
  if (earlier) return replayOf(earlier, fingerprint)
  if (undone) throw errors.already_reversed({ id: reverses })
  requireFunds(locked, lines)
  // All of it travels together, in this order, while others wait for the locks.
  const inserting = insertTransaction(tx.db, {
    id,
    reason: entry.reason,
    idemKey: entry.idemKey,
    fingerprint,
    refType: entry.ref?.type ?? null,
    refId: entry.ref?.id ?? null,
    reverses,
    effectiveAt: entry.effectiveAt ?? tx.now,
  })
  const writing = Promise.all([
    ...lines.map((line) => {
      const inserted = insertPosting(tx.db, { ...line, transactionId: id })
      return ahead(tx.db, inserted.catch(refuseUnknown))
    }),
    tx.record(transactionPosted, id, {
      reason: entry.reason,
      ref: entry.ref ? `${entry.ref.type}:${entry.ref.id}` : null,
      reverses,
      moved: movedIn(lines),
    }),
  ])
  // Behind a transaction that was not inserted they fail, and then nobody waits for them.
  writing.catch(() => {})
  crashPoint('ledger.after_transaction')
  const [transaction] = await inserting
  // Where no lock made them wait for each other, another has posted it, or undone the same, meanwhile: the look-ups find it.
  if (!transaction) throw new LostRace('another one posted it first')
  await writing
  crashPoint('ledger.after_postings')
  return { transaction, isReplay: false }
}

const transactionByKey = statement<{ idemKey: string }>()((db: ReadDb, given) =>
  db
    .select()
    .from(transactions)
    .where(eq(transactions.idemKey, given('idemKey'))),
)

const reversalOf = statement<{ reverses: string }>()((db: ReadDb, given) =>
  db
    .select({ id: transactions.id })
    .from(transactions)
    .where(eq(transactions.reverses, given('reverses'))),
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
