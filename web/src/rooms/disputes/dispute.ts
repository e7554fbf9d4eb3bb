/** A dispute as the API gives it. */
import type * as disputes from '@ashlar/sdk/disputes'

export type Dispute = Awaited<ReturnType<typeof disputes.get>>

/** The bank waits to be told why the payment is right; it takes that once. */
export const isWaiting = ({ state, hasEvidence }: Dispute): boolean =>
  (state === 'inquiry' || state === 'needs_response') && !hasEvidence

/** There is something to give up: of an inquiry there is not. */
export const isAcceptable = ({ state }: Dispute): boolean => state === 'needs_response'
