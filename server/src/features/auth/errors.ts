/** What the auth room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('auth', {
  invalid_credentials: [
    401,
    'The sign-in name or the password is wrong.',
    'Check both, confirm your address if you have not, or reset the password.',
  ],
  invalid_verification: [
    400,
    'This link or code is not valid any more.',
    'Ask for a new mail, or register again.',
  ],
  invalid_refresh_token: [401, 'This refresh token is not valid.', 'Sign in again.'],
  weak_password: [
    422,
    'This password is too weak.',
    'Choose another; `errors`, `score` and `feedback` say what is wrong with this one.',
  ],
  wrong_password: [403, 'The current password is wrong.', 'Try again, or reset the password.'],
  invalid_reset_token: [
    400,
    'This link is not valid any more.',
    'Ask for a new one: a link works once, for an hour, and until the next one is sent.',
  ],
  registration_closed: [403, 'New accounts are made by invitation only.'],
  email_taken: [
    409,
    'There is an account with this e-mail address.',
    'Sign in, or reset the password.',
  ],
  email_unchanged: [422, 'This is the address of your account already.'],
  email_change_not_found: [404, 'No change of address waits.'],
  invalid_email_change: [
    400,
    'This link is not valid any more.',
    'Ask for the change again: a link works once, for a day, and until the next one is sent.',
  ],
  api_key_not_found: [404, 'There is no such API key.'],
  session_not_found: [404, 'There is no such session.'],
  session_required: [
    403,
    'A key cannot make keys.',
    'Sign in, and make the key with the session’s cookie or access token.',
  ],
  sign_in_required: [
    403,
    'A key cannot change the password.',
    'Sign in, and change it with the session’s cookie or access token.',
  ],
  unknown_scope: [422, 'A key cannot be given a permission that you do not have.'],
})
