/** Every room's screens. The only place that knows them all. */
import type { RoomScreens } from '../frame/room.ts'
import { authScreens } from '../rooms/auth/index.ts'
import { setupScreens } from '../rooms/setup/index.ts'
import { usersScreens } from '../rooms/users/index.ts'

export const rooms: readonly RoomScreens[] = [authScreens, setupScreens, usersScreens]
