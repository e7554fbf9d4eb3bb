/** Facts the disputes room states. */
import { defineEvent } from '../../platform/events/index.ts'

type About = { readonly paymentId: string; readonly amount: string; readonly currency: string }

/** Somebody has to answer it by `dueAt`, also where the customer was given the money back before. */
export const disputeOpened = defineEvent<
  About & { state: string; reason: string; dueAt: string | null; paymentState: string }
>()('disputes.opened')
export const disputeChanged = defineEvent<
  About & { before: string; after: string; dueAt: string | null }
>()('disputes.changed')
export const disputeClosed = defineEvent<About & { outcome: string }>()('disputes.closed')
/** The bank's patience ends soon, and nobody has told it anything. */
export const evidenceDue = defineEvent<About & { dueAt: string }>()('disputes.evidence_due')
/** Asked for by somebody here; what became of it is told by the provider. */
export const disputeAnswered = defineEvent<About & { answer: 'evidence' | 'acceptance' }>()(
  'disputes.answered',
)
