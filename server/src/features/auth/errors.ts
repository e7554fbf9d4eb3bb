/** What the auth room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('auth', {
  invalid_credentials: [
    401,
    'The sign-in name or the password is wrong.',
    'Check both, confirm your address if you have not, or reset the password.',
  ],
  wrong_password: [403, 'This is not your password.', 'Correct it, or reset it.'],
  invalid_verification: [
    400,
    'This link or code is not valid any more.',
    'Register again to get a new mail.',
  ],
  invalid_refresh_token: [401, 'This refresh token is not valid.', 'Sign in again.'],
  weak_password: [422, 'This password is too weak.'],
  registration_closed: [403, 'New accounts are made by invitation only.'],
  email_taken: [
    409,
    'There is an account with this e-mail address.',
    'Sign in, or reset the password.',
  ],
  api_key_not_found: [404, 'There is no such API key.'],
  session_required: [
    403,
    'A key cannot make keys.',
    'Sign in, and make the key with the session’s cookie or access token.',
  ],
  unknown_scope: [422, 'A key cannot be given a permission that you do not have.'],
})
