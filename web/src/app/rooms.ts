/** Every room's screens. The only place that knows them all. */
import type { RoomScreens } from '../frame/room.ts'
import { accessScreens } from '../rooms/access/index.ts'
import { adminScreens } from '../rooms/admin/index.ts'
import { authScreens } from '../rooms/auth/index.ts'
import { invitationsScreens } from '../rooms/invitations/index.ts'
import { usersScreens } from '../rooms/users/index.ts'

export const rooms: readonly RoomScreens[] = [
  authScreens,
  usersScreens,
  invitationsScreens,
  accessScreens,
  adminScreens,
]
