/**
 * The chart of accounts: every kind there is, on which side it grows and whether it has bounds. Accounts of somebody (an
 * order, a provider, a refund) never go below zero. Those of the house have no bounds: every payment touches them, and a
 * refund must not fail because of them.
 */
import type { Asset } from '../../platform/money/index.ts'

/** What an account is; it is made with its first use. */
export type AccountSpec = {
  readonly kind: string
  readonly ownerId: string
  readonly asset: Asset
  readonly normal: 'debit' | 'credit'
  readonly isUnbounded: boolean
  /** Given where one owner has many accounts of a kind. */
  readonly id?: string
}

/** The owner of what belongs to nobody else. */
const house = 'platform'

const grows = (normal: AccountSpec['normal'], kind: string) => (ownerId: string, asset: Asset) => ({
  kind,
  ownerId,
  asset,
  normal,
  isUnbounded: false,
})
const ofHouse = (normal: AccountSpec['normal'], kind: string) => (asset: Asset) => ({
  kind,
  ownerId: house,
  asset,
  normal,
  isUnbounded: true,
})

export const chart = {
  /** What a payment provider owes us: available, pending and on its way. */
  pspClearing: (provider: string, asset: Asset) => ({
    ...ofHouse('debit', 'psp_clearing')(asset),
    ownerId: provider,
  }),
  /** Paid for an order, and nobody's yet. */
  escrow: grows('credit', 'escrow'),
  /** Earned by a provider, and not on its way to them yet. */
  providerPayable: grows('credit', 'provider_payable'),
  /** What a provider has to give back. */
  providerReceivable: grows('debit', 'provider_receivable'),
  /** Taken away by a dispute that is not decided. */
  disputeReserve: grows('debit', 'dispute_reserve'),
  refundInTransit: grows('credit', 'refund_in_transit'),
  transferInTransit: grows('credit', 'transfer_in_transit'),
  commission: ofHouse('credit', 'commission'),
  pspFee: ofHouse('debit', 'psp_fee'),
  /** Given back to customers although it was not there any more: a dispute about what had been refunded, most of all. */
  chargebackLoss: ofHouse('debit', 'chargeback_loss'),
  tax: ofHouse('credit', 'tax'),
  /** What is owed for credits that were sold. */
  creditLiability: ofHouse('credit', 'credit_liability'),
  /** One grant or purchase of credits: of these somebody has many. */
  creditLot: (lotId: string, userId: string) => ({
    ...grows('credit', 'credit_lot')(userId, 'CRD'),
    id: lotId,
  }),
  /** Credits that were spent and then taken back by the bank. */
  creditDebt: (userId: string) => grows('debit', 'credit_debt')(userId, 'CRD'),
  creditRevenue: ofHouse('credit', 'credit_revenue'),
  creditExpired: ofHouse('credit', 'credit_expired'),
  creditWriteoff: ofHouse('debit', 'credit_writeoff'),
  /** Between two assets: what is bought of one is sold of the other, in one transaction with two postings. */
  liquidity: ofHouse('credit', 'liquidity'),
  /** Everything outside: where what nobody here paid for comes from. */
  world: ofHouse('debit', 'world'),
} as const satisfies Record<string, (...given: never[]) => AccountSpec>
