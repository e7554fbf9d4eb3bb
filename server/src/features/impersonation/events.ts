/** Facts the impersonation room states. The reason lies in its row: words about people are no part of a fact. */
import { defineEvent } from '../../platform/events/index.ts'

export const requested = defineEvent<{ impersonationId: string; minutes: number }>()(
  'impersonation.requested',
)
export const begun = defineEvent<{ impersonationId: string; sessionId: string; by: string }>()(
  'impersonation.begun',
)
export const ended = defineEvent<{ impersonationId: string }>()('impersonation.ended')
export const impersonationRefused = defineEvent<{ reason: string }>()('impersonation.refused')
