/** The built-in roles and what each permits. `*` is everything, permissions of later versions included. */

/** What everybody may do with their own account. */
export const ownPermissions = [
  'users.read_self',
  'users.update_self',
  'auth.manage_sessions',
  'auth.change_password',
  'auth.change_email',
  'auth.manage_passkeys',
  'auth.manage_api_keys',
  'twofa.manage',
  'oidc.manage',
  'privacy.export_self',
  'privacy.erase_self',
] as const

export const builtInRoles = {
  super_admin: ['*'],
  admin: [
    ...ownPermissions,
    'users.read_any',
    'invitations.manage',
    'impersonation.begin',
    'admin.read_health',
    'admin.read_users',
    'admin.suspend_users',
    'admin.sign_out_users',
    'admin.reset_factors',
    'admin.grant_roles',
    'admin.manage_service_tokens',
    'admin.manage_mfa',
  ],
  moderator: ownPermissions,
  editor: ownPermissions,
  support: [...ownPermissions, 'users.read_any', 'admin.read_users', 'admin.manage_mfa'],
  finance: ownPermissions,
  employee: ownPermissions,
  provider: ownPermissions,
  member: ownPermissions,
} as const satisfies Record<string, readonly string[]>

export type RoleName = keyof typeof builtInRoles

export const isRole = (name: string): name is RoleName => Object.hasOwn(builtInRoles, name)

const known = new Map<string, ReadonlySet<string>>(
  Object.entries(builtInRoles).map(([name, permissions]) => [name, new Set<string>(permissions)]),
)

/** The check for a set of roles; roles that no longer exist permit nothing. */
export function permits(roles: readonly string[]): (permission: string) => boolean {
  const sets = roles.map((role) => known.get(role)).filter((set) => set !== undefined)
  return (permission) => sets.some((set) => set.has('*') || set.has(permission))
}

/** Nobody gives what they do not have: whether somebody who may do this much may give a role. `*` is given by `*`. */
export function mayGrant(can: (permission: string) => boolean, role: string): boolean {
  const permitted = known.get(role)
  return permitted !== undefined && [...permitted].every(can)
}
