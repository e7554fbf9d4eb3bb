/** Accounts: in the console everybody's, in the portal one's own. */
import { defineScreens, title } from '../../frame/room.ts'

export const usersScreens = defineScreens(
  {
    path: '/admin/users',
    load: () => import('./list.screen.tsx'),
    can: 'admin.read_users',
    nav: { group: 'people', title: title('Users', 'Benutzer'), icon: 'users' },
  },
  {
    path: '/admin/users/$id',
    load: () => import('./detail.screen.tsx'),
    can: 'admin.read_users',
  },
  {
    path: '/account',
    load: () => import('./profile.screen.tsx'),
    nav: { group: 'start', title: title('Profile', 'Profil'), icon: 'user' },
  },
)
