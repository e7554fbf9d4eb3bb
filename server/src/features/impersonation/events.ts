/** Facts the impersonation room states. The reason lies in its row: words about people are no part of a fact. */
import { defineEvent } from '../../platform/events/index.ts'

export const requested = defineEvent<{ impersonationId: string; minutes: number }>()(
  'impersonation.requested',
)
/** Its subject is the impersonation: the address it came from is the administrator's, and nothing about the user. */
export const begun = defineEvent<{ sessionId: string; by: string; userId: string }>()(
  'impersonation.begun',
)
/** Before its time, whatever ended it: the reason is that of its session, or of the one on which it stood. */
export const ended = defineEvent<{ impersonationId: string; reason: string }>()(
  'impersonation.ended',
)
export const impersonationRefused = defineEvent<{ reason: string }>()('impersonation.refused')
