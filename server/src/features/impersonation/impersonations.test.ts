/** Acting in somebody's account: for a reason, from above, for a while, and never unseen. */
import { describe, expect, test } from 'vitest'
import { type TestClient, eventually, goodPassword, startServer } from '../../app/testing.ts'
import {
  type Admin,
  administration,
  elevate,
  givenAdmin,
  passMinutes,
  routesOf,
  send,
  signInAgain,
  usersUrl,
} from '../admin/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  browserWith,
  cookieOf,
  deliverMails,
  forgetUser,
  givenBrowser,
  givenVisitor,
  me,
  query,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { codeOf, givenEnrolled } from '../twofa/testing.ts'
import { settleImpersonations } from './jobs.ts'
import { actAs, endUrl, exchangeUrl, impersonation, requestToken } from './testing.ts'

const server: Server = await startServer()
/** Another process on the same database. */
const second: Server = await startServer({ location: server.location })
const admin = await givenAdmin(server, 'admin')
const reason = 'a question of theirs'
const whole = (permission: string) => ({ permission })
const invalid = { status: 401, body: { code: 'impersonation.invalid_token' } }
const isDead = async (accessToken: string, at: Server = second) =>
  (await bearerOf(at, accessToken).get(me)).status === 401

describe('asking', () => {
  test('gives a token that works within a minute, and states who wants to be whom', async () => {
    const member = await server.as()
    const reply = await admin.post(impersonation, { userId: member.userId, reason })
    expect(reply).toMatchObject({
      status: 201,
      body: { data: { token: expect.stringMatching(/^ash_x_/), minutes: 30 } },
    })
    const seconds = (Date.parse(reply.body.data.expiresAt) - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === member.userId)
    expect(facts.at(-1)).toMatchObject({
      name: 'impersonation.requested',
      actorId: admin.userId,
      data: { impersonationId: expect.any(String), minutes: 30 },
    })
    expect(JSON.stringify(await server.facts())).not.toContain(reason)
  })

  test('needs a reason, and an hour at most', async () => {
    const { userId } = await server.as()
    for (const body of [
      { userId },
      { userId, reason: '' },
      { userId, reason: '   ' },
      { userId, reason, minutes: 61 },
      { userId, reason, minutes: 0 },
      { userId: 'nobody', reason },
    ])
      expect((await admin.post(impersonation, body)).status).toBe(422)
    const nobody = { userId: '01890000-0000-7000-8000-000000000000', reason }
    expect((await admin.post(impersonation, nobody)).status).toBe(404)
  })

  test('is for who may, with a step-up and a code of the authenticator', async () => {
    const { userId } = await server.as()
    const body = { userId, reason }
    const person = await givenEnrolled(server, 'admin')
    expect((await person.post(impersonation, body)).body.code).toBe('admin.mfa_required')
    await elevate(server, person)
    expect((await person.post(impersonation, body)).status).toBe(201)
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
      [person.userId],
    )
    await forgetUser(server, person.user.id)
    expect((await person.post(impersonation, body)).body.code).toBe('access.step_up_required')
    const support = await givenAdmin(server, 'support')
    expect((await support.post(impersonation, body)).body.code).toBe('access.forbidden')
    const { key } = (await admin.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
    expect((await bearerOf(server, key).post(impersonation, body)).body.code).toBe(
      'access.session_required',
    )
  })

  test.each([
    ['admin', 'member', undefined],
    ['admin', 'support', undefined],
    ['admin', 'admin', 'impersonation.not_below'],
    ['admin', 'super_admin', 'impersonation.not_below'],
    ['super_admin', 'admin', undefined],
    ['super_admin', 'super_admin', 'impersonation.not_below'],
  ])('%s of %s: %s', async (role, other, code) => {
    const person = role === 'admin' ? admin : await givenAdmin(server, role)
    const target = await server.as(other)
    const reply = await person.post(impersonation, { userId: target.userId, reason })
    expect({ status: reply.status, code: reply.body.code }).toEqual({
      status: code === undefined ? 201 : 403,
      code,
    })
  })

  test('is not for oneself, nor for somebody who may do one thing that one may not', async () => {
    expect((await admin.post(impersonation, { userId: admin.userId, reason })).status).toBe(403)
    const target = await server.as('support')
    await query(server, `insert into access_grants (user_id, role) values ($1, 'super_admin')`, [
      target.userId,
    ])
    expect((await admin.post(impersonation, { userId: target.userId, reason })).status).toBe(403)
  })

  test('is by what conditions mean for each of the two: a team is not every team', async () => {
    const inTeams = { permission: 'users.read_any', when: { teams: { $in: '$myTeams' } } }
    const reads = [inTeams, whole('users.read_self')]
    const leads = [
      'impersonation.begin',
      'admin.grant_roles',
      'admin.read_users',
      'twofa.manage',
    ].map(whole)
    const makeRole = `insert into access_roles (name, rules) values ($1, $2)`
    await query(server, makeRole, ['reader_of_team', JSON.stringify(reads)])
    await query(server, makeRole, ['lead_of_team', JSON.stringify([...reads, ...leads])])
    const lead = await givenAdmin(server, 'lead_of_team')
    const target = await server.as('reader_of_team')
    const stranger = await server.as()
    await query(server, 'delete from access_grants where user_id = $1', [stranger.userId])
    const setTeams = async (userId: string | null, teams: readonly string[]) => {
      await query(server, 'update users_users set teams = $2 where id = $1', [userId, teams])
      await forgetUser(server, userId ?? '')
    }
    const ask = async () =>
      (await lead.post(impersonation, { userId: target.userId, reason })).status
    const give = async () =>
      (await lead.put(`${usersUrl}/${stranger.userId}/roles/reader_of_team`)).status
    await setTeams(target.userId, ['tx'])
    await setTeams(stranger.userId, ['tx'])
    expect([await ask(), await give()]).toEqual([403, 403])
    await setTeams(lead.userId, ['tx', 'ty'])
    expect([await ask(), await give()]).toEqual([201, 204])
    const acting = await actAs(server, lead, target.userId)
    expect((await acting.get(me)).status).toBe(200)
    await setTeams(target.userId, ['tx', 'tz'])
    expect((await acting.get(me)).status).toBe(401)
  })

  test('is not for an account in which nobody may act', async () => {
    const target = await server.as()
    await query(server, `update users_users set status = 'suspended' where id = $1`, [
      target.userId,
    ])
    expect((await admin.post(impersonation, { userId: target.userId, reason })).body.code).toBe(
      'impersonation.account_inactive',
    )
  })
})

describe('the session', () => {
  test('is the user’s in all that is theirs, says who acts, and is told to them', async () => {
    const member = await server.as()
    await server.clientWith(null, { authorization: `Bearer ${member.accessToken}` }).patch(me, {
      name: 'Ada',
    })
    const before = (await member.get(me)).body.data
    expect(before.impersonation).toBeNull()
    const acting = await actAs(server, admin, member.userId, { minutes: 45 })
    const seen = (await acting.get(me)).body.data
    expect(seen).toMatchObject({
      id: member.userId,
      name: 'Ada',
      roles: ['member'],
      impersonation: { by: admin.userId, reason, expiresAt: expect.any(String) },
    })
    expect(seen.lastLoginAt).toBe(before.lastLoginAt)
    const minutes = (Date.parse(seen.impersonation.expiresAt) - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(40)
    expect(minutes).toBeLessThanOrEqual(45)
    await deliverMails(server)
    const [mail] = (await server.mails(member.email)).slice(-1)
    expect(mail?.subject).toContain('administrator')
    expect(mail?.text).toContain(reason)
    const sessions = (await member.get(`${api}/auth/sessions`)).body.data
    expect(sessions).toContainEqual(
      expect.objectContaining({ firstFactor: 'impersonation', ip: null, userAgent: null }),
    )
    const own = await member.get(`${me}/impersonations`)
    expect(own.body.data).toEqual([
      expect.objectContaining({ by: admin.userId, reason, endedAt: null }),
    ])
  })

  test('is answered for by the administrator: every fact names both, and so do jobs', async () => {
    const member = await server.as()
    const acting = await actAs(server, admin, member.userId)
    expect((await acting.patch(me, { name: 'Changed' })).status).toBe(200)
    const facts = (await server.facts()).filter(({ name }) => name === 'users.user_updated')
    expect(facts.at(-1)).toMatchObject({
      actorId: admin.userId,
      onBehalfOf: member.userId,
      subjectId: member.userId,
    })
    expect((await acting.get(`${api}/auth/api-keys`)).status).toBe(403)
    const refusal = (await server.facts()).findLast(({ name }) => name === 'http.request_refused')
    expect(refusal).toMatchObject({ actorId: admin.userId, onBehalfOf: member.userId })
    const [detail] = await query<{ about: string }>(
      server,
      `select d.about from platform_event_details d join platform_events e on e.id = d.event_id
       where e.name = 'users.user_updated' and e.subject_id = $1`,
      [member.userId],
    )
    expect(detail?.about).toBe(admin.userId)
    const about = await query(
      server,
      `select e.name from platform_event_details d join platform_events e on e.id = d.event_id
       where d.about = $1 and (e.name like 'impersonation.%' or e.data->>'firstFactor' = 'impersonation')`,
      [member.userId],
    )
    expect(about).toEqual([])
    // The owner's own key under the same name is another one.
    const headers = { 'idempotency-key': 'a key of both' }
    const twice = `${api}/auth/verify-email`
    await member.post(twice, { token: 'x' }, headers)
    expect((await acting.post(twice, { token: 'x' }, headers)).body.code).toBe(
      'access.impersonated',
    )
  })

  test('is in the log of the administrator and of the user, but not where the administrator sat', async () => {
    const person = await givenAdmin(server, 'admin')
    const member = await server.as()
    await actAs(server, person, member.userId)
    const { id } = (await member.get(`${me}/impersonations`)).body.data[0]
    const auditor = await givenAdmin(server)
    const search = `${administration}/audit-logs?action=impersonation.begun`
    const filters = [
      `actorUserId=${person.userId}`,
      `targetUserId=${member.userId}`,
      `onBehalfOf=${member.userId}`,
    ]
    for (const filter of filters)
      expect((await auditor.get(`${search}&${filter}`)).body.data).toEqual([
        expect.objectContaining({
          actor: { kind: 'user', id: person.userId },
          onBehalfOf: member.userId,
          subjectId: member.userId,
          data: { impersonationId: id, sessionId: expect.any(String) },
        }),
      ])
    for (const ends of [person.userId, member.userId]) {
      const { steps } = (await auditor.get(`${administration}/trace/${ends}`)).body.data
      expect(JSON.stringify(steps)).toContain('impersonation.begun')
    }
    const seenBy = async (whose: Pick<TestClient, 'get'>) => {
      const { data } = (await whose.get(`${me}/activity`)).body
      return (data as { action: string }[]).find(({ action }) => action === 'impersonation.begun')
    }
    expect(await seenBy(member)).toMatchObject({ actor: { isYou: false }, ip: null })
    expect(await seenBy(person)).toMatchObject({ actor: { isYou: true }, ip: '127.0.0.1' })
  })

  test('cannot be refreshed, and is no device of theirs', async () => {
    const member = await server.as()
    const token = await requestToken(admin, member.userId)
    const reply = await server.anonymous.post(exchangeUrl, { token })
    expect(Object.keys(reply.body.data).toSorted()).toEqual([
      'accessToken',
      'csrfToken',
      'expiresAt',
      'user',
    ])
    expect(reply.headers['set-cookie']).toBeUndefined()
    const rows = await query(
      server,
      `select 1 from auth_refresh_tokens t join auth_sessions s on s.id = t.session_id
       where s.user_id = $1 and s.first_factor = 'impersonation'`,
      [member.userId],
    )
    expect(rows).toEqual([])
  })

  test('asks for no second factor of the user, and cannot be elevated', async () => {
    const boss = await givenAdmin(server)
    const target = await givenEnrolled(server, 'admin')
    const acting = await actAs(server, boss, target.userId)
    expect((await acting.get(me)).status).toBe(200)
    const reply = await acting.get(usersUrl, { 'x-admin-mfa-code': codeOf(target.secret) })
    expect(reply.body.code).toBe('access.impersonated')
  })

  test('comes in a cookie where nobody is signed in, and never in place of the one it stands on', async () => {
    const member = await server.as()
    const visitor = await givenVisitor(server)
    const headers = {
      cookie: `__Host-ashlar_visitor=${visitor.cookie}`,
      origin: server.settings.publicUrl,
      'x-csrf-token': visitor.csrfToken,
    }
    const token = await requestToken(admin, member.userId)
    const here = await givenBrowser(server, (await server.as()).email)
    expect((await here.post(exchangeUrl, { token, mode: 'cookie' })).body.code).toBe(
      'impersonation.signed_in_here',
    )
    const reply = await server.anonymous.post(exchangeUrl, { token, mode: 'cookie' }, headers)
    expect(reply.status).toBe(200)
    const browser = browserWith(server, cookieOf(reply), reply.body.data.csrfToken)
    expect((await browser.patch(me, { name: 'By cookie' })).status).toBe(200)
    const ended = await browser.post(endUrl)
    expect(ended.status).toBe(204)
    expect(String(ended.headers['set-cookie'])).toContain('Max-Age=0')
    expect((await browser.get(me)).status).toBe(401)
  })
})

describe('what only the owner does', () => {
  test('is closed on every route: by step-up, by permission, by being a public change', async () => {
    const boss = await givenAdmin(server)
    // Somebody who may do all that an administrator may.
    const target = await server.as('admin')
    const acting = await actAs(server, boss, target.userId)
    // The last looks at nobody who calls: a signature alone opens it.
    const open = ['auth.logout', 'impersonation.end', 'inbox.takeStripeEvent']
    const allowed: string[] = []
    const closed: { operationId: string; code: unknown }[] = []
    const closedRooms =
      /^(auth|twofa|oidc|privacy|admin|audit|monitoring|access|impersonation|invitations|inbox|ledger|payments|refunds|disputes|reconciliation|jobs|mail|operations)[.]|^users.manage/
    for (const route of routesOf(server)) {
      const { operationId = '', 'x-permission': permission } = route.operation
      if (open.includes(operationId)) continue
      const isClosed =
        permission === undefined ? route.method !== 'GET' : closedRooms.test(permission)
      const { body } = await send(acting, route)
      if (isClosed) closed.push({ operationId, code: body.code })
      else if (permission !== undefined) allowed.push(operationId)
    }
    expect(closed.length).toBeGreaterThan(60)
    const otherwise = closed.filter(({ code }) => code !== 'access.impersonated')
    // Only a super admin sets thresholds: closed to an administrator anyway.
    expect(otherwise).toEqual([
      { operationId: 'monitoring.setThreshold', code: 'access.forbidden' },
      { operationId: 'monitoring.resetThreshold', code: 'access.forbidden' },
    ])
    expect(allowed.toSorted()).toEqual([
      'access.explain',
      'impersonation.listOwn',
      'users.getMe',
      'users.updateMe',
    ])
    expect((await acting.get(me)).status).toBe(200)
  })

  test('names them: password, factors, address, passkeys, keys, identities, sessions, export, erasure', async () => {
    const member = await server.as()
    const acting = await actAs(server, admin, member.userId)
    for (const reply of [
      await acting.post(`${api}/auth/change-password`, {}),
      await acting.get(`${api}/twofa/status`),
      await acting.post(`${api}/twofa/setup`, {}),
      await acting.post(`${api}/auth/email-change`, {}),
      await acting.get(`${api}/auth/passkeys`),
      await acting.post(`${api}/auth/api-keys`, { name: 'a way back' }),
      await acting.get(`${api}/oidc/identities`),
      await acting.get(`${api}/auth/sessions`),
      await acting.post(`${api}/auth/logout-all`),
      await acting.post(`${api}/auth/step-up`, { password: 'x' }),
      await acting.post(`${api}/users/me/export`),
      await acting.delete(me),
      await acting.post(exchangeUrl, { token: 'x' }),
      await acting.post(`${api}/auth/login`, { email: 'x', password: 'x' }),
    ])
      expect(reply).toMatchObject({ status: 403, body: { code: 'access.impersonated' } })
    expect((await signIn(server, member.email)).status).toBe(200)
  })
})

describe('the token', () => {
  test('opens once, and nothing but this', async () => {
    const member = await server.as()
    const token = await requestToken(admin, member.userId)
    for (const door of [
      await bearerOf(server, token).get(me),
      await server.anonymous.post(`${api}/auth/refresh`, { refreshToken: token }),
      await server.anonymous.post(`${api}/auth/verify-email`, { token }),
      await server.anonymous.post(`${api}/admin/setup`, {
        token,
        email: 'a@example.com',
        password: 'x',
      }),
    ])
      expect([400, 401, 410]).toContain(door.status)
    const stranger = [member.accessToken, member.refreshToken, '', 'x', `${token}a`, token.slice(6)]
    for (const given of stranger)
      expect(
        await server.anonymous.post(exchangeUrl, { token: given.slice(0, 200) }),
      ).toMatchObject(invalid)
    expect((await server.anonymous.post(exchangeUrl, { token })).status).toBe(200)
    expect(await server.anonymous.post(exchangeUrl, { token })).toMatchObject(invalid)
  })

  test('is over after a minute', async () => {
    const member = await server.as()
    const token = await requestToken(admin, member.userId)
    await query(
      server,
      `update impersonation_impersonations set token_expires_at = now() - interval '1 second'
       where user_id = $1`,
      [member.userId],
    )
    expect(await server.anonymous.post(exchangeUrl, { token })).toMatchObject(invalid)
  })

  test('is signed with ADMIN_IMPERSONATION_SECRET', async () => {
    const other: Server = await startServer({
      location: server.location,
      environment: { ADMIN_IMPERSONATION_SECRET: 'another secret, long enough to pass: 9d01c7' },
    })
    const member = await server.as()
    const token = await requestToken(admin, member.userId)
    expect(await other.anonymous.post(exchangeUrl, { token })).toMatchObject(invalid)
    expect((await server.anonymous.post(exchangeUrl, { token })).status).toBe(200)
  })

  test('is worth nothing when the user has risen, or the administrator has signed out', async () => {
    const target = await server.as()
    const token = await requestToken(admin, target.userId)
    await query(server, `insert into access_grants (user_id, role) values ($1, 'admin')`, [
      target.userId,
    ])
    expect(await server.anonymous.post(exchangeUrl, { token })).toMatchObject(invalid)
    const person = await givenAdmin(server, 'admin')
    const later = await requestToken(person, (await server.as()).userId)
    await person.post(`${api}/auth/logout`)
    expect(await server.anonymous.post(exchangeUrl, { token: later })).toMatchObject(invalid)
  })

  test('that is refused is a fact about the account that was to be entered, and the administrator’s doing', async () => {
    const person = await givenAdmin(server, 'admin')
    const target = await server.as()
    const spent = await requestToken(person, target.userId)
    expect((await server.anonymous.post(exchangeUrl, { token: spent })).status).toBe(200)
    expect(await server.anonymous.post(exchangeUrl, { token: spent })).toMatchObject(invalid)
    const unbacked = await requestToken(person, target.userId)
    await person.post(`${api}/auth/logout`)
    expect(await server.anonymous.post(exchangeUrl, { token: unbacked })).toMatchObject(invalid)
    expect(await server.anonymous.post(exchangeUrl, { token: `${spent}a` })).toMatchObject(invalid)

    const facts = (await server.facts()).filter(({ name }) => name === 'impersonation.refused')
    const known = { subjectId: target.userId, actorId: person.userId, onBehalfOf: target.userId }
    const impersonationId = expect.any(String)
    expect(facts.slice(-3)).toEqual([
      expect.objectContaining({ ...known, data: { reason: 'spent', impersonationId } }),
      expect.objectContaining({ ...known, data: { reason: 'not_backed', impersonationId } }),
      expect.objectContaining({ subjectId: null, actorId: null, data: { reason: 'forged' } }),
    ])
    // Where the administrator sat is none of the owner's business.
    const { data } = (await target.get(`${me}/activity`)).body
    const seen = (data as { action: string }[]).filter(
      ({ action }) => action === 'impersonation.refused',
    )
    expect(seen).toHaveLength(2)
    for (const each of seen) expect(each).toMatchObject({ actor: { isYou: false }, ip: null })
  })

  test('can be tried 20 times in five minutes from one address', async () => {
    const limited: Server = await startServer({
      location: server.location,
      environment: { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_REQUESTS: '1000' },
    })
    const replies = await together(25, () => limited.anonymous.post(exchangeUrl, { token: 'x' }))
    expect(tally(replies)).toEqual({ 401: 20, 429: 5 })
    const refused = replies.find(({ status }) => status === 429)
    expect(refused?.body.policy).toBe('impersonation_exchange')
  })
})

describe('it ends, on every process', () => {
  const given = async (role = 'admin') => {
    const person = await givenAdmin(server, role)
    const target = await server.as()
    const acting = await actAs(server, person, target.userId)
    expect(await isDead(acting.accessToken)).toBe(false)
    return { person, target, acting }
  }
  const isOver = (accessToken: string) => eventually(() => isDead(accessToken))

  test('when the administrator ends it, from within or from outside', async () => {
    const { acting, target } = await given()
    expect((await acting.post(endUrl)).status).toBe(204)
    expect(await isDead(acting.accessToken, server)).toBe(true)
    expect(await isOver(acting.accessToken)).toBe(true)
    const own = await target.get(`${me}/impersonations`)
    expect(own.body.data[0].endedAt).toEqual(expect.any(String))
    const boss = await server.as('admin')
    const listed = await boss.get(`/api/v1/admin/users/${target.userId}/impersonations?limit=1`)
    expect(listed.body.meta).toMatchObject({ total: own.body.data.length, isTotalExact: true })
    const outside = await given()
    expect((await outside.person.post(endUrl)).status).toBe(204)
    expect(await isOver(outside.acting.accessToken)).toBe(true)
    expect((await outside.person.post(endUrl)).body.code).toBe('impersonation.none_running')
    expect((await outside.person.get(me)).status).toBe(200)
    expect((await server.anonymous.post(endUrl)).body.code).toBe('access.unauthenticated')
  })

  test('by signing out within it', async () => {
    const { acting, person } = await given()
    expect((await acting.post(`${api}/auth/logout`)).status).toBe(204)
    expect(await isOver(acting.accessToken)).toBe(true)
    expect((await person.get(me)).status).toBe(200)
  })

  test('when the administrator’s session ends', async () => {
    const { acting, person } = await given()
    await person.post(`${api}/auth/logout`)
    expect(await isDead(acting.accessToken, server)).toBe(true)
    expect(await isOver(acting.accessToken)).toBe(true)
  })

  test('when the administrator is suspended', async () => {
    const boss = await givenAdmin(server)
    const { acting, person } = await given()
    const body = { reason: 'under investigation' }
    expect((await boss.post(`${usersUrl}/${person.userId}/suspend`, body)).status).toBe(204)
    expect(await isOver(acting.accessToken)).toBe(true)
  })

  test('when the administrator loses the role, though the session were alive', async () => {
    const { acting, person } = await given()
    await query(server, `update access_grants set role = 'support' where user_id = $1`, [
      person.userId,
    ])
    await forgetUser(server, person.user.id)
    expect(await isOver(acting.accessToken)).toBe(true)
    expect((await person.get(me)).status).toBe(200)
  })

  test('when the user rises to the administrator’s rank', async () => {
    const { acting, target } = await given()
    await query(server, `insert into access_grants (user_id, role) values ($1, 'admin')`, [
      target.userId,
    ])
    await forgetUser(server, target.user.id)
    expect(await isOver(acting.accessToken)).toBe(true)
  })

  test('when the user signs out everywhere, or is suspended', async () => {
    const { acting, target } = await given()
    expect((await target.post(`${api}/auth/logout-all`)).status).toBe(200)
    expect(await isOver(acting.accessToken)).toBe(true)
    const other = await given()
    await other.person.post(`${usersUrl}/${other.target.userId}/suspend`, { reason: 'abuse' })
    expect(await isOver(other.acting.accessToken)).toBe(true)
  })

  test('by itself, when its time or that of the administrator’s session is over', async () => {
    const { acting, target } = await given()
    await query(
      server,
      `update auth_sessions set expires_at = now() - interval '1 second'
       where user_id = $1 and first_factor = 'impersonation'`,
      [target.userId],
    )
    await forgetUser(server, target.user.id)
    expect(await isOver(acting.accessToken)).toBe(true)
    const other = await given()
    await query(
      server,
      `update auth_sessions set expires_at = now() - interval '1 second' where user_id = $1`,
      [other.person.userId],
    )
    await forgetUser(server, other.person.user.id)
    expect(await isOver(other.acting.accessToken)).toBe(true)
  })

  describe('and not when the administrator shows a factor once more: the session is the same, under a new id', () => {
    const stepUp = async ({ post }: TestClient) => {
      const reply = await post(`${api}/auth/step-up`, { password: goodPassword })
      expect(reply.status, reply.text).toBe(200)
    }
    const goesOn = async ({ acting, target }: Awaited<ReturnType<typeof given>>) => {
      expect(await isDead(acting.accessToken, server)).toBe(false)
      expect(await isDead(acting.accessToken)).toBe(false)
      await settleImpersonations.run(
        server.ctx(),
        { scheduledFor: '' },
        new AbortController().signal,
      )
      const own = await target.get(`${me}/impersonations`)
      expect(own.body.data).toEqual([expect.objectContaining({ endedAt: null })])
    }
    const givenSteppedUp = async () => {
      const all = await given()
      for (const _twice of [1, 2]) {
        await stepUp(all.person)
        // Another process has heard of it by then.
        await forgetUser(server, all.person.user.id)
        await goesOn(all)
      }
      return all
    }

    test('it ends from their own session', async () => {
      const { acting, person } = await givenSteppedUp()
      expect((await person.post(endUrl)).status).toBe(204)
      expect(await isOver(acting.accessToken)).toBe(true)
    })

    test('and with it, and the owner is told when', async () => {
      const { acting, person, target } = await givenSteppedUp()
      expect((await person.post(`${api}/auth/logout`)).status).toBe(204)
      expect(await isDead(acting.accessToken, server)).toBe(true)
      expect(await isOver(acting.accessToken)).toBe(true)
      const own = await target.get(`${me}/impersonations`)
      expect(own.body.data).toEqual([expect.objectContaining({ endedAt: expect.any(String) })])
    })

    test('and not from another session of theirs', async () => {
      const { acting, person } = await givenSteppedUp()
      const elsewhere = await signInAgain(server, person)
      expect((await elsewhere.post(endUrl)).body.code).toBe('impersonation.none_running')
      expect(await isDead(acting.accessToken, server)).toBe(false)
    })

    test('when they are signed out everywhere', async () => {
      const { acting, person } = await givenSteppedUp()
      const boss = await givenAdmin(server)
      expect((await boss.post(`${usersUrl}/${person.userId}/sign-out`)).status).toBe(200)
      expect(await isOver(acting.accessToken)).toBe(true)
    })

    test('and a token that was asked for before begins it', async () => {
      const person = await givenAdmin(server, 'admin')
      const token = await requestToken(person, (await server.as()).userId)
      await stepUp(person)
      const reply = await server.anonymous.post(exchangeUrl, { token })
      expect(reply.status).toBe(200)
      expect(await isDead(String(reply.body.data.accessToken), server)).toBe(false)
    })

    test('however many step-ups and requests there are at once', async () => {
      const all = await given()
      const ends = await together(20, async (index: number) => {
        if (index % 4 > 0) return isDead(all.acting.accessToken, index % 2 ? server : second)
        await all.person.post(`${api}/auth/step-up`, { password: goodPassword })
        return false
      })
      expect(ends).not.toContain(true)
      await goesOn(all)
    })
  })

  test('and not when the window of elevation closes', async () => {
    const { acting, person } = await given()
    await passMinutes(server, person.user.id, 20)
    expect((await acting.get(me)).status).toBe(200)
    expect((await person.get(`${administration}/users`)).status).toBe(403)
  })
})

describe('the owner is told that it is over, and the log says so once', () => {
  type Given = { person: Admin; target: Awaited<ReturnType<typeof server.as>>; acting: TestClient }
  const settle = () =>
    settleImpersonations.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)
  const endingsOf = async (impersonationId: string) =>
    (await server.facts()).filter(
      ({ name, data }) =>
        name === 'impersonation.ended' &&
        (data as { impersonationId: string }).impersonationId === impersonationId,
    )
  test.each<[string, string, (given: Given) => Promise<unknown>]>([
    ['ended', 'impersonation_ended', ({ acting }) => acting.post(endUrl)],
    ['signed out within it', 'signed_out', ({ acting }) => acting.post(`${api}/auth/logout`)],
    [
      'ended by the owner in the list of sessions',
      'signed_out',
      async ({ target }) => {
        const { body } = await target.get(`${api}/auth/sessions`)
        const sessions = body.data as { id: string; firstFactor: string }[]
        const theirs = sessions.find(({ firstFactor }) => firstFactor === 'impersonation')
        return target.delete(`${api}/auth/sessions/${theirs?.id}`)
      },
    ],
    [
      'signed out everywhere by the owner',
      'signed_out_everywhere',
      ({ target }) => target.delete(`${api}/auth/sessions`),
    ],
    ['signed out', 'signed_out', ({ person }) => person.post(`${api}/auth/logout`)],
    [
      'lost the role',
      'not_backed',
      async ({ person }) => {
        await query(server, `update access_grants set role = 'support' where user_id = $1`, [
          person.userId,
        ])
        await forgetUser(server, person.userId ?? '')
      },
    ],
  ])('when whoever it was has %s: %s', async (_how, why, end) => {
    const person = await givenAdmin(server, 'admin')
    const target = await server.as()
    const acting = await actAs(server, person, target.userId)
    const seen = async () => (await target.get(`${me}/impersonations`)).body.data[0]
    const { id } = await seen()
    await settle()
    expect((await seen()).endedAt).toBeNull()
    await end({ person, target, acting })
    // A right that is lost is noticed by the job; what ended the session is seen at once.
    if (why === 'not_backed') await settle()
    const told = (await seen()).endedAt
    expect(Date.parse(told)).toBeLessThanOrEqual(Date.now())
    await settle()
    await settle()
    expect((await seen()).endedAt).toBe(told)
    expect(await endingsOf(id)).toMatchObject([
      { subjectId: target.userId, data: { impersonationId: id, reason: why } },
    ])
    expect(await isDead(acting.accessToken, server)).toBe(true)
  })

  test('after a suspension, a reset of the factors or a promotion, too', async () => {
    const boss = await givenAdmin(server)
    for (const intervene of [
      (url: string) => boss.post(`${url}/suspend`, { reason: 'abuse' }),
      (url: string) => boss.post(`${url}/sign-out`),
      (url: string) => boss.put(`${url}/roles/admin`),
    ]) {
      const target = await server.as()
      await actAs(server, admin, target.userId)
      expect((await intervene(`${usersUrl}/${target.userId}`)).status).toBeLessThan(300)
      await settle()
      const rows = await query<{ id: string }>(
        server,
        `select id from impersonation_impersonations where user_id = $1 and ended_at is not null`,
        [target.userId],
      )
      expect(rows).toHaveLength(1)
      expect(await endingsOf(rows[0]?.id ?? '')).toHaveLength(1)
    }
  })

  test('two jobs at once say it once', async () => {
    const target = await server.as()
    const acting = await actAs(server, admin, target.userId)
    const { id } = (await target.get(`${me}/impersonations`)).body.data[0]
    await acting.post(`${api}/auth/logout`)
    await Promise.all(Array.from({ length: 5 }, settle))
    expect(await endingsOf(id)).toHaveLength(1)
  })

  test('and one whose time has run out was ended by nobody', async () => {
    const target = await server.as()
    await actAs(server, admin, target.userId)
    await query(
      server,
      `with over as (update auth_sessions set expires_at = now() - interval '1 second' where user_id = $1
         and first_factor = 'impersonation')
       update impersonation_impersonations set ends_at = now() - interval '1 second' where user_id = $1`,
      [target.userId],
    )
    await settle()
    const [seen] = (await target.get(`${me}/impersonations`)).body.data
    expect(seen).toMatchObject({ endedAt: null, endsAt: expect.any(String) })
    expect(await endingsOf(seen.id)).toEqual([])
  })
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
