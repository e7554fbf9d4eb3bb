/** Permissions of the ledger, with what each allows. */
export const permissions = {
  'ledger.read': 'Read every account, balance and transaction of the ledger.',
  'ledger.check': 'Find out whether the ledger is true to itself.',
} as const
