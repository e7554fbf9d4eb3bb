/** What the mail room says no to; sending itself has more (platform/mail). */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('mail', {
  not_found: [404, 'There is no such mail.'],
  not_kept: [
    404,
    'What this mail says was not kept.',
    'Only captured mail is, outside of production.',
  ],
})
