/** Permissions of the admin room, with what each allows. */
export const permissions = {
  'admin.read_health': 'Read how every part of the running system is doing, and why one fails.',
  'admin.read_users':
    'Find every account, and read its standing, roles, factors, sessions and API keys.',
  'admin.suspend_users': 'Suspend accounts of people below you, and lift suspensions.',
  'admin.sign_out_users': 'Sign people below you out everywhere.',
  'admin.revoke_keys': 'End API keys of people below you.',
  'admin.reset_factors': 'Take away the second factor of people below you who have lost it.',
  'admin.grant_roles': 'Give roles within your own rights to people below you, and take them away.',
  'admin.manage_service_tokens': 'Make, list, rotate and revoke tokens of programs.',
  'admin.manage_mfa': 'Turn the authenticator of your own administration on and off.',
} as const
