/** The part of the port that tells of disputes, which come from the customer's bank: what one is there, now. */
import type { Money } from '../money/index.ts'
import type { Attempt, Outcome } from './provider.ts'

/** `inquiry`: the bank only asks. `inquiry_closed`: it asked, and nothing came of it. */
export const disputeStatuses = [
  'inquiry',
  'needs_response',
  'under_review',
  'won',
  'lost',
  'inquiry_closed',
] as const
export type DisputeStatus = (typeof disputeStatuses)[number]

/** Money that the provider took away for a dispute, or gave back. */
export type DisputeMovement = {
  readonly ref: string
  readonly kind: 'withdrawn' | 'reinstated'
  readonly amount: Money
  /** What it cost; below zero what of that came back; null in another currency than the payment's. */
  readonly fee: Money | null
}

export type DisputeSnapshot = {
  readonly ref: string
  readonly status: DisputeStatus
  readonly amount: Money
  readonly chargeRef: string | null
  readonly collectionRef: string | null
  /** Why, in the provider's words for programs. */
  readonly reason: string
  /** By when the bank wants an answer; null when it wants none. */
  readonly dueAt: Date | null
  readonly hasEvidence: boolean
  readonly openedAt: Date
  /** The oldest first. */
  readonly movements: readonly DisputeMovement[]
}

/** What is told to the bank. All of it survives JSON. */
export type EvidenceRequest = { readonly disputeRef: string; readonly text: string }

export type DisputeProvider = {
  /** Null when there is no such dispute. @throws Error when the provider cannot say */
  fetchDispute(ref: string, signal?: AbortSignal): Promise<DisputeSnapshot | null>
  /** Tells the bank, for good. Never throws for what the provider does. */
  submitEvidence(attempt: Attempt<EvidenceRequest>): Promise<Outcome<DisputeSnapshot>>
  /** Gives up: the bank decides for the customer. Never throws for what the provider does. */
  acceptDispute(
    attempt: Attempt<Pick<EvidenceRequest, 'disputeRef'>>,
  ): Promise<Outcome<DisputeSnapshot>>
}
