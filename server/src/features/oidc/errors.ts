/** What the oidc room says no to. Those of the way back reach the browser as `#error=` of a redirect. */
import { defineErrors } from '../../platform/errors.ts'

const elsewhere = 'Sign in another way, then add this identity to your account.'

export const errors = defineErrors('oidc', {
  provider_not_found: [404, 'There is no such identity provider.'],
  provider_unavailable: [424, 'The identity provider does not answer.', 'Try again in a moment.'],
  provider_refused: [
    424,
    'The identity provider’s answer proves nothing.',
    'Start again; if it stays so, the provider’s settings are wrong.',
  ],
  access_denied: [403, 'You said no there.', 'Start again if that was not what you meant.'],
  invalid_state: [
    400,
    'This sign-in was not started in this browser, or is over.',
    'Start again, and come back within ten minutes.',
  ],
  invalid_code: [401, 'This code is not valid any more.', 'Start the sign-in again.'],
  redirect_not_allowed: [
    422,
    'This is not an address that sign-in may lead to.',
    'Use a path, or an address of an origin in CORS_ORIGINS, without a fragment.',
  ],
  email_not_verified: [
    403,
    'The provider does not say that your address is proven.',
    `Confirm your address there. Or: ${elsewhere}`,
  ],
  registration_closed: [403, 'New accounts are made by invitation only.'],
  account_exists: [409, 'There is an account with this address.', elsewhere],
  identity_removed: [403, 'This identity was taken off its account.', elsewhere],
  identity_taken: [409, 'This identity belongs to another account.'],
  identity_not_found: [404, 'There is no such identity.'],
  last_way_in: [
    409,
    'This is the only way into your account.',
    'Set a password, add a passkey or link another identity first.',
  ],
})
