/** Facts the users room states. They carry ids, never a name or an address. */
import { type Changes, defineEvent } from '../../platform/events/index.ts'

export const userRegistered = defineEvent<{ isVerified: boolean }>()('users.user_registered')
export const userVerified = defineEvent<Record<string, never>>()('users.email_verified')
export const teamsSet = defineEvent<Changes>()('users.teams_set')
export const userUpdated = defineEvent<Changes>()('users.user_updated')
