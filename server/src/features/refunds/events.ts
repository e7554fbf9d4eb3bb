/** Facts the refunds room states. */
import { defineEvent } from '../../platform/events/index.ts'

type About = { readonly paymentId: string; readonly amount: string; readonly currency: string }

export const refundRequested = defineEvent<About & { origin: string }>()('refunds.requested')
export const refundSucceeded = defineEvent<About>()('refunds.succeeded')
/** `before`: `succeeded` when the customer's bank sent back what was thought to have arrived. */
export const refundFailed = defineEvent<
  About & { origin: string; before: string; after: string; failure: string | null }
>()('refunds.failed')
/** What came in twice and was refused is asked for once more, or was given back by other means. */
export const surplusSettled = defineEvent<About & { by: string; note: string }>()(
  'refunds.surplus_settled',
)
/** Somebody has found out what no program could. */
export const refundReviewed = defineEvent<
  About & { outcome: 'made' | 'not_made'; ref: string | null; note: string }
>()('refunds.reviewed')
/** Nobody knows whether the customer got it, and no program will find out. */
export const refundNeedsReview = defineEvent<About>()('refunds.needs_review')
