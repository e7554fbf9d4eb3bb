/** Payments: in the console everybody's. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'payments.read_any'

export const paymentsScreens = defineScreens(
  {
    path: '/admin/payments',
    load: () => import('./list.screen.tsx'),
    can,
    nav: { group: 'money', title: title('Payments', 'Zahlungen'), icon: 'card' },
  },
  { path: '/admin/payments/surplus', load: () => import('./surplus.screen.tsx'), can },
  { path: '/admin/payments/$id', load: () => import('./detail.screen.tsx'), can },
)
