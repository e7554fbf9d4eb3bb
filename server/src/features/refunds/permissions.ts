/** Permissions of the refunds room, with what each allows. */
export const permissions = {
  'refunds.create': 'Give money of a payment back, whoever paid it.',
  'refunds.read': 'See everybody’s refunds.',
} as const
