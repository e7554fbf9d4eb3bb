/** Money that came in a second time for a payment goes back by itself, all that is here of it and once. */
import { v7 as uuidv7 } from 'uuid'
import type { TxCtx } from '../../platform/context.ts'
import { presentMoney } from '../../platform/money/index.ts'
import type { RefundSnapshot } from '../../platform/payments/index.ts'
import {
  type Payment,
  type Surplus,
  leftOf,
  lockPayment,
  settleSurplus,
} from '../payments/index.ts'
import { type Kept, insertRefund, keepAttempt } from './keeping.ts'
import { applyTo } from './outcomes.ts'
import { claimSurplus } from './postings.ts'

/** Keeps the refund of a surplus, with what to send. Throws `payments.surplus_returned` (409) where there is one. */
export async function keepSurplusRefund(tx: TxCtx, surplus: Surplus): Promise<Kept> {
  const payment = await lockPayment(tx, surplus.paymentId)
  const id = uuidv7()
  const amount = await leftOf(tx, surplus)
  await settleSurplus(tx, surplus.id, id)
  const refund = await insertRefund(tx, payment, {
    id,
    amount,
    origin: 'surplus',
    state: 'requested',
    surplusId: surplus.id,
  })
  await claimSurplus(tx, refund)
  const { chargeRef, collectionRef } = surplus
  return keepAttempt(tx, refund, {
    ...presentMoney(amount),
    reason: 'duplicate',
    of: chargeRef === null ? { collection: collectionRef } : { charge: chargeRef },
    refundId: refund.id,
    paymentId: payment.id,
  })
}

/** Given back in the dashboard: by nobody else any more. What that leaves of it goes back by itself. */
export async function mirrorSurplus(
  tx: TxCtx,
  payment: Payment,
  surplus: Surplus,
  snapshot: RefundSnapshot,
): Promise<void> {
  const { ref, amount, status, failure } = snapshot
  const isOver = status === 'failed' || status === 'cancelled'
  const id = uuidv7()
  const isAll = amount.amount >= (await leftOf(tx, surplus)).amount
  if (!isOver && isAll && surplus.refundId === null) await settleSurplus(tx, surplus.id, id)
  const refund = await insertRefund(tx, payment, {
    id,
    amount,
    origin: 'provider',
    state: isOver ? status : 'pending',
    providerRef: ref,
    failure: isOver ? failure : null,
    surplusId: surplus.id,
  })
  if (isOver) return
  // Where one of ours has it there is nothing to take, until the provider has refused that one: looked at again then.
  await claimSurplus(tx, refund)
  await applyTo(tx, payment, refund, snapshot)
}
