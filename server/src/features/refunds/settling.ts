/** Money that came in twice and that the provider did not take back: asked for once more, or given back by other means. */
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { presentMoney } from '../../platform/money/index.ts'
import { chart, post, readFlows } from '../ledger/index.ts'
import {
  type Surplus,
  closeSurplus,
  getSurplus,
  leftOf,
  lockPayment,
  lockSurplus,
  providerOf,
} from '../payments/index.ts'
import { errors } from './errors.ts'
import { surplusSettled } from './events.ts'
import { send } from './sending.ts'
import { keepSurplusRefund } from './surplus.ts'

const reason = 'refunds.surplus_settled'

export type Settlement = { readonly by: 'refund' | 'other_means'; readonly note: string }

/**
 * Settles a surplus that was refused. Throws `payments.surplus_not_found` (404), `refunds.surplus_not_open` (409),
 * `payments.not_configured` (503).
 */
export async function settleRefused(
  ctx: Ctx,
  id: string,
  settlement: Settlement,
): Promise<Surplus> {
  providerOf(ctx)
  if (settlement.by === 'other_means') {
    await ctx.tx((tx) => settleOtherwise(tx, id, settlement))
  } else {
    const kept = await ctx.tx(async (tx) => {
      const surplus = await requireRefused(tx, id)
      await note(tx, surplus, settlement)
      return keepSurplusRefund(tx, surplus)
    })
    await send(ctx, kept)
  }
  return getSurplus(ctx, id)
}

/** The customer has it from elsewhere; what the provider owes us stays. */
async function settleOtherwise(tx: TxCtx, id: string, settlement: Settlement): Promise<void> {
  const surplus = await requireRefused(tx, id)
  const amount = await leftOf(tx, surplus)
  const escrow = chart.escrow(id, amount.asset)
  const ref = { type: 'surplus', id }
  // What came back since is settled by itself.
  const before = (await readFlows(tx, { ref, account: escrow }))
    .filter((flow) => flow.reason === reason)
    .reduce((sum, flow) => sum + flow.amount, 0n)
  await note(tx, surplus, settlement)
  await post(tx, {
    idemKey: `${reason}:${id}${before === 0n ? '' : `:${before}`}`,
    reason,
    ref,
    postings: [{ debit: escrow, credit: chart.world(amount.asset), amount }],
  })
  await closeSurplus(tx, id)
}

async function requireRefused(tx: TxCtx, id: string): Promise<Surplus> {
  await lockPayment(tx, (await getSurplus(tx, id)).paymentId)
  const surplus = await lockSurplus(tx, id)
  const isOpen = surplus.refundId === null && surplus.settledAt === null
  if (!isOpen || surplus.failure === null) throw errors.surplus_not_open()
  return surplus
}

const note = async (tx: TxCtx, surplus: Surplus, { by, note: words }: Settlement) =>
  tx.record(surplusSettled, surplus.id, {
    paymentId: surplus.paymentId,
    ...presentMoney(await leftOf(tx, surplus)),
    by,
    note: words,
  })
