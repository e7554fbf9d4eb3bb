/** Background work: queues, single jobs, and what the clock starts. */
import { defineScreens, title } from '../../frame/room.ts'

export const jobsScreens = defineScreens(
  {
    path: '/admin/jobs',
    load: () => import('./list.screen.tsx'),
    can: 'jobs.read',
    nav: { group: 'system', title: title('Jobs', 'Aufträge'), icon: 'stack' },
  },
  { path: '/admin/jobs/schedules', load: () => import('./schedules.screen.tsx') },
  { path: '/admin/jobs/$id', load: () => import('./detail.screen.tsx') },
)
