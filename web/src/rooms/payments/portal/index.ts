/** One's own payments. */
import { defineScreens, title } from '../../../frame/room.ts'

export const paymentsPortalScreens = defineScreens(
  {
    path: '/account/payments',
    load: () => import('./list.screen.tsx'),
    nav: { group: 'start', title: title('Payments', 'Zahlungen'), icon: 'card' },
  },
  { path: '/account/payments/$id', load: () => import('./detail.screen.tsx') },
  { path: '/account/payments/$id/receipt', load: () => import('./receipt.screen.tsx') },
)
