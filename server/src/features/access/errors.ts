/** What the access room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('access', {
  unknown_role: [422, 'There is no such role.'],
  role_above_own: [
    403,
    'You cannot give a role that permits more than you may do.',
    'Choose a lower role, or ask somebody who has that one.',
  ],
})
