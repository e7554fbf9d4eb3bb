/** Facts the refunds room states. */
import { defineEvent } from '../../platform/events/index.ts'

type About = { readonly paymentId: string; readonly amount: string; readonly currency: string }

export const refundRequested = defineEvent<About & { origin: string }>()('refunds.requested')
export const refundSucceeded = defineEvent<About>()('refunds.succeeded')
/** `before`: `succeeded` when the customer's bank sent back what was thought to have arrived. */
export const refundFailed = defineEvent<
  About & { origin: string; before: string; after: string; failure: string | null }
>()('refunds.failed')
/** Nobody knows whether the customer got it, and no program will find out. */
export const refundNeedsReview = defineEvent<About>()('refunds.needs_review')
