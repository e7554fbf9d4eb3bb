/**
 * Surplus: money that came in for a payment that was paid already. It is kept apart, in an escrow of its own, until a
 * refund has given it back.
 */
import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { presentMoney } from '../../platform/money/index.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { errors } from './errors.ts'
import { paidTwice, surplusReturned } from './events.ts'
import { postReceived } from './received.ts'
import { type Payment, type Surplus, surplus } from './tables.ts'

/** What waits to be given back, the oldest first. */
export async function listSurplus(
  { db }: ReadCtx,
  { limit, cursor: after }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Surplus>> {
  const rows = await db
    .select()
    .from(surplus)
    .where(
      and(
        isNull(surplus.refundId),
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
 * A refund has been made of it, and takes it out of its escrow. Once: the same refund again changes nothing.
 * Throws `payments.surplus_not_found` (404) and `payments.surplus_returned` (409).
 */
export async function settleSurplus(tx: TxCtx, id: string, refundId: string): Promise<Surplus> {
  const [found] = await tx.db.select().from(surplus).where(eq(surplus.id, id)).for('update')
  if (!found) throw errors.surplus_not_found()
  if (found.refundId === refundId) return found
  if (found.refundId !== null) throw errors.surplus_returned()
  await tx.db.update(surplus).set({ refundId }).where(eq(surplus.id, id))
  await tx.record(surplusReturned, found.paymentId, { surplusId: id, refundId })
  return { ...found, refundId }
}
