/** Facts the impersonation room states. The reason lies in its row: words about people are no part of a fact. */
import { defineEvent } from '../../platform/events/index.ts'

export const requested = defineEvent<{ impersonationId: string; minutes: number }>()(
  'impersonation.requested',
)
/** The administrator's doing, on behalf of the user: the address it came from is the administrator's. */
export const begun = defineEvent<{ impersonationId: string; sessionId: string }>()(
  'impersonation.begun',
)
/** Before its time, whatever ended it: the reason is that of its session, or of the one on which it stood. */
export const ended = defineEvent<{ impersonationId: string; reason: string }>()(
  'impersonation.ended',
)
/** About the account that was to be entered, where that is known. */
export const impersonationRefused = defineEvent<{ reason: string; impersonationId?: string }>()(
  'impersonation.refused',
)
