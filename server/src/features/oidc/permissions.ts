/** Permissions of the oidc room, with what each allows. */
export const permissions = {
  'oidc.manage': 'See, add and remove the identities you sign in with.',
} as const
