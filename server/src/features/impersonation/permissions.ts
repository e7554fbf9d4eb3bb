/** Permissions of the impersonation room, with what each allows. */
export const permissions = {
  'impersonation.begin': 'Act in the accounts of people below you, for a reason and for a while.',
} as const
