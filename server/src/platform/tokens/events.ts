/** Facts of token signing. The subject is the key's id. */
import { defineEvent } from '../events/index.ts'

type Rotated = { algorithm: string; kmsKeyArn: string | null; signsFrom: string }
type Retired = { algorithm: string; isForced: boolean; tokensUntil: string | null }

export const keyRotated = defineEvent<Rotated>()('tokens.key_rotated')
export const keyRetired = defineEvent<Retired>()('tokens.key_retired')
/** Of all keys, for another SECRET_KEY: without a subject. */
export const keysResealed = defineEvent<{ resealed: number; unreadable: number }>()(
  'tokens.keys_resealed',
)
export const rotationRefused = defineEvent<{ reason: string }>()('tokens.rotation_refused')
export const retirementRefused = defineEvent<{ reason: string }>()('tokens.retirement_refused')
