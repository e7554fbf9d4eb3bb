/** Every room's screens. The only place that knows them all. */
import type { RoomScreens } from '../frame/room.ts'
import { authScreens } from '../rooms/auth/index.ts'
import { auditScreens } from '../rooms/audit/index.ts'
import { jobsScreens } from '../rooms/jobs/index.ts'
import { mailScreens } from '../rooms/mail/index.ts'
import { monitoringScreens } from '../rooms/monitoring/index.ts'
import { operationsScreens } from '../rooms/operations/index.ts'
import { usersScreens } from '../rooms/users/index.ts'

export const rooms: readonly RoomScreens[] = [
  operationsScreens,
  authScreens,
  usersScreens,
  auditScreens,
  monitoringScreens,
  jobsScreens,
  mailScreens,
]
