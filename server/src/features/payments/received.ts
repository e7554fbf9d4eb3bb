/** Money that came in, posted: into an escrow, where it is nobody's yet; the provider's fee is ours to bear. */
import type { TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import type { CollectionSnapshot } from '../../platform/payments/index.ts'
import { chart, post } from '../ledger/index.ts'

/** Whose escrow it goes into. */
export type Owner = {
  readonly type: 'payment' | 'surplus'
  readonly id: string
  readonly provider: string
}

/** Posted once for each charge, however often it is heard of; the fee may be told later than the money. */
export async function postReceived(
  tx: TxCtx,
  { ref, received, fee, chargeRef }: CollectionSnapshot,
  { type, id, provider }: Owner,
): Promise<void> {
  if (!received) return
  const clearing = chart.pspClearing(provider, received.asset)
  const about = { type, id }
  await post(tx, {
    idemKey: `payments.captured:${chargeRef ?? ref}`,
    reason: 'payments.captured',
    postings: [{ debit: clearing, credit: chart.escrow(id, received.asset), amount: received }],
    ref: about,
  })
  crashPoint('payments.after_capture')
  if (fee && fee.amount > 0n)
    await post(tx, {
      idemKey: `payments.fee:${chargeRef ?? ref}`,
      reason: 'payments.fee',
      postings: [{ debit: chart.pspFee(fee.asset), credit: clearing, amount: fee }],
      ref: about,
    })
}
