/** Facts the twofa room states. None carries a code or a secret. */
import { defineEvent } from '../../platform/events/index.ts'

/** A passkey is kept by auth; here it only counts as a second factor that was given. */
export type Method = 'totp' | 'backup_code' | 'passkey'
/** Where a code was asked for. */
export type Door = 'sign_in' | 'step_up' | 'elevation' | 'enable' | 'disable' | 'regenerate'

export const setupStarted = defineEvent<Record<string, never>>()('twofa.setup_started')
export const enabled = defineEvent<Record<string, never>>()('twofa.enabled')
export const disabled = defineEvent<{ wasConfirmed: boolean }>()('twofa.disabled')
/** Taken away by somebody else, for an owner who has lost it. */
export const reset = defineEvent<Record<string, never>>()('twofa.reset')
export const backupCodesRegenerated = defineEvent<{ count: number }>()(
  'twofa.backup_codes_regenerated',
)
export const backupCodeUsed = defineEvent<{ door: Door; left: number }>()('twofa.backup_code_used')
export const loginHeld = defineEvent<Record<string, never>>()('twofa.login_held')
export const loginPassed = defineEvent<{ method: Method }>()('twofa.login_passed')
export const codeRefused = defineEvent<{
  door: Door
  method: Method | null
  reason: 'wrong' | 'blocked' | 'over'
}>()('twofa.code_refused')
export const deviceTrusted = defineEvent<{ deviceId: string }>()('twofa.device_trusted')
export const deviceTrustEnded = defineEvent<{ count: number }>()('twofa.device_trust_ended')
