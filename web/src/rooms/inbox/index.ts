/** The inbox: what payment providers have told us, and what became of it. */
import { defineScreens, title } from '../../frame/room.ts'

const can = 'inbox.read'

export const inboxScreens = defineScreens(
  {
    path: '/admin/inbox',
    load: () => import('./list.screen.tsx'),
    can,
    nav: {
      group: 'money',
      title: title('Provider’s events', 'Anbieter-Ereignisse'),
      icon: 'inbox',
    },
  },
  { path: '/admin/inbox/$id', load: () => import('./detail.screen.tsx'), can },
)
