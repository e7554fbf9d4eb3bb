/** Facts the ledger states. */
import { defineEvent } from '../../platform/events/index.ts'

export const transactionPosted = defineEvent<{
  reason: string
  ref: string | null
  reverses: string | null
  /** Moved in all, by asset, in its smallest unit. */
  moved: Record<string, string>
}>()('ledger.transaction_posted')
export const holdExpired = defineEvent<{ accountId: string; asset: string; amount: string }>()(
  'ledger.hold_expired',
)
export const accountClosed = defineEvent<{ kind: string; ownerId: string; asset: string }>()(
  'ledger.account_closed',
)
export const invariantBroken = defineEvent<{
  invariant: string
  count: number
  subject: string
  expected: string
  found: string
}>()('ledger.invariant_broken')
