/** One's second factor. */
import { enrolmentPath } from '../../frame/enrolment.ts'
import { defineScreens } from '../../frame/room.ts'

export const twofaScreens = defineScreens({
  path: enrolmentPath,
  load: () => import('./authenticator.screen.tsx'),
})
