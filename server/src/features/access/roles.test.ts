/** Roles: what each permits, and that nothing else does. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { permissions } from '../../app/rooms.ts'
import { type Server, countFacts, crowd, query, rounds, together } from '../auth/testing.ts'
import { grantRole, hasSuperAdmin, rolesOf } from './grants.ts'
import { builtInRoles, isRole, mayGrant, permits } from './roles.ts'

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
]

describe('what a role permits', () => {
  const beyond: Record<keyof typeof builtInRoles, string[]> = {
    super_admin: Object.keys(permissions).filter((name) => !own.includes(name)),
    admin: ['users.read_any', 'admin.read_health', 'invitations.manage'],
    support: ['users.read_any'],
    moderator: [],
    editor: [],
    finance: [],
    employee: [],
    provider: [],
    member: [],
  }

  test.each(Object.entries(beyond))('%s: one’s own things, and %j', (role, more) => {
    const can = permits([role])
    const allowed = Object.keys(permissions).filter(can)
    expect(allowed.toSorted()).toEqual([...own, ...more].toSorted())
  })

  test('only permissions that exist are given', () => {
    const existing = ['*', ...Object.keys(permissions)]
    const given: readonly string[] = Object.values(builtInRoles).flat()
    expect(given.filter((name) => !existing.includes(name))).toEqual([])
  })

  test('several roles permit together what each permits', () => {
    expect(permits(['member', 'support'])('users.read_any')).toBe(true)
    expect(permits(['member', 'editor'])('users.read_any')).toBe(false)
  })

  test.each([
    [[]],
    [['no_such_role']],
    [['*']],
    [['__proto__']],
    [['constructor']],
    [['SUPER_ADMIN']],
  ])('the roles %j permit nothing', (roles) => {
    for (const name of [...Object.keys(permissions), '*', 'constructor', ''])
      expect(permits(roles)(name)).toBe(false)
  })

  test('a permission is asked for by its whole name', () => {
    for (const name of ['users.read_self ', 'users', 'users.*', '*', 'USERS.READ_SELF'])
      expect(permits(['member'])(name)).toBe(false)
  })

  test('names that every object has are no roles', () => {
    for (const name of ['__proto__', 'constructor', 'toString', ''])
      expect(isRole(name)).toBe(false)
  })
})

describe('who may give a role', () => {
  const only = (...names: string[]) => {
    const may = new Set(names)
    return (permission: string) => may.has(permission)
  }

  test('is who may do everything that it permits', () => {
    expect(mayGrant(permits(['admin']), 'admin')).toBe(true)
    expect(mayGrant(permits(['admin']), 'support')).toBe(true)
    expect(mayGrant(permits(['support']), 'admin')).toBe(false)
    expect(mayGrant(permits(['member']), 'editor')).toBe(true)
    expect(mayGrant(only(...own), 'member')).toBe(true)
    expect(mayGrant(only(...own.slice(1)), 'member')).toBe(false)
  })

  test('everything is given by who has everything, not by who has all there is', () => {
    expect(mayGrant(permits(['super_admin']), 'super_admin')).toBe(true)
    expect(mayGrant(only(...Object.keys(permissions)), 'super_admin')).toBe(false)
    expect(mayGrant(permits(Object.keys(builtInRoles).slice(1)), 'super_admin')).toBe(false)
  })

  test.each(['no_such_role', '*', '__proto__', ''])('nobody, for %j', (role) => {
    expect(mayGrant(permits(['super_admin']), role)).toBe(false)
  })
})

describe('a grant', () => {
  test('is made once and stated once, however many make it at once', async () => {
    const server: Server = await startServer()
    for (let round = 0; round < rounds; round += 1) {
      const { user } = await server.as('member')
      await together(crowd, () => server.ctx().tx((tx) => grantRole(tx, user.id, 'editor')))
      expect(await rolesOf(server.ctx(), user.id)).toEqual(['editor', 'member'])
      // That of the account's first role, and this one.
      expect(await countFacts(server, 'access.role_granted', user.id)).toBe(2)
    }
  })

  test('that somebody else decided names them', async () => {
    const server: Server = await startServer()
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
    const server: Server = await startServer()
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
    const server: Server = await startServer()
    const { user } = await server.as('admin')
    expect(await hasSuperAdmin(server.ctx())).toBe(false)
    await server.ctx().tx((tx) => grantRole(tx, user.id, 'super_admin'))
    expect(await hasSuperAdmin(server.ctx())).toBe(true)
  })
})

test('a role that a later version took away permits nothing and harms nothing', async () => {
  const server: Server = await startServer()
  const ada = await server.as('member')
  await query(server, `update access_grants set role = 'a_former_role' where user_id = $1`, [
    ada.userId,
  ])
  await server.ctx().tx((tx) => tx.invalidate(`user:${ada.userId}`))
  expect((await ada.get('/api/v1/users/me')).status).toBe(403)
})
