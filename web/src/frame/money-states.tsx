/** How payments, refunds, disputes and what was told of them stand: in the same words wherever they are shown. */
import type * as disputes from '@ashlar/sdk/disputes'
import type * as payments from '@ashlar/sdk/payments'
import type * as refunds from '@ashlar/sdk/refunds'
import type { Option } from './fields.tsx'
import { moneyStateWords } from './money-state-words.ts'
import { State, type Tone } from './screen.tsx'
import { useWords } from './words.ts'

type PaymentStates = Awaited<ReturnType<typeof payments.get>>['state']
type RefundStates = Awaited<ReturnType<typeof refunds.get>>['state']
type DisputeStates = Awaited<ReturnType<typeof disputes.get>>['state']

const ofPayment: Readonly<Record<PaymentStates, Tone>> = {
  created: 'calm',
  requires_action: 'busy',
  processing: 'busy',
  held: 'good',
  frozen: 'warn',
  released: 'good',
  refunded: 'calm',
  charged_back: 'bad',
  failed: 'bad',
  cancelled: 'calm',
  amount_mismatch: 'bad',
}
const ofRefund: Readonly<Record<RefundStates, Tone>> = {
  requested: 'busy',
  sending: 'busy',
  unknown: 'warn',
  pending: 'busy',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'calm',
  needs_review: 'bad',
}
const ofDispute: Readonly<Record<DisputeStates, Tone>> = {
  inquiry: 'warn',
  needs_response: 'bad',
  under_review: 'busy',
  won: 'good',
  lost: 'bad',
  inquiry_closed: 'calm',
}

export function PaymentState({ state }: { readonly state: PaymentStates }) {
  const words = useWords(moneyStateWords)
  return <State tone={ofPayment[state]}>{words[`payment_${state}`]}</State>
}

export function RefundState({ state }: { readonly state: RefundStates }) {
  const words = useWords(moneyStateWords)
  return <State tone={ofRefund[state]}>{words[`refund_${state}`]}</State>
}

export function DisputeState({ state }: { readonly state: DisputeStates }) {
  const words = useWords(moneyStateWords)
  return <State tone={ofDispute[state]}>{words[`dispute_${state}`]}</State>
}

/** For filters: all states in words. */
export function useMoneyStates(): Readonly<
  Record<'payments' | 'refunds' | 'disputes', readonly Option[]>
> {
  const words = useWords(moneyStateWords)
  return {
    payments: keysOf(ofPayment).map((value) => ({ value, label: words[`payment_${value}`] })),
    refunds: keysOf(ofRefund).map((value) => ({ value, label: words[`refund_${value}`] })),
    disputes: keysOf(ofDispute).map((value) => ({ value, label: words[`dispute_${value}`] })),
  }
}

const keysOf = <Name extends string>(of: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(of) as Name[]
