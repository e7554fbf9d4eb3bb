/** Inviting: who may give which role, one open invitation per address, few mails, and links that only lead home. */
import { beforeAll, describe, expect, test } from 'vitest'
import { permissions } from '../../app/rooms.ts'
import { goodPassword, startServer } from '../../app/testing.ts'
import { builtInRoles } from '../access/index.ts'
import {
  type Server,
  api,
  bearerOf,
  crowd,
  deliverMails,
  newEmail,
  query,
  rounds,
  tally,
  together,
} from '../auth/testing.ts'
import { forgetInvitations } from './jobs.ts'
import { codeOf, givenEnrolled } from '../twofa/testing.ts'
import {
  type Inviter,
  accept,
  factsOf,
  findTokens,
  givenInvitation,
  lookUp,
  url,
  givenInviter,
} from './testing.ts'

const server: Server = await startServer()
const admin = await givenInviter(server, 'admin')
const boss = await givenInviter(server, 'super_admin')
const nobody = '01890000-0000-7000-8000-000000000000'

const setRole = async (person: Inviter, role: string) => {
  await query(server, 'delete from access_grants where user_id = $1', [person.userId])
  await query(server, 'insert into access_grants (user_id, role) values ($1, $2)', [
    person.userId,
    role,
  ])
  await server.ctx().tx((tx) => tx.invalidate(`user:${String(person.userId)}`))
}

describe('inviting', () => {
  test('answers the invitation without its token, states it, and mails one link', async () => {
    const given = { email: newEmail(), role: 'support', name: 'Grace', message: 'See you Monday' }
    const reply = await admin.post(url, given)
    expect(reply.status).toBe(201)
    const { id } = reply.body.data
    expect(reply.body.data).toEqual({
      ...given,
      id,
      status: 'pending',
      invitedBy: admin.userId,
      sentAt: expect.any(String),
      expiresAt: expect.any(String),
      endedAt: null,
      acceptedBy: null,
      createdAt: expect.any(String),
    })
    const days = (Date.parse(reply.body.data.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(6.9)
    expect(days).toBeLessThanOrEqual(7)
    expect(await factsOf(server, id)).toEqual([
      { name: 'invited', outcome: 'succeeded', data: { role: 'support' } },
    ])
    expect(await findTokens(server, given.email)).toHaveLength(1)
    const [mail] = await server.mails(given.email)
    expect(mail?.text).toContain('See you Monday')
    expect(mail?.text).toContain('7 days')
    expect(JSON.stringify(await server.facts())).not.toContain(given.email)
  })

  test('repeated under one Idempotency-Key is done once and answered alike', async () => {
    const body = { email: newEmail(), role: 'member' }
    const headers = { 'idempotency-key': body.email }
    const first = await admin.post(url, body, headers)
    const again = await admin.post(url, body, headers)
    expect(again).toMatchObject({ status: 201, text: first.text })
    expect(await findTokens(server, body.email)).toHaveLength(1)
  })

  test('is for those who may: a stranger 401, a member 403, a key that holds no session 403', async () => {
    const member = await server.as('member')
    const body = { email: newEmail(), role: 'member' }
    expect((await server.anonymous.post(url, body)).status).toBe(401)
    expect((await member.post(url, body)).body.code).toBe('access.forbidden')
    const made = await admin.post(`${api}/auth/api-keys`, { name: 'mine' })
    const key = bearerOf(server, String(made.body.data.key))
    expect((await key.post(url, body)).body.code).toBe('access.session_required')
    expect((await key.get(url)).status).toBe(200)
    for (const client of [server.anonymous, member])
      for (const reply of [
        await client.get(url),
        await client.get(`${url}/${nobody}`),
        await client.post(`${url}/${nobody}/resend`),
        await client.delete(`${url}/${nobody}`),
      ])
        expect([401, 403]).toContain(reply.status)
    expect(await findTokens(server, body.email)).toEqual([])
  })

  test('wants an authenticator, as giving a role does: of who has none, and of who has shown no code', async () => {
    const bare = await server.as('admin')
    const { id } = await givenInvitation(server, admin)
    const body = { email: newEmail(), role: 'admin' }
    const equipped = await givenEnrolled(server, 'admin')
    for (const [by, hasAuthenticator] of [
      [bare, false],
      [equipped, true],
    ] as const)
      for (const reply of [await by.post(url, body), await by.post(`${url}/${id}/resend`)])
        expect(reply).toMatchObject({
          status: 403,
          body: { code: 'admin.mfa_required', hasAuthenticator },
        })
    expect(await findTokens(server, body.email)).toEqual([])
    // Looking, and taking back, ask for none.
    expect((await bare.get(url)).status).toBe(200)
    expect((await bare.delete(`${url}/${id}`)).status).toBe(204)
    const code = { 'x-admin-mfa-code': codeOf(equipped.secret) }
    expect((await equipped.post(url, body, code)).status).toBe(201)
  })

  test('wants a factor shown lately, as every grant of a role does', async () => {
    const late = await givenInviter(server, 'admin')
    const { id } = await givenInvitation(server, late)
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
      [late.userId],
    )
    await server.ctx().tx((tx) => tx.invalidate(`user:${String(late.userId)}`))
    const body = { email: newEmail(), role: 'member' }
    for (const reply of [await late.post(url, body), await late.post(`${url}/${id}/resend`)])
      expect(reply).toMatchObject({ status: 403, body: { code: 'access.step_up_required' } })
    await late.post(`${api}/auth/step-up`, { password: goodPassword })
    expect((await late.post(url, body)).status).toBe(201)
  })

  test.each([
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    '"e@evil.example"@example.com',
    'a@example.com\r\nbcc: b@evil.example',
    '<a@example.com>',
    'Ada <a@example.com>',
    'a@example.com b@evil.example',
    'a@@example.com',
    'a＠example.com',
    'a@[127.0.0.1]',
    'nobody',
  ])('to %j is refused, and no mail goes anywhere', async (email) => {
    const before = await server.jobs()
    expect([400, 422]).toContain((await admin.post(url, { email, role: 'member' })).status)
    expect(await server.jobs()).toEqual(before)
  })

  test('to oneself is refused: nobody changes their own roles', async () => {
    const reply = await boss.post(url, { email: boss.email.toUpperCase(), role: 'admin' })
    expect(reply).toMatchObject({ status: 409, body: { code: 'invitations.own_address' } })
  })

  test('takes no status, inviter or expiry from the body', async () => {
    const reply = await admin.post(url, {
      email: newEmail(),
      role: 'member',
      status: 'accepted',
      invitedBy: boss.userId,
      expiresAt: '2099-01-01T00:00:00Z',
    })
    expect(reply.body.data).toMatchObject({ status: 'pending', invitedBy: admin.userId })
    expect(Date.parse(reply.body.data.expiresAt)).toBeLessThan(Date.now() + 8 * 86_400_000)
  })
})

describe('the ceiling', () => {
  const roles = [
    'super_admin',
    'admin',
    'moderator',
    'editor',
    'support',
    'finance',
    'employee',
    'provider',
    'member',
  ] as const
  type Role = (typeof roles)[number]
  const may = (role: Role, permission: string) => {
    const given: readonly string[] = builtInRoles[role].permissions
    return given.includes('*') || given.includes(permission)
  }
  const isWithin = (role: Role, inviter: Role) =>
    ['*', ...Object.keys(permissions)]
      .filter((permission) => may(role, permission))
      .every((permission) => may(inviter, permission))
  const matrix = roles.flatMap((inviter) => roles.map((role) => ({ inviter, role })))
  const inviters = new Map<Role, Inviter>()
  beforeAll(async () => {
    for (const role of roles) inviters.set(role, await givenInviter(server, role))
  })
  const inviterOf = (role: Role) => inviters.get(role) ?? admin
  const allowed = matrix.filter(
    ({ inviter, role }) => may(inviter, 'invitations.manage') && isWithin(role, inviter),
  )

  test('is where it is meant to be: admins give all but everything', () => {
    const givenBy = (wanted: Role) =>
      allowed.filter(({ inviter }) => inviter === wanted).map(({ role }) => role)
    expect(givenBy('super_admin')).toEqual(roles)
    expect(givenBy('admin')).toEqual(roles.filter((role) => role !== 'super_admin'))
    expect(allowed).toHaveLength(roles.length * 2 - 1)
  })

  test.each(allowed)('$inviter invites $role', async ({ inviter, role }) => {
    const reply = await inviterOf(inviter).post(url, { email: newEmail(), role })
    expect(reply).toMatchObject({ status: 201, body: { data: { role } } })
  })

  test.each(matrix.filter((each) => !allowed.includes(each)))(
    '$inviter cannot invite $role: no mail goes out, and the attempt is a fact',
    async ({ inviter, role }) => {
      const email = newEmail()
      const reply = await inviterOf(inviter).post(url, { email, role })
      expect(reply.status).toBe(403)
      expect((await server.facts()).at(-1)).toMatchObject({
        name: may(inviter, 'invitations.manage')
          ? 'invitations.role_refused'
          : 'http.request_refused',
        outcome: 'refused',
        actorId: inviterOf(inviter).userId,
      })
      expect(await findTokens(server, email)).toEqual([])
    },
  )

  test('holds for sending again: nobody raises anybody by repeating what another one wrote', async () => {
    const { id, token, email } = await givenInvitation(server, boss, { role: 'super_admin' })
    const reply = await admin.post(`${url}/${id}/resend`, { role: 'member' })
    expect(reply).toMatchObject({ status: 403, body: { code: 'access.role_above_own' } })
    expect((await factsOf(server, id)).at(-1)).toMatchObject({ name: 'role_refused' })
    expect(await findTokens(server, email)).toEqual([token])
    expect((await lookUp(server, token)).status).toBe(200)
  })

  test('is not passed by words in the body of a resend', async () => {
    const { id } = await givenInvitation(server, admin, { role: 'member' })
    const raised = { role: 'super_admin', email: newEmail() }
    const reply = await admin.post(`${url}/${id}/resend`, raised)
    expect(reply).toMatchObject({ status: 200, body: { data: { role: 'member' } } })
  })

  test.each(['root', 'SUPER_ADMIN', '*', '__proto__', 'constructor'])(
    'a role %j is none',
    async (role) => {
      const reply = await boss.post(url, { email: newEmail(), role })
      expect(reply).toMatchObject({ status: 422, body: { code: 'access.unknown_role' } })
    },
  )

  test('an inviter who lost the right leaves dead invitations; one who has it brings them back', async () => {
    const former = await givenInviter(server, 'super_admin')
    const { id, token, email } = await givenInvitation(server, former, { role: 'super_admin' })
    await setRole(former, 'admin')
    expect((await accept(server, token)).body.code).toBe('invitations.invalid_token')
    expect((await former.post(`${url}/${id}/resend`)).body.code).toBe('access.role_above_own')
    expect((await boss.post(`${url}/${id}/resend`)).body.data.invitedBy).toBe(boss.userId)
    const newest = (await findTokens(server, email)).at(-1) ?? ''
    expect((await accept(server, newest)).status).toBe(201)
  })
})

describe('sending again', () => {
  test('makes a new link, and the older one is dead', async () => {
    const { id, email, token } = await givenInvitation(server, admin)
    const reply = await boss.post(`${url}/${id}/resend`)
    expect(reply).toMatchObject({ status: 200, body: { data: { id, invitedBy: boss.userId } } })
    const tokens = await findTokens(server, email)
    expect(tokens).toHaveLength(2)
    expect((await accept(server, token)).body.code).toBe('invitations.invalid_token')
    expect((await accept(server, tokens[1] ?? '')).status).toBe(201)
    expect((await factsOf(server, id)).map(({ name }) => name)).toEqual([
      'invited',
      'invitation_resent',
      'invitation_accepted',
    ])
  })

  test('brings an expired one back, and nothing that has ended', async () => {
    const late = await givenInvitation(server, admin)
    await query(
      server,
      `update invitations_invitations set expires_at = now() - interval '1 second' where id = $1`,
      [late.id],
    )
    expect((await admin.get(`${url}/${late.id}`)).body.data.status).toBe('expired')
    expect((await accept(server, late.token)).body.code).toBe('invitations.invalid_token')
    expect((await admin.post(`${url}/${late.id}/resend`)).body.data.status).toBe('pending')

    const gone = await givenInvitation(server, admin)
    await admin.delete(`${url}/${gone.id}`)
    const taken = await givenInvitation(server, admin)
    await accept(server, taken.token)
    for (const { id, email } of [gone, taken]) {
      const reply = await admin.post(`${url}/${id}/resend`)
      expect(reply).toMatchObject({ status: 409, body: { code: 'invitations.not_waiting' } })
      expect(await findTokens(server, email)).toHaveLength(1)
    }
    expect((await admin.post(`${url}/${nobody}/resend`)).status).toBe(404)
  })

  test('many at once to one address: five mails an hour, and only the newest link works', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { id, email } = await givenInvitation(server, admin)
      const replies = await together(crowd, (index) =>
        index % 2 === 0
          ? admin.post(`${url}/${id}/resend`)
          : boss.post(url, { email: email.toUpperCase(), role: 'member' }),
      )
      const counts = tally(replies)
      expect((counts[200] ?? 0) + (counts[201] ?? 0)).toBe(4)
      const refusal = replies.find(({ status }) => status === 429)
      expect(refusal?.body.code).toBe('invitations.too_many_mails')
      expect(Number(refusal?.headers['retry-after'])).toBeGreaterThan(3500)
      const tokens = await findTokens(server, email)
      expect(tokens.length).toBeLessThanOrEqual(5)
      // Those of replaced ones were not even sent.
      const open = []
      for (const token of tokens) open.push((await lookUp(server, token)).status)
      expect(open.toSorted((left, right) => left - right)).toEqual([
        200,
        ...open.slice(1).map(() => 400),
      ])
      await query(server, `update invitations_mails set created_at = now() - interval '61 minutes'`)
      expect((await admin.post(url, { email, role: 'member' })).status).toBe(201)
    }
  })
})

describe('one address', () => {
  test('has one invitation that waits: a new one replaces it, whoever made it', async () => {
    const first = await givenInvitation(server, boss, { role: 'support' })
    const second = await givenInvitation(server, admin, { email: first.email })
    expect((await admin.get(`${url}/${first.id}`)).body.data.status).toBe('replaced')
    expect((await accept(server, first.token)).body.code).toBe('invitations.invalid_token')
    expect((await lookUp(server, second.token)).body.data.role).toBe('employee')
    expect((await factsOf(server, first.id)).at(-1)).toEqual({
      name: 'invitation_revoked',
      outcome: 'succeeded',
      data: { reason: 'replaced' },
    })
  })

  test('keeps one that is to a role above: it is neither replaced nor revoked from below', async () => {
    const above = await givenInvitation(server, boss, { role: 'super_admin' })
    const lower = { email: above.email, role: 'member' }
    const refusal = { status: 403, body: { code: 'access.role_above_own' } }
    expect(await admin.post(url, lower)).toMatchObject(refusal)
    expect(await admin.delete(`${url}/${above.id}`)).toMatchObject(refusal)
    expect((await boss.get(`${url}/${above.id}`)).body.data.status).toBe('pending')
    expect((await factsOf(server, above.id)).map(({ name, outcome }) => [name, outcome])).toEqual([
      ['invited', 'succeeded'],
      ['role_refused', 'refused'],
      ['role_refused', 'refused'],
    ])
    expect(await findTokens(server, above.email)).toEqual([above.token])
    expect((await boss.post(url, lower)).status).toBe(201)
    expect((await boss.get(`${url}/${above.id}`)).body.data.status).toBe('replaced')
  })

  test('and one that nobody can accept any more is in nobody’s way', async () => {
    const expired = await givenInvitation(server, boss, { role: 'super_admin' })
    const expire = `update invitations_invitations set expires_at = now() - interval '1 second' where id = $1`
    await query(server, expire, [expired.id])
    expect((await admin.post(url, { email: expired.email, role: 'member' })).status).toBe(201)
    const left = await givenInviter(server, 'super_admin')
    const unbacked = await givenInvitation(server, left, { role: 'super_admin' })
    await setRole(left, 'member')
    expect((await admin.delete(`${url}/${unbacked.id}`)).status).toBe(204)
  })

  test('invited many times at once, has one that waits', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const email = newEmail()
      const replies = await together(crowd, () => admin.post(url, { email, role: 'member' }))
      expect(tally(replies)).toEqual({ 201: 5, 429: crowd - 5 })
      const rows = await query<{ status: string }>(
        server,
        'select status from invitations_invitations where email = $1 order by status',
        [email],
      )
      expect(rows.map(({ status }) => status)).toEqual([
        'pending',
        'replaced',
        'replaced',
        'replaced',
        'replaced',
      ])
    }
  })
})

describe('revoking', () => {
  test('ends it at once, and a second time is told so', async () => {
    const { id, token } = await givenInvitation(server, admin)
    expect((await admin.delete(`${url}/${id}`)).status).toBe(204)
    expect((await accept(server, token)).body.code).toBe('invitations.invalid_token')
    expect((await admin.delete(`${url}/${id}`)).body.code).toBe('invitations.not_waiting')
    expect((await admin.delete(`${url}/${nobody}`)).status).toBe(404)
    expect((await factsOf(server, id)).map(({ name }) => name)).toEqual([
      'invited',
      'invitation_revoked',
    ])
  })

  test('before the mail is sent keeps it from being sent', async () => {
    const email = newEmail()
    const { id } = (await admin.post(url, { email, role: 'member' })).body.data
    await admin.delete(`${url}/${id}`)
    await deliverMails(server)
    expect(await server.mails(email)).toEqual([])
  })

  test('many at once is done and stated once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { id } = await givenInvitation(server, admin)
      const replies = await together(crowd, () => admin.delete(`${url}/${id}`))
      expect(tally(replies)).toEqual({ 204: 1, 409: crowd - 1 })
      expect(
        (await factsOf(server, id)).filter(({ name }) => name === 'invitation_revoked'),
      ).toHaveLength(1)
    }
  })
})

describe('the list', () => {
  test('goes page by page, newest first, by status, and counts', async () => {
    const own: Server = await startServer()
    const inviter = await givenInviter(own, 'admin')
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) ids.unshift((await givenInvitation(own, inviter)).id)
    await inviter.delete(`${url}/${ids[0]}`)
    const read = async (path: string) => (await inviter.get(path)).body
    const first = await read(`${url}?limit=2&total=true`)
    expect(first.meta.total).toBe(5)
    const second = await read(`${url}?limit=2&cursor=${first.meta.nextCursor}`)
    const third = await read(`${url}?limit=2&cursor=${second.meta.nextCursor}`)
    const all = [...first.data, ...second.data, ...third.data].map(({ id }) => id)
    expect(all).toEqual(ids)
    expect(third.meta.nextCursor).toBeNull()
    const pending = await read(`${url}?status=pending&total=true&limit=3`)
    expect(pending.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(1, 4))
    expect(pending.meta.total).toBe(4)
    expect((await read(`${url}?status=revoked`)).data).toHaveLength(1)
    await query(own, `update invitations_invitations set expires_at = now() where id = $1`, [
      ids[1],
    ])
    expect((await read(`${url}?status=expired`)).data).toMatchObject([
      { id: ids[1], status: 'expired' },
    ])
    expect((await read(`${url}?status=pending&total=true`)).meta.total).toBe(3)
    expect((await inviter.get(`${url}?cursor=abc`)).body.code).toBe('http.invalid_cursor')
    expect((await inviter.get(`${url}?status=odd`)).status).toBe(422)
  })
})

test('one user sends so many in an hour and not more, however many addresses', async () => {
  const limited: Server = await startServer({
    location: server.location,
    environment: { RATE_LIMIT_ENABLED: 'true', AUTH_RATE_LIMIT_REQUESTS: '1' },
  })
  // Their authenticator is set up where no limit is so low.
  const { accessToken } = await givenInviter(server)
  const inviter = bearerOf(limited, accessToken)
  const replies = await together(15, () => inviter.post(url, { email: newEmail(), role: 'member' }))
  expect(tally(replies)).toEqual({ 201: 10, 429: 5 })
})

test('what is long over is forgotten, what waits is not', async () => {
  const old = await givenInvitation(server, admin)
  const waiting = await givenInvitation(server, admin)
  await admin.delete(`${url}/${old.id}`)
  await query(
    server,
    `update invitations_invitations set ended_at = now() - interval '91 days' where id = $1`,
    [old.id],
  )
  await forgetInvitations.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)
  expect((await admin.get(`${url}/${old.id}`)).status).toBe(404)
  expect((await lookUp(server, waiting.token)).status).toBe(200)
})
