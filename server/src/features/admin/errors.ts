/** What the admin room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('admin', {
  installer_closed: [
    410,
    'This installer link does not work any more.',
    'Use the link that the newest start printed, or run `ashlar admin create`.',
  ],
  email_taken: [409, 'There is an account with this e-mail address.'],
})
