/**
 * Whom money is taken from that a customer gets back: what is in escrow first, then those who had it released, each for
 * their part, and the house for what nobody has. And how it comes back to them when the customer does not get it after all.
 */
import type { TxCtx } from '../../platform/context.ts'
import { type Money, allocate, money, splitRefund, subtract } from '../../platform/money/index.ts'
import {
  type AccountSpec,
  type Flow,
  type Move,
  chart,
  getBalance,
  lockAccounts,
  openAccounts,
} from '../ledger/index.ts'
import { type Books, isEscrowOf, isOf, netOf } from './amounts.ts'
import type { Payment } from './tables.ts'

type Side = Flow['debit']

/** What is taken of one of whoever a payment was released to. */
type Part = { readonly ownerId: string; readonly amount: Money }

type Taking = {
  readonly amount: Money
  /** Where it goes. */
  readonly into: AccountSpec
  /** What of the escrow is somebody's already: of what a dispute claims no refund is paid. */
  readonly spare: bigint
  /** Whether what providers have earned and not been sent yet is taken before they owe anything. */
  readonly hasPayable: boolean
}

/** The postings that take an amount, with every account that is not the house's locked. */
export async function takeFrom(
  tx: TxCtx,
  payment: Payment,
  { amounts, flows }: Books,
  { amount, into, spare, hasPayable }: Taking,
): Promise<readonly Move[]> {
  const { asset } = amount
  const shared = sharedOut(payment, { amounts, flows }, amount, spare)
  const payables = await lockPayables(tx, shared.providers, [into, chart.escrow(payment.id, asset)])
  const moves = shared.providers.flatMap(({ ownerId, amount: part }, index) => {
    const there = hasPayable ? (payables[index] ?? 0n) : 0n
    const paid = money(there < part.amount ? there : part.amount, asset)
    return [
      { debit: chart.providerPayable(ownerId, asset), credit: into, amount: paid },
      {
        debit: chart.providerReceivable(ownerId, asset),
        credit: into,
        amount: subtract(part, paid),
      },
    ]
  })
  return [
    { debit: chart.escrow(payment.id, asset), credit: into, amount: shared.escrow },
    { debit: chart.commission(asset), credit: into, amount: shared.commission },
    ...moves,
    { debit: chart.chargebackLoss(asset), credit: into, amount: shared.loss },
  ].filter(({ amount: part }) => part.amount > 0n)
}

/**
 * The postings that give what was taken into an account back to whom it was taken from. Who owed it may owe less by now:
 * then they have earned it.
 */
export async function giveBack(
  tx: TxCtx,
  { flows }: Books,
  from: AccountSpec,
): Promise<readonly Move[]> {
  const isFrom = ({ kind, ownerId }: Side) => kind === from.kind && ownerId === from.ownerId
  const takenOf = (...kinds: readonly string[]) => netBySide(flows, isFrom, isOf(...kinds))
  const { asset } = from
  const payables = takenOf('provider_payable')
  const receivables = takenOf('provider_receivable')
  const providers = [...new Set([...payables.keys(), ...receivables.keys()])]
  const specs = providers.flatMap((ownerId) => [
    chart.providerPayable(ownerId, asset),
    chart.providerReceivable(ownerId, asset),
  ])
  const ids = await openAccounts(tx, [from, ...specs])
  await lockAccounts(tx, ids)
  const moves: Move[] = []
  const give = (to: AccountSpec, amount: bigint) => {
    if (amount > 0n) moves.push({ debit: from, credit: to, amount: money(amount, asset) })
  }
  for (const [ownerId, amount] of takenOf('escrow')) give(chart.escrow(ownerId, asset), amount)
  for (const amount of takenOf('commission').values()) give(chart.commission(asset), amount)
  for (const amount of takenOf('chargeback_loss').values())
    give(chart.chargebackLoss(asset), amount)
  for (const [index, ownerId] of providers.entries()) {
    const owes = (await getBalance(tx, ids[2 + index * 2] ?? '')).balance.balance
    const owed = receivables.get(ownerId) ?? 0n
    const settled = owed < owes ? owed : owes
    const total = owed + (payables.get(ownerId) ?? 0n)
    give(chart.providerReceivable(ownerId, asset), settled)
    give(chart.providerPayable(ownerId, asset), total - (settled > 0n ? settled : 0n))
  }
  return moves
}

function sharedOut(payment: Payment, { amounts, flows }: Books, amount: Money, spare: bigint) {
  const { asset } = amount
  const free = amounts.escrow.amount - spare
  const escrow = least(amount.amount, free > 0n ? free : 0n)
  const released = releasedBy(payment, flows)
  const wanted = amount.amount - escrow
  const clawedBack = least(wanted, released.left)
  const loss = money(wanted - clawedBack, asset)
  const fromEscrow = money(escrow, asset)
  if (clawedBack === 0n)
    return { escrow: fromEscrow, commission: money(0n, asset), providers: [], loss }
  const { commission, rest } = splitRefund(
    { amount: money(released.amount, asset), commission: money(released.commission, asset) },
    { commission: money(released.commissionBack, asset), rest: money(released.restBack, asset) },
    money(clawedBack, asset),
  )
  const owners = [...released.providers.keys()]
  const parts = rest.amount > 0n ? allocate(rest, [...released.providers.values()]) : []
  const providers: Part[] = parts.map((part, index) => ({
    ownerId: owners[index] ?? '',
    amount: part,
  }))
  return { escrow: fromEscrow, commission, providers, loss }
}

/** What was released and to whom, and what of it has been taken back. */
function releasedBy(payment: Payment, flows: readonly Flow[]) {
  const escrow = isEscrowOf(payment)
  const taken = isOf('refund_in_transit', 'dispute_reserve')
  const commission = netOf(flows, escrow, isOf('commission'))
  const providers = new Map(
    [...netBySide(flows, escrow, isOf('provider_payable'))].map(([ownerId, amount]) => [
      ownerId,
      -amount,
    ]),
  )
  const amount = [...providers.values()].reduce((sum, each) => sum + each, commission)
  const commissionBack = netOf(flows, isOf('commission'), taken)
  const restBack = netOf(flows, isOf('provider_payable', 'provider_receivable'), taken)
  const left = amount - commissionBack - restBack
  return { amount, commission, providers, commissionBack, restBack, left: left > 0n ? left : 0n }
}

/** What went from others of a kind to one account, less what came back, by whom they belong to. */
function netBySide(
  flows: readonly Flow[],
  isOne: (side: Side) => boolean,
  isOther: (side: Side) => boolean,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { debit, credit, amount } of flows) {
    const [other, signed] = isOne(credit) ? [debit, amount] : [credit, -amount]
    if ((isOne(credit) || isOne(debit)) && isOther(other))
      sums.set(other.ownerId, (sums.get(other.ownerId) ?? 0n) + signed)
  }
  return sums
}

/** What each of them has earned and not been sent, after locking what will be posted to. */
async function lockPayables(
  tx: TxCtx,
  parts: readonly Part[],
  others: readonly AccountSpec[],
): Promise<readonly bigint[]> {
  const specs = parts.flatMap(({ ownerId, amount: { asset } }) => [
    chart.providerPayable(ownerId, asset),
    chart.providerReceivable(ownerId, asset),
  ])
  const ids = await openAccounts(tx, [...specs, ...others])
  await lockAccounts(tx, ids)
  const payables: bigint[] = []
  for (let index = 0; index < parts.length; index += 1)
    payables.push((await getBalance(tx, ids[index * 2] ?? '')).balance.available ?? 0n)
  return payables
}

const least = (one: bigint, other: bigint) => (one < other ? one : other)
