/** What the privacy room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('privacy', {
  export_not_found: [
    404,
    'There is no such archive.',
    'Ask for a new one: each is kept for a week.',
  ],
  too_many_exports: [429, 'You have had enough archives made for today.'],
  last_super_admin: [
    409,
    'The last super admin cannot leave.',
    'Make somebody else super admin first.',
  ],
  invalid_restore_link: [
    400,
    'This link is not valid any more.',
    'It works once, until the day named in the mail; then the account is gone.',
  ],
})
