/**
 * The roles that every installation starts with, and what this version gives them. They are rows like any other role;
 * an upgrade adds what is new and leaves alone what an administrator changed.
 */
import { eq, sql } from 'drizzle-orm'
import type { OneConnection } from '../../platform/db/index.ts'
import { type Rule, everyPermission } from '../../platform/rights/index.ts'
import { roles } from './tables.ts'

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
  'audit.read_self',
  'payments.pay',
] as const

export const superAdmin = 'super_admin'

type BuiltIn = { readonly description: string; readonly permissions: readonly string[] }

export const builtInRoles = {
  [superAdmin]: {
    description: 'Everything, what later versions bring included. Cannot be changed.',
    permissions: [everyPermission],
  },
  admin: {
    description: 'Runs the product: people, roles, invitations, the system.',
    permissions: [
      ...ownPermissions,
      'users.read_any',
      'users.manage_teams',
      'access.read_roles',
      'access.manage_roles',
      'impersonation.begin',
      'admin.read_health',
      'admin.read_users',
      'admin.suspend_users',
      'admin.sign_out_users',
      'admin.revoke_keys',
      'admin.reset_factors',
      'admin.grant_roles',
      'admin.manage_service_tokens',
      'admin.manage_mfa',
      'invitations.manage',
      'audit.read',
      'audit.export',
      'audit.trace',
      'monitoring.read',
      'monitoring.acknowledge',
      'jobs.read',
      'jobs.manage',
      'mail.read',
      'mail.send_test',
      'operations.read_overview',
      'operations.read_settings',
      'operations.check',
      'inbox.read',
      'inbox.replay',
      'ledger.read',
      'ledger.check',
      'payments.read_any',
      'refunds.create',
      'refunds.review',
      'refunds.read',
      'disputes.read',
      'disputes.answer',
      'reconciliation.read',
      'reconciliation.run',
      'reconciliation.accept',
    ],
  },
  moderator: { description: 'Keeps the community’s rules.', permissions: ownPermissions },
  editor: { description: 'Writes and publishes content.', permissions: ownPermissions },
  support: {
    description: 'Helps users: sees accounts and changes nothing in them.',
    permissions: [
      ...ownPermissions,
      'users.read_any',
      'admin.read_users',
      'admin.manage_mfa',
      'jobs.read',
      'mail.read',
      'operations.read_overview',
    ],
  },
  finance: {
    description: 'Payments, refunds and reports.',
    permissions: [
      ...ownPermissions,
      'operations.read_overview',
      'inbox.read',
      'inbox.replay',
      'ledger.read',
      'ledger.check',
      'payments.read_any',
      'refunds.create',
      'refunds.review',
      'refunds.read',
      'disputes.read',
      'disputes.answer',
      'reconciliation.read',
      'reconciliation.run',
      'reconciliation.accept',
    ],
  },
  employee: {
    description: 'Somebody of the house without further duties.',
    permissions: ownPermissions,
  },
  provider: { description: 'Offers services on the marketplace.', permissions: ownPermissions },
  member: { description: 'Everybody who signs up.', permissions: ownPermissions },
} as const satisfies Record<string, BuiltIn>

/**
 * Makes the built-in roles and gives them what this version ships and the one before did not; takes what is shipped no
 * more. Runs after every migration, under its lock.
 */
export async function shipBuiltInRoles(db: OneConnection): Promise<void> {
  for (const [name, { description, permissions }] of Object.entries(builtInRoles)) {
    await db.insert(roles).values({ name, isBuiltIn: true }).onConflictDoNothing()
    await db.transaction(async (tx) => {
      const [role] = await tx.select().from(roles).where(eq(roles.name, name)).for('update')
      if (!role) throw new Error(`the role ${name} has gone`)
      const rules = upgraded(role, permissions)
      await tx
        .update(roles)
        .set({ rules, shipped: [...permissions], description: role.description || description })
        .where(eq(roles.name, name))
      if (JSON.stringify(rules) === JSON.stringify(role.rules)) return
      await tx
        .update(roles)
        .set({ version: sql`${roles.version} + 1`, updatedAt: sql`now()` })
        .where(eq(roles.name, name))
    })
  }
}

function upgraded(
  { rules, shipped }: { readonly rules: readonly Rule[]; readonly shipped: readonly string[] },
  permissions: readonly string[],
): readonly Rule[] {
  const kept = rules.filter(
    ({ permission }) => permissions.includes(permission) || !shipped.includes(permission),
  )
  const added = permissions
    .filter((permission) => !shipped.includes(permission))
    .filter((permission) => !kept.some((rule) => rule.permission === permission))
  return [...kept, ...added.map((permission) => ({ permission }))]
}
