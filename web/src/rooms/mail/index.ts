/** Mails that went out. */
import { defineScreens, title } from '../../frame/room.ts'

export const mailScreens = defineScreens(
  {
    path: '/admin/mail',
    load: () => import('./list.screen.tsx'),
    can: 'mail.read',
    nav: { group: 'system', title: title('Mail', 'E-Mail'), icon: 'mail' },
  },
  { path: '/admin/mail/$id', load: () => import('./detail.screen.tsx') },
)
