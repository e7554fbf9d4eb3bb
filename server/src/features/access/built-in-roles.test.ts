/** Roles: what each permits, and that nothing else does. */
import { eq } from 'drizzle-orm'
import { Client } from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { permissions } from '../../app/rooms.ts'
import { givenGoodProduction, problemsOf } from '../../platform/config/testing.ts'
import { type Server, query, together } from '../auth/testing.ts'
import { databaseOf } from '../../platform/db/index.ts'
import { rightsOf } from '../../platform/rights/index.ts'
import { grantRole, hasSuperAdmin, rolesOf } from './grants.ts'
import { builtInRoles, shipBuiltInRoles } from './built-in-roles.ts'
import { roles } from './tables.ts'

const nobody = { id: '', teams: [] }
let server: Server

beforeAll(async () => {
  server = await startServer()
})

const own = [
  'users.read_self',
  'users.update_self',
  'auth.manage_sessions',
  'auth.change_password',
  'auth.change_email',
  'auth.manage_api_keys',
  'auth.manage_passkeys',
  'twofa.manage',
  'oidc.manage',
  'privacy.export_self',
  'privacy.erase_self',
  'audit.read_self',
  'payments.pay',
]

test('in production nobody signs up into a role but those that are for everybody', () => {
  const refused = Object.keys(builtInRoles).filter(
    (role) => problemsOf({ ...givenGoodProduction(), DEFAULT_ROLE: role }).length > 0,
  )
  const rest = Object.keys(builtInRoles).filter((role) => !refused.includes(role))
  expect(rest).toEqual(['employee', 'provider', 'member'])
})

describe('what a role permits', () => {
  const beyond: Record<keyof typeof builtInRoles, string[]> = {
    super_admin: Object.keys(permissions).filter((name) => !own.includes(name)),
    admin: [
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
    support: [
      'users.read_any',
      'admin.read_users',
      'admin.manage_mfa',
      'jobs.read',
      'mail.read',
      'operations.read_overview',
    ],
    moderator: [],
    editor: [],
    finance: [
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
    employee: [],
    provider: [],
    member: [],
  }

  test('one’s own things, and what it is for', async () => {
    for (const [role, more] of Object.entries(beyond)) {
      const [row] = await server.db.select().from(roles).where(eq(roles.name, role))
      const { can } = rightsOf(row?.rules ?? [], nobody)
      expect(Object.keys(permissions).filter(can).toSorted(), role).toEqual(
        [...own, ...more].toSorted(),
      )
    }
  })

  test('only permissions that exist are given', () => {
    const existing = ['*', ...Object.keys(permissions)]
    const given = Object.values(builtInRoles).flatMap((role): readonly string[] => role.permissions)
    expect(given.filter((name) => !existing.includes(name))).toEqual([])
  })

  test('a permission is asked for by its whole name', () => {
    const { can } = rightsOf([{ permission: 'users.read_self' }], nobody)
    for (const name of ['users.read_self ', 'users', 'users.*', '*', 'USERS.READ_SELF', '', '.'])
      expect(can(name)).toBe(false)
  })
})

describe('a new version', () => {
  test('gives built-in roles what is new in it and keeps what an administrator changed', async () => {
    const owner = new Client({ connectionString: server.location.ownerUrl })
    await owner.connect()
    const ship = async () => {
      await shipBuiltInRoles(databaseOf(owner))
      const [row] = await server.db.select().from(roles).where(eq(roles.name, 'support'))
      return row?.rules.map(({ permission }) => permission) ?? []
    }
    const before = await ship()
    expect(before).toContain('users.read_any')
    // An administrator took one permission and gave another; the version before shipped one less and one that is gone.
    await server.db
      .update(roles)
      .set({
        rules: [{ permission: 'auth.former' }, { permission: 'invitations.manage' }],
        shipped: [...before.filter((name) => name !== 'users.read_any'), 'auth.former'],
      })
      .where(eq(roles.name, 'support'))
    expect(await ship()).toEqual(['invitations.manage', 'users.read_any'])
    expect(await ship()).toEqual(['invitations.manage', 'users.read_any'])
    await owner.end()
  })
})

describe('a grant', () => {
  test('is made once and stated once, however many make it at once', async () => {
    const { user } = await server.as('member')
    await together(20, () => server.ctx().tx((tx) => grantRole(tx, user.id, 'editor')))
    expect(await rolesOf(server.ctx(), user.id)).toEqual(['editor', 'member'])
    const facts = (await server.facts()).filter(
      ({ name, data }) =>
        name === 'access.role_granted' && (data as { role: string }).role === 'editor',
    )
    expect(facts).toEqual([expect.objectContaining({ subjectId: user.id, actorId: 'test' })])
  })

  test('that somebody else decided names them', async () => {
    const { user } = await server.as('member')
    await server.ctx().tx((tx) => grantRole(tx, user.id, 'editor', 'decider'))
    const rows = await query<{ role: string; granted_by: string }>(
      server,
      'select role, granted_by from access_grants where user_id = $1 order by role',
      [user.id],
    )
    expect(rows).toEqual([
      { role: 'editor', granted_by: 'decider' },
      { role: 'member', granted_by: 'test' },
    ])
  })

  test('of a role that does not exist is refused and leaves nothing', async () => {
    const { user } = await server.as('member')
    const before = await server.facts()
    for (const role of ['root', 'SUPER_ADMIN', '*', '__proto__', ''])
      await expect(server.ctx().tx((tx) => grantRole(tx, user.id, role))).rejects.toMatchObject({
        code: 'access.unknown_role',
        status: 422,
      })
    expect(await rolesOf(server.ctx(), user.id)).toEqual(['member'])
    expect(await server.facts()).toEqual(before)
  })

  test('of super admin is what shuts the installer', async () => {
    const { user } = await server.as('admin')
    expect(await hasSuperAdmin(server.ctx())).toBe(false)
    await server.ctx().tx((tx) => grantRole(tx, user.id, 'super_admin'))
    expect(await hasSuperAdmin(server.ctx())).toBe(true)
  })
})
