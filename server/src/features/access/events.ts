/** Facts the access room states. */
import { type Changes, defineEvent } from '../../platform/events/index.ts'
import type { Rule } from '../../platform/rights/index.ts'

type RoleWords = { readonly description: string; readonly rules: readonly Rule[] }

export const roleGranted = defineEvent<{ role: string } & Changes>()('access.role_granted')
export const roleCreated = defineEvent<RoleWords>()('access.role_created')
export const roleChanged = defineEvent<Changes>()('access.role_changed')
export const roleDeleted = defineEvent<RoleWords>()('access.role_deleted')
/** Somebody wanted to change a role beyond what they may do themselves. */
export const roleRefused = defineEvent<{ permission: string | null }>()('access.role_change')
export const roleRevoked = defineEvent<{ role: string } & Changes>()('access.role_revoked')
