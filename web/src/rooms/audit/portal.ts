/** What happened in one's own account. */
import { defineScreens, title } from '../../frame/room.ts'

export const auditPortalScreens = defineScreens(
  {
    path: '/account/activity',
    load: () => import('./activity.screen.tsx'),
    isForOwner: true,
    nav: { group: 'start', title: title('Activity', 'Aktivität'), icon: 'history' },
  },
  {
    path: '/account/activity/$id',
    load: () => import('./activity-entry.screen.tsx'),
    isForOwner: true,
  },
  {
    path: '/account/activity/administrators',
    load: () => import('./acted-here.screen.tsx'),
  },
)
