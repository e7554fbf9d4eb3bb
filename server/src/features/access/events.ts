/** Facts the access room states. */
import { defineEvent } from '../../platform/events/index.ts'

export const roleGranted = defineEvent<{ role: string }>()('access.role_granted')
