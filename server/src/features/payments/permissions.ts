/** Permissions of the payments room, with what each allows. */
export const permissions = {
  'payments.pay': 'Start a payment of one’s own, and see one’s own payments.',
  'payments.read_any': 'See everybody’s payments.',
} as const
