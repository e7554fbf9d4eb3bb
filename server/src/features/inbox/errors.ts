/** What the inbox room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('inbox', {
  not_signed: [
    403,
    'The body is not signed with the secret of this endpoint.',
    'Check STRIPE_WEBHOOK_SECRET, that nothing changes the body on its way, and the clock of this server.',
  ],
  not_an_event: [400, 'The body is signed, and is no event.'],
  event_not_found: [404, 'There is no such event.'],
  event_without_object: [409, 'This event is about nothing that could be looked at again.'],
})
