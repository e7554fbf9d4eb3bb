/** What the password machinery says no to. */
import { defineErrors } from '../errors.ts'

export const passwordErrors = defineErrors('passwords', {
  busy: [503, 'Too many sign-ins at once. Try again in a moment.'],
})
