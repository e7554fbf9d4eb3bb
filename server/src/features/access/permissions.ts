/** Permissions of the access room, with what each allows. */
export const permissions = {
  'access.read_roles': 'See roles, who may do what, and why.',
  'access.manage_roles': 'Make, change and delete roles that give no more than your own.',
} as const
