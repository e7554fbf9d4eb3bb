/** The states of a payment and of a refund, for whoever paid. */
import type * as payments from '@ashlar/sdk/payments'
import type * as refunds from '@ashlar/sdk/refunds'
import { State, type Tone } from '../../../frame/screen.tsx'
import { useWords } from '../../../frame/words.ts'
import { ownPaymentsWords } from './words.ts'

export type Payment = Awaited<ReturnType<typeof payments.get>>
type Refund = Awaited<ReturnType<typeof refunds.listOwn>>['data'][number]
type Word = keyof (typeof ownPaymentsWords)['en']

const states = {
  created: ['warn', 'aboutCreated'],
  requires_action: ['warn', 'aboutRequiresAction'],
  processing: ['busy', 'aboutProcessing'],
  held: ['good', 'aboutHeld'],
  frozen: ['warn', 'aboutFrozen'],
  released: ['good', 'aboutReleased'],
  refunded: ['calm', 'aboutRefunded'],
  charged_back: ['bad', 'aboutChargedBack'],
  failed: ['bad', 'aboutFailed'],
  cancelled: ['calm', 'aboutCancelled'],
  amount_mismatch: ['bad', 'aboutAmountMismatch'],
} as const satisfies Readonly<Record<Payment['state'], readonly [Tone, Word]>>

export const allStates = Object.keys(states) as readonly Payment['state'][]
/** Nothing is paid, and something can be done about it. */
export const isPayable = ({ state }: Payment): boolean =>
  ['created', 'requires_action', 'failed'].includes(state)
/** It changes without anybody here doing anything; after the provider's page it does so from any state before paid. */
export const isMoving = ({ state }: Payment, isBack: boolean): boolean =>
  state === 'processing' || (isBack && ['created', 'requires_action'].includes(state))
export const isPaid = ({ captured }: Payment): boolean => captured.amount !== '0'

export function PaymentState({ of: { state } }: { readonly of: Payment }) {
  const words = useWords(ownPaymentsWords)
  return <State tone={states[state][0]}>{words[state]}</State>
}

/** The same as a sentence. */
export const aboutState = ({ state }: Payment): Word => states[state][1]

const refundStates = {
  requested: ['busy', 'requested'],
  sending: ['busy', 'sending'],
  unknown: ['busy', 'unknown'],
  pending: ['busy', 'pending_refund'],
  succeeded: ['good', 'succeeded'],
  failed: ['bad', 'refund_failed'],
  cancelled: ['calm', 'refund_cancelled'],
  needs_review: ['warn', 'needs_review'],
} as const satisfies Readonly<Record<Refund['state'], readonly [Tone, Word]>>

export function RefundState({ of: { state } }: { readonly of: Refund }) {
  const words = useWords(ownPaymentsWords)
  const [tone, word] = refundStates[state]
  return <State tone={tone}>{words[word]}</State>
}
