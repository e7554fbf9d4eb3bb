/** Facts the admin room states. Reasons are words about people: they lie in the room's table, under the id that is here. */
import { defineEvent } from '../../platform/events/index.ts'

export const superAdminCreated = defineEvent<{ by: 'installer' | 'cli' }>()(
  'admin.super_admin_created',
)
export const userSuspended = defineEvent<{ interventionId: string; until: string | null }>()(
  'admin.user_suspended',
)
export const userUnsuspended = defineEvent<Record<string, never>>()('admin.user_unsuspended')
export const userSignedOut = defineEvent<{ sessionsEnded: number }>()('admin.user_signed_out')
export const sessionEnded = defineEvent<{ sessionId: string }>()('admin.session_ended')
export const keyRevoked = defineEvent<{ keyId: string }>()('admin.key_revoked')
export const factorsReset = defineEvent<{
  interventionId: string
  hadAuthenticator: boolean
  passkeys: number
  sessionsEnded: number
}>()('admin.factors_reset')
/** Somebody wanted to change an account that is not below them. */
export const interventionRefused = defineEvent<{ permission: string; reason: string }>()(
  'admin.intervention_refused',
)
export const serviceTokenCreated = defineEvent<{
  scopes: readonly string[]
  isReadOnly: boolean
  expiresAt: string
}>()('admin.service_token_created')
export const serviceTokenRotated = defineEvent<{ overlapMinutes: number; expiresAt: string }>()(
  'admin.service_token_rotated',
)
export const serviceTokenRevoked = defineEvent<Record<string, never>>()(
  'admin.service_token_revoked',
)
export const scopeRefused = defineEvent<{ scopes: readonly string[] }>()('admin.scope_refused')
