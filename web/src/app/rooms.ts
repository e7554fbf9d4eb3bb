/** Every room's screens, in the order of the navigation. The only place that knows them all. */
import type { RoomScreens } from '../frame/room.ts'
import { accessScreens } from '../rooms/access/index.ts'
import { adminScreens } from '../rooms/admin/index.ts'
import { auditPortalScreens } from '../rooms/audit/portal.ts'
import { authScreens } from '../rooms/auth/index.ts'
import { authPortalScreens } from '../rooms/auth/portal.ts'
import { auditScreens } from '../rooms/audit/index.ts'
import { invitationsScreens } from '../rooms/invitations/index.ts'
import { jobsScreens } from '../rooms/jobs/index.ts'
import { mailScreens } from '../rooms/mail/index.ts'
import { monitoringScreens } from '../rooms/monitoring/index.ts'
import { oidcPortalScreens } from '../rooms/oidc/portal.ts'
import { operationsScreens } from '../rooms/operations/index.ts'
import { paymentsPortalScreens } from '../rooms/payments/portal/index.ts'
import { privacyScreens } from '../rooms/privacy/index.ts'
import { setupScreens } from '../rooms/setup/index.ts'
import { twofaScreens } from '../rooms/twofa/index.ts'
import { usersScreens } from '../rooms/users/index.ts'

export const rooms: readonly RoomScreens[] = [
  operationsScreens,
  setupScreens,
  usersScreens,
  invitationsScreens,
  accessScreens,
  adminScreens,
  authScreens,
  authPortalScreens,
  twofaScreens,
  oidcPortalScreens,
  paymentsPortalScreens,
  auditPortalScreens,
  privacyScreens,
  auditScreens,
  monitoringScreens,
  jobsScreens,
  mailScreens,
]
