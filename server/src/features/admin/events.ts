/** Facts the admin room states. */
import { defineEvent } from '../../platform/events/index.ts'

export const superAdminCreated = defineEvent<{ by: 'installer' | 'cli' }>()(
  'admin.super_admin_created',
)
