/** Facts the users room states. They carry ids, never a name or an address. */
import { defineEvent } from '../../platform/events/index.ts'

export const userRegistered = defineEvent<{ isVerified: boolean }>()('users.user_registered')
export const userVerified = defineEvent<Record<string, never>>()('users.email_verified')
export const teamsSet = defineEvent<{ before: readonly string[]; after: readonly string[] }>()(
  'users.teams_set',
)
export const userUpdated = defineEvent<{ fields: readonly string[] }>()('users.user_updated')
