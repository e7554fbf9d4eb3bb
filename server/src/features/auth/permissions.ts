/** Permissions of the auth room, with what each allows. */
export const permissions = {
  'auth.manage_sessions': 'See and end your own sessions.',
  'auth.change_password': 'Change your own password.',
  'auth.manage_passkeys': 'Add, list, rename and remove your own passkeys.',
  'auth.change_email': 'Change the e-mail address of your own account.',
  'auth.manage_api_keys': 'Create, list and revoke your own API keys.',
} as const
