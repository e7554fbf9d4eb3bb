/** The steps of a payment's timeline, from all that is known of it, in the order in which they happened. */
import type * as disputes from '@ashlar/sdk/disputes'
import type * as payments from '@ashlar/sdk/payments'
import type * as refunds from '@ashlar/sdk/refunds'
import type { Tone } from '../../frame/screen.tsx'

type Moment = Awaited<ReturnType<typeof payments.timeline>>[number]
type Refund = Awaited<ReturnType<typeof refunds.get>>
type Dispute = Awaited<ReturnType<typeof disputes.get>>

export type Step = {
  readonly id: string
  readonly at: string
  readonly source: Moment['source'] | 'refund' | 'dispute'
  readonly name: string
  /** What its link says. */
  readonly ref: string | null
  readonly to: { readonly path: string; readonly search: Readonly<Record<string, string>> } | null
  readonly data: object
}

export const tones: Readonly<Record<Step['source'], Tone>> = {
  attempt: 'busy',
  fact: 'good',
  provider: 'calm',
  refund: 'warn',
  dispute: 'bad',
}

export function stepsOf(
  moments: readonly Moment[],
  refunded: readonly Refund[],
  disputed: readonly Dispute[],
): readonly Step[] {
  const steps = [
    ...moments.map(ofMoment),
    ...refunded.flatMap(ofRefund),
    ...disputed.flatMap(ofDispute),
  ]
  return steps.toSorted(
    (one, another) =>
      Date.parse(one.at) - Date.parse(another.at) || rank[one.source] - rank[another.source],
  )
}

/** Of what is noted as one moment, the fact is what the others come of. */
const rank: Readonly<Record<Step['source'], number>> = {
  fact: 0,
  attempt: 1,
  provider: 2,
  refund: 3,
  dispute: 4,
}

const ofMoment = (moment: Moment, index: number): Step => ({
  ...moment,
  id: `${moment.source} ${index}`,
  to: moment.ref === null ? null : { path: '/admin/inbox', search: { objectId: moment.ref } },
})

function ofRefund(refund: Refund): Step[] {
  const step = (name: string, at: string | null): Step[] =>
    at === null
      ? []
      : [
          {
            id: `${refund.id} ${name}`,
            at,
            source: 'refund',
            name,
            ref: null,
            to: { path: `/admin/refunds/${refund.id}`, search: {} },
            data: refund,
          },
        ]
  const begun = refund.origin === 'provider' ? 'told' : 'asked'
  return [
    ...step(begun, refund.createdAt),
    ...step('succeeded', notBefore(refund.createdAt, refund.succeededAt)),
  ]
}

function ofDispute(dispute: Dispute): Step[] {
  const step = (name: string, at: string | null): Step[] =>
    at === null
      ? []
      : [
          {
            id: `${dispute.id} ${name}`,
            at,
            source: 'dispute',
            name,
            ref: null,
            to: { path: `/admin/disputes/${dispute.id}`, search: {} },
            data: dispute,
          },
        ]
  return [
    ...step('opened', dispute.openedAt),
    ...step(dispute.state, notBefore(dispute.openedAt, dispute.closedAt)),
  ]
}

/** The provider's clock counts whole seconds: what it did would seem to come before what it was asked. */
const notBefore = (begun: string, ended: string | null): string | null =>
  ended !== null && Date.parse(ended) < Date.parse(begun) ? begun : ended
