/** Facts the access room states. */
import { defineEvent } from '../../platform/events/index.ts'

export const roleGranted = defineEvent<{ role: string }>()('access.role_granted')
export const roleRevoked = defineEvent<{ role: string }>()('access.role_revoked')
