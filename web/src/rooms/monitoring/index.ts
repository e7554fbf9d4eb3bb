/** How the running system does: alerts and what raises them, security events, figures of requests. */
import { defineScreens, title } from '../../frame/room.ts'

export const monitoringScreens = defineScreens(
  {
    path: '/admin/alerts',
    load: () => import('./alerts.screen.tsx'),
    can: 'monitoring.read',
    nav: { group: 'watch', title: title('Alerts', 'Alarme'), icon: 'alert' },
  },
  { path: '/admin/alerts/$id', load: () => import('./alert.screen.tsx') },
  { path: '/admin/thresholds', load: () => import('./thresholds.screen.tsx') },
  { path: '/admin/thresholds/$type', load: () => import('./threshold.screen.tsx') },
  {
    path: '/admin/security-events',
    load: () => import('./security-events.screen.tsx'),
    can: 'monitoring.read',
    nav: {
      group: 'watch',
      title: title('Security events', 'Sicherheitsereignisse'),
      icon: 'shield',
    },
  },
  {
    path: '/admin/performance',
    load: () => import('./performance.screen.tsx'),
    can: 'monitoring.read',
    nav: { group: 'watch', title: title('Performance', 'Geschwindigkeit'), icon: 'gauge' },
  },
  { path: '/admin/performance/slow', load: () => import('./slow-requests.screen.tsx') },
)
