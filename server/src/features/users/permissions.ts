/** Permissions of the users room, with what each allows. */
export const permissions = {
  'users.read_self': 'Read your own account.',
  'users.update_self': 'Change your own name, username, language and privacy.',
  'users.read_any': 'Read every account in full, whatever its privacy.',
} as const
