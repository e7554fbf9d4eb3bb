/** What the users room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('users', {
  user_not_found: [404, 'There is no such user.'],
  invalid_email: [422, 'This is not an e-mail address we can send to.'],
  invalid_avatar: [422, 'A picture is an https address on the public internet, without a login.'],
  invalid_time_zone: [422, 'There is no such time zone.'],
  own_teams: [403, 'Nobody chooses their own teams.', 'Ask somebody else who may.'],
  account_above: [
    403,
    'The teams of this account are chosen by who stands above it.',
    'It may do as much as you, or more: ask somebody who may do all of that, and more.',
  ],
  teams_above_own: [
    403,
    'In these teams they could do more than you.',
    'Their roles reach as far as their teams: choose teams within your own reach.',
  ],
  username_taken: [409, 'This username is taken.', 'Choose another username.'],
})
