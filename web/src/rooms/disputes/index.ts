/** Disputes: what customers' banks doubt. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'disputes.read'

export const disputesScreens = defineScreens(
  {
    path: '/admin/disputes',
    load: () => import('./list.screen.tsx'),
    can,
    nav: { group: 'money', title: title('Disputes', 'Reklamationen'), icon: 'gavel' },
  },
  { path: '/admin/disputes/$id', load: () => import('./detail.screen.tsx'), can },
)
