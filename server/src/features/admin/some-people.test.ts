/** Roles that let somebody read some people: lists, single accounts and all that hangs on them know of nobody else. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Reply, startServer } from '../../app/testing.ts'
import { newEnvironmentToken } from './tokens.ts'
import { type Server, api, bearerOf, forgetUser, query, visiblePartsOf } from '../auth/testing.ts'
import { type Route, administration, givenAdmin, routesOf, send, usersUrl } from './testing.ts'

type Person = Awaited<ReturnType<Server['as']>>
type Row = { readonly id: string }

const server = await startServer()
const root = await server.as('super_admin')
const permission = 'admin.read_users'
const inTeams = { teams: { $in: '$myTeams' } }
const nobody = randomUUID()
let inside: Person
let outside: Person

beforeAll(async () => {
  inside = await server.as()
  outside = await server.as()
  await setTeams(inside, ['north'])
  await setTeams(outside, ['south'])
  for (const { userId } of [inside, outside])
    await query(server, `update users_users set name = 'Zora ' || $1 where id = $1`, [userId])
})

async function setTeams(person: Pick<Person, 'userId'>, teams: readonly string[]) {
  const sql = 'update users_users set teams = $2 where id = $1'
  await query(server, sql, [person.userId, teams])
  await forgetUser(server, person.userId ?? '')
}

let names = 0
async function givenRole(rules: readonly object[]): Promise<string> {
  const name = `some_people_${(names += 1)}`
  const made = await root.post(`${api}/roles`, { name, rules })
  expect(made.status, made.text).toBe(201)
  return name
}
async function givenReader(
  when: object,
  { teams = ['north'], more = [] }: { teams?: string[]; more?: readonly string[] } = {},
): Promise<Person> {
  const also = more.map((name) => ({ permission: name }))
  const reader = await server.as(await givenRole([{ permission, when }, ...also]))
  await setTeams(reader, teams)
  return reader
}

const listed = async (by: Pick<Person, 'get'>, parameters = ''): Promise<string[]> => {
  const reply = await by.get(`${usersUrl}?limit=100&${parameters}`)
  expect(reply.status, reply.text).toBe(200)
  const ids = reply.body.data.map(({ id }: Row) => id)
  expect(reply.body.meta).toMatchObject({ total: ids.length, isTotalExact: true })
  return ids
}
/** Readers of other tests, who work there too, among them. */
const northerners = async () => {
  const sql = `select id from users_users where teams && array['north'] order by id`
  return (await query<Row>(server, sql)).map(({ id }) => id)
}

describe('by team', () => {
  test('a list has those of the teams, in every order, with every filter, and counts no other', async () => {
    const reader = await givenReader(inTeams)
    const sorted = async (parameters: string) => (await listed(reader, parameters)).toSorted()
    const orders = ['createdAt', 'email', 'name'].flatMap((by) => [by, `-${by}`])
    for (const order of orders) expect(await sorted(`sort=${order}`)).toEqual(await northerners())
    for (const filter of ['status=active', 'verified=true'])
      expect(await sorted(filter)).toEqual(await northerners())
    expect(await listed(reader, 'role=member')).toEqual([inside.userId])
    expect(await listed(reader, 'role=super_admin')).toEqual([])
    expect(await listed(reader, 'search=zora')).toEqual([inside.userId])
    for (const { userId, email } of [outside, root])
      for (const search of [userId, userId?.toUpperCase(), email, email.slice(0, 8)])
        expect(await listed(reader, `search=${search}`), `${search}`).toEqual([])
  })

  test('pages end with the teams, and a place in the list of somebody else leads to no other', async () => {
    const reader = await givenReader(inTeams)
    const pagesAfter = async (first: string) => {
      const found: string[] = []
      for (let cursor: string | null = first; cursor !== null;) {
        const url = `${usersUrl}?limit=1&sort=email${cursor && `&cursor=${cursor}`}`
        const { body }: Reply = await reader.get(url)
        found.push(...body.data.map(({ id }: Row) => id))
        cursor = body.meta.nextCursor
      }
      return found.toSorted()
    }
    expect(await pagesAfter('')).toEqual(await northerners())
    const elsewhere = Buffer.from(JSON.stringify(['email', ['!'], nobody])).toString('base64url')
    expect(await pagesAfter(elsewhere)).toEqual(await northerners())
  })

  test('whoever comes into a team or leaves it is there, or not, on the next request', async () => {
    const reader = await givenReader(inTeams, { teams: ['west'] })
    const mover = await server.as()
    const seen = async () => ({
      one: (await reader.get(`${usersUrl}/${mover.userId}`)).status,
      all: await listed(reader, 'role=member'),
    })
    expect(await seen()).toEqual({ one: 404, all: [] })
    await setTeams(mover, ['west', 'south'])
    expect(await seen()).toEqual({ one: 200, all: [mover.userId] })
    await setTeams(reader, ['east'])
    expect(await seen()).toEqual({ one: 404, all: [] })
    await setTeams(reader, [])
    expect(await seen()).toEqual({ one: 404, all: [] })
    expect((await reader.get(`${usersUrl}/${reader.userId}`)).status).toBe(404)
  })
})

describe('every door that this permission opens', () => {
  const doors = routesOf(server).filter(({ operation }) => operation['x-permission'] === permission)
  const paths = Object.keys(server.app.swagger().paths ?? {})
  const nobodysId = '01890000-0000-7000-8000-000000000000'

  test('is about one account, but for the list', () => {
    const others = doors.filter(({ url }) => !url.includes(nobodysId))
    expect(others.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${usersUrl}`])
    expect(doors.length).toBeGreaterThan(6)
    expect(paths).toContain('/api/v1/admin/users/{id}/impersonations')
  })

  test.each(doors.filter(({ url }) => url.includes(nobodysId)))(
    '$method $url: who is outside is not there, however their id is spelt',
    async (door: Route) => {
      const reader = await givenReader(inTeams)
      const at = (id: string) => send(reader, { ...door, url: door.url.replace(nobodysId, id) })
      expect((await at(inside.userId ?? '')).status).toBe(200)
      expect((await at((inside.userId ?? '').toUpperCase())).status).toBe(200)
      const missing = visiblePartsOf(await at(nobody))
      expect(missing).toMatchObject({ status: 404, body: { code: 'users.user_not_found' } })
      const id = outside.userId ?? ''
      for (const spelt of [id, id.toUpperCase(), `urn:uuid:${id}`])
        expect(visiblePartsOf(await at(spelt)), spelt).toEqual(missing)
    },
  )
})

test.each([
  ['a status', { status: 'suspended' }, ['suspended']],
  ['one of two', { status: { $in: ['suspended', 'deleted'] } }, ['suspended', 'closed']],
  ['every status but one', { status: { $ne: 'active' } }, ['suspended', 'closed']],
  ['a status that there is not', { status: "x' or true --" }, []],
  ['no proof of the address', { emailVerified: false }, ['unproven']],
  ['all but a team', { teams: { $nin: ['south'] }, status: 'active' }, ['unproven', 'over']],
  ['all but every team', { teams: { $nin: ['south', 'none'] }, status: 'active' }, ['over']],
])('by %s', async (_by, when, expected) => {
  const people = new Map<string | null, string>()
  for (const [name, set, teams] of [
    ['suspended', `status = 'suspended'`, ['none']],
    ['over', `status = 'suspended', suspended_until = now() - interval '1 second'`, []],
    ['closed', `status = 'deleted'`, ['south']],
    ['unproven', 'email_verified_at = null', ['none']],
    ['erased', `status = 'deleted', erased_at = now()`, []],
    ['south', 'bio = null', ['south', 'none']],
  ] as const) {
    const person = await server.as()
    await query(server, `update users_users set teams = $2, ${set} where id = $1`, [
      person.userId,
      teams,
    ])
    people.set(person.userId, name)
  }
  const reader = await givenReader(when)
  const ids = (await listed(reader)).filter((id) => people.has(id))
  expect(ids.map((id) => people.get(id) ?? '').toSorted()).toEqual(expected.toSorted())
  for (const [id, name] of people)
    expect((await reader.get(`${usersUrl}/${id}`)).status, name).toBe(
      (expected as readonly string[]).includes(name) ? 200 : 404,
    )
})

test('by one’s own id, and by what several rules give together', async () => {
  const oneself = await givenReader({ id: '$me' })
  expect(await listed(oneself)).toEqual([oneself.userId])
  const name = await givenRole([
    { permission, when: { id: outside.userId } },
    { permission, when: inTeams },
  ])
  const both = await server.as(name)
  await setTeams(both, ['north'])
  const expected = [...(await northerners()), String(outside.userId)].toSorted()
  expect((await listed(both)).toSorted()).toEqual(expected)
})
test('what is counted of everybody is not told to whoever reads some', async () => {
  const reader = await givenReader(inTeams, { more: ['operations.read_overview'] })
  const { status, body } = await reader.get(`${administration}/overview`)
  expect(status).toBe(200)
  expect(body.data).not.toHaveProperty('people')
})

describe('whoever acts for somebody', () => {
  test('by a key or a program’s token reads whom its owner may read, at that moment', async () => {
    const more = ['auth.manage_api_keys', 'admin.manage_service_tokens', 'twofa.manage']
    const rules = [{ permission, when: inTeams }, ...more.map((each) => ({ permission: each }))]
    const role = await givenRole(rules)
    const given = { name: 'a program', scopes: [permission] }
    // Programs are let in by whoever shows a code; and a key shows none for whoever has to.
    const [keeper, backer] = [await server.as(role), await givenAdmin(server, role)]
    const key = await keeper.post(`${api}/auth/api-keys`, given)
    const token = await backer.post(`${administration}/service-tokens`, given)
    for (const [owner, secret] of [
      [keeper, key.body.data.key],
      [backer, token.body.data.token],
    ] as const) {
      const client = bearerOf(server, secret)
      await setTeams(owner, ['north'])
      expect((await client.get(`${usersUrl}/${inside.userId}`)).status).toBe(200)
      expect((await client.get(`${usersUrl}/${outside.userId}`)).status).toBe(404)
      expect(await listed(client, 'search=zora')).toEqual([inside.userId])
      await setTeams(owner, ['south'])
      expect(await listed(client, 'search=zora')).toEqual([outside.userId])
    }
  })

  test('by the token of the environment reads whom ADMIN_SERVICE_USER_ID may read', async () => {
    const reader = await givenReader(inTeams)
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
    expect(await listed(client, 'role=member')).toEqual([inside.userId])
    expect((await client.get(`${usersUrl}/${outside.userId}`)).status).toBe(404)
    expect(other.failures).toEqual([])
  })
})

describe('above and below', () => {
  const lead = ['admin.grant_roles', 'admin.sign_out_users', 'access.manage_roles', 'twofa.manage']
  const whole = (name: string) => ({ permission: name })
  const some = { permission, when: inTeams }

  test('is asked of the teams of both', async () => {
    const role = await givenRole([some])
    const leads = await givenAdmin(server, await givenRole([some, ...lead.map(whole)]))
    const below = await server.as(role)
    const receiver = await server.as(await givenRole([]))
    const act = async () => (await leads.post(`${usersUrl}/${below.userId}/sign-out`)).status
    const give = async () =>
      (await leads.put(`${usersUrl}/${receiver.userId}/roles/${role}`)).status
    for (const [own, theirs, expected] of [
      [['north'], ['north'], [200, 204]],
      [['north'], ['north', 'south'], [403, 403]],
      [['south'], ['north'], [403, 403]],
      [[], ['north'], [403, 403]],
      [['north', 'south'], ['south'], [200, 204]],
      [[], [], [200, 204]],
    ] as const) {
      await setTeams(leads, own)
      for (const person of [below, receiver]) await setTeams(person, theirs)
      expect([await act(), await give()], `${own.join()} ${theirs.join()}`).toEqual(expected)
      await query(server, 'delete from access_grants where user_id = $1 and role = $2', [
        receiver.userId,
        role,
      ])
    }
  })

  test('whoever reads some gives nobody more people, and stands not above who reads all', async () => {
    const leads = await givenAdmin(server, await givenRole([some, ...lead.map(whole)]))
    await setTeams(leads, ['north'])
    for (const [rule, status] of [
      [some, 201],
      [{ permission, when: { ...inTeams, status: 'active' } }, 201],
      [whole(permission), 403],
      [{ permission, when: { status: 'active' } }, 403],
      [{ permission, when: { teams: { $nin: ['north'] } } }, 403],
      [{ permission, when: { id: '$me' } }, 403],
    ] as const) {
      const made = await leads.post(`${api}/roles`, { name: `made_${(names += 1)}`, rules: [rule] })
      expect(made.status, made.text).toBe(status)
    }
    const all = await server.as(await givenRole([whole(permission)]))
    expect((await leads.post(`${usersUrl}/${all.userId}/sign-out`)).body.code).toBe(
      'admin.account_above',
    )
  })

  test('nobody brings somebody into a team in which they would read whom oneself does not', async () => {
    const role = await givenRole([some, whole('users.manage_teams'), ...lead.map(whole)])
    const places = await givenAdmin(server, role)
    const placed = await server.as(await givenRole([some]))
    await setTeams(places, ['north'])
    const place = (teams: readonly string[]) =>
      places.put(`${api}/users/${placed.userId}/teams`, { teams })
    expect((await place(['north'])).status).toBe(200)
    expect((await place(['north', 'south'])).body.code).toBe('users.teams_above_own')
  })
})

test('a rule about what no account has, or about fields, is refused', async () => {
  for (const rule of [
    { fields: ['email'] },
    { when: { role: 'member' } },
    { when: { email: 'a@example.com' } },
    { when: { id: String(inside.userId).toUpperCase() } },
  ]) {
    const rules = [{ permission, ...rule }]
    const made = await root.post(`${api}/roles`, { name: `made_${(names += 1)}`, rules })
    expect(made).toMatchObject({ status: 422, body: { code: 'access.invalid_rule' } })
  }
})

test('an explanation says of each person what the doors do', async () => {
  const when = { ...inTeams, status: { $ne: 'suspended' } }
  const reader = await givenReader(when, { more: ['users.read_self'] })
  const held = await server.as()
  await setTeams(held, ['north'])
  await query(server, `update users_users set status = 'suspended' where id = $1`, [held.userId])
  const url = `${api}/access/explain?permission=${permission}`
  for (const [id, lets] of [
    [inside.userId, true],
    [reader.userId, true],
    [outside.userId, false],
    [held.userId, false],
  ] as const) {
    const door = await reader.get(`${usersUrl}/${id}`)
    expect(door.status).toBe(lets ? 200 : 404)
    const { data } = (await root.get(`${url}&user=${reader.userId}&resource=users:${id}`)).body
    expect(data).toMatchObject({ allowed: lets, reason: lets ? 'granted' : 'conditions' })
  }
  // To whoever asks only about themselves, outside and not there are one answer.
  const asked = async (id: string | null) => (await reader.get(`${url}&resource=users:${id}`)).body
  const [there, missing] = [await asked(outside.userId), await asked(nobody)]
  expect(missing.data).toMatchObject({ allowed: false, reason: 'conditions' })
  expect(there.data).toEqual({ ...missing.data, resource: `users:${outside.userId}` })
  // What is a payment, is no account.
  const [payment] = await query<Row>(
    server,
    `insert into payments_payments (id, user_id, amount, asset, provider)
     values (gen_random_uuid(), $1, 1, 'USD', 'stripe') returning id`,
    [inside.userId],
  )
  const about = `${url}&user=${reader.userId}&resource=payments:${payment?.id}`
  expect((await root.get(about)).body.data.allowed).toBe(false)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
