/** Permissions of the refunds room, with what each allows. */
export const permissions = {
  'refunds.create': 'Give money of a payment back, whoever paid it.',
  'refunds.review':
    'Decide what became of a refund that nobody knows of, and of money that came in twice and does not go back by itself.',
  'refunds.read': 'See everybody’s refunds.',
} as const
