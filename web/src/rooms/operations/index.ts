/** How the product does, and how it is set up. */
import { defineScreens, title } from '../../frame/room.ts'

export const operationsScreens = defineScreens(
  {
    path: '/admin',
    load: () => import('./home.screen.tsx'),
    can: 'operations.read_overview',
    nav: { group: 'start', title: title('Home', 'Übersicht'), icon: 'home' },
  },
  {
    path: '/admin/settings',
    load: () => import('./settings.screen.tsx'),
    can: 'operations.read_settings',
    nav: { group: 'system', title: title('Settings', 'Einstellungen'), icon: 'settings' },
  },
)
