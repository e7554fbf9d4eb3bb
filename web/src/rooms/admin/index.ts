/** Tokens of programs. (Other people's accounts are in the room users.) */
import { defineScreens, title } from '../../frame/room.ts'

export const adminScreens = defineScreens(
  {
    path: '/admin/service-tokens',
    load: () => import('./service-tokens.screen.tsx'),
    can: 'admin.manage_service_tokens',
    nav: { group: 'people', title: title('Service tokens', 'Dienst-Token'), icon: 'robot' },
  },
  {
    path: '/admin/service-tokens/new',
    load: () => import('./new-service-token.screen.tsx'),
    can: 'admin.manage_service_tokens',
  },
)
