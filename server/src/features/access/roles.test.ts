/** Roles as data: made, changed and deleted from above only, and felt on the next request. */
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api, bearerOf, query, tally, together } from '../auth/testing.ts'
import { grantRole } from './grants.ts'

type Person = Awaited<ReturnType<Server['as']>>

let server: Server
let root: Person
let admin: Person
let names = 0

beforeAll(async () => {
  server = await startServer()
  root = await server.as('super_admin')
  admin = await server.as('admin')
})

const roles = `${api}/roles`
const newName = () => `role_${(names += 1)}`
const permission = (name: string) => ({ permission: name })
const reader = { permission: 'users.read_any' }

async function givenRole(rules: readonly object[], by = root): Promise<string> {
  const name = newName()
  const made = await by.post(roles, { name, description: 'of a test', rules })
  expect(made.status, made.text).toBe(201)
  return name
}

async function givenHolder(role: string): Promise<Person> {
  const person = await server.as('member')
  await server.ctx().tx((tx) => grantRole(tx, person.userId ?? '', role))
  return person
}

const explained = (person: Person, of: string, resource?: string) =>
  person.get(
    `${api}/access/explain?permission=${of}${resource === undefined ? '' : `&resource=${resource}`}`,
  )

const kinds = ['users', 'payments', 'refunds', 'disputes']
const unknownId = '0197a3a4-5b5c-7d5e-8f60-718293a4b5c6'

describe('a role', () => {
  test('is made, read, changed with its ETag, and deleted', async () => {
    const name = await givenRole([reader], admin)
    const read = await admin.get(`${roles}/${name}`)
    expect(read.body.data).toMatchObject({ name, rules: [reader], builtIn: false, members: 0 })

    const changed = await admin.patch(
      `${roles}/${name}`,
      { rules: [] },
      { 'if-match': String(read.headers['etag']) },
    )
    expect(changed).toMatchObject({ status: 200, body: { data: { rules: [] } } })
    const stale = { 'if-match': String(read.headers['etag']) }
    expect((await admin.patch(`${roles}/${name}`, { rules: [reader] }, stale)).status).toBe(412)
    expect((await admin.delete(`${roles}/${name}`, stale)).status).toBe(412)

    expect((await admin.delete(`${roles}/${name}`)).status).toBe(204)
    expect((await admin.get(`${roles}/${name}`)).status).toBe(404)
    const facts = (await server.facts()).filter((fact) => fact.subjectId === name)
    expect(facts.map((fact) => fact.name)).toEqual([
      'access.role_created',
      'access.role_changed',
      'access.role_deleted',
    ])
    expect(facts[1]?.data).toMatchObject({ before: { rules: [reader] }, after: { rules: [] } })
  })

  test('of a taken name, a wrong name or an unknown one is refused', async () => {
    const name = await givenRole([])
    expect((await root.post(roles, { name })).body.code).toBe('access.role_exists')
    for (const wrong of ['', 'a', 'Admin', 'a b', '__proto__', 'x'.repeat(41), '1st', 'ä_b'])
      expect((await root.post(roles, { name: wrong })).status, wrong).toBe(422)
    expect((await root.patch(`${roles}/nobody_has`, { rules: [] })).status).toBe(404)
    expect((await root.delete(`${roles}/nobody_has`)).status).toBe(404)
  })

  test.each([
    ['an unknown permission', permission('users.read_everything'), '/rules/0/permission'],
    [
      'a permission that is given whole, with a condition',
      { permission: 'auth.change_email', when: { id: '$me' } },
      '/rules/0/when',
    ],
    [
      'a permission that is given whole, with fields',
      { permission: 'auth.change_email', fields: ['email'] },
      '/rules/0/fields',
    ],
    [
      'an unknown attribute',
      { ...reader, when: { passwordHash: 'x' } },
      '/rules/0/when/passwordHash',
    ],
    [
      'an attribute that every object has',
      { ...reader, when: { toString: 'x' } },
      '/rules/0/when/toString',
    ],
    ['an unknown field', { ...reader, fields: ['passwordHash'] }, '/rules/0/fields'],
    [
      'a value of the wrong kind',
      { ...reader, when: { emailVerified: 'yes' } },
      '/rules/0/when/emailVerified',
    ],
    ['an id that is none', { ...reader, when: { id: 'nobody' } }, '/rules/0/when/id'],
    [
      'one value for a set',
      { ...reader, when: { status: { $in: 'active' } } },
      '/rules/0/when/status',
    ],
    [
      'several values for one',
      { ...reader, when: { status: { $eq: ['active'] } } },
      '/rules/0/when/status',
    ],
    ['a list asked for one value', { ...reader, when: { teams: 'emea' } }, '/rules/0/when/teams'],
    [
      'teams where none are',
      { ...reader, when: { status: { $in: '$myTeams' } } },
      '/rules/0/when/status',
    ],
  ])('with %s is refused, and says where', async (_what, rule, pointer) => {
    const refused = await root.post(roles, { name: newName(), rules: [rule] })
    expect(refused).toMatchObject({ status: 422, body: { code: 'access.invalid_rule' } })
    expect(refused.body.errors[0].pointer).toBe(pointer)
  })

  test.each([{ $where: 'true' }, { $regex: '.*' }, { $not: { $eq: 'x' } }, {}])(
    'with the operators %j is refused',
    async (asked) => {
      const rules = [{ ...reader, when: { status: asked } }]
      expect((await root.post(roles, { name: newName(), rules })).status).toBe(422)
    },
  )

  test('that somebody has is not deleted, one that comes with the product never, and super_admin never changes', async () => {
    const name = await givenRole([])
    const holder = await givenHolder(name)
    expect((await root.delete(`${roles}/${name}`)).body.code).toBe('access.role_in_use')
    expect((await root.delete(`${roles}/editor`)).body.code).toBe('access.role_built_in')
    for (const built of ['super_admin'])
      expect((await root.patch(`${roles}/${built}`, { rules: [] })).body.code).toBe(
        'access.role_built_in',
      )
    expect(holder.userId).not.toBeNull()
  })

  test.each(['DEFAULT_ROLE', 'MFA_REQUIRED_ROLES'])(
    'that %s names is not deleted',
    async (setting) => {
      const name = await givenRole([])
      const named = await startServer({
        location: server.location,
        environment: { [setting]: name },
      })
      const someone = await named.as('super_admin')
      expect(await someone.delete(`${roles}/${name}`)).toMatchObject({
        status: 409,
        body: { code: 'access.role_in_settings' },
      })
      expect((await root.delete(`${roles}/${name}`)).status).toBe(204)
    },
  )

  test('is not for members to see or make, nor for a session that has not shown itself lately', async () => {
    const member = await server.as('member')
    for (const url of [
      roles,
      `${roles}/admin`,
      `${api}/access/matrix`,
      `${api}/access/permissions`,
    ])
      expect((await member.get(url)).status).toBe(403)
    expect((await member.post(roles, { name: newName() })).status).toBe(403)
    const old = await server.as('admin')
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '1 day' where user_id = $1`,
      [old.userId],
    )
    await server.ctx().tx((tx) => tx.invalidate(`user:${old.userId}`))
    expect((await old.post(roles, { name: newName() })).body.code).toBe('access.step_up_required')
  })
})

describe('nobody gives more than they have', () => {
  test('by making a role, by changing one, or by taking from a higher one', async () => {
    const all = await admin.post(roles, { name: newName(), rules: [permission('*')] })
    expect(all).toMatchObject({ status: 403, body: { code: 'access.beyond_own_rights' } })

    const own = await givenRole([reader], admin)
    const raised = await admin.patch(`${roles}/${own}`, { rules: [permission('*')] })
    expect(raised.body.code).toBe('access.beyond_own_rights')

    const higher = await givenRole([permission('*')])
    expect((await admin.patch(`${roles}/${higher}`, { rules: [] })).status).toBe(403)
    expect((await admin.delete(`${roles}/${higher}`)).status).toBe(403)
    const refusals = (await server.facts()).filter(({ name }) => name === 'access.role_change')
    expect(refusals.length).toBeGreaterThanOrEqual(4)
    expect(refusals.every(({ outcome }) => outcome === 'refused')).toBe(true)
  })

  test('for more rows or more fields than theirs', async () => {
    const narrow = await givenRole([
      permission('access.manage_roles'),
      { ...reader, when: { status: 'active' }, fields: ['email', 'name'] },
    ])
    const holder = await givenHolder(narrow)
    const make = (rule: object) => holder.post(roles, { name: newName(), rules: [rule] })
    expect((await make({ ...reader, when: { status: 'active' }, fields: ['email'] })).status).toBe(
      201,
    )
    for (const wider of [
      reader,
      { ...reader, when: { status: 'active' } },
      { ...reader, fields: ['email'] },
      { ...reader, when: { status: 'suspended' }, fields: ['email'] },
      { ...reader, when: { status: 'active' }, fields: ['email', 'teams'] },
    ])
      expect((await make(wider)).body.code, JSON.stringify(wider)).toBe('access.beyond_own_rights')
  })

  test('nor a role of their own, not even less', async () => {
    expect((await admin.patch(`${roles}/admin`, { rules: [] })).body.code).toBe('access.own_role')
    expect((await root.patch(`${roles}/admin`, { description: 'Runs it.' })).status).toBe(200)
  })

  test('with a key or session that may do less than its owner', async () => {
    const narrow = { name: 'narrow', scopes: ['access.manage_roles'] }
    expect((await admin.post(`${api}/auth/api-keys`, narrow)).body.code).toBe(
      'http.invalid_request',
    )
    const made = await admin.post(`${api}/auth/api-keys`, { name: 'wide' })
    const key = bearerOf(server, String(made.body.data.key))
    // Roles need a session that has shown itself, which a key never has.
    expect((await key.post(roles, { name: newName() })).body.code).toBe('access.session_required')
  })

  test('in rounds of twenty at once: a right that is taken meanwhile is given before or not at all', async () => {
    const made: { name: string; isGiven: boolean }[] = []
    for (let round = 0; round < 50; round += 1) {
      const role = await givenRole([permission('access.manage_roles'), reader])
      const holder = await givenHolder(role)
      const wanted = Array.from({ length: 19 }, newName)
      const [, ...replies] = await Promise.all([
        root.patch(`${roles}/${role}`, { rules: [permission('access.manage_roles')] }),
        ...wanted.map((name) => holder.post(roles, { name, rules: [reader] })),
      ])
      const counts = tally(replies)
      expect((counts[201] ?? 0) + (counts[403] ?? 0)).toBe(19)
      made.push(...wanted.map((name, index) => ({ name, isGiven: replies[index]?.status === 201 })))
      expect((await holder.post(roles, { name: newName(), rules: [reader] })).status).toBe(403)
    }
    const facts = new Map(
      (await server.facts())
        .filter(({ name }) => name === 'access.role_created')
        .map(({ subjectId }) => [subjectId, true]),
    )
    expect(made.filter(({ name, isGiven }) => facts.has(name) !== isGiven)).toEqual([])
  }, 300_000)

  test('one role of a name, whoever makes it at once', async () => {
    const name = newName()
    const replies = await together(20, () => root.post(roles, { name, rules: [reader] }))
    expect(tally(replies)).toEqual({ 201: 1, 409: 19 })
  })
})

describe('a rule for some rows and fields', () => {
  let emea: Person
  let apac: Person

  beforeAll(async () => {
    emea = await server.as('member')
    apac = await server.as('member')
    for (const [person, team] of [
      [emea, 'emea'],
      [apac, 'apac'],
    ] as const) {
      await person.patch(`${api}/users/me`, { name: `Of ${team}`, privacy: { profile: 'nobody' } })
      const set = await root.put(`${api}/users/${person.userId}/teams`, { teams: [team] })
      if (set.status !== 200) throw new Error(set.text)
    }
  })

  const profileOf = (by: Person, person: Person) => by.get(`${api}/users/${person.userId}`)

  test('reads the accounts of one’s own teams, and no other', async () => {
    const role = await givenRole([{ ...reader, when: { teams: { $in: '$myTeams' } } }])
    const holder = await givenHolder(role)
    expect((await profileOf(holder, emea)).status).toBe(404)
    await root.put(`${api}/users/${holder.userId}/teams`, { teams: ['emea', 'other'] })
    expect((await profileOf(holder, emea)).status).toBe(200)
    expect((await profileOf(holder, emea)).body.data).toMatchObject({
      email: emea.email,
      account: { status: 'active', teams: ['emea'] },
    })
    expect((await profileOf(holder, apac)).status).toBe(404)

    const listed = await holder.get(`${api}/users?limit=100&search=Of&total=true`)
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toEqual([emea.userId])
    expect(listed.body.meta.total).toBe(1)
    await root.put(`${api}/users/${holder.userId}/teams`, { teams: [] })
    expect((await profileOf(holder, emea)).status).toBe(404)
  })

  test('shows the fields it names; no filter, search or count tells the others', async () => {
    const role = await givenRole([{ ...reader, fields: ['name', 'emailVerified'] }])
    const holder = await givenHolder(role)
    expect((await profileOf(holder, emea)).status).toBe(200)
    expect((await profileOf(holder, emea)).body.data).toMatchObject({
      name: 'Of emea',
      email: null,
      account: {
        emailVerified: true,
        status: null,
        teams: null,
        websocketId: null,
        lastLoginAt: null,
      },
    })
    const by = (question: string) => holder.get(`${api}/users?total=true&${question}`)
    expect((await by(`search=${emea.email.slice(0, 8)}`)).body.meta.total).toBe(0)
    expect((await by('search=Of')).body.meta.total).toBe(2)
    expect((await by('status=active')).status).toBe(403)
    expect((await by('verified=true')).status).toBe(200)
  })

  test('of one’s own account, of states and of everybody but some', async () => {
    const suspended = await server.as('member')
    await query(server, `update users_users set status = 'suspended' where id = $1`, [
      suspended.userId,
    ])
    const reads = async (when: object, person: Person) => {
      const holder = await givenHolder(await givenRole([{ ...reader, when }]))
      const own = when instanceof Object && 'id' in when ? holder : person
      return (await profileOf(holder, own)).body?.data?.account !== undefined
    }
    expect(await reads({ status: 'suspended' }, suspended)).toBe(true)
    expect(await reads({ status: { $ne: 'suspended' } }, suspended)).toBe(false)
    expect(await reads({ status: { $nin: ['suspended', 'deleted'] } }, emea)).toBe(true)
    expect(await reads({ emailVerified: true, status: 'active' }, emea)).toBe(true)
    expect(await reads({ emailVerified: false }, emea)).toBe(false)
    expect(await reads({ teams: { $nin: ['emea'] } }, emea)).toBe(false)
    expect(await reads({ teams: { $nin: ['emea'] } }, apac)).toBe(true)
    expect(await reads({ id: '$me' }, emea)).toBe(true)
  })

  test('nobody chooses their own teams', async () => {
    const own = await admin.put(`${api}/users/${admin.userId}/teams`, { teams: ['emea'] })
    expect(own.body.code).toBe('users.own_teams')
    expect((await emea.put(`${api}/users/${apac.userId}/teams`, { teams: [] })).status).toBe(403)
    const patched = await emea.patch(`${api}/users/me`, { name: 'x', teams: ['apac'] })
    expect(patched.status).toBe(200)
    expect((await profileOf(root, emea)).body.data.account.teams).toEqual(['emea'])
  })
})

const storedTeams = async ({ userId }: Person) =>
  (
    await query<{ teams: string[] }>(server, 'select teams from users_users where id = $1', [
      userId,
    ])
  )[0]?.teams

describe('the teams of others', () => {
  const inTeams = { ...reader, when: { teams: { $in: '$myTeams' } } }
  const leads = [{ permission: 'users.manage_teams' }, { permission: 'users.read_self' }]
  const teamsOf = (person: Person) => `${api}/users/${person.userId}/teams`
  const givenTeams = (person: Person, teams: readonly string[]) =>
    query(server, 'update users_users set teams = $2 where id = $1', [person.userId, teams])

  test('are chosen from above: not those of a super admin, or of one’s equals', async () => {
    for (const above of [root, await server.as('admin'), await server.as('super_admin')]) {
      const reply = await admin.put(teamsOf(above), { teams: ['emea'] })
      expect(reply).toMatchObject({ status: 403, body: { code: 'users.account_above' } })
      expect(await storedTeams(above)).toEqual([])
    }
    expect((await root.put(teamsOf(await server.as('super_admin')), { teams: [] })).status).toBe(
      200,
    )
  })

  test('give nobody a reach that whoever chooses them does not have', async () => {
    const lead = await givenHolder(await givenRole([inTeams, ...leads]))
    const member = await givenHolder(await givenRole([inTeams]))
    await givenTeams(lead, ['emea', 'apac'])
    const beyond = await lead.put(teamsOf(member), { teams: ['emea', 'latam'] })
    expect(beyond).toMatchObject({ status: 403, body: { code: 'users.teams_above_own' } })
    expect(await storedTeams(member)).toEqual([])
    expect((await lead.put(teamsOf(member), { teams: ['emea'] })).status).toBe(200)
    expect(await storedTeams(member)).toEqual(['emea'])
    // Out of the lead's reach, they are not the lead's to move any more.
    await givenTeams(member, ['latam'])
    const out = await lead.put(teamsOf(member), { teams: [] })
    expect(out.body.code).toBe('users.account_above')
  })

  test('two who would raise each other at once wait for each other, and neither rises', async () => {
    const role = await givenRole([inTeams, ...leads])
    const [one, two] = [await givenHolder(role), await givenHolder(role)]
    await givenTeams(one, ['emea'])
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? one.put(teamsOf(two), { teams: ['emea', 'apac'] })
          : two.put(teamsOf(one), { teams: ['emea', 'apac'] }),
      ),
    )
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([403]))
    expect(await storedTeams(one)).toEqual(['emea'])
  })
})

test('whoever was suspended or demoted a moment ago, which a cache has not heard of, changes nothing', async () => {
  const [suspended, demoted] = [await server.as('admin'), await server.as('admin')]
  const name = await givenRole([])
  const member = await server.as()
  for (const person of [suspended, demoted]) expect((await person.get(roles)).status).toBe(200)
  const set = (statement: string, person: Person) => query(server, statement, [person.userId])
  await set(`update users_users set status = 'suspended' where id = $1`, suspended)
  await set(`update access_grants set role = 'member' where user_id = $1`, demoted)
  for (const [person, code] of [
    [suspended, 'access.unauthenticated'],
    [demoted, 'access.forbidden'],
  ] as const)
    for (const reply of [
      await person.post(roles, { name: newName() }),
      await person.patch(`${roles}/${name}`, { description: 'theirs' }),
      await person.delete(`${roles}/${name}`),
    ])
      expect(reply.body.code, reply.text).toBe(code)
  const teams = (by: Person) => by.put(`${api}/users/${member.userId}/teams`, { teams: ['theirs'] })
  expect((await teams(suspended)).body.code).toBe('access.unauthenticated')
  // The second is said once the cache has heard of it, which may be by now.
  expect(['users.account_above', 'access.forbidden']).toContain((await teams(demoted)).body.code)
  expect(await storedTeams(member)).toEqual([])
  expect((await root.get(`${roles}/${name}`)).body.data.description).toBe('of a test')
})

describe('an explanation', () => {
  test('names the rules that let somebody, and why not', async () => {
    const role = await givenRole([{ ...reader, when: { status: 'suspended' } }])
    const holder = await givenHolder(role)
    const active = await server.as('member')
    expect((await explained(holder, 'users.read_any')).body.data.reason).toBe('granted')
    expect((await explained(holder, 'users.read_any', `users:${active.userId}`)).body.data).toEqual(
      {
        user: holder.userId,
        permission: 'users.read_any',
        resource: `users:${active.userId}`,
        allowed: false,
        reason: 'conditions',
        roles: ['member', role],
        rules: [{ role, rule: { ...reader, when: { status: 'suspended' } }, lets: false }],
      },
    )
    expect((await explained(active, 'users.read_any')).body.data).toMatchObject({
      allowed: false,
      reason: 'no_role',
      rules: [],
    })
  })

  test('is about oneself; about others for who may see roles', async () => {
    const member = await server.as('member')
    const of = (user: string | null) =>
      `${api}/access/explain?permission=users.read_any&user=${user}`
    expect((await member.get(of(admin.userId))).status).toBe(403)
    expect((await admin.get(of(member.userId))).body.data).toMatchObject({ reason: 'no_role' })
    expect((await admin.get(of(root.userId))).body.data).toMatchObject({
      reason: 'granted',
      rules: [{ role: 'super_admin', lets: true }],
    })
    expect((await admin.get(of('0197a3a4-5b5c-7d5e-8f60-718293a4b5c6'))).status).toBe(404)
  })
})

describe('an explanation of what somebody may do with a thing', () => {
  const asks = (by: Person, of: string, resource: string, about = by) =>
    by.get(
      `${api}/access/explain?user=${about.userId}&permission=${of}${resource && `&resource=${resource}`}`,
    )
  const inserted = async (sql: string, values: unknown[]) => {
    const [row] = await query<{ id: string }>(server, `${sql} returning id`, values)
    return row?.id ?? ''
  }
  const newPayment = (by: Person) =>
    inserted(
      `insert into payments_payments (id, user_id, amount, asset, provider)
       values (gen_random_uuid(), $1, 1099, 'USD', 'stripe')`,
      [by.userId],
    )

  test('is none where no room knows the permission or the kind of thing', async () => {
    for (const unknown of ['users.read_minds', 'toString', 'constructor']) {
      const reply = await asks(root, unknown, '')
      expect(reply).toMatchObject({ status: 422, body: { code: 'access.unknown_permission' } })
    }
    for (const unknown of ['foo:bar', 'constructor:x', `payment:${unknownId}`]) {
      const reply = await asks(root, 'users.read_any', unknown)
      expect(reply).toMatchObject({ status: 422, body: { code: 'access.unknown_kind' } })
    }
  })

  test('says that there is no such thing, to whoever may know', async () => {
    for (const missing of ['users:nonsense', ...kinds.map((kind) => `${kind}:${unknownId}`)])
      for (const of of ['users.read_any', 'users.update_self', 'payments.pay']) {
        const reply = await asks(root, of, missing)
        expect(reply, missing).toMatchObject({
          status: 404,
          body: { code: 'access.subject_not_found' },
        })
      }
  })

  test('knows whose a thing is: what is about one’s own is nobody else’s, whatever their role', async () => {
    const owner = await server.as('member')
    const payment = await newPayment(owner)
    const refund = await inserted(
      `insert into refunds_refunds (id, payment_id, user_id, amount, asset, provider, origin, state)
       values (gen_random_uuid(), $2, $1, 1099, 'USD', 'stripe', 'asked', 'failed')`,
      [owner.userId, payment],
    )
    const dispute = await inserted(
      `insert into disputes_disputes
         (id, payment_id, user_id, amount, asset, provider, provider_ref, state, reason, has_evidence, claims,
          is_withdrawn, is_reinstated, movements, opened_at)
       values (gen_random_uuid(), $2, $1, 1099, 'USD', 'stripe', gen_random_uuid(), 'won', 'fraudulent', false, 0,
         true, true, 2, now())`,
      [owner.userId, payment],
    )
    for (const [of, thing] of [
      ['users.update_self', `users:${owner.userId}`],
      ['users.read_self', `users:${owner.userId}`],
      ['payments.pay', `payments:${payment}`],
      ['payments.pay', `refunds:${refund}`],
      ['payments.pay', `disputes:${dispute}`],
    ] as const) {
      const own = await asks(owner, of, thing)
      expect(own.body.data, thing).toMatchObject({ allowed: true, reason: 'granted' })
      for (const by of [root, admin, await server.as('member')]) {
        const theirs = await asks(root, of, thing, by)
        expect(theirs.body.data, thing).toMatchObject({ allowed: false, reason: 'not_own' })
        expect(theirs.body.data.rules.map(({ lets }: { lets: boolean }) => lets)).not.toContain(
          true,
        )
      }
    }
    // What is about everybody's is not asked whose it is.
    const reads = await asks(root, 'payments.read_any', `payments:${payment}`, admin)
    expect(reads.body.data).toMatchObject({ allowed: true, reason: 'granted' })
  })

  test('tells whoever asks about themselves nothing of what is not theirs, not even that it is there', async () => {
    const role = await givenRole([{ ...reader, when: { status: 'suspended' } }])
    const holder = await givenHolder(role)
    const stranger = await server.as('member')
    for (const [of, there, missing] of [
      ['payments.pay', `payments:${await newPayment(stranger)}`, `payments:${unknownId}`],
      ['users.read_self', `users:${stranger.userId}`, `users:${unknownId}`],
      ['users.read_any', `users:${stranger.userId}`, `users:${unknownId}`],
      ['refunds.read', `payments:${await newPayment(stranger)}`, `payments:${unknownId}`],
    ] as const) {
      const [found, none] = [await asks(holder, of, there), await asks(holder, of, missing)]
      expect(found.status).toBe(200)
      expect({ ...none.body.data, resource: there }).toEqual(found.body.data)
    }
  })
})

test('the matrix names every route, what it asks for and who has that', async () => {
  const { body } = await admin.get(`${api}/access/matrix`)
  const { routes, permissions, roles: all } = body.data
  expect(all).toContain('super_admin')
  expect(routes.length).toBe(server.app.declaredRoutes.length)
  expect(routes).toContainEqual({
    method: 'POST',
    path: `${api}/roles`,
    permission: 'access.manage_roles',
    stepUp: true,
    roles: expect.arrayContaining(['admin', 'super_admin']),
  })
  const given = permissions.find(({ name }: { name: string }) => name === 'users.read_any').given
  expect(given).toContainEqual({ role: 'support' })
})
