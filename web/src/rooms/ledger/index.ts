/** The ledger: where every unit of money is, and how it got there. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'ledger.read'

export const ledgerScreens = defineScreens(
  {
    path: '/admin/ledger',
    load: () => import('./accounts.screen.tsx'),
    can,
    nav: { group: 'money', title: title('Ledger', 'Hauptbuch'), icon: 'book' },
  },
  { path: '/admin/ledger/accounts/$id', load: () => import('./account.screen.tsx'), can },
  { path: '/admin/ledger/transactions', load: () => import('./transactions.screen.tsx'), can },
  { path: '/admin/ledger/transactions/$id', load: () => import('./transaction.screen.tsx'), can },
  { path: '/admin/ledger/check', load: () => import('./check.screen.tsx'), can: 'ledger.check' },
)
