/** Permissions of the disputes room, with what each allows. */
export const permissions = {
  'disputes.read': 'See what customers’ banks dispute.',
  'disputes.answer': 'Send evidence to a customer’s bank, or give up a dispute.',
} as const
