/** Refunds: in the console everybody's. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'refunds.read'

export const refundsScreens = defineScreens(
  {
    path: '/admin/refunds',
    load: () => import('./list.screen.tsx'),
    can,
    nav: { group: 'money', title: title('Refunds', 'Erstattungen'), icon: 'back' },
  },
  { path: '/admin/refunds/$id', load: () => import('./detail.screen.tsx'), can },
)
