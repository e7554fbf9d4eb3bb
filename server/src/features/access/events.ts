/** Facts the access room states. */
import { type Changes, defineEvent } from '../../platform/events/index.ts'

export const roleGranted = defineEvent<{ role: string } & Changes>()('access.role_granted')
