/** Accepting: once, by whoever has the mail, into the role of the row, with the rights its inviter still has. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { rolesOf } from '../access/index.ts'
import {
  type Server,
  api,
  bearerOf,
  browserWith,
  cookieOf,
  deliverMails,
  givenBrowser,
  givenMember,
  givenRegistration,
  givenVisitor,
  me,
  newEmail,
  query,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from '../auth/testing.ts'
import { codeOf, enrol, givenEnrolled } from '../twofa/testing.ts'
import {
  type Inviter,
  accept,
  factsOf,
  givenInvitation,
  lookUp,
  url,
  givenInviter,
} from './testing.ts'

const server: Server = await startServer()
const admin = await givenInviter(server, 'admin')
const accountsOf = (email: string) =>
  query<{
    id: string
    name: string | null
    username: string | null
    email_verified_at: Date | null
  }>(server, 'select * from users_users where email = $1', [email])
const setStatus = (userId: string | null, status: string) =>
  query(server, 'update users_users set status = $2 where id = $1', [userId, status])
const isDead = { status: 400, body: { code: 'invitations.invalid_token' } }

describe('somebody new', () => {
  test('becomes an account with the role, a proven address and a session', async () => {
    const { token, email, id } = await givenInvitation(server, admin, {
      role: 'support',
      name: 'Grace',
    })
    const reply = await accept(server, token, { username: 'grace.h' })
    expect(reply).toMatchObject({
      status: 201,
      body: {
        data: {
          user: {
            email,
            name: 'Grace',
            username: 'grace.h',
            emailVerified: true,
            roles: ['support'],
          },
          accessToken: expect.any(String),
          refreshToken: expect.any(String),
        },
      },
    })
    const mine = bearerOf(server, String(reply.body.data.accessToken))
    expect((await mine.get(me)).body.data.roles).toEqual(['support'])
    expect((await signIn(server, email)).status).toBe(200)
    const userId = String(reply.body.data.user.id)
    const [session] = await query<{ first_factor: string }>(
      server,
      'select first_factor from auth_sessions where user_id = $1 order by created_at limit 1',
      [userId],
    )
    expect(session?.first_factor).toBe('invitation')
    expect((await admin.get(`${url}/${id}`)).body.data).toMatchObject({
      status: 'accepted',
      acceptedBy: userId,
      endedAt: expect.any(String),
    })
    expect((await factsOf(server, id)).at(-1)).toEqual({
      name: 'invitation_accepted',
      outcome: 'succeeded',
      data: { userId, role: 'support', invitedBy: admin.userId, account: 'new' },
    })
    const [grant] = await query<{ granted_by: string }>(
      server,
      'select granted_by from access_grants where user_id = $1',
      [userId],
    )
    expect(grant?.granted_by).toBe(admin.userId)
  })

  test('gets a cookie session, and a page elsewhere cannot sign a browser in with its own invitation', async () => {
    const { token } = await givenInvitation(server, admin)
    const origin = server.settings.publicUrl
    const own = await givenVisitor(server)
    const cookie = `__Host-ashlar_visitor=${own.cookie}`
    const given = { mode: 'cookie' }
    const evil = { origin: 'https://evil.example' }
    expect((await accept(server, token, given, evil)).body.code).toBe('http.origin_not_allowed')
    expect((await accept(server, token, given, { origin })).body.code).toBe(
      'http.csrf_token_invalid',
    )
    const headers = { origin, cookie, 'x-csrf-token': own.csrfToken }
    const reply = await accept(server, token, given, headers)
    expect(reply.status).toBe(201)
    expect(reply.body.data.accessToken).toBeUndefined()
    const browser = browserWith(server, cookieOf(reply), String(reply.body.data.csrfToken))
    expect((await browser.get(me)).status).toBe(200)
  })

  test('may come while registration is closed', async () => {
    const closed: Server = await startServer({ environment: { REGISTRATION_MODE: 'closed' } })
    const { token } = await givenInvitation(closed, await givenInviter(closed, 'admin'))
    expect((await accept(closed, token)).status).toBe(201)
  })

  test('takes role and address from the row, whatever the body says', async () => {
    const { token, email } = await givenInvitation(server, admin, { role: 'member' })
    const raised = { role: 'super_admin', email: newEmail(), roles: ['admin'], status: 'active' }
    const reply = await accept(server, token, raised)
    expect(reply.body.data.user).toMatchObject({ email, roles: ['member'] })
  })

  test('is told what is wrong with a password or a username, and may try again', async () => {
    const { token, email } = await givenInvitation(server, admin)
    const other = await givenMember(server, { username: 'taken.by.one' })
    expect((await accept(server, token, { password: undefined })).body).toMatchObject({
      code: 'http.invalid_request',
      errors: [{ pointer: '/password' }],
    })
    expect((await accept(server, token, { password: 'password123' })).body.code).toBe(
      'auth.weak_password',
    )
    const mine = await accept(server, token, { password: `${email.split('@')[0]} again` })
    expect(mine.body.code).toBe('auth.weak_password')
    const taken = await accept(server, token, { username: other.username?.toUpperCase() })
    expect(taken).toMatchObject({ status: 409, body: { code: 'users.username_taken' } })
    expect(await accountsOf(email)).toEqual([])
    expect((await accept(server, token)).status).toBe(201)
  })
})

describe('the account of the address', () => {
  test('must be signed in, gets the role, and keeps its password and its other roles', async () => {
    const owner = await givenMember(server, { name: 'Ada' })
    const { token, id } = await givenInvitation(server, admin, {
      email: owner.email,
      role: 'editor',
      name: 'Somebody',
    })
    const stranger = await accept(server, token, { password: 'the password of a stranger' })
    expect(stranger).toMatchObject({ status: 409, body: { code: 'invitations.account_exists' } })
    const elsewhere = await givenBrowser(server, owner.email)
    const browser = await givenBrowser(server, owner.email)
    const reply = await browser.post(`${url}/accept`, {
      token,
      name: 'X',
      password: 'new password x',
    })
    expect(reply).toMatchObject({
      status: 200,
      body: { data: { status: 'joined', role: 'editor' } },
    })
    const old = browserWith(server, browser.cookie, browser.csrfToken)
    expect((await old.get(me)).status).toBe(401)
    expect((await browser.get(me)).body.data).toMatchObject({
      name: 'Ada',
      roles: ['editor', 'member'],
    })
    expect((await elsewhere.get(me)).status).toBe(401)
    expect((await signIn(server, owner.email)).status).toBe(200)
    expect((await browser.post(`${url}/accept`, { token })).body.code).toBe(
      'invitations.invalid_token',
    )
    expect((await factsOf(server, id)).at(-1)).toMatchObject({
      name: 'invitation_accepted',
      data: { account: 'existing', invitedBy: admin.userId },
    })
    const [grant] = await query<{ granted_by: string }>(
      server,
      `select granted_by from access_grants where role = 'editor' and user_id = (select id from users_users where email = $1)`,
      [owner.email],
    )
    expect(grant?.granted_by).toBe(admin.userId)
  })

  test('is not replaced by whoever else is signed in: they are refused, and it waits on', async () => {
    const other = await server.as('member')
    const owner = await givenMember(server)
    for (const email of [owner.email, newEmail()]) {
      const { token, id } = await givenInvitation(server, admin, { email })
      const reply = await other.post(`${url}/accept`, { token, password: goodPassword })
      expect(reply).toMatchObject({ status: 409, body: { code: 'invitations.other_account' } })
      expect((await factsOf(server, id)).at(-1)).toEqual({
        name: 'acceptance_refused',
        outcome: 'refused',
        data: { reason: 'other_account' },
      })
      expect((await lookUp(server, token)).status).toBe(200)
    }
    expect(await rolesOf(server.ctx(), other.user.id)).toEqual(['member'])
  })

  test('does not get it by one of its API keys', async () => {
    const owner = await server.as('member')
    const made = await owner.post(`${api}/auth/api-keys`, {
      name: 'mine',
      scopes: ['users.read_self'],
    })
    const { token } = await givenInvitation(server, admin, { email: owner.email })
    const reply = await bearerOf(server, String(made.body.data.key)).post(`${url}/accept`, {
      token,
    })
    expect(reply).toMatchObject({ status: 403, body: { code: 'access.session_required' } })
    expect(await rolesOf(server.ctx(), owner.user.id)).toEqual(['member'])
  })

  test.each(['suspended', 'deleted'])(
    'that is %s gets nothing, and nobody is told why',
    async (status) => {
      const owner = await givenMember(server)
      const { token } = await givenInvitation(server, admin, { email: owner.email })
      await setStatus((await accountsOf(owner.email))[0]?.id ?? null, status)
      expect(await accept(server, token)).toMatchObject(isDead)
      expect(await lookUp(server, token)).toMatchObject(isDead)
    },
  )
})

describe('a sign-up that nobody has proven', () => {
  test('gives way: password, names and mails of whoever made it are worth nothing', async () => {
    const squatter = await givenRegistration(server, {
      password: 'the password of a squatter',
      name: 'Squatter',
      username: 'squat.ter',
    })
    const { token, email } = await givenInvitation(server, admin, { email: squatter.email })
    const reply = await accept(server, token, { name: 'Grace', username: 'grace.second' })
    expect(reply.status).toBe(201)
    expect(reply.body.data.user).toMatchObject({ name: 'Grace', username: 'grace.second' })
    const late = await server.anonymous.post(`${api}/auth/verify-email`, { token: squatter.token })
    expect(late.status).toBe(400)
    const byCode = { email, code: squatter.code }
    expect((await server.anonymous.post(`${api}/auth/verify-email`, byCode)).status).toBe(400)
    expect((await signIn(server, email, { password: squatter.password })).status).toBe(401)
    expect((await signIn(server, email)).status).toBe(200)
    expect(await accountsOf(email)).toHaveLength(1)
  })

  test('keeps no session and no key, if it ever had any, and cannot accept for itself', async () => {
    const squatter = await server.as('member')
    const made = await squatter.post(`${api}/auth/api-keys`, { name: 'a way back' })
    const key = bearerOf(server, String(made.body.data.key))
    await query(server, 'update users_users set email_verified_at = null where id = $1', [
      squatter.userId,
    ])
    const { token, email } = await givenInvitation(server, admin, { email: squatter.email })
    expect((await squatter.post(`${url}/accept`, { token })).body.code).toBe(
      'invitations.other_account',
    )
    const reply = await accept(server, token, { password: 'the password of the mailbox' })
    expect(reply.status).toBe(201)
    expect((await squatter.get(me)).status).toBe(401)
    expect((await key.get(me)).status).toBe(401)
    expect((await signIn(server, email)).status).toBe(401)
    const { refreshToken } = squatter
    const refreshed = await server.anonymous.post(`${api}/auth/refresh`, { refreshToken })
    expect(refreshed.status).toBe(401)
    expect((await bearerOf(server, String(reply.body.data.accessToken)).get(me)).status).toBe(200)
  })
})

describe('an inviter', () => {
  const invitedBySomebody = async (role = 'admin') => {
    const inviter = await givenInviter(server, role)
    return { inviter, ...(await givenInvitation(server, inviter)) }
  }
  const losing: Record<string, (inviter: Inviter) => Promise<unknown>> = {
    'was demoted': ({ userId }) =>
      query(server, `update access_grants set role = 'member' where user_id = $1`, [userId]),
    'may invite no more, though the role is below theirs': ({ userId }) =>
      query(server, `update access_grants set role = 'support' where user_id = $1`, [userId]),
    'has no role at all': ({ userId }) =>
      query(server, 'delete from access_grants where user_id = $1', [userId]),
    'is suspended': ({ userId }) => setStatus(userId, 'suspended'),
    'is deleted': ({ userId }) => setStatus(userId, 'deleted'),
  }

  test.each(Object.entries(losing))('who %s leaves dead invitations', async (_name, lose) => {
    const { inviter, token, id, email } = await invitedBySomebody()
    await lose(inviter)
    expect(await accept(server, token)).toMatchObject(isDead)
    expect(await lookUp(server, token)).toMatchObject(isDead)
    expect((await factsOf(server, id)).slice(1)).toContainEqual({
      name: 'acceptance_refused',
      outcome: 'refused',
      data: { reason: 'not_backed' },
    })
    expect(await accountsOf(email)).toEqual([])
  })

  test('who is suspended before the mail goes out sends none', async () => {
    const inviter = await givenInviter(server, 'admin')
    const email = newEmail()
    await inviter.post(url, { email, role: 'member' })
    await setStatus(inviter.userId, 'suspended')
    await deliverMails(server)
    expect(await server.mails(email)).toEqual([])
  })
})

describe('the second factor', () => {
  test('is not passed by an invitation: no session, whatever password comes along', async () => {
    const owner = await givenEnrolled(server)
    const { token } = await givenInvitation(server, admin, { email: owner.email })
    for (const mode of ['cookie', 'token']) {
      const reply = await accept(server, token, { mode })
      expect(reply.body.code).toBe('invitations.account_exists')
      expect(reply.headers['set-cookie']).toBeUndefined()
    }
    expect((await owner.post(`${url}/accept`, { token })).status).toBe(200)
  })

  test('is due for whoever is invited to a role that needs one, before they invite anybody', async () => {
    const strict: Server = await startServer({ environment: { MFA_REQUIRED_ROLES: 'admin' } })
    const { token } = await givenInvitation(strict, await givenInviter(strict, 'super_admin'), {
      role: 'admin',
    })
    const reply = await accept(strict, token)
    const fresh = {
      ...bearerOf(strict, String(reply.body.data.accessToken)),
      userId: String(reply.body.data.user.id),
    }
    const body = { email: newEmail(), role: 'member' }
    expect((await fresh.post(url, body)).body.code).toBe('access.forbidden')
    const { secret } = await enrol(strict, fresh)
    const code = { 'x-admin-mfa-code': codeOf(secret) }
    expect((await fresh.post(url, body, code)).status).toBe(201)
  })
})

test('attempts are counted by how they ended', async () => {
  const counted = async () => {
    const { body } = await server.metrics.render()
    const valueOf = (status: string) =>
      Number(
        new RegExp(`auth_attempts_total\\{status="${status}",type="invitation"\\} (\\d+)`).exec(
          body,
        )?.[1] ?? 0,
      )
    return [valueOf('success'), valueOf('failure')]
  }
  const [good = 0, bad = 0] = await counted()
  const { token } = await givenInvitation(server, admin)
  await accept(server, token)
  await accept(server, token)
  expect(await counted()).toEqual([good + 1, bad + 1])
})

test('dead tokens look alike: forged, of another purpose, used, revoked, replaced, expired, no longer backed', async () => {
  const used = await givenInvitation(server, admin)
  await accept(server, used.token)
  const revoked = await givenInvitation(server, admin)
  await admin.delete(`${url}/${revoked.id}`)
  const replaced = await givenInvitation(server, admin)
  await givenInvitation(server, admin, { email: replaced.email })
  const expired = await givenInvitation(server, admin)
  await query(server, 'update invitations_invitations set expires_at = now() where id = $1', [
    expired.id,
  ])
  const former = await givenInviter(server, 'admin')
  const unbacked = await givenInvitation(server, former)
  await setStatus(former.userId, 'suspended')
  const signUp = await givenRegistration(server)
  const good = await givenInvitation(server, admin)
  const [row = '', seal = ''] = good.token.split('.')
  const tokens = [
    used.token,
    revoked.token,
    replaced.token,
    expired.token,
    unbacked.token,
    signUp.token,
    admin.accessToken,
    admin.refreshToken,
    '',
    'x',
    row,
    `${row}.`,
    `.${seal}`,
    `${row}.${seal.slice(0, -2)}AA`,
    `${used.token.split('.')[0]}.${seal}`,
  ]
  const shown = new Set<string>()
  for (const token of tokens.filter((each) => each.length <= 200)) {
    shown.add(JSON.stringify(visiblePartsOf(await accept(server, token))))
    const looked = await lookUp(server, token)
    expect(looked).toMatchObject(isDead)
  }
  expect([...shown].map((each) => JSON.parse(each) as object)).toMatchObject([isDead])
  // Its seal is worth the 112 bits asked for, and it is no key to any other door.
  expect(Buffer.from(seal, 'base64url')).toHaveLength(32)
  for (const [path, body] of [
    ['auth/verify-email', { token: good.token }],
    ['auth/reset-password', { token: good.token, password: goodPassword }],
    ['auth/refresh', { refreshToken: good.token }],
    ['admin/setup', { token: good.token, email: newEmail(), password: goodPassword }],
  ] as const)
    expect((await server.anonymous.post(`${api}/${path}`, body)).status).toBeGreaterThanOrEqual(400)
  expect((await bearerOf(server, good.token).get(me)).status).toBe(401)
  expect((await accept(server, good.token)).status).toBe(201)
})

test('looking up tells the role, who invites and the beginning of the address; the same with an account and without', async () => {
  const member = await givenMember(server)
  await admin.patch(me, { name: 'Grace Hopper' })
  const known = await givenInvitation(server, admin, { email: member.email, name: 'Ada' })
  const fresh = await givenInvitation(server, admin, { name: 'Ada' })
  const replies = [await lookUp(server, known.token), await lookUp(server, fresh.token)]
  for (const [index, { email }] of [known, fresh].entries())
    expect(replies[index]?.body.data).toEqual({
      email: `${email.slice(0, 1)}…@example.com`,
      role: 'employee',
      name: 'Ada',
      inviter: 'Grace Hopper',
      expiresAt: expect.any(String),
    })
  // Asked as often as one likes: it consumes nothing.
  expect((await accept(server, fresh.token)).status).toBe(201)
})

test('no token is stored, and none is in a fact or a job', async () => {
  const { token } = await givenInvitation(server, admin)
  await lookUp(server, token)
  const tables = await query<{ name: string }>(
    server,
    `select format('%I', tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'platform_captured_mails'`,
  )
  const rows = []
  for (const { name } of tables)
    rows.push(...(await query<{ row: string }>(server, `select t::text as row from ${name} t`)))
  const seal = token.split('.')[1] ?? ''
  const stored = rows.map(({ row }) => row).join('\n')
  expect(stored).not.toContain(seal)
  expect(stored).not.toContain(Buffer.from(seal, 'base64url').toString('hex'))
})

test('limits hold per client and per invitation', async () => {
  const limited: Server = await startServer({
    environment: { RATE_LIMIT_ENABLED: 'true', AUTH_RATE_LIMIT_REQUESTS: '2' },
  })
  const inviter = await givenInviter(limited, 'admin')
  const { token } = await givenInvitation(limited, inviter)
  const weak = () => accept(limited, token, { password: 'password123' })
  expect(tally([await weak(), await weak(), await weak()])).toEqual({ 422: 2, 429: 1 })
  const looks = await together(10, () => lookUp(limited, token))
  expect(tally(looks)).toEqual({ 200: 6, 429: 4 })
  const keys = await query<{ row: string }>(
    limited,
    'select t::text as row from platform_rate_limit_logs t',
  )
  expect(keys.map(({ row }) => row).join()).not.toContain(token.split('.')[1])
})

test('nothing here failed on our side', () => {
  expect(server.failures).toEqual([])
})
