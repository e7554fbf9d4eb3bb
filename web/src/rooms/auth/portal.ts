/** What people do with the keys to their own account. */
import { defineScreens, title } from '../../frame/room.ts'

export const authPortalScreens = defineScreens(
  {
    path: '/account/security',
    load: () => import('./security.screen.tsx'),
    nav: { group: 'start', title: title('Security', 'Sicherheit'), icon: 'lock' },
  },
  {
    path: '/account/sessions',
    load: () => import('./sessions.screen.tsx'),
    nav: { group: 'start', title: title('Sessions', 'Sitzungen'), icon: 'devices' },
  },
  {
    path: '/account/api-keys',
    load: () => import('./api-keys.screen.tsx'),
    nav: { group: 'start', title: title('API keys', 'API-Schlüssel'), icon: 'key' },
  },
)
