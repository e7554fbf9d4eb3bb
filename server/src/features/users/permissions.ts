/** Permissions of the users room, with what each allows. */
export const permissions = {
  'users.read_self': 'Read your own account.',
  'users.update_self': 'Change your own name, username, language and privacy.',
  'users.read_any': 'Read every account in full, whatever its privacy.',
  'users.manage_teams': 'Say which teams others work in; roles may reach as far as one’s own.',
} as const
