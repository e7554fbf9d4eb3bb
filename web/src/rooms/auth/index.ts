/** Signing in and up, and everything a mail leads to. */
import { defineScreens } from '../../frame/room.ts'

export const authScreens = defineScreens({
  path: '/sign-in',
  load: () => import('./sign-in.screen.tsx'),
})
