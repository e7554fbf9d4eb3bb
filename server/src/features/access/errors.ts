/** What the access room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('access', {
  unknown_role: [422, 'There is no such role.'],
})
