/** What mail says no with: codes that tell a job whether another attempt can help. */
import { AppError, defineErrors } from '../errors.ts'

export const errors = defineErrors('mail', {
  recipient_invalid: [422, 'This is not one plain e-mail address.'],
  message_invalid: [500, 'This mail cannot be sent as it is written.'],
  link_foreign: [500, 'A mail may only link to the configured public address.'],
  sender_invalid: [
    500,
    'The configured sender is not an e-mail address.',
    'Set the sender to `name@example.org` or `Product <name@example.org>`.',
  ],
  rejected: [
    502,
    'The mail server refused this message for good.',
    'Check the recipient; sending the same message again will be refused again.',
  ],
  unavailable: [
    503,
    'Mail could not be handed over just now.',
    'Nothing to do: it is tried again, with growing pauses.',
  ],
})

const permanent: ReadonlySet<string> = new Set([
  errors.recipient_invalid.code,
  errors.message_invalid.code,
  errors.link_foreign.code,
  errors.sender_invalid.code,
  errors.rejected.code,
])

/**
 * True when the same message would fail again, so a job gives up at once. Everything else, unknown
 * errors included, is worth another attempt: a lost mail is worse than a repeated one.
 */
export function isPermanent(error: unknown): boolean {
  return error instanceof AppError && permanent.has(error.code)
}
