/**
 * Holds: promised before something costly is done, and then settled for what it was, released, or left to expire.
 * Everybody locks accounts before holds.
 */
import { and, eq, lte, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { type Money, moneyErrors, requirePositive } from '../../platform/money/index.ts'
import { type AccountRef, balanceOf, getAccount, lockAccounts, openAccounts } from './accounts.ts'
import { errors } from './errors.ts'
import { holdExpired } from './events.ts'
import { type Account, type Hold, type Transaction, holds, transactions } from './tables.ts'
import { postAs } from './transactions.ts'

/** What is due is let go one by one; of more the next minute takes care. */
const dueAtOnce = 1_000

export type Held = { readonly hold: Hold; readonly isReplay: boolean }
export type Settled = Held & {
  /** Null when nothing of it was used. */
  readonly transaction: Transaction | null
}

/** Throws `ledger.hold_not_found` (404). */
export async function getHold(ctx: ReadCtx, id: string): Promise<Hold> {
  const [found] = await ctx.db.select().from(holds).where(eq(holds.id, id))
  if (!found) throw errors.hold_not_found()
  return found
}

/**
 * Promises an amount of an account. The same again, under the same key, finds the hold. Throws
 * `ledger.insufficient_funds`, `ledger.account_closed`, `ledger.idem_key_reused` (409), `ledger.unbounded_account`,
 * `money.not_positive` and `money.asset_mismatch` (422).
 */
export async function openHold(
  tx: TxCtx,
  given: { account: AccountRef; amount: Money; idemKey: string; expiresAt: Date },
): Promise<Held> {
  const { amount, asset } = requirePositive(given.amount)
  const { idemKey, expiresAt } = given
  const [accountId = ''] = await openAccounts(tx, [given.account])
  const account = await lockOne(tx, accountId)
  const earlier = await findByKey(tx, idemKey)
  if (earlier) return replayOf(earlier, { accountId, asset, amount })
  if (account.asset !== asset) throw moneyErrors.asset_mismatch({ assets: [account.asset, asset] })
  if (account.closedAt) throw errors.account_closed({ accountId })
  const { available } = balanceOf(account, account)
  if (available === null) throw errors.unbounded_account()
  if (available < amount)
    throw errors.insufficient_funds({ accountId, available: available.toString(), currency: asset })
  const [hold] = await tx.db
    .insert(holds)
    .values({ accountId, asset, amount, idemKey, expiresAt })
    .onConflictDoNothing()
    .returning()
  if (hold) return { hold, isReplay: false }
  const faster = await findByKey(tx, idemKey)
  if (!faster) throw errors.idem_key_reused()
  return replayOf(faster, { accountId, asset, amount })
}

/**
 * Ends a hold with what it came to: that much goes to another account, and what is left is free again. Nothing used is
 * an amount, too. Settled for the same amount before it answers as then. Throws `ledger.hold_not_found` (404),
 * `ledger.hold_ended`, `ledger.settled_differently`, `ledger.account_closed` (409), `ledger.more_than_held`,
 * `money.not_positive` and `money.asset_mismatch` (422).
 */
export async function settleHold(
  tx: TxCtx,
  id: string,
  given: {
    amount: Money
    to: AccountRef
    reason: string
    ref?: { readonly type: string; readonly id: string }
  },
): Promise<Settled> {
  const { amount, to, reason, ref } = given
  const { accountId, asset, amount: held } = await getHold(tx, id)
  if (amount.asset !== asset) throw moneyErrors.asset_mismatch({ assets: [asset, amount.asset] })
  if (amount.amount < 0n) throw moneyErrors.not_positive()
  const [toId = ''] = await openAccounts(tx, [to])
  const account = (await lockAccounts(tx, [accountId, toId])).get(accountId)
  const isMore = amount.amount > held
  const transactionId = amount.amount === 0n ? null : uuidv7()
  const hold = isMore
    ? null
    : await endOpen(tx, id, { state: 'settled', settledAmount: amount.amount, transactionId })
  if (!hold) return settledBefore(tx, id, amount)
  if (transactionId === null) return { hold, transaction: null, isReplay: false }
  const [debit, credit] = account?.normal === 'debit' ? [toId, accountId] : [accountId, toId]
  const { transaction } = await postAs(tx, transactionId, {
    idemKey: `hold:${id}`,
    reason,
    postings: [{ debit, credit, amount }],
    ...(ref ? { ref } : {}),
  })
  return { hold, transaction, isReplay: false }
}

/** Lets go of it; one that has ended stays as it ended. Throws `ledger.hold_not_found` (404). */
export async function releaseHold(tx: TxCtx, id: string): Promise<Held> {
  const { accountId } = await getHold(tx, id)
  await lockOne(tx, accountId)
  const hold = await endOpen(tx, id, { state: 'released' })
  return hold ? { hold, isReplay: false } : { hold: await getHold(tx, id), isReplay: true }
}

/** Lets go of it if its time is over and nobody has ended it; says whether it did. */
export async function expireHold(tx: TxCtx, id: string): Promise<boolean> {
  const { accountId } = await getHold(tx, id)
  await lockOne(tx, accountId)
  const hold = await endOpen(tx, id, { state: 'expired' }, lte(holds.expiresAt, sql`now()`))
  if (!hold) return false
  const { asset, amount } = hold
  await tx.record(holdExpired, id, { accountId, asset, amount: amount.toString() })
  return true
}

/** Lets go of what is due, the oldest first, each in a transaction of its own; returns how many. */
export async function expireDueHolds(ctx: Ctx, signal: AbortSignal): Promise<number> {
  const due = await ctx.db
    .select({ id: holds.id })
    .from(holds)
    .where(and(eq(holds.state, 'open'), lte(holds.expiresAt, sql`now()`)))
    .orderBy(holds.expiresAt)
    .limit(dueAtOnce)
  let expired = 0
  for (const { id } of due) {
    if (signal.aborted) break
    if (await ctx.tx((tx) => expireHold(tx, id))) expired += 1
  }
  return expired
}

async function lockOne(tx: TxCtx, accountId: string): Promise<Account> {
  return (await lockAccounts(tx, [accountId])).get(accountId) ?? getAccount(tx, accountId)
}

async function findByKey(ctx: ReadCtx, idemKey: string): Promise<Hold | null> {
  const [found] = await ctx.db.select().from(holds).where(eq(holds.idemKey, idemKey))
  return found ?? null
}

/** When it expires is not part of it: a second try promises the same for a little longer. */
function replayOf(hold: Hold, asked: Pick<Hold, 'accountId' | 'asset' | 'amount'>): Held {
  const { accountId, asset, amount } = hold
  if (accountId !== asked.accountId || asset !== asked.asset || amount !== asked.amount)
    throw errors.idem_key_reused({ holdId: hold.id })
  return { hold, isReplay: true }
}

/** Of all who end a hold at once one does; the others get null. */
async function endOpen(
  tx: TxCtx,
  id: string,
  end: Partial<Hold> & Pick<Hold, 'state'>,
  provided?: ReturnType<typeof lte>,
): Promise<Hold | null> {
  const [ended] = await tx.db
    .update(holds)
    .set({ ...end, endedAt: tx.now })
    .where(and(eq(holds.id, id), eq(holds.state, 'open'), provided))
    .returning()
  return ended ?? null
}

async function settledBefore(tx: TxCtx, id: string, { amount }: Money): Promise<Settled> {
  const hold = await getHold(tx, id)
  if (hold.state === 'open') throw errors.more_than_held({ held: hold.amount.toString() })
  if (hold.state !== 'settled') throw errors.hold_ended({ state: hold.state })
  if (hold.settledAmount !== amount) throw errors.settled_differently()
  const [transaction] =
    hold.transactionId === null
      ? []
      : await tx.db.select().from(transactions).where(eq(transactions.id, hold.transactionId))
  return { hold, transaction: transaction ?? null, isReplay: true }
}
