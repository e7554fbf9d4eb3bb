/** Tokens of programs: what they were made for and nothing else, with the rights of whoever answers for them. */
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { permissions } from '../../app/rooms.ts'
import { serviceScopes } from '../../app/service-scopes.ts'
import { isWholeToken } from '../../platform/secrets.ts'
import { type Server, api, bearerOf, forgetUser, me, query, together } from '../auth/testing.ts'
import {
  type Route,
  administration,
  elevate,
  givenAdmin,
  passMinutes,
  routesOf,
  send,
  usersUrl,
} from './testing.ts'
import { newEnvironmentToken } from './tokens.ts'

const server: Server = await startServer()
/** Another process on the same database. */
const second: Server = await startServer({ location: server.location })
const url = `${administration}/service-tokens`
const boss = await givenAdmin(server)
const reading = ['admin.read_users', 'users.read_any']

async function givenToken(body: object = {}, maker: typeof boss = boss) {
  const reply = await maker.post(url, { name: 'console', scopes: reading, ...body })
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  const { id, token } = reply.body.data as { id: string; token: string }
  return { id, token, reply, client: bearerOf(server, token) }
}
const isDead = async (at: Server, token: string) =>
  (await bearerOf(at, token).get(usersUrl)).status === 401

describe('a token', () => {
  test('is shown once, whole, and then only by its first characters; only its hash is kept', async () => {
    const { id, token, reply } = await givenToken({ name: 'the console', requestsPerMinute: 60 })
    expect(isWholeToken('ash_a_', token)).toBe(true)
    expect(reply.body.data).toEqual({
      id,
      token,
      name: 'the console',
      hint: token.slice(0, 12),
      scopes: reading,
      readOnly: true,
      requestsPerMinute: 60,
      backedBy: boss.userId,
      expiresAt: expect.any(String),
      previousUntil: null,
      lastUsedAt: null,
      rotatedAt: null,
      createdAt: expect.any(String),
    })
    const days = (Date.parse(reply.body.data.expiresAt) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)
    const list = await boss.get(url)
    expect(list.body.meta.total).toBeGreaterThan(0)
    expect(list.body.data[0]).toMatchObject({ id, hint: token.slice(0, 12) })
    const dump = await query(
      server,
      'select row_to_json(t)::text as row from admin_service_tokens t',
    )
    const traces = [list.text, JSON.stringify(dump), JSON.stringify(await server.facts())]
    for (const text of traces) expect(text).not.toContain(token.slice(12, 30))
    const [stored] = await query<{ hash: Buffer }>(
      server,
      'select hash from admin_service_tokens where id = $1',
      [id],
    )
    expect(stored?.hash.equals(createHash('sha256').update(token).digest())).toBe(true)
  })

  test('can be made for what the list of permissions says, and for nothing else', async () => {
    const { data } = (await boss.get(`${api}/access/permissions`)).body
    const told = data as { name: string; forPrograms: boolean }[]
    const offered = told.filter(({ forPrograms }) => forPrograms).map(({ name }) => name)
    expect((await boss.post(url, { name: 'all', scopes: offered })).status).toBe(201)
    const [personal] = told.filter(({ forPrograms }) => !forPrograms)
    const refused = await boss.post(url, { name: 'more', scopes: [personal?.name] })
    expect(refused.body.code).toBe('http.invalid_request')
  })

  test('needs no code of an authenticator, and notes when it was used', async () => {
    const { id, client } = await givenToken()
    expect(await client.get(usersUrl)).toMatchObject({ status: 200 })
    const listed = (await boss.get(`${url}?limit=100`)).body.data as {
      id: string
      lastUsedAt: string
    }[]
    expect(listed.find((each) => each.id === id)?.lastUsedAt).toEqual(expect.any(String))
  })

  test('acts under its own name in every fact', async () => {
    const member = await server.as()
    const admin = await givenAdmin(server, 'admin')
    const { id, client } = await givenToken(
      { scopes: ['admin.sign_out_users'], readOnly: false },
      admin,
    )
    expect((await client.post(`${usersUrl}/${member.userId}/sign-out`)).status).toBe(200)
    const fact = (await server.facts()).findLast(({ name }) => name === 'admin.user_signed_out')
    expect(fact).toMatchObject({ actorId: id, onBehalfOf: null, subjectId: member.userId })
    const [row] = await query<{ actor_kind: string }>(
      server,
      'select actor_kind from platform_events where actor_id = $1 limit 1',
      [id],
    )
    expect(row?.actor_kind).toBe('service')
  })

  test.each([
    ['made up', `ash_a_${randomBytes(32).toString('base64url')}`],
    ['nothing', 'ash_a_'],
  ])('that is %s opens nothing', async (_name, token) => {
    expect(await isDead(server, token)).toBe(true)
  })

  test('with a wrong letter, or more of them, opens nothing', async () => {
    const { token } = await givenToken()
    for (const wrong of [`${token}a`, token.slice(0, -1), token.toUpperCase(), ` ${token}x`])
      expect(await isDead(server, wrong)).toBe(true)
    for (const reply of [
      await server.anonymous.get(`${usersUrl}?token=${token}`),
      await server.anonymous.get(usersUrl, { cookie: `__Host-ashlar_session=${token}` }),
      await server.anonymous.get(usersUrl, { 'x-admin-service-token': token }),
    ])
      expect(reply.status).toBe(401)
  })
})

describe('its scope', () => {
  const routes = routesOf(server)
  // A signature alone opens the one that looks at nobody who calls: the test of the inbox room tries it.
  const looksAtCallers = ({ operation }: Route) => operation.operationId !== 'inbox.takeStripeEvent'
  const unsafe = routes.filter((route) => route.method !== 'GET' && looksAtCallers(route))

  test('holds on every route that changes something: a token that only reads changes nothing', async () => {
    const { client } = await givenToken({ scopes: serviceScopes })
    for (const route of unsafe) {
      const reply = await send(client, route)
      expect({ ...route, status: reply.status, code: reply.body.code }).toEqual({
        ...route,
        status: 403,
        code: 'access.read_only',
      })
    }
  })

  test('holds on every route: what is not named is refused, public changes too', async () => {
    const named = 'admin.sign_out_users'
    const { client } = await givenToken({ scopes: [named], readOnly: false })
    const opened: unknown[] = []
    for (const route of routes.filter(looksAtCallers)) {
      const permission = route.operation['x-permission']
      if (permission === undefined && route.method === 'GET') continue
      const reply = await send(client, route)
      if (reply.body?.code !== 'access.forbidden')
        opened.push({ permission, code: reply.body?.code })
    }
    // All sessions of somebody, and one of them.
    expect(opened).toEqual([
      { permission: named, code: 'users.user_not_found' },
      { permission: named, code: 'users.user_not_found' },
    ])
  })

  test('never reaches what needs a session: no step-up, no elevation, no other token', async () => {
    const { client } = await givenToken({ scopes: serviceScopes, readOnly: false })
    const personal = routes.filter(
      ({ operation }) => operation['x-step-up'] === true || operation['x-elevation'] === 'required',
    )
    expect(personal.length).toBeGreaterThan(10)
    for (const route of personal) {
      const reply = await send(client, route, { 'x-admin-mfa-code': '123456' })
      expect(['access.session_required', 'access.forbidden']).toContain(reply.body.code)
    }
    expect((await client.get(url)).body.code).toBe('access.forbidden')
    expect((await client.get(me)).body.code).toBe('access.forbidden')
  })

  test('of everything there is answers no route with a failure of ours', async () => {
    const { client } = await givenToken({ scopes: serviceScopes, readOnly: false })
    for (const route of routes) {
      if (/livez|readyz|health/.test(route.url)) continue
      expect((await send(client, route)).status).toBeLessThan(500)
    }
  })

  test.each([
    ['one’s own account', 'users.read_self'],
    ['making tokens', 'admin.manage_service_tokens'],
    ['acting in accounts', 'impersonation.begin'],
    ['giving roles', 'admin.grant_roles'],
    ['everything', '*'],
    ['nothing there is', 'no.such_permission'],
  ])('is never %s', async (_name, scope) => {
    const reply = await boss.post(url, { name: 'x', scopes: [scope] })
    expect(reply).toMatchObject({ status: 422, body: { code: 'http.invalid_request' } })
  })

  test('is never one with which a program can do nothing: held against every route there is', async () => {
    const isForPeople = ({ operation }: Route) =>
      operation['x-step-up'] === true || operation['x-elevation'] === 'required'
    const names = Object.keys(permissions)
    const routesFor = (name: string) =>
      routes.filter(({ operation }) => operation['x-permission'] === name)
    const unusable = names.filter((name) => {
      const asking = routesFor(name)
      return asking.length > 0 && asking.every(isForPeople)
    })
    expect(unusable.length).toBeGreaterThan(10)
    for (const name of [...unusable, 'mail.send_test']) {
      const { status, body } = await boss.post(url, {
        name: 'x',
        scopes: ['admin.read_users', name],
      })
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'http.invalid_request' })
      const [fault] = body.errors
      expect(fault.pointer).toBe('/scopes/1')
      expect(fault.message).toMatch(new RegExp(`^${name} .*, and (a|no) program`))
    }

    const { client } = await givenToken({ scopes: serviceScopes, readOnly: false })
    const withoutUse: string[] = []
    for (const name of serviceScopes) {
      const codes = await Promise.all(
        routesFor(name).map(async (route) => (await send(client, route)).body?.code),
      )
      const isUsed = codes.some(
        (code) => !['access.forbidden', 'access.session_required'].includes(String(code)),
      )
      if (!isUsed) withoutUse.push(name)
    }
    // Asked for the rows and fields of routes that are open to everybody.
    expect(withoutUse).toEqual(['users.read_any'])
  })

  test('is within the rights of its maker', async () => {
    const admin = await givenAdmin(server, 'admin')
    const given = { name: 'x', scopes: ['admin.read_users'], readOnly: true }
    expect((await admin.post(url, given)).status).toBe(201)
    const support = await givenAdmin(server, 'support')
    expect((await support.post(url, given)).body.code).toBe('access.forbidden')
  })
})

test('whoever was suspended a moment ago, which a cache has not heard of, makes, rotates and ends none', async () => {
  const admin = await givenAdmin(server, 'admin')
  const { id, token } = await givenToken({}, admin)
  await query(server, `update users_users set status = 'suspended' where id = $1`, [admin.userId])
  for (const reply of [
    await admin.post(url, { name: 'late', scopes: reading }),
    await admin.post(`${url}/${id}/rotate`, { overlapMinutes: 0 }),
    await admin.delete(`${url}/${id}`),
  ])
    expect(reply).toMatchObject({ status: 401, body: { code: 'access.unauthenticated' } })
  await query(server, `update users_users set status = 'active' where id = $1`, [admin.userId])
  await forgetUser(server, admin.user.id)
  expect(await isDead(server, token)).toBe(false)
})

describe('whoever made it answers for it', () => {
  const setRole = async (userId: string, role: string) => {
    await query(server, 'update access_grants set role = $2 where user_id = $1', [userId, role])
    await forgetUser(server, userId)
  }

  test('so it can do no more than they can at this moment', async () => {
    const admin = await givenAdmin(server, 'admin')
    const { token } = await givenToken({}, admin)
    expect((await bearerOf(second, token).get(usersUrl)).status).toBe(200)
    await setRole(admin.user.id, 'member')
    await eventually(async () => (await bearerOf(second, token).get(usersUrl)).status === 403)
    await setRole(admin.user.id, 'admin')
    await eventually(async () => (await bearerOf(second, token).get(usersUrl)).status === 200)
  })

  test('and it ends when they may not act any more, until somebody else answers for it', async () => {
    const admin = await givenAdmin(server, 'admin')
    const { id, token } = await givenToken({}, admin)
    expect(await isDead(second, token)).toBe(false)
    const suspension = { reason: 'left the company' }
    expect((await boss.post(`${usersUrl}/${admin.userId}/suspend`, suspension)).status).toBe(204)
    await eventually(() => isDead(second, token))
    const rotated = await boss.post(`${url}/${id}/rotate`, {})
    expect(rotated.body.data.backedBy).toBe(boss.userId)
    expect(await isDead(server, rotated.body.data.token)).toBe(false)
  })
})

describe('rotating', () => {
  test('leaves two secrets alive for the overlap, and never three', async () => {
    const { id, token: first } = await givenToken()
    const rotate = async (body: object = {}) =>
      (await boss.post(`${url}/${id}/rotate`, body)).body.data.token as string
    const next = await rotate()
    for (const token of [first, next]) expect(await isDead(server, token)).toBe(false)
    const last = await rotate({ overlapMinutes: 60 })
    await eventually(() => isDead(second, first))
    expect(await isDead(server, first)).toBe(true)
    for (const token of [next, last]) expect(await isDead(second, token)).toBe(false)
    await query(
      server,
      `update admin_service_tokens set previous_until = now() - interval '1 second' where id = $1`,
      [id],
    )
    await server.ctx().tx((tx) => tx.invalidate(`service_token:${id}`))
    expect(await isDead(server, next)).toBe(true)
    expect(await isDead(server, last)).toBe(false)
  })

  test('without an overlap ends the old secret at once', async () => {
    const { id, token } = await givenToken()
    expect(await isDead(second, token)).toBe(false)
    expect((await boss.post(`${url}/${id}/rotate`, { overlapMinutes: 0 })).status).toBe(200)
    expect(await isDead(server, token)).toBe(true)
    await eventually(() => isDead(second, token))
  })

  test('is for those who have all of its scopes', async () => {
    const { id } = await givenToken({ scopes: ['admin.read_health', 'users.read_any'] })
    const admin = await givenAdmin(server, 'admin')
    expect((await admin.post(`${url}/${id}/rotate`, {})).status).toBe(200)
    await query(
      server,
      `update admin_service_tokens set scopes = array['a.permission_of_later'] where id = $1`,
      [id],
    )
    expect((await admin.post(`${url}/${id}/rotate`, {})).body).toMatchObject({
      code: 'admin.scope_above_own',
      scopes: ['a.permission_of_later'],
    })
  })

  test('and ending it too, or for whoever answers for it', async () => {
    const { id, token } = await givenToken()
    await query(
      server,
      `update admin_service_tokens set scopes = array['monitoring.configure'] where id = $1`,
      [id],
    )
    const admin = await givenAdmin(server, 'admin')
    expect(await admin.delete(`${url}/${id}`)).toMatchObject({
      status: 403,
      body: { code: 'admin.scope_above_own', scopes: ['monitoring.configure'] },
    })
    expect(await isDead(server, token)).toBe(false)
    const refusals = (await server.facts()).filter(({ name }) => name === 'admin.scope_refused')
    expect(refusals.at(-1)).toMatchObject({ subjectId: id, outcome: 'refused' })
    const own = await givenToken({}, admin)
    const makeLater = `update admin_service_tokens set scopes = array['a.permission_of_later'] where id = $1`
    await query(server, makeLater, [own.id])
    expect((await admin.delete(`${url}/${own.id}`)).status).toBe(204)
    expect((await boss.delete(`${url}/${id}`)).status).toBe(204)
  })

  test('and making need a step-up that is fresh; revoking never waits for one', async () => {
    const admin = await givenAdmin(server, 'admin')
    const { id, token } = await givenToken({}, admin)
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
      [admin.userId],
    )
    await forgetUser(server, admin.user.id)
    expect((await admin.post(url, { name: 'x', scopes: reading })).body.code).toBe(
      'access.step_up_required',
    )
    expect((await admin.post(`${url}/${id}/rotate`, {})).body.code).toBe('access.step_up_required')
    expect((await admin.delete(`${url}/${id}`)).status).toBe(204)
    expect(await isDead(server, token)).toBe(true)
    await passMinutes(server, admin.user.id, 11)
    expect((await admin.get(url)).body.code).toBe('admin.mfa_required')
    await elevate(server, admin)
  })
})

describe('the end of a token', () => {
  test('is at once when it is revoked, on every process, with both of its secrets', async () => {
    const { id, token: first } = await givenToken()
    const next = (await boss.post(`${url}/${id}/rotate`, {})).body.data.token as string
    for (const token of [first, next]) expect(await isDead(second, token)).toBe(false)
    expect((await boss.delete(`${url}/${id}`)).status).toBe(204)
    for (const token of [first, next]) {
      expect(await isDead(server, token)).toBe(true)
      await eventually(() => isDead(second, token))
    }
    expect((await boss.post(`${url}/${id}/rotate`, {})).status).toBe(404)
    const ids = (await boss.get(`${url}?limit=100`)).body.data.map(
      (each: { id: string }) => each.id,
    )
    expect(ids).not.toContain(id)
  })

  test('happens once, when 20 revoke it at once', async () => {
    const { id } = await givenToken()
    const replies = await together(20, () => boss.delete(`${url}/${id}`))
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1)
  })

  test('comes with its time, which is a year away at most', async () => {
    const { id, token } = await givenToken()
    for (const expiresAt of ['2001-01-01T00:00:00Z', '2999-01-01T00:00:00Z'])
      expect((await boss.post(url, { name: 'x', scopes: reading, expiresAt })).body).toMatchObject({
        code: 'http.invalid_request',
        errors: [{ pointer: '/expiresAt' }],
      })
    await query(
      server,
      `update admin_service_tokens set expires_at = now() - interval '1 second' where id = $1`,
      [id],
    )
    await server.ctx().tx((tx) => tx.invalidate(`service_token:${id}`))
    expect(await isDead(server, token)).toBe(true)
    expect((await boss.post(`${url}/${id}/rotate`, {})).status).toBe(404)
  })
})

describe('limits', () => {
  test('each token has its own, and may have a lower one', async () => {
    const limited: Server = await startServer({
      location: server.location,
      environment: { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_REQUESTS: '30' },
    })
    const slow = await givenToken({ requestsPerMinute: 5 })
    const usual = await givenToken()
    const at = (token: string) => bearerOf(limited, token).get(`${api}/users?limit=1`)
    const statuses = []
    for (let index = 0; index < 7; index += 1) statuses.push((await at(slow.token)).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect((await at(usual.token)).status).toBe(200)
  })
})

describe('the token of the environment', () => {
  const token = randomBytes(32).toString('hex')
  const ADMIN_SERVICE_TOKEN_HASH = createHash('sha256').update(token).digest('hex')
  const startWith = (environment: Record<string, string>): Promise<Server> =>
    startServer({
      location: server.location,
      environment: { ADMIN_SERVICE_TOKEN_HASH, ...environment },
    })

  test('works wherever its hash is, reads, and changes nothing', async () => {
    const configured = await startWith({})
    const client = bearerOf(configured, token)
    expect((await client.get(usersUrl)).status).toBe(200)
    expect(await isDead(server, token)).toBe(true)
    expect(await isDead(configured, ADMIN_SERVICE_TOKEN_HASH)).toBe(true)
    const member = await server.as()
    const signOut = `${usersUrl}/${member.userId}/sign-out`
    expect((await client.post(signOut)).body.code).toBe('access.read_only')
  })

  test('is one of two while it is rotated', async () => {
    const next = newEnvironmentToken()
    const hashes = `${next.hash},${ADMIN_SERVICE_TOKEN_HASH.toUpperCase()}`
    const configured = await startWith({ ADMIN_SERVICE_TOKEN_HASH: hashes })
    for (const each of [token, next.token]) expect(await isDead(configured, each)).toBe(false)
    expect(await isDead(configured, newEnvironmentToken().token)).toBe(true)
  })

  test('acts in the name of ADMIN_SERVICE_USER_ID, with their rights as far as it is scoped', async () => {
    const admin = await server.as('admin')
    const configured = await startWith({
      ADMIN_SERVICE_USER_ID: admin.user.id,
      ADMIN_SERVICE_TOKEN_SCOPES: 'admin.read_users,admin.sign_out_users',
    })
    const client = bearerOf(configured, token)
    const member = await server.as()
    expect((await client.post(`${usersUrl}/${member.userId}/sign-out`)).status).toBe(200)
    const fact = (await server.facts()).findLast(({ name }) => name === 'admin.user_signed_out')
    expect(fact).toMatchObject({ actorId: 'environment', onBehalfOf: admin.userId })
    const peer = await server.as('admin')
    expect((await client.post(`${usersUrl}/${peer.userId}/sign-out`)).body.code).toBe(
      'admin.account_above',
    )
    expect((await client.post(`${usersUrl}/${admin.userId}/sign-out`)).body.code).toBe(
      'admin.own_account',
    )
    expect((await client.get(me)).status).toBe(403)
    await query(server, `update access_grants set role = 'member' where user_id = $1`, [
      admin.userId,
    ])
    await configured.ctx().tx((tx) => tx.invalidate(`user:${admin.user.id}`))
    expect((await client.get(usersUrl)).status).toBe(403)
    await query(server, `update users_users set status = 'suspended' where id = $1`, [admin.userId])
    await configured.ctx().tx((tx) => tx.invalidate(`user:${admin.user.id}`))
    expect(await isDead(configured, token)).toBe(true)
  })
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
