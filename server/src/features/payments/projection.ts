/** The state and the amounts that people see, written anew from the ledger whenever something was posted. */
import { eq, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { type Amounts, type Books, readBooks } from './amounts.ts'
import { paymentChanged } from './events.ts'
import { type Payment, payments } from './tables.ts'

/** States of a payment whose money came in: only the ledger changes them. */
export const statesWithMoney: readonly Payment['state'][] = [
  'held',
  'frozen',
  'released',
  'refunded',
  'charged_back',
]

/** What a payment is whose money came in. A dispute about what has been given back already changes nothing of it. */
export function stateBy(amounts: Amounts): Payment['state'] {
  const { captured, refunded, chargedBack, disputed, released, escrow } = amounts
  const left = captured.amount - refunded.amount - chargedBack.amount
  if (left <= 0n) return chargedBack.amount > 0n ? 'charged_back' : 'refunded'
  if (disputed.amount > 0n) return 'frozen'
  return released.amount > 0n && escrow.amount === 0n ? 'released' : 'held'
}

/**
 * Brings what people see in step with the ledger, under the payment's lock. `disputed`: what disputes claim of it now;
 * not given, it stays.
 */
export async function project(
  tx: TxCtx,
  given: Payment,
  disputed: bigint = given.disputed,
): Promise<{ readonly payment: Payment; readonly books: Books }> {
  const books = await readBooks(tx, { ...given, disputed })
  const { amounts } = books
  const state = amounts.captured.amount > 0n ? stateBy(amounts) : given.state
  const payment = one(
    await tx.db
      .update(payments)
      .set({
        state,
        disputed,
        captured: amounts.captured.amount,
        refunded: amounts.refunded.amount,
        refundPending: amounts.refundPending.amount,
        chargedBack: amounts.chargedBack.amount,
        updatedAt: sql`now()`,
      })
      .where(eq(payments.id, given.id))
      .returning(),
  )
  if (state !== given.state)
    await tx.record(paymentChanged, given.id, { before: given.state, after: state, failure: null })
  return { payment, books }
}
