/**
 * What the house bore because it was on its way to the customer when their bank took it, too. Once it is back the bank has
 * taken it from where it is, and the house has lost nothing.
 */
import type { TxCtx } from '../../platform/context.ts'
import { type Money, money } from '../../platform/money/index.ts'
import { type Flow, type Move, chart } from '../ledger/index.ts'
import { type Books, netOf } from './amounts.ts'
import type { Payment } from './tables.ts'
import { takeFrom } from './takings.ts'

/** Of one dispute. */
export type Loss = { readonly disputeId: string; readonly amount: bigint }

/** What the house bears of each dispute. */
export function lossesIn(flows: readonly Flow[]): readonly Loss[] {
  const ids = new Set(
    flows
      .flatMap(({ debit, credit }) => [debit, credit])
      .filter(({ kind }) => kind === 'dispute_reserve')
      .map(({ ownerId }) => ownerId),
  )
  return [...ids]
    .map((disputeId) => ({
      disputeId,
      amount: netOf(
        flows,
        ({ kind }) => kind === 'chargeback_loss',
        ({ kind, ownerId }) => kind === 'dispute_reserve' && ownerId === disputeId,
      ),
    }))
    .filter(({ amount }) => amount > 0n)
}

/** Taken from escrow, or from whoever it was released to; nothing where nobody has it. */
export async function coverLoss(
  tx: TxCtx,
  payment: Payment,
  books: Books,
  { disputeId, amount }: Loss,
): Promise<readonly Move[]> {
  const loss = money(amount, payment.asset)
  const taken = await takeFrom(tx, payment, books, {
    amount: loss,
    into: chart.disputeReserve(disputeId, loss.asset),
    spare: 0n,
    hasPayable: false,
  })
  const isHouse = ({ debit }: Move) => typeof debit !== 'string' && debit.kind === 'chargeback_loss'
  return withHouse(
    disputeId,
    taken.filter((move) => !isHouse(move)),
    loss.asset,
  )
}

/** As `coverLoss`, of money that came in a second time: all that there is of it. */
export function coverSurplusLoss(
  surplusId: string,
  { disputeId, amount }: Loss,
  left: Money,
): readonly Move[] {
  const there = left.amount < amount ? left.amount : amount
  if (there === 0n) return []
  const { asset } = left
  const debit = chart.escrow(surplusId, asset)
  const credit = chart.disputeReserve(disputeId, asset)
  return withHouse(disputeId, [{ debit, credit, amount: money(there, asset) }], asset)
}

/** The house has its part back first: the reserve is empty before as after. */
function withHouse(
  disputeId: string,
  taken: readonly Move[],
  asset: Money['asset'],
): readonly Move[] {
  const total = taken.reduce((sum, { amount }) => sum + amount.amount, 0n)
  if (total === 0n) return []
  const debit = chart.disputeReserve(disputeId, asset)
  return [{ debit, credit: chart.chargebackLoss(asset), amount: money(total, asset) }, ...taken]
}
