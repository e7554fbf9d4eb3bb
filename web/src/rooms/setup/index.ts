/** The first start: from the installer's link to an administrator with an authenticator. */
import { defineScreens } from '../../frame/room.ts'

export const setupScreens = defineScreens({
  path: '/setup',
  load: () => import('./setup.screen.tsx'),
})
