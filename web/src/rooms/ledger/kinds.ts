/** The kinds of accounts (docs/money.md), in words. A kind that this list does not know is shown as it is called. */
import { useWords } from '../../frame/words.ts'
import { ledgerWords } from './words.ts'

export const kinds = [
  'psp_clearing',
  'escrow',
  'provider_payable',
  'provider_receivable',
  'dispute_reserve',
  'refund_in_transit',
  'transfer_in_transit',
  'commission',
  'psp_fee',
  'chargeback_loss',
  'tax',
  'credit_liability',
  'credit_lot',
  'credit_debt',
  'credit_revenue',
  'credit_expired',
  'credit_writeoff',
  'liquidity',
  'world',
] as const

export function useKindText(): (kind: string) => string {
  const words = useWords(ledgerWords)
  return (kind) => {
    const known = kinds.find((each) => each === kind)
    return known === undefined ? kind : words[`kind_${known}`]
  }
}

/** Whose it is: the house's, a provider's name, or an id. */
export function useOwnerText(): (ownerId: string) => string {
  const words = useWords(ledgerWords)
  return (ownerId) => (ownerId === 'platform' ? words.house : ownerId)
}
