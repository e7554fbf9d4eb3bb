/** What the users room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('users', {
  user_not_found: [404, 'There is no such user.'],
  invalid_email: [422, 'This is not an e-mail address we can send to.'],
  username_taken: [409, 'This username is taken.', 'Choose another username.'],
})
