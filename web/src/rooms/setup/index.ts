/** The first start: from the installer's link to an administrator with an authenticator, and what is left to set up. */
import { defineScreens, title } from '../../frame/room.ts'

export const setupScreens = defineScreens(
  { path: '/setup', load: () => import('./setup.screen.tsx') },
  {
    path: '/admin/checklist',
    load: () => import('./checklist.screen.tsx'),
    can: 'operations.check',
    nav: { group: 'system', title: title('Checklist', 'Checkliste'), icon: 'checklist' },
  },
)
