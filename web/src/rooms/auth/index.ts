/** The doors: signing in, and making an account. */
import { defineScreens } from '../../frame/room.ts'

export const authScreens = defineScreens(
  { path: '/sign-in', load: () => import('./sign-in.screen.tsx') },
  { path: '/register', load: () => import('./register.screen.tsx') },
)
