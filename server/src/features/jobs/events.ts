/** Facts the jobs room states. */
import { defineEvent } from '../../platform/events/index.ts'

/** A dead letter went back into its queue. */
export const jobRetried = defineEvent<{ name: string }>()('jobs.retried')
/** A dead letter was thrown away; why lies beside the fact. `scheduledFor` of one that the clock had started. */
export const jobDiscarded = defineEvent<{ name: string; scheduledFor: string | null }>()(
  'jobs.discarded',
)
/** Somebody started what the clock starts. */
export const startedByHand = defineEvent<{ name: string }>()('jobs.started_by_hand')
