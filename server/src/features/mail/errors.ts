/** What the mail room says no to; sending itself has more (platform/mail). */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('mail', {
  not_found: [404, 'There is no such mail.'],
})
