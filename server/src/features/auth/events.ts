/** Facts the auth room states. They carry ids, never a name or an address. */
import { defineEvent } from '../../platform/events/index.ts'

export const signedIn = defineEvent<{
  sessionId: string
  kind: 'cookie' | 'token' | 'external'
  firstFactor: string
  secondFactor: string | null
}>()('auth.signed_in')
export const signInFailed = defineEvent<{ reason: string }>()('auth.sign_in_failed')
export const passwordRefused = defineEvent<Record<string, never>>()('auth.password_refused')
export const steppedUp = defineEvent<{ sessionId: string; factor: string }>()('auth.stepped_up')
export const elevated = defineEvent<{ sessionId: string }>()('auth.elevated')
/** It goes on under another id: its owner has just shown a factor, or may do more than before. */
export const sessionRenewed = defineEvent<{ sessionId: string; replaces: string }>()(
  'auth.session_renewed',
)
export const signedOut = defineEvent<{ sessionId: string }>()('auth.signed_out')
/** Other sessions of a user ended because something about the account changed. */
export const sessionsEnded = defineEvent<{ count: number }>()('auth.sessions_ended')
export const refreshTokenReused = defineEvent<{ sessionId: string }>()('auth.refresh_token_reused')
export const registrationRepeated = defineEvent<Record<string, never>>()(
  'auth.registration_repeated',
)
export const passwordChanged = defineEvent<{
  by: 'owner' | 'reset'
  sessionsEnded: number
  keysRevoked: number
}>()('auth.password_changed')
export const passwordChangeRefused = defineEvent<{ reason: string }>()(
  'auth.password_change_refused',
)
export const passwordRehashed = defineEvent<{ from: string }>()('auth.password_rehashed')
export const passwordResetRequested = defineEvent<Record<string, never>>()(
  'auth.password_reset_requested',
)
export const signInLinkRequested = defineEvent<Record<string, never>>()(
  'auth.sign_in_link_requested',
)
export const signInLinkRefused = defineEvent<{ by: 'link' | 'code' }>()('auth.sign_in_link_refused')
export const passwordResetRefused = defineEvent<{ reason: string }>()('auth.password_reset_refused')
export const verificationRequested = defineEvent<Record<string, never>>()(
  'auth.verification_requested',
)
export const apiKeyCreated = defineEvent<{ scopes: readonly string[] | null }>()(
  'auth.api_key_created',
)
export const apiKeyRevoked = defineEvent<Record<string, never>>()('auth.api_key_revoked')
export const emailChangeRequested = defineEvent<{ changeId: string }>()(
  'auth.email_change_requested',
)
export const emailChangeConfirmed = defineEvent<{ changeId: string; by: 'old' | 'new' }>()(
  'auth.email_change_confirmed',
)
export const emailChangeCancelled = defineEvent<{
  changeId: string
  by: 'owner' | 'old' | 'new'
}>()('auth.email_change_cancelled')
export const emailChangeRefused = defineEvent<{ reason: string }>()('auth.email_change_refused')
export const emailChanged = defineEvent<{ changeId: string; sessionsEnded: number }>()(
  'auth.email_changed',
)
export const passkeyAdded = defineEvent<{ isBackedUp: boolean }>()('auth.passkey_added')
export const passkeyRenamed = defineEvent<Record<string, never>>()('auth.passkey_renamed')
export const passkeyRemoved = defineEvent<{ sessionsEnded: number }>()('auth.passkey_removed')
export const passkeyRefused = defineEvent<{ ceremony: string; reason: string }>()(
  'auth.passkey_refused',
)
/** A passkey that counts its signatures went backwards: there may be a copy of it. */
export const passkeyCounterRegressed = defineEvent<{
  passkeyId: string
  ceremony: string
  known: number
  given: number
}>()('auth.passkey_counter_regressed')
