/**
 * What disputes do in the ledger. Money is moved when the provider says that it has moved it, never because of a state: it
 * waits in the dispute's reserve, together with what the dispute costs, until the bank has decided who bears it.
 */
import type { TxCtx } from '../../platform/context.ts'
import { type Money, money, subtract } from '../../platform/money/index.ts'
import type { DisputeMovement } from '../../platform/payments/index.ts'
import { type AccountSpec, type Move, chart, post, readFlows } from '../ledger/index.ts'
import {
  type Books,
  type Payment,
  closeSurplus,
  feeReasons,
  giveBack,
  openSurplusAgain,
  readBooks,
  takeFrom,
} from '../payments/index.ts'
import { isClosed } from './disputes.ts'
import type { Dispute } from './tables.ts'

const reserveOf = ({ id, asset }: Dispute) => chart.disputeReserve(id, asset)
const write = (tx: TxCtx, dispute: Dispute, reason: string, key: string, postings: Move[]) =>
  post(tx, {
    idemKey: `${reason}:${key}`,
    reason,
    postings,
    ref: postedAs(dispute),
  })
/** A second money has books of its own. */
export const postedAs = ({ paymentId, surplusId }: Dispute) =>
  surplusId === null ? { type: 'payment', id: paymentId } : { type: 'surplus', id: surplusId }

/** Posts what the provider has moved, each once; what was decided before is undone first. */
export async function postMovements(
  tx: TxCtx,
  payment: Payment,
  dispute: Dispute,
  movements: readonly DisputeMovement[],
): Promise<void> {
  if (movements.length > dispute.movements) await undoDecision(tx, payment, dispute)
  const reserve = reserveOf(dispute)
  const clearing = chart.pspClearing(dispute.provider, dispute.asset)
  const between = (amount: bigint): Move[] => {
    const there = money(amount < 0n ? -amount : amount, dispute.asset)
    if (amount === 0n) return []
    return amount > 0n
      ? [{ debit: reserve, credit: clearing, amount: there }]
      : [{ debit: clearing, credit: reserve, amount: there }]
  }
  for (const { ref, kind, amount, fee } of movements) {
    // What the provider calls the dispute comes last: by that it is found when both books are compared.
    const key = `${ref}:${dispute.providerRef}`
    const isTaken = kind === 'withdrawn'
    const moved = between(isTaken ? amount.amount : -amount.amount)
    if (moved.length > 0)
      await write(tx, dispute, isTaken ? 'disputes.withdrawn' : 'disputes.reinstated', key, moved)
    const paid = between(fee?.amount ?? 0n)
    if (paid.length > 0) await write(tx, dispute, 'disputes.fee', key, paid)
  }
}

/** Who bears what is in the reserve once the bank has decided. Returns what stays undecided. */
export async function postDecision(tx: TxCtx, payment: Payment, dispute: Dispute): Promise<Money> {
  const books = await booksOf(tx, payment, dispute)
  const { taken, fee } = reserved(dispute, books.flows)
  const reserve = reserveOf(dispute)
  const key = `${dispute.id}:${dispute.movements}`
  if (isClosed(dispute) && fee > 0n)
    await write(tx, dispute, 'disputes.fee_borne', key, [
      { debit: chart.pspFee(dispute.asset), credit: reserve, amount: money(fee, dispute.asset) },
    ])
  if (dispute.state !== 'lost' || taken <= 0n) return money(taken, dispute.asset)
  const amount = money(taken, dispute.asset)
  const postings =
    dispute.surplusId === null
      ? await takeFrom(tx, payment, books, { amount, into: reserve, spare: 0n, hasPayable: false })
      : takeSurplus(dispute.surplusId, books.flows, amount, reserve)
  await write(tx, dispute, 'disputes.lost', key, [...postings])
  if (dispute.surplusId !== null) await closeSurplus(tx, dispute.surplusId)
  return money(0n, dispute.asset)
}

/** Money moved again after a decision: it was not the last one. */
async function undoDecision(tx: TxCtx, payment: Payment, dispute: Dispute): Promise<void> {
  const books = await booksOf(tx, payment, dispute)
  const reserve = reserveOf(dispute)
  const key = `${dispute.id}:${dispute.movements}`
  const { borne } = reserved(dispute, books.flows)
  const postings = await giveBack(tx, books, reserve)
  if (postings.length > 0) {
    await write(tx, dispute, 'disputes.lost_undone', key, [...postings])
    if (dispute.surplusId !== null) await openSurplusAgain(tx, dispute.surplusId)
  }
  if (borne > 0n)
    await write(tx, dispute, 'disputes.fee_borne', `${key}:undone`, [
      { debit: reserve, credit: chart.pspFee(dispute.asset), amount: money(borne, dispute.asset) },
    ])
}

type Flows = Books['flows']

/** Everything posted about what is disputed. */
async function booksOf(tx: TxCtx, payment: Payment, { surplusId, asset }: Dispute): Promise<Books> {
  const books = await readBooks(tx, payment)
  if (surplusId === null) return books
  const account = chart.escrow(surplusId, asset)
  const flows = await readFlows(tx, { ref: { type: 'surplus', id: surplusId }, account })
  return { ...books, flows }
}

/** What is there of it, and the house for what was given back already. */
function takeSurplus(
  surplusId: string,
  flows: Flows,
  amount: Money,
  into: AccountSpec,
): readonly Move[] {
  const isEscrow = ({ kind, ownerId }: Flows[number]['debit']) =>
    kind === 'escrow' && ownerId === surplusId
  const there = flows.reduce((sum, { debit, credit, amount: moved }) => {
    if (isEscrow(credit)) return sum + moved
    return isEscrow(debit) ? sum - moved : sum
  }, 0n)
  const taken = money(there < amount.amount ? there : amount.amount, amount.asset)
  return [
    { debit: chart.escrow(surplusId, amount.asset), credit: into, amount: taken },
    { debit: chart.chargebackLoss(amount.asset), credit: into, amount: subtract(amount, taken) },
  ].filter(({ amount: part }) => part.amount > 0n)
}

/** What is in the reserve of a dispute: of the money, of its cost, and what of the cost is the house's already. */
function reserved(dispute: Dispute, flows: Flows) {
  let [taken, fee, borne] = [0n, 0n, 0n]
  for (const { reason, debit, credit, amount } of flows) {
    const isReserve = ({ kind, ownerId }: typeof debit) =>
      kind === 'dispute_reserve' && ownerId === dispute.id
    if (!isReserve(debit) && !isReserve(credit)) continue
    const signed = isReserve(debit) ? amount : -amount
    if (feeReasons.includes(reason)) fee += signed
    else taken += signed
    if (reason === 'disputes.fee_borne') borne -= signed
  }
  return { taken, fee, borne }
}
