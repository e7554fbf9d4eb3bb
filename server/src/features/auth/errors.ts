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
  invalid_sign_in_link: [
    401,
    'This link or code is not valid any more.',
    'Ask for a new one: each works once, for 15 minutes, and until the next one is sent.',
  ],
  demo_login_disabled: [
    403,
    'There is no demo login here.',
    'Outside production, set DEMO_LOGIN_ENABLED, DEMO_EMAIL and DEMO_PASSWORD.',
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
  sign_in_passkey_refused: [
    401,
    'This passkey does not sign you in.',
    'Begin again, or sign in another way: an answer counts once, for five minutes, where it was asked for.',
  ],
  passkey_refused: [
    403,
    'This passkey does not show that it is you.',
    'Begin again, or show another factor: an answer counts once, for five minutes, where it was asked for.',
  ],
  passkey_invalid: [
    422,
    'This passkey cannot be added.',
    'Begin again with new options, and use an authenticator that checks who its user is.',
  ],
  passkey_taken: [409, 'This passkey has been added already.'],
  too_many_passkeys: [409, 'An account has 20 passkeys at most.', 'Remove one first.'],
  passkey_not_found: [404, 'There is no such passkey.'],
  no_passkey: [409, 'This account has no passkey.', 'Use another factor.'],
  last_way_in: [
    409,
    'Without this passkey you could not sign in any more.',
    'Set a password, add another passkey or link an identity first.',
  ],
  unknown_scope: [
    422,
    'A key cannot be given a permission that you do not have, or that there is not.',
  ],
})
