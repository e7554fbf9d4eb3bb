/** What was recorded: the audit log, and everything around one id. */
import { defineScreens, title } from '../../frame/room.ts'

export const auditScreens = defineScreens(
  {
    path: '/admin/audit',
    load: () => import('./list.screen.tsx'),
    can: 'audit.read',
    nav: { group: 'watch', title: title('Audit log', 'Protokoll'), icon: 'history' },
  },
  { path: '/admin/audit/$id', load: () => import('./detail.screen.tsx') },
  {
    path: '/admin/trace',
    load: () => import('./trace-start.screen.tsx'),
    can: 'audit.trace',
    nav: { group: 'watch', title: title('Trace', 'Spur'), icon: 'route' },
  },
  { path: '/admin/trace/$id', load: () => import('./trace.screen.tsx') },
)
