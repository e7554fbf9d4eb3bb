/** Disputes at Stripe. */
import type { Stripe } from 'stripe'
import type { Money } from '../money/index.ts'
import { fromStripe, isFromStripe } from '../money/stripe.ts'
import type {
  DisputeMovement,
  DisputeProvider,
  DisputeSnapshot,
  DisputeStatus,
} from './dispute-provider.ts'
import { found, idOf, outcomeOf } from './stripe-outcome.ts'

export const openDisputes = (client: () => Promise<Stripe>): DisputeProvider => ({
  fetchDispute: async (ref, signal) => {
    signal?.throwIfAborted()
    const { disputes } = await client()
    const dispute = await found(() => disputes.retrieve(ref))
    return dispute && snapshotOf(dispute)
  },
  submitEvidence: async ({ key, body: { disputeRef, text } }) => {
    const { disputes } = await client()
    const given = { evidence: { uncategorized_text: text }, submit: true }
    return outcomeOf(
      async () => snapshotOf(await disputes.update(disputeRef, given, { idempotencyKey: key })),
      async () => {
        const dispute = await disputes.retrieve(disputeRef)
        return dispute.evidence.uncategorized_text === text ? snapshotOf(dispute) : null
      },
    )
  },
  acceptDispute: async ({ key, body: { disputeRef } }) => {
    const { disputes } = await client()
    return outcomeOf(
      async () => snapshotOf(await disputes.close(disputeRef, {}, { idempotencyKey: key })),
      async () => {
        const dispute = await disputes.retrieve(disputeRef)
        return dispute.status === 'lost' ? snapshotOf(dispute) : null
      },
    )
  },
})

function snapshotOf(dispute: Stripe.Dispute): DisputeSnapshot {
  const amount = fromStripe(dispute)
  const { due_by: dueBy, has_evidence: hasEvidence } = dispute.evidence_details
  return {
    ref: dispute.id,
    status: disputeStatusOf(dispute),
    amount,
    chargeRef: idOf(dispute.charge),
    collectionRef: idOf(dispute.payment_intent),
    reason: dispute.reason,
    dueAt: dueBy === null ? null : new Date(dueBy * 1000),
    hasEvidence,
    openedAt: new Date(dispute.created * 1000),
    movements: dispute.balance_transactions
      .toSorted((one, other) => one.created - other.created)
      .map((moved) => movementOf(moved, amount)),
  }
}

/** Where Stripe settles in another currency, what moved of ours is what is disputed: as with payments. */
function movementOf(moved: Stripe.BalanceTransaction, disputed: Money): DisputeMovement {
  const { id, amount, fee, currency } = moved
  const isOurs = currency === disputed.asset.toLowerCase()
  return {
    ref: id,
    kind: amount < 0 ? 'withdrawn' : 'reinstated',
    amount: isOurs ? fromStripe({ amount: Math.abs(amount), currency }) : disputed,
    fee:
      isOurs && isFromStripe({ amount: fee, currency })
        ? fromStripe({ amount: fee, currency })
        : null,
  }
}

export function disputeStatusOf({ status }: Stripe.Dispute): DisputeStatus {
  switch (status) {
    case 'warning_needs_response':
    case 'warning_under_review':
      return 'inquiry'
    case 'warning_closed':
      return 'inquiry_closed'
    case 'under_review':
    case 'appeal_under_review':
      return 'under_review'
    case 'won':
      return 'won'
    case 'lost':
      return 'lost'
    case 'prevented':
      // Settled before it began.
      return 'inquiry_closed'
    default:
      return 'needs_response'
  }
}
