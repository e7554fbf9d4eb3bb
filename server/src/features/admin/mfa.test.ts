/** The authenticator of administrators: once there is one, administration asks for a code of it, everywhere. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  givenBrowser,
  me,
  query,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import {
  codeOf,
  enrol,
  givenEnrolled,
  holdSignIn,
  nextCode,
  verify2fa,
  wrongCodeOf,
} from '../twofa/testing.ts'
import {
  type Route,
  administration,
  elevate,
  givenAdmin,
  passMinutes,
  routesOf,
  signInAgain,
  send,
  usersUrl,
} from './testing.ts'

const server: Server = await startServer()
/** Another process on the same database. */
const second: Server = await startServer({ location: server.location })
const mfa = `${administration}/security/mfa`
const header = 'x-admin-mfa-code'
const namesOf = (routes: readonly Route[]) =>
  routes.map(({ operation }) => String(operation.operationId)).toSorted()
const withCode = (code: string) => ({ [header]: code })
const required = { status: 403, body: { code: 'admin.mfa_required', elevationSeconds: 600 } }

describe('setting up', () => {
  test('gives a secret and its address, is confirmed by a code, and asks for the next one from then on', async () => {
    const admin = await server.as('admin')
    expect((await admin.get(usersUrl)).status).toBe(200)
    const setup = await admin.post(`${mfa}/setup`)
    expect(setup.status).toBe(200)
    const { secret, otpauthUrl } = setup.body.data
    expect(otpauthUrl).toContain(`secret=${secret}`)
    expect((await admin.get(usersUrl)).status).toBe(200)
    expect((await admin.post(`${mfa}/verify`, { code: wrongCodeOf(secret) })).body.code).toBe(
      'twofa.code_refused',
    )
    const code = codeOf(secret)
    const verified = await admin.post(`${mfa}/verify`, { code })
    expect(verified.body.data).toMatchObject({
      enabled: true,
      backupCodes: expect.any(Array),
      accessToken: expect.any(String),
    })
    expect(await admin.get(usersUrl)).toMatchObject(required)
    // The code that confirmed is spent.
    expect((await admin.get(usersUrl, withCode(code))).body.code).toBe('twofa.code_refused')
    await nextCode(server, admin.user.id)
    expect((await admin.get(usersUrl, withCode(codeOf(secret)))).status).toBe(200)
    expect((await admin.get(usersUrl)).status).toBe(200)
  })

  test('is the account’s one second factor: signing in asks for it, and there is no other store', async () => {
    const admin = await server.as('admin')
    const { secret } = (await admin.post(`${mfa}/setup`)).body.data
    await admin.post(`${mfa}/verify`, { code: codeOf(secret) })
    expect((await signIn(server, admin.email)).body.data.twoFactorRequired).toBe(true)
    expect((await admin.get(`${api}/twofa/status`)).body.data.enabled).toBe(true)
    const factors = 'select user_id from twofa_factors where user_id = $1'
    expect(await query(server, factors, [admin.userId])).toHaveLength(1)
  })

  test('asks an old session for a factor first, and those who do not administer not at all', async () => {
    const admin = await server.as('admin')
    await passMinutes(server, admin.user.id, 11)
    expect((await admin.post(`${mfa}/setup`)).body.code).toBe('access.step_up_required')
    const member = await server.as('member')
    for (const reply of [
      await member.post(`${mfa}/setup`),
      await member.post(`${mfa}/verify`, { code: '123456' }),
      await member.delete(mfa),
    ])
      expect(reply.body.code).toBe('access.forbidden')
    expect((await server.anonymous.post(`${mfa}/setup`)).status).toBe(401)
  })

  test('is done again only after it was turned off', async () => {
    const admin = await givenAdmin(server, 'admin')
    expect((await admin.post(`${mfa}/setup`)).body.code).toBe('twofa.already_enabled')
  })
})

describe('turning off', () => {
  test('takes a code, ends the other sessions, and administration asks for none', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const other = await signInAgain(server, admin)
    expect(await admin.delete(mfa)).toMatchObject(required)
    expect((await admin.delete(mfa, withCode(codeOf(admin.secret)))).status).toBe(204)
    expect((await admin.get(usersUrl)).status).toBe(200)
    expect((await other.get(me)).status).toBe(401)
    expect((await admin.delete(mfa)).body.code).toBe('twofa.not_enabled')
    expect((await signIn(server, admin.email)).body.data.accessToken).toEqual(expect.any(String))
  })

  test('shuts the window: a new authenticator is asked for its own code', async () => {
    const admin = await givenAdmin(server, 'admin')
    expect((await admin.delete(mfa)).status).toBe(204)
    const { secret } = await enrol(server, admin)
    expect(await admin.get(usersUrl)).toMatchObject(required)
    expect((await admin.get(usersUrl, withCode(codeOf(admin.secret)))).status).toBe(403)
    expect((await admin.get(usersUrl, withCode(codeOf(secret)))).status).toBe(200)
  })
})

describe('the window', () => {
  test('is open for ten minutes, whatever is sent along, and then needs a new code', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const code = codeOf(admin.secret)
    expect((await admin.get(usersUrl, withCode(code))).status).toBe(200)
    for (const headers of [{}, withCode(code), withCode('nonsense')])
      expect((await admin.get(usersUrl, headers)).status).toBe(200)
    await passMinutes(server, admin.user.id, 9)
    expect((await admin.get(usersUrl)).status).toBe(200)
    await passMinutes(server, admin.user.id, 2)
    expect(await admin.get(usersUrl)).toMatchObject(required)
    expect((await admin.get(usersUrl, withCode(code))).body.code).toBe('twofa.code_refused')
    await nextCode(server, admin.user.id)
    expect((await admin.get(usersUrl, withCode(codeOf(admin.secret)))).status).toBe(200)
    const facts = (await server.facts()).filter(
      ({ name, subjectId }) => name === 'auth.elevated' && subjectId === admin.userId,
    )
    expect(facts).toHaveLength(2)
  })

  test('is as long as ADMIN_ELEVATION says', async () => {
    const brief: Server = await startServer({
      location: server.location,
      environment: { ADMIN_ELEVATION: '1m' },
    })
    const admin = await givenAdmin(brief, 'admin')
    await passMinutes(brief, admin.user.id, 1)
    expect(await admin.get(usersUrl)).toMatchObject({ status: 403, body: { elevationSeconds: 60 } })
  })

  test('belongs to its session: no other of the same person, and every process knows it', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const other = await signInAgain(server, admin)
    await elevate(server, admin)
    expect(await other.get(usersUrl)).toMatchObject(required)
    const elsewhere = bearerOf(second, admin.accessToken)
    expect((await elsewhere.get(usersUrl)).status).toBe(200)
  })

  test('opens for a browser as well', async () => {
    const admin = await server.as('admin')
    const browser = await givenBrowser(server, admin.email)
    const { secret } = (await browser.post(`${mfa}/setup`)).body.data
    expect((await browser.post(`${mfa}/verify`, { code: codeOf(secret) })).status).toBe(200)
    await nextCode(server, admin.user.id)
    expect((await browser.get(usersUrl, withCode(codeOf(secret)))).status).toBe(200)
    expect((await browser.get(usersUrl)).status).toBe(200)
  })

  test('is a step-up, too: the code has just been shown', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const key = { name: 'a key' }
    await passMinutes(server, admin.user.id, 11)
    expect((await admin.post(`${api}/auth/api-keys`, key)).body.code).toBe(
      'access.step_up_required',
    )
    await elevate(server, admin)
    expect((await admin.post(`${api}/auth/api-keys`, key)).status).toBe(201)
  })

  test('is not opened by a step-up, nor by signing in with a code', async () => {
    const admin = await givenEnrolled(server, 'admin')
    expect((await admin.post(`${api}/auth/step-up`, { code: codeOf(admin.secret) })).status).toBe(
      200,
    )
    expect(await admin.get(usersUrl)).toMatchObject(required)
    expect(await (await signInAgain(server, admin)).get(usersUrl)).toMatchObject(required)
  })
})

describe('a code', () => {
  test('spent here opens no other door, and spent there does not open this one', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const code = codeOf(admin.secret)
    expect((await admin.get(usersUrl, withCode(code))).status).toBe(200)
    expect((await admin.post(`${api}/auth/step-up`, { code })).body.code).toBe('twofa.code_refused')
    const pendingToken = await holdSignIn(server, admin.email)
    expect((await server.anonymous.post(verify2fa, { pendingToken, code })).status).toBe(401)
    const other = await signInAgain(server, admin)
    const spent = codeOf(admin.secret)
    expect((await admin.post(`${api}/auth/step-up`, { code: spent })).status).toBe(200)
    expect((await other.get(usersUrl, withCode(spent))).body.code).toBe('twofa.code_refused')
  })

  test('that is wrong counts against the account, as at every door', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const code = wrongCodeOf(admin.secret)
    for (let index = 0; index < 9; index += 1)
      expect((await admin.get(usersUrl, withCode(code))).body.code).toBe('twofa.code_refused')
    expect((await admin.get(usersUrl, withCode('x'.repeat(500)))).body.code).toBe(
      'twofa.code_refused',
    )
    await nextCode(server, admin.user.id)
    expect(await admin.get(usersUrl, withCode(codeOf(admin.secret)))).toMatchObject({
      status: 429,
      body: { code: 'twofa.too_many_wrong_codes' },
    })
    expect((await admin.post(`${api}/auth/step-up`, { code })).status).toBe(429)
    const refused = (await server.facts()).filter(
      ({ name, subjectId }) => name === 'twofa.code_refused' && subjectId === admin.userId,
    )
    expect(refused[0]?.data).toEqual({ door: 'elevation', method: 'totp', reason: 'wrong' })
    expect(JSON.stringify(refused)).not.toContain(code)
  })
})

describe('no route of administration forgets the gate', () => {
  const all = routesOf(server).filter(({ url }) => url.startsWith(`${administration}/`))
  /** Doors that strangers have: each is one here by name, or the test fails. */
  const open = ['admin.setup', 'impersonation.exchange', 'impersonation.end']
  const guarded = all.filter(({ operation }) => operation['x-permission'] !== undefined)

  test('but those that are named here', () => {
    const rest = all.filter((route) => !guarded.includes(route))
    expect(namesOf(rest)).toEqual(open.toSorted())
    expect(guarded.length).toBeGreaterThan(12)
    expect(guarded.filter(({ operation }) => operation['x-elevation'] === undefined)).toEqual([])
  })

  test('each asks for a code, and for its permission', async () => {
    const [admin, leaving] = [
      await givenEnrolled(server, 'super_admin'),
      await givenEnrolled(server, 'super_admin'),
    ]
    const member = await givenEnrolled(server, 'member')
    for (const route of guarded) {
      // One of them turns the authenticator off.
      const person = route.operation.operationId === 'admin.turnOffMfa' ? leaving : admin
      await passMinutes(server, person.user.id, 11)
      expect(await send(person, route)).toMatchObject(required)
      const wrong = await send(person, route, withCode(wrongCodeOf(person.secret)))
      expect(wrong.body.code).toBe('twofa.code_refused')
      const passed = await send(person, route, withCode(codeOf(person.secret)))
      expect([200, 201, 204, 404, 409, 422]).toContain(passed.status)
      await nextCode(server, person.user.id)
      expect((await send(server.anonymous, route)).status).toBe(401)
      const reply = await send(member, route, withCode(codeOf(member.secret)))
      expect(reply.body.code).toBe('access.forbidden')
    }
  })

  test('an API key of somebody with an authenticator does not get around it', async () => {
    const admin = await givenEnrolled(server, 'admin')
    const { key } = (await admin.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
    const reply = await bearerOf(server, key).get(usersUrl, withCode(codeOf(admin.secret)))
    expect(reply.body.code).toBe('access.session_required')
  })

  test('nor do other spellings of the address, or HEAD', async () => {
    const admin = await givenEnrolled(server, 'admin')
    for (const url of ['/api/admin/users', '/v1/admin/users', `${usersUrl}?x=1`])
      expect(await admin.get(url)).toMatchObject(required)
    for (const url of [`${usersUrl}/`, '/api/v1//admin/users', '/api/v1/Admin/users'])
      expect([403, 404]).toContain((await admin.get(url)).status)
    const head = await server.app.inject({
      method: 'HEAD',
      url: usersUrl,
      headers: { authorization: `Bearer ${admin.accessToken}` },
    })
    expect(head.statusCode).toBe(403)
  })
})

test('what decides over others needs an authenticator, whoever asks', async () => {
  const boss = await server.as('super_admin')
  const grave = routesOf(server).filter(({ operation }) => operation['x-elevation'] === 'required')
  expect(namesOf(grave)).toEqual([
    'admin.createServiceToken',
    'admin.grantRole',
    'admin.resetFactors',
    'admin.revokeRole',
    'admin.rotateServiceToken',
    'admin.suspendUser',
    'audit.export',
    'impersonation.request',
    'invitations.invite',
    'invitations.resend',
  ])
  for (const route of grave) {
    expect(route.operation['x-step-up']).toBe(true)
    expect(await send(boss, route)).toMatchObject({
      status: 403,
      body: { code: 'admin.mfa_required', hasAuthenticator: false },
    })
  }
})

test('rights are not given around the gate: by what a role permits, by teams, or by invitation', async () => {
  const giving = ['access.manage_roles', 'users.manage_teams', 'invitations.manage']
  const doors = routesOf(server).filter(
    ({ operation }) =>
      giving.includes(String(operation['x-permission'])) && operation['x-step-up'] === true,
  )
  expect(namesOf(doors)).toEqual([
    'access.changeRole',
    'access.createRole',
    'access.deleteRole',
    'invitations.invite',
    'invitations.resend',
    'users.setTeams',
  ])
  const boss = await givenEnrolled(server, 'super_admin')
  for (const route of doors) expect(await send(boss, route)).toMatchObject(required)
})

test('nobody who has an authenticator decides over money without a code of it', async () => {
  const decisions = ['disputes.answer', 'reconciliation.accept', 'refunds.create', 'refunds.review']
  const doors = routesOf(server).filter(({ operation }) =>
    decisions.includes(String(operation['x-permission'])),
  )
  expect(namesOf(doors)).toEqual([
    'disputes.accept',
    'disputes.sendEvidence',
    'reconciliation.acceptDrift',
    'refunds.create',
    'refunds.review',
    'refunds.settleSurplus',
  ])
  const person = await givenEnrolled(server, 'finance')
  const other = await server.as('finance')
  const incomplete = [400, 422]
  for (const door of doors) {
    expect(door.operation['x-step-up']).toBe(true)
    expect(await send(person, door)).toMatchObject(required)
    expect(incomplete).toContain((await send(other, door)).status)
    const passed = await send(person, door, withCode(codeOf(person.secret)))
    expect(incomplete).toContain(passed.status)
    await passMinutes(server, person.user.id, 11)
    await nextCode(server, person.user.id)
  }
})

test('a role that needs an authenticator reaches only its set-up until there is one', async () => {
  const strict: Server = await startServer({
    location: server.location,
    environment: { MFA_REQUIRED_ROLES: 'admin' },
  })
  const admin = await strict.as('admin')
  for (const route of routesOf(strict)) {
    const permission = route.operation['x-permission']
    if (permission === undefined || permission === 'auth.manage_sessions') continue
    const { status } = await send(admin, route)
    const isEnrolling = ['users.read_self', 'twofa.manage', 'admin.manage_mfa'].includes(permission)
    expect({ ...route, isShut: status === 403 && !isEnrolling }).toEqual({
      ...route,
      isShut: !isEnrolling,
    })
  }
  const { secret } = (await admin.post(`${mfa}/setup`)).body.data
  expect((await admin.post(`${mfa}/verify`, { code: codeOf(secret) })).status).toBe(200)
  await nextCode(strict, admin.user.id)
  expect((await admin.get(usersUrl, withCode(codeOf(secret)))).status).toBe(200)
})

test('administration answers one address 120 times a minute, whatever it answers', async () => {
  const limited: Server = await startServer({
    environment: { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_REQUESTS: '1000' },
  })
  const replies = await together(130, () => limited.anonymous.get(usersUrl))
  expect(tally(replies)).toEqual({ 401: 120, 429: 10 })
  const refused = replies.find(({ status }) => status === 429)
  expect(refused?.headers['ratelimit-policy']).toContain('admin_client')
  expect((await limited.anonymous.get('/api/v1/oidc/providers')).status).toBe(200)
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
