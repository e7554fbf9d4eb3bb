/** What the admin room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('admin', {
  installer_closed: [
    410,
    'This installer link does not work any more.',
    'Use the link that the newest start printed, or run `ashlar admin create`.',
  ],
  email_taken: [
    409,
    'There is an account with this e-mail address.',
    'From a shell on the machine, `ashlar admin grant` makes the account there is an administrator.',
  ],
  mfa_required: [
    403,
    'Administration asks for a code of your authenticator.',
    'Send the next code in `x-admin-mfa-code`; it opens a window for this session. Without an authenticator, set one up: `POST /api/v1/admin/security/mfa/setup`.',
  ],
  own_account: [
    403,
    'Nobody does this to their own account.',
    'Ask another administrator, or use what every account has for itself.',
  ],
  account_above: [
    403,
    'This account may do as much as you, or more.',
    'Ask somebody who stands above it; a super admin may act on every account but their own.',
  ],
  last_super_admin: [
    409,
    'This is the last super admin who can sign in.',
    'Make another super admin first.',
  ],
  already_suspended: [409, 'This account is suspended already.', 'Lift the suspension first.'],
  not_suspended: [409, 'This account is not suspended.'],
  account_closed: [409, 'This account was closed by its owner.'],
  account_suspended: [409, 'This account is suspended.', 'Lift the suspension first.'],
  address_unproven: [
    409,
    'Nobody has proven that this e-mail address is theirs.',
    'Open the link in the mail to it first; or make the account anew with `ashlar admin create`, which ends the sign-up.',
  ],
  no_factors: [
    409,
    'This account has no authenticator and no passkey to take away.',
    'To end what it is signed in with, sign it out.',
  ],
  role_not_held: [404, 'This account does not have this role.'],
  service_token_not_found: [404, 'There is no such service token.'],
  scope_above_own: [
    403,
    'You cannot make, rotate or end a token with a permission that you do not have.',
  ],
})
