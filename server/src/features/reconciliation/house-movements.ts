/** What moves a provider's balance and is nobody's but the house's: payouts to its own bank, and what the provider costs. */
import type { TxCtx } from '../../platform/context.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import { money } from '../../platform/money/index.ts'
import type { Movement } from '../../platform/payments/index.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import { chart, post } from '../ledger/index.ts'
import { errors } from './errors.ts'

/** In the provider's words: to the bank and back, and what it keeps for itself. */
const toBank = ['payout', 'payout_cancel', 'payout_failure', 'topup', 'topup_reversal']
const costs = ['stripe_fee', 'stripe_fx_fee', 'network_cost', 'tax_fee']

export const isOfHouse = ({ type }: Pick<Movement, 'type'>): boolean =>
  toBank.includes(type) || costs.includes(type)

/** What the ledger's transaction about such a movement says that it is about. */
export const houseKeyOf = (ref: string) => ['movement', ref] as const

/** A movement never changes, so posting it once is all there is to do. No webhook tells of it: reconciliation finds it. */
export const houseMovements: Applier = {
  provider: 'stripe',
  kind: 'balance_transaction',
  look: async (ctx, { objectId, provider }) => {
    if (!ctx.ports.payments) throw errors.not_configured()
    const movement = await ctx.ports.payments.listing.findMovement(objectId)
    if (!movement) throw new PermanentFailure('the provider does not know it')
    if (!isOfHouse(movement)) throw new PermanentFailure(`a ${movement.type} is not the house’s`)
    return (tx) => apply(tx, provider, movement)
  },
}

async function apply(tx: TxCtx, provider: string, movement: Movement): Promise<Applied> {
  const { ref, type, net } = movement
  if (net.amount === 0n) return 'applied'
  const other = toBank.includes(type) ? chart.world(net.asset) : chart.pspFee(net.asset)
  const clearing = chart.pspClearing(provider, net.asset)
  const isIn = net.amount > 0n
  const [refType, refId] = houseKeyOf(ref)
  await post(tx, {
    idemKey: `reconciliation.moved:${ref}`,
    reason: 'reconciliation.moved',
    ref: { type: refType, id: refId },
    postings: [
      {
        debit: isIn ? clearing : other,
        credit: isIn ? other : clearing,
        amount: money(isIn ? net.amount : -net.amount, net.asset),
      },
    ],
  })
  return 'applied'
}
