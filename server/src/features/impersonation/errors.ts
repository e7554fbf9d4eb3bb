/** What the impersonation room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('impersonation', {
  not_below: [
    403,
    'You can only act in the account of somebody who may do less than you.',
    'Ask somebody who stands above that account.',
  ],
  account_inactive: [409, 'Nobody acts in an account that is suspended or closed.'],
  invalid_token: [
    401,
    'This token is not valid any more.',
    'Begin again: a token works once, within a minute, as long as you are signed in.',
  ],
  signed_in_here: [
    409,
    'Somebody is signed in here already.',
    'Use `mode: token`, or a browser window in which nobody is signed in.',
  ],
  none_running: [409, 'There is no impersonation to end.'],
})
