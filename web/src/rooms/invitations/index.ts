/** Invitations: who was asked to come in, and what became of it. */
import { defineScreens, title } from '../../frame/room.ts'

export const invitationsScreens = defineScreens(
  {
    path: '/admin/invitations',
    load: () => import('./list.screen.tsx'),
    can: 'invitations.manage',
    nav: { group: 'people', title: title('Invitations', 'Einladungen'), icon: 'invite' },
  },
  {
    path: '/admin/invitations/new',
    load: () => import('./invite.screen.tsx'),
    can: 'invitations.manage',
  },
  {
    path: '/admin/invitations/$id',
    load: () => import('./detail.screen.tsx'),
    can: 'invitations.manage',
  },
)
