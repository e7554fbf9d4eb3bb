/** Permissions of the reconciliation room, with what each allows. */
export const permissions = {
  'reconciliation.read': 'See how our books compare with those of the payment provider.',
  'reconciliation.run': 'Have our books compared with those of the payment provider now.',
  'reconciliation.accept': 'Say that a difference to the payment provider may be as it is.',
} as const
