/** Facts the oidc room states. */
import { defineEvent } from '../../platform/events/index.ts'

/** `by`: what showed that the account and the identity belong to one person. */
export const identityLinked = defineEvent<{
  identityId: string
  issuer: string
  by: 'new_account' | 'verified_email' | 'owner'
}>()('oidc.identity_linked')
export const identityRemoved = defineEvent<{ identityId: string; issuer: string }>()(
  'oidc.identity_removed',
)
export const signInRefused = defineEvent<{ provider: string; reason: string }>()(
  'oidc.sign_in_refused',
)
export const tokenRefused = defineEvent<{ provider: string; reason: string }>()(
  'oidc.token_refused',
)
