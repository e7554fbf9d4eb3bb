/** What is known of one, to take away or to have erased. */
import { defineScreens, title } from '../../frame/room.ts'

export const privacyScreens = defineScreens({
  path: '/account/privacy',
  load: () => import('./privacy.screen.tsx'),
  nav: { group: 'start', title: title('Your data', 'Ihre Daten'), icon: 'shield' },
})
