/** What the invitations room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('invitations', {
  invitation_not_found: [404, 'There is no such invitation.'],
  not_waiting: [
    409,
    'This invitation was accepted, revoked or replaced.',
    'Invite the person again, if they should still come.',
  ],
  own_address: [409, 'This is your own address.', 'Nobody invites themselves.'],
  too_many_mails: [429, 'This address was sent several invitations in the last hour.'],
  invalid_token: [
    400,
    'This invitation is not valid any more.',
    'Ask for a new one: it works once, for some days, and only the newest mail.',
  ],
  account_exists: [
    409,
    'There is an account with the address of this invitation.',
    'Sign in to it, then accept.',
  ],
  other_account: [
    409,
    'This invitation is for another address than that of your account.',
    'Sign out, or sign in as whoever was invited, then accept.',
  ],
})
