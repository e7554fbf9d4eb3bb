/** Accounts elsewhere with which one signs in here. */
import { defineScreens } from '../../frame/room.ts'

export const oidcPortalScreens = defineScreens({
  path: '/account/security/identities',
  load: () => import('./identities.screen.tsx'),
})
