/** Roles that let somebody read what people of some teams pay: nobody else's, wherever payments are told of. */
import { desc } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Rule, rightsOf } from '../../platform/rights/index.ts'
import { newEnvironmentToken } from '../admin/index.ts'
import { type Server, api, bearerOf, forgetUser, query } from '../auth/testing.ts'
import { visibleTo } from './reading.ts'
import { payments } from './tables.ts'

type Person = Awaited<ReturnType<Server['as']>>

const server = await startServer()
const root = await server.as('super_admin')
const permission = 'payments.read_any'
const ofMyTeams = { teams: { $in: '$myTeams' } }
const idOf = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
/** What people of each of these teams have paid. */
const paid = { north: '', south: '' }
const payers = new Map<string, Person>()

async function setTeams(person: Person, teams: readonly string[]) {
  const sql = 'update users_users set teams = $2 where id = $1'
  await query(server, sql, [person.userId, teams])
  await forgetUser(server, person.userId ?? '')
}

const givenPayment = async (payer: Person, currency = 'EUR') => {
  const [made] = await query<{ id: string }>(
    server,
    `insert into payments_payments (user_id, amount, asset, provider, id)
     values ($1, 1099, $2, 'stripe', gen_random_uuid()) returning id`,
    [payer.userId, currency],
  )
  const id = made?.id ?? ''
  await query(
    server,
    `insert into payments_surplus (id, payment_id, provider, collection_ref, amount, asset)
     values (gen_random_uuid(), $1, 'stripe', gen_random_uuid(), 1099, $2)`,
    [id, currency],
  )
  await query(
    server,
    `insert into payments_attempts (id, payment_id, number, key, request, provider_ref)
     values (gen_random_uuid(), $1, 1, gen_random_uuid(), '{}', $2)`,
    [id, `pi_${id}`],
  )
  return id
}

beforeAll(async () => {
  for (const team of ['north', 'south'] as const) {
    const payer = await server.as()
    await setTeams(payer, [team])
    payers.set(team, payer)
    paid[team] = await givenPayment(payer)
  }
})

let names = 0
async function givenReader(
  when: readonly object[],
  { teams = ['north'], more = [] }: { teams?: readonly string[]; more?: readonly string[] } = {},
): Promise<Person> {
  const name = `payer_teams_${(names += 1)}`
  const rules = [
    ...when.map((each) => ({ permission, when: each })),
    ...['payments.pay', ...more].map((each) => ({ permission: each })),
  ]
  const made = await root.post(`${api}/roles`, { name, rules })
  expect(made.status, made.text).toBe(201)
  const person = await server.as(name)
  await setTeams(person, teams)
  return person
}

const listed = async (by: Pick<Person, 'get'>, url = '/payments', key = 'id') => {
  const reply = await by.get(`${api}${url}`)
  expect(reply.status, reply.text).toBe(200)
  return reply.body.data.map((row: Record<string, string>) => row[key]) as string[]
}

test('lists, filters and orders have no others, and one’s own always', async () => {
  const reader = await givenReader([ofMyTeams])
  const own = await givenPayment(reader, 'CHF')
  const both = [own, paid.north].toSorted()
  for (const order of ['createdAt', '-createdAt', 'price', '-price'])
    expect((await listed(reader, `/payments?sort=${order}`)).toSorted()).toEqual(both)
  expect(await listed(reader, '/payments?currency=EUR')).toEqual([paid.north])
  for (const id of [payers.get('south')?.userId, payers.get('south')?.userId?.toUpperCase()])
    expect(await listed(reader, `/payments?userId=${id}`)).toEqual([])
  expect((await listed(reader, '/payments/surplus', 'paymentId')).toSorted()).toEqual(both)
  await setTeams(reader, [])
  expect(await listed(reader)).toEqual([own])
})

test('another’s is not there, nor what hangs on it', async () => {
  const more = ['audit.trace', 'operations.read_overview', 'refunds.read']
  const reader = await givenReader([ofMyTeams], { more })
  for (const part of ['', '/timeline', '/refunds']) {
    expect((await reader.get(`${api}/payments/${paid.north}${part}`)).status).toBe(200)
    for (const id of [paid.south, paid.south.toUpperCase()]) {
      const other = await reader.get(`${api}/payments/${id}${part}`)
      expect(other).toMatchObject({ status: 404, body: { code: 'payments.payment_not_found' } })
    }
  }
  for (const team of ['north', 'south'] as const)
    for (const id of [paid[team], `pi_${paid[team]}`]) {
      const { text } = await reader.get(`${api}/admin/trace/${id}`)
      expect(text.includes('"kind":"attempt"'), id).toBe(team === 'north')
    }
  const { data } = (await reader.get(`${api}/admin/overview`)).body
  expect(data).not.toHaveProperty('revenue')
})

describe('with other conditions', () => {
  test.each([
    ['both have to hold', [{ ...ofMyTeams, currency: 'USD' }], []],
    ['of two rules either', [ofMyTeams, { currency: 'EUR' }], ['north', 'south']],
    ['a team and a person', [ofMyTeams, { userId: '$me' }], ['north']],
    ['all but a team', [{ teams: { $nin: ['south'] } }], ['north']],
    ['all but mine', [{ teams: { $nin: '$myTeams' } }], ['south']],
    ['no team', [{ teams: { $in: ['nobodys'] } }], []],
  ] as const)('%s', async (_how, when, expected) => {
    const reader = await givenReader(when)
    expect((await listed(reader, '/payments?currency=EUR')).toSorted()).toEqual(
      expected.map((team) => paid[team]).toSorted(),
    )
    for (const team of ['north', 'south'] as const) {
      const isRead = (expected as readonly string[]).includes(team)
      const url = `${api}/access/explain?user=${reader.userId}&permission=${permission}&resource=payments:${paid[team]}`
      const { data } = (await root.get(url)).body
      expect(data).toMatchObject({ allowed: isRead, reason: isRead ? 'granted' : 'conditions' })
    }
  })
})

test('whoever is in a team no more, or was erased, has paid for nobody of it', async () => {
  const payer = await server.as()
  await setTeams(payer, ['west'])
  const id = await givenPayment(payer)
  const reader = await givenReader([ofMyTeams], { teams: ['west'] })
  const others = await givenReader([{ teams: { $nin: '$myTeams' }, userId: payer.userId }], {
    teams: ['west'],
  })
  expect([await listed(reader), await listed(others)]).toEqual([[id], []])
  await query(
    server,
    `update users_users set teams = '{}', status = 'deleted', erased_at = now() where id = $1`,
    [payer.userId],
  )
  expect([await listed(reader), await listed(others)]).toEqual([[], [id]])
})

test('a program that acts for such a reader has nothing of its own, and reads the same', async () => {
  const reader = await givenReader([ofMyTeams], { more: ['payments.pay'] })
  const { token, hash } = newEnvironmentToken()
  const other = await startServer({
    location: server.location,
    environment: {
      ADMIN_SERVICE_TOKEN_HASH: hash,
      ADMIN_SERVICE_TOKEN_SCOPES: permission,
      ADMIN_SERVICE_USER_ID: reader.user.id,
    },
  })
  const client = bearerOf(other, token)
  for (const team of ['north', 'south'] as const)
    expect((await client.get(`${api}/payments/${paid[team]}/timeline`)).status).toBe(
      team === 'north' ? 200 : 404,
    )
  expect(await listed(client, '/payments/surplus', 'paymentId')).toEqual([paid.north])
  expect(other.failures).toEqual([])
})

describe('among many', () => {
  beforeAll(async () => {
    await query(
      server,
      `insert into users_users (id, email, teams)
       select ('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'many' || n || '@example.com',
         case when n % 1000 = 0 then array['few', 'many'] when n % 5 = 0 then array['many'] else '{}' end
       from generate_series(1, 20000) n`,
    )
    await query(
      server,
      `insert into payments_payments (id, user_id, amount, asset, provider)
       select ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         ('01890000-0000-7000-8000-' || lpad(to_hex(n % 20000 + 1), 12, '0'))::uuid, n, 'GBP', 'stripe'
       from generate_series(1, 60000) n`,
    )
    await query(server, 'vacuum analyze')
  })

  const planFor = async (when: NonNullable<Rule['when']>) => {
    const rights = rightsOf([{ permission, when }], { id: idOf(1), teams: [] })
    const ctx = server.ctx()
    const actor = { ...ctx.actor, kind: 'user' as const, id: idOf(1), ...rights }
    const page = server.db
      .select()
      .from(payments)
      .where(visibleTo({ ...ctx, actor }))
      .orderBy(desc(payments.id))
      .limit(21)
    const { sql, params } = page.toSQL()
    const rows = await query<{ 'QUERY PLAN': string }>(server, `explain ${sql}`, params)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  test.each([
    ['a team', { teams: { $in: ['few'] } }],
    ['a team, in one currency', { teams: { $in: ['few'] }, currency: 'GBP' }],
  ])(
    'of %s with few people, and of oneself, the payments of each are looked up',
    async (_of, when) => {
      const plan = await planFor(when)
      expect(plan).toContain('users_users_teams')
      expect(plan).not.toContain('Seq Scan')
    },
  )

  test.each([
    ['a team with many people', { teams: { $in: ['many'] } }],
    ['all but a team', { teams: { $nin: ['few'] } }],
  ])('of %s they are read in their order', async (_of, when) => {
    const plan = await planFor(when)
    expect(plan).toContain('Index Scan Backward using payments_payments_pkey')
    expect(plan).toContain('users_users_pkey')
    expect(plan).not.toContain('Seq Scan')
    expect(plan).not.toContain('Sort')
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
