/** Roles that settings name: they have to be there, and in production nobody who signs up is an administrator. */
import { expect, test } from 'vitest'
import { Client } from 'pg'
import { prepareDatabase } from './database.ts'
import { SettingsError } from './settings.ts'
import { testDatabase, testSettings } from './testing.ts'

const location = await testDatabase()

async function given(name: string, rules: readonly object[]): Promise<void> {
  const client = new Client({ connectionString: location.ownerUrl })
  await client.connect()
  await client.query(
    `insert into access_roles (name, rules) values ($1, $2)
     on conflict (name) do update set rules = access_roles.rules || excluded.rules`,
    [name, JSON.stringify(rules)],
  )
  await client.end()
}

/** What keeps the start from going on; null where nothing does. */
async function complaint(role: string, isProduction: boolean, asked = 'none') {
  const environment = { DEFAULT_ROLE: role, MFA_REQUIRED_ROLES: asked }
  const settings = { ...testSettings(environment), isProduction }
  try {
    await prepareDatabase(settings, location)
    return null
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message
  }
}

test.each([true, false])('has to be there, in production or not: %s', async (isProduction) => {
  expect(await complaint('no_such_role', isProduction)).toContain('DEFAULT_ROLE')
  expect(await complaint('member', isProduction)).toBeNull()
})

test.each([
  ['boss', [{ permission: '*' }], 'every right'],
  [
    'giver',
    [{ permission: 'users.read_self' }, { permission: 'admin.grant_roles' }],
    'admin.grant_roles',
  ],
  ['placer', [{ permission: 'users.manage_teams' }], 'users.manage_teams'],
  ['payer', [{ permission: 'payments.read_any', when: { currency: 'EUR' } }], 'payments.read_any'],
])('is none of one’s own that administers: %s', async (name, rules, named) => {
  await given(name, rules)
  const said = await complaint(name, true)
  expect(said).toContain('DEFAULT_ROLE')
  expect(said).toContain(named)
  expect(await complaint(name, false)).toBeNull()
})

test('may be one of one’s own that shows people to each other', async () => {
  await given('colleague', [{ permission: 'users.read_self' }, { permission: 'users.read_any' }])
  expect(await complaint('colleague', true)).toBeNull()
})

test('is not member, either, once somebody has let it administer', async () => {
  await given('member', [{ permission: 'access.manage_roles' }])
  expect(await complaint('member', true)).toContain('access.manage_roles')
})

test.each([true, false])(
  'a second factor is asked of roles there are, in production or not: %s',
  async (isProduction) => {
    await given('auditor', [])
    for (const asked of ['', 'none', 'admin, auditor'])
      expect(await complaint('employee', isProduction, asked)).toBeNull()
    const said = await complaint('no_such_role', isProduction, 'admin, finanace')
    expect(said).toContain('DEFAULT_ROLE')
    expect(said).toContain('MFA_REQUIRED_ROLES')
    expect(said).toContain('finanace')
  },
)
