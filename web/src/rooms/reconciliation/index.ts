/** Reconciliation: how our books compare with those of the payment provider. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'reconciliation.read'

export const reconciliationScreens = defineScreens(
  {
    path: '/admin/reconciliation',
    load: () => import('./runs.screen.tsx'),
    can,
    nav: { group: 'money', title: title('Reconciliation', 'Abgleich'), icon: 'scale' },
  },
  { path: '/admin/reconciliation/runs/$id', load: () => import('./run.screen.tsx'), can },
  { path: '/admin/reconciliation/drifts', load: () => import('./drifts.screen.tsx'), can },
  { path: '/admin/reconciliation/drifts/$id', load: () => import('./drift.screen.tsx'), can },
)
