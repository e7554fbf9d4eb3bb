/**
 * Surplus: money that came in for a payment that was paid already. It is kept apart, in an escrow of its own, until a
 * refund has given it back.
 */
import { and, asc, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { type Money, money, presentMoney } from '../../platform/money/index.ts'
import { chart, getBalance, openAccounts } from '../ledger/index.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { errors } from './errors.ts'
import { paidTwice, surplusReturned } from './events.ts'
import { readAny, readWithin } from './reading.ts'
import { postReceived } from './received.ts'
import { type Payment, type Surplus, payments, surplus } from './tables.ts'

/** What waits to be given back, the oldest first; `isRefused`: and whether it was refused before. */
export async function listSurplus(
  ctx: ReadCtx,
  {
    limit,
    cursor: after,
    isRefused,
  }: {
    readonly limit: number
    readonly cursor?: string | undefined
    readonly isRefused?: boolean | undefined
  },
): Promise<Page<Surplus>> {
  const ofThose = ctx.db.select({ id: payments.id }).from(payments).where(readWithin(ctx))
  const rows = await ctx.db
    .select()
    .from(surplus)
    .where(
      and(
        ctx.actor.reach(readAny).kind === 'all' ? undefined : inArray(surplus.paymentId, ofThose),
        isNull(surplus.refundId),
        isNull(surplus.settledAt),
        isRefused === undefined
          ? undefined
          : isRefused
            ? isNotNull(surplus.failure)
            : isNull(surplus.failure),
        after === undefined ? undefined : gt(surplus.id, idCursor.decode(after)),
      ),
    )
    .orderBy(asc(surplus.id))
    .limit(limit + 1)
  return pageOf(rows, limit, (last) => idCursor.encode(last.id))
}

/** The surplus that a provider's object belongs to; null where it is none. */
export async function findSurplus(
  { db }: ReadCtx,
  provider: Surplus['provider'],
  collectionRef: string | null,
): Promise<Surplus | null> {
  if (collectionRef === null) return null
  const [found] = await db
    .select()
    .from(surplus)
    .where(and(eq(surplus.provider, provider), eq(surplus.collectionRef, collectionRef)))
  return found ?? null
}

/** Second money for a payment whose row is locked. The same again, or only its fee, is no second surplus. */
export async function keepSurplus(
  tx: TxCtx,
  payment: Payment,
  snapshot: CollectionSnapshot,
): Promise<void> {
  const { received, ref, chargeRef } = snapshot
  if (received === null) return
  const { provider, id: paymentId } = payment
  const ofCollection = and(eq(surplus.provider, provider), eq(surplus.collectionRef, ref))
  const [made] = await tx.db
    .insert(surplus)
    .values({
      paymentId,
      provider,
      collectionRef: ref,
      chargeRef,
      amount: received.amount,
      asset: received.asset,
    })
    .onConflictDoNothing()
    .returning()
  const [known] = made ? [made] : await tx.db.select().from(surplus).where(ofCollection)
  if (!known) throw new Error(`${ref} is neither new nor known`)
  await postReceived(tx, snapshot, { provider, type: 'surplus', id: known.id })
  if (made)
    await tx.record(paidTwice, paymentId, {
      surplusId: made.id,
      ...presentMoney(received),
      ref,
      chargeRef,
    })
}

/**
 * A refund has been made of all that was left of it, and takes that out of its escrow. Once: the same refund again changes nothing.
 * Throws `payments.surplus_not_found` (404) and `payments.surplus_returned` (409).
 */
export async function settleSurplus(tx: TxCtx, id: string, refundId: string): Promise<Surplus> {
  const found = await lockSurplus(tx, id)
  if (found.refundId === refundId) return found
  if (found.refundId !== null || found.settledAt !== null) throw errors.surplus_returned()
  await tx.db.update(surplus).set({ refundId, failure: null }).where(eq(surplus.id, id))
  await tx.record(surplusReturned, found.paymentId, { surplusId: id, refundId })
  return { ...found, refundId }
}

/**
 * What is here of it, in its own escrow: parts may have gone back in the dashboard, or been taken by a bank. Under the
 * payment's lock.
 */
export async function leftOf(
  tx: TxCtx,
  { id, asset }: Pick<Surplus, 'id' | 'asset'>,
): Promise<Money> {
  const escrow = chart.escrow(id, money(0, asset).asset)
  const [account = ''] = await openAccounts(tx, [escrow])
  const { balance } = await getBalance(tx, account)
  return money(balance.available ?? 0n, asset)
}

/** A refund of it has failed: what is here again waits for somebody. */
export async function reopenSurplus(tx: TxCtx, id: string, failure: string): Promise<void> {
  if (await isEmpty(tx, id)) return
  await tx.db
    .update(surplus)
    .set({ refundId: null, settledAt: null, failure })
    .where(eq(surplus.id, id))
}

/** It is settled without a refund of ours; a part that is left waits on. */
export async function closeSurplus(tx: TxCtx, id: string): Promise<void> {
  if (!(await isEmpty(tx, id))) return
  await tx.db
    .update(surplus)
    .set({ settledAt: sql`coalesce(${surplus.settledAt}, now())` })
    .where(eq(surplus.id, id))
}

/** What the bank took is here again: somebody decides what becomes of it. */
export async function openSurplusAgain(tx: TxCtx, id: string): Promise<void> {
  if (await isEmpty(tx, id)) return
  await tx.db
    .update(surplus)
    .set({ settledAt: null, failure: sql`coalesce(${surplus.failure}, 'dispute_undone')` })
    .where(and(eq(surplus.id, id), isNull(surplus.refundId)))
}

const isEmpty = async (tx: TxCtx, id: string): Promise<boolean> =>
  (await leftOf(tx, await getSurplus(tx, id))).amount === 0n

/** Throws `payments.surplus_not_found` (404). */
export async function getSurplus({ db }: ReadCtx, id: string): Promise<Surplus> {
  const [found] = await db.select().from(surplus).where(eq(surplus.id, id))
  if (!found) throw errors.surplus_not_found()
  return found
}

/** From here to the end of the transaction nobody else changes it. Throws `payments.surplus_not_found` (404). */
export async function lockSurplus(tx: TxCtx, id: string): Promise<Surplus> {
  const [found] = await tx.db.select().from(surplus).where(eq(surplus.id, id)).for('update')
  if (!found) throw errors.surplus_not_found()
  return found
}
