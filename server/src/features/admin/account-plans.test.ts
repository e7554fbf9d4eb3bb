/** Accounts among many: the few who are not active, or whom somebody may read, are found by an index; and whose suspension is over is not suspended. */
import { desc } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api, query } from '../auth/testing.ts'
import { type Rule, rightsOf } from '../../platform/rights/index.ts'
import { accounts, accountsWithin, isInStatus } from '../users/index.ts'
import { givenAdmin, usersUrl } from './testing.ts'

const server: Server = await startServer()
const boss = await givenAdmin(server)
const permission = 'admin.read_users'
const idOf = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

beforeAll(async () => {
  await query(
    server,
    `insert into users_users (id, email, name, email_verified_at, status, suspended_until, erased_at, teams)
     select ('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'many' || n || '@example.com', 'Many ' || n, now(),
       case when n <= 3 then 'suspended' when n between 4 and 500 then 'deleted' else 'active' end,
       case n when 2 then now() - interval '1 second' when 3 then now() + interval '1 day' end,
       case when n between 6 and 500 then now() end,
       case when n % 1000 = 0 then array['few', 'many'] when n % 5 = 0 then array['many'] else '{}' end
     from generate_series(1, 20000) n`,
  )
  await query(server, 'vacuum analyze')
})

/** What is planned for the list of somebody who reads only these, and for its total. */
const plansFor = async (when: NonNullable<Rule['when']>) => {
  const { db } = server
  const rights = rightsOf([{ permission, when }], { id: idOf(1), teams: [] })
  const ctx = server.ctx()
  const matches = accountsWithin({ ...ctx, actor: { ...ctx.actor, ...rights } }, permission)
  const page = db.select().from(accounts).where(matches).orderBy(desc(accounts.id)).limit(21)
  const total = db.select({ id: accounts.id }).from(accounts).where(matches).limit(10_001)
  return { page: await planOf(page.toSQL()), total: await planOf(total.toSQL()) }
}

const planOf = async ({ sql, params }: { sql: string; params: unknown[] }) => {
  const rows = await query<{ 'QUERY PLAN': string }>(server, `explain ${sql}`, params)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}

test.each(['suspended', 'deleted'] as const)(
  'those who are %s are read by an index',
  async (status) => {
    const { db } = server
    const matches = isInStatus(accounts, status)
    const page = db.select().from(accounts).where(matches).orderBy(desc(accounts.id)).limit(21)
    const counted = db.select({ id: accounts.id }).from(accounts).where(matches)
    for (const asked of [page, counted]) {
      const plan = await planOf(asked.toSQL())
      expect(plan).toContain('users_users_standing')
      expect(plan).not.toContain('Seq Scan')
    }
  },
)

test.each([
  ['people of a team with few', { teams: { $in: ['few'] } }, 'users_users_teams'],
  ['one', { id: idOf(700) }, 'users_users_pkey'],
  ['some', { id: { $in: [idOf(700), idOf(800)] } }, 'users_users_pkey'],
  ['who is suspended', { status: 'suspended' }, 'users_users_standing'],
  [
    'who is closed or suspended',
    { status: { $in: ['deleted', 'suspended'] } },
    'users_users_standing',
  ],
])('to whoever reads %s, an index says whom', async (_whom, when, index) => {
  for (const plan of Object.values(await plansFor(when))) {
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan')
  }
})

test.each([
  ['people of a team with many', { teams: { $in: ['many'] } }],
  ['all but a team', { teams: { $nin: ['few'] } }],
  ['all but a status', { status: { $ne: 'suspended' } }],
])('to whoever reads %s, a list is read in its order', async (_whom, when) => {
  const { page } = await plansFor(when)
  expect(page).toContain('Index Scan Backward using users_users_pkey')
  expect(page).not.toContain('Sort')
})

test.each([
  ['suspended', [3, 1]],
  ['deleted', [5, 4]],
])('who is %s is listed and counted, and nobody else', async (status, expected) => {
  const reply = await boss.get(`${usersUrl}?status=${status}&limit=100`)
  const ids = reply.body.data.map(({ id }: { id: string }) => id)
  expect(ids).toEqual(expected.map(idOf))
  expect(reply.body.meta.total).toBe(expected.length)
})

test('whose suspension is over is active, for administration and in the list of profiles', async () => {
  const active = await boss.get(`${usersUrl}?status=active&search=${idOf(2)}`)
  expect(active.body.data).toMatchObject([{ id: idOf(2), status: 'active' }])
  const listed = async (status: string) => {
    const { body } = await boss.get(`${api}/users?status=${status}&search=many&limit=100`)
    return body.data.map(({ id }: { id: string }) => id)
  }
  expect((await listed('suspended')).toSorted()).toEqual([idOf(1), idOf(3)])
  expect(await listed('deleted')).toHaveLength(100)
})
