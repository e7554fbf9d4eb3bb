/** What the ledger says of a payment: how much of it came in, and where that is now. */
import type { ReadCtx } from '../../platform/context.ts'
import { type Money, money } from '../../platform/money/index.ts'
import { type Flow, chart, readFlows } from '../ledger/index.ts'
import type { Payment } from './tables.ts'

export type Amounts = {
  readonly captured: Money
  /** Nobody's yet. */
  readonly escrow: Money
  /** Given back, and known to have been. */
  readonly refunded: Money
  /** On its way back: nobody else can have it. */
  readonly refundPending: Money
  /** Claimed by disputes that are not decided. */
  readonly disputed: Money
  /** Of this payment, by disputes that were lost. */
  readonly chargedBack: Money
  /** To whoever earned it, the commission included; what was taken back of it is counted where it went. */
  readonly released: Money
  /** What a refund can have. */
  readonly refundable: Money
}

/** A payment's postings, and what they come to. True for as long as the payment is locked. */
export type Books = { readonly amounts: Amounts; readonly flows: readonly Flow[] }

type Side = Flow['debit']

export const isOf =
  (...kinds: readonly string[]) =>
  ({ kind }: Side): boolean =>
    kinds.includes(kind)

/** What costs of disputes are posted as: the fee is in the reserve, too, and is nobody's claim. */
export const feeReasons: readonly string[] = ['disputes.fee', 'disputes.fee_borne']

/** In one direction, less what came back. */
export const netOf = (
  flows: readonly Flow[],
  from: (side: Side) => boolean,
  to: (side: Side) => boolean,
): bigint =>
  flows.reduce((sum, { debit, credit, amount }) => {
    if (from(debit) && to(credit)) return sum + amount
    return from(credit) && to(debit) ? sum - amount : sum
  }, 0n)

/** On its own account, and not that of a second money that came in for it. */
export const isEscrowOf =
  ({ id }: Pick<Payment, 'id'>) =>
  ({ kind, ownerId }: Side): boolean =>
    kind === 'escrow' && ownerId === id

const anything = () => true

export async function readBooks(ctx: ReadCtx, payment: Payment): Promise<Books> {
  const { asset } = money(payment.amount, payment.asset)
  const account = chart.escrow(payment.id, asset)
  const flows = await readFlows(ctx, { ref: { type: 'payment', id: payment.id }, account })
  return { flows, amounts: amountsOf(payment, flows) }
}

function amountsOf(payment: Payment, flows: readonly Flow[]): Amounts {
  const escrow = isEscrowOf(payment)
  const transit = isOf('refund_in_transit')
  const reserve = isOf('dispute_reserve')
  const captured = netOf(flows, isOf('psp_clearing'), escrow)
  const refunded = netOf(flows, transit, isOf('psp_clearing'))
  const refundPending = netOf(flows, anything, transit)
  const lost = netOf(
    flows,
    isOf('escrow', 'commission', 'provider_payable', 'provider_receivable', 'chargeback_loss'),
    reserve,
  )
  // What was refunded, too, is the house's loss and not the payment's, whichever of the two was heard of first.
  const own = captured - refunded - refundPending
  const chargedBack = lost < own ? lost : own > 0n ? own : 0n
  const taken = netOf(
    flows.filter(({ reason }) => !feeReasons.includes(reason)),
    reserve,
    anything,
  )
  // A dispute claims before its money is taken, and until it is back.
  const disputed = taken > payment.disputed ? taken : payment.disputed
  const left = captured - refunded - refundPending - chargedBack - disputed
  const of = (amount: bigint) => money(amount, payment.asset)
  return {
    captured: of(captured),
    escrow: of(netOf(flows, anything, escrow)),
    refunded: of(refunded),
    refundPending: of(refundPending),
    disputed: of(disputed),
    chargedBack: of(chargedBack),
    released: of(netOf(flows, escrow, isOf('commission', 'provider_payable'))),
    refundable: of(left > 0n ? left : 0n),
  }
}
