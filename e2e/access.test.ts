/** Who may do what, asked at a shell. */
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { dataDirectory, run } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const location = await testDatabase()
const environment = {
  ASHLAR_DATA_DIR: path.join(directory.path, 'data'),
  DATABASE_URL: location.appUrl,
  DATABASE_OWNER_URL: location.ownerUrl,
}
/** Each call is a start of the whole program. */
const limitMs = 120_000
const access = (...args: string[]) => run(['access', ...args], environment)

async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: location.ownerUrl })
  await client.connect()
  await client.query(sql)
  await client.end()
}

test(
  'the audit lists every route and fails at a rule that names no permission',
  async () => {
    const good = await access('audit')
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(good.stdout).toMatch(
      /GET +\/api\/v1\/users\/me {2}users.read_self {2}admin .*super_admin/,
    )
    expect(good.stdout).toMatch(
      /POST +\/api\/v1\/admin\/impersonation\/end {2}signed in {2}whoever is signed in\n/,
    )
    expect(good.stdout).toMatch(/GET +\/livez {2}public {2}anybody\n/)
    expect(good.stdout).toMatch(/POST +\/api\/v1\/roles {2}access.manage_roles \(step-up\)/)

    await asOwner(
      `insert into access_roles (name, rules) values ('old', '[{"permission":"users.read_minds"}]')`,
    )
    const bad = await access('audit')
    expect(bad.code).toBe(1)
    expect(bad.stderr).toContain('the role old names users.read_minds, which no room declares')
  },
  limitMs,
)

test(
  'an explanation names the rule, and its exit code says whether they may',
  async () => {
    await asOwner(
      `insert into users_users (id, email) values ('0197a3a4-5b5c-7d5e-8f60-718293a4b5c6', 'ada@example.com');
     insert into access_grants (user_id, role) values ('0197a3a4-5b5c-7d5e-8f60-718293a4b5c6', 'support')`,
    )
    const may = await access('explain', 'ada@example.com', 'users.read_any', '--json')
    expect(may.code).toBe(0)
    expect(JSON.parse(may.stdout)).toMatchObject({
      isAllowed: true,
      rules: [{ role: 'support', rule: { permission: 'users.read_any' }, lets: true }],
    })
    const mayNot = await access('explain', 'ada@example.com', 'access.manage_roles')
    expect(mayNot).toMatchObject({ code: 1, stderr: '' })
    expect(mayNot.stdout).toContain('Refused (no_role)')
    expect((await access('explain', 'nobody@example.com', 'users.read_any')).stderr).toContain(
      'There is no such user',
    )
  },
  limitMs,
)

test(
  'a question about what there is not is answered with that: wrong usage, or no such thing',
  async () => {
    for (const unknown of [['users.read_minds'], ['users.read_any', 'foo:bar']]) {
      const wrong = await access('explain', 'ada@example.com', ...unknown)
      expect(wrong).toMatchObject({ code: 2, stdout: '' })
      expect(wrong.stderr.trim().split('\n')).toHaveLength(1)
    }
    const missing = await access('explain', 'ada@example.com', 'users.read_any', 'users:nonsense')
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toContain('There is no such user or thing')
  },
  limitMs,
)

test(
  'a difference to a commit that there is not is an error in git’s words',
  async () => {
    const { code, stderr } = await access('diff', 'no-such-commit')
    expect(code).toBe(1)
    expect(stderr).not.toContain(' at ')
  },
  limitMs,
)
