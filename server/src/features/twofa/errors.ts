/** What the twofa room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('twofa', {
  invalid_pending_login: [
    401,
    'This sign-in is over.',
    'Sign in with the password again: the second step is open for five minutes and five wrong codes.',
  ],
  sign_in_code_refused: [
    401,
    'The code is wrong, too old, or was used before.',
    'Wait for the next code of the authenticator, or use a backup code.',
  ],
  code_refused: [
    403,
    'The code is wrong, too old, or was used before.',
    'Wait for the next code of the authenticator, or use a backup code.',
  ],
  too_many_wrong_codes: [429, 'There were too many wrong codes for this account.'],
  proof_required: [
    403,
    'This needs the password or a code.',
    'Send what the description of the route asks for.',
  ],
  session_required: [
    403,
    'A key cannot change the second factor.',
    'Sign in, and use the session’s cookie or access token.',
  ],
  already_enabled: [
    409,
    'A second factor is on already.',
    'Turn it off before you set up another.',
  ],
  setup_required: [409, 'There is no set-up to confirm.', 'Begin with `POST /twofa/setup`.'],
  not_enabled: [409, 'No second factor is on.'],
  trusted_device_not_found: [404, 'There is no such trusted device.'],
})
