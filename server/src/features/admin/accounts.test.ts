/** Other people's accounts: found, looked at, suspended, signed out, helped; and by whom. */
import { describe, expect, test } from 'vitest'
import { eventually, goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  cookieLinesOf,
  deliverMails,
  findResetTokens,
  givenBrowser,
  me,
  newEmail,
  query,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from '../auth/testing.ts'
import { enrol, givenEnrolled, holdSignIn } from '../twofa/testing.ts'
import { findRestoreTokens } from '../privacy/testing.ts'
import { resetFactorsByEmail } from './interventions.ts'
import { givenAdmin, usersUrl } from './testing.ts'

const server: Server = await startServer()
/** Another process on the same database. */
const second: Server = await startServer({ location: server.location })
const boss = await givenAdmin(server)
const admin = await givenAdmin(server, 'admin')
const support = await givenAdmin(server, 'support')
const nobody = '01890000-0000-7000-8000-000000000000'
const reason = 'a complaint'

const of = (userId: string | null, what = '') => `${usersUrl}/${userId}${what}`
const suspend = (userId: string | null, body: object = {}, by = admin) =>
  by.post(of(userId, '/suspend'), { reason, ...body })
const factsOf = async (userId: string | null) =>
  (await server.facts()).filter(({ subjectId }) => subjectId === userId)

describe('finding accounts', () => {
  type Row = { id: string; email: string; roles: string[]; status: string }
  const find = async (search: string, by = support): Promise<{ rows: Row[]; total: number }> => {
    const reply = await by.get(`${usersUrl}?${search}`)
    if (reply.status !== 200) throw new Error(reply.text)
    return { rows: reply.body.data, total: reply.body.meta.total }
  }

  test('by the start of an address or name, by id, status, role and proof', async () => {
    const mark = newEmail().split('@')[0] ?? ''
    const ada = await server.as('member', `${mark}@ada.example`)
    await ada.patch(me, { name: `${mark} Ada`, username: `u${mark}` })
    const editor = await server.as('editor', `${mark}@editor.example`)
    for (const search of [mark.toUpperCase(), `${mark}@ada`, `${mark} a`, `u${mark}`, ada.userId])
      expect((await find(`search=${search}`)).rows.map(({ id }) => id)).toContain(ada.userId)
    const both = await find(`search=${mark}`)
    expect(both).toMatchObject({ total: 2, rows: [{ id: editor.userId }, { id: ada.userId }] })
    expect(await find(`search=${mark}&role=editor`)).toMatchObject({
      total: 1,
      rows: [{ id: editor.userId, roles: ['editor'] }],
    })
    expect((await find(`search=${mark}&role=no_such_role`)).total).toBe(0)
    await suspend(editor.userId)
    expect((await find(`search=${mark}&status=suspended`)).rows).toMatchObject([
      { id: editor.userId, status: 'suspended' },
    ])
    expect((await find(`search=${mark}&status=active&verified=true`)).total).toBe(1)
    expect((await find(`search=${mark}&verified=false`)).total).toBe(0)
    for (const search of ['%25', '_', '%5C', 'no such person'])
      expect((await find(`search=${search}`)).total).toBe(0)
  })

  test('page by page, newest first, each once, with the number of all', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `&cursor=${cursor}`
      const reply = await support.get(`${usersUrl}?limit=3${after}`)
      seen.push(...reply.body.data.map(({ id }: Row) => id))
      cursor = reply.body.meta.nextCursor
      expect(reply.body.meta.total).toBeGreaterThanOrEqual(seen.length)
    } while (cursor !== null)
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed())
    expect(seen).toHaveLength((await find('limit=1')).total)
    expect(
      (await support.get(`${usersUrl}?cursor=${Buffer.from('"x"').toString('base64url')}`)).status,
    ).toBe(422)
  })

  test('without people who were erased, and without a secret', async () => {
    const gone = await server.as()
    await query(
      server,
      `update users_users set status = 'deleted', erased_at = now(), email = $2 where id = $1`,
      [gone.userId, `erased-${gone.userId}@erased.invalid`],
    )
    expect((await find(`search=${gone.userId}`)).total).toBe(0)
    expect((await support.get(of(gone.userId))).status).toBe(404)
    const reply = await support.get(`${usersUrl}?limit=100`)
    expect(reply.text).not.toMatch(/hash|secret|websocket/i)
  })

  test('uses an index for each way of asking', async () => {
    await query(
      server,
      `insert into users_users (id, email, name) select ('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'many' || n || '@example.com', 'Many ' || n
       from generate_series(1, 5000) n`,
    )
    await query(server, 'analyze')
    const planOf = async (where: string) =>
      (
        await query<{ 'QUERY PLAN': string }>(
          server,
          `explain select * from users_accounts where ${where} order by id desc limit 21`,
        )
      )
        .map((row) => row['QUERY PLAN'])
        .join(' ')
    expect(await planOf('true')).toContain('users_users_pkey')
    expect(await planOf(`email like 'many4999%'`)).toContain('users_users_email_start')
    expect(
      await planOf(`id in (select user_id from access_holders where role = 'editor')`),
    ).toContain('access_grants')
    const subject = await query<{ 'QUERY PLAN': string }>(
      server,
      `explain select s.id from auth_sessions s join access_subjects u on u.user_id = s.user_id where s.id = $1`,
      [nobody],
    )
    expect(JSON.stringify(subject)).toContain('users_users_pkey')
    await query(server, `delete from users_users where email like 'many%@example.com'`)
  })
})

describe('an account', () => {
  test('is shown with its standing, roles, factors, and what was done to it', async () => {
    const ada = await givenEnrolled(server)
    await suspend(ada.userId)
    const shown = (await support.get(of(ada.userId))).body.data
    expect(shown).toMatchObject({
      id: ada.userId,
      email: ada.email,
      emailVerified: true,
      status: 'suspended',
      suspendedUntil: null,
      roles: ['member'],
      factors: {
        authenticatorSince: expect.any(String),
        backupCodesLeft: 10,
        trustedDevices: 0,
        passkeys: 0,
      },
      sessions: 0,
      interventions: [{ kind: 'suspension', reason, by: admin.userId, liftedAt: null }],
    })
    expect(JSON.stringify(await server.facts())).not.toContain(reason)
  })

  test('is for who may read them: a member is refused, an unknown id is 404', async () => {
    const member = await server.as()
    for (const url of [usersUrl, of(admin.userId)])
      expect((await member.get(url)).body.code).toBe('access.forbidden')
    expect((await support.get(of(nobody))).body.code).toBe('users.user_not_found')
    for (const reply of [
      await suspend(nobody),
      await admin.post(of(nobody, '/unsuspend')),
      await admin.post(of(nobody, '/sign-out')),
      await admin.post(of(nobody, '/reset-factors'), { reason }),
      await admin.put(of(nobody, '/roles/editor')),
      await admin.delete(of(nobody, '/roles/editor')),
    ])
      expect(reply.body.code).toBe('users.user_not_found')
    for (const reply of [
      await suspend(member.userId, {}, support),
      await support.post(of(member.userId, '/sign-out')),
      await support.post(of(member.userId, '/reset-factors'), { reason }),
      await support.put(of(member.userId, '/roles/editor')),
    ])
      expect(reply.body.code).toBe('access.forbidden')
  })
})

describe('who acts on whom', () => {
  test.each([
    ['a peer', 'admin'],
    ['somebody above', 'super_admin'],
  ])('an admin changes nothing about %s', async (_name, role) => {
    const target = await server.as(role)
    const before = (await boss.get(of(target.userId))).body.data
    for (const reply of [
      await suspend(target.userId),
      await admin.post(of(target.userId, '/unsuspend')),
      await admin.post(of(target.userId, '/sign-out')),
      await admin.post(of(target.userId, '/reset-factors'), { reason }),
      await admin.put(of(target.userId, '/roles/editor')),
      await admin.delete(of(target.userId, `/roles/${role}`)),
    ])
      expect(reply).toMatchObject({ status: 403, body: { code: 'admin.account_above' } })
    expect((await boss.get(of(target.userId))).body.data).toEqual(before)
    const refusals = (await factsOf(target.userId)).filter(
      ({ name }) => name === 'admin.intervention_refused',
    )
    expect(refusals).toHaveLength(6)
    expect(refusals[0]).toMatchObject({ outcome: 'refused', actorId: admin.userId })
  })

  test('nobody changes their own account by these doors, a super admin neither', async () => {
    for (const person of [admin, boss])
      for (const reply of [
        await suspend(person.userId, {}, person),
        await person.post(of(person.userId, '/sign-out')),
        await person.post(of(person.userId, '/reset-factors'), { reason }),
        await person.put(of(person.userId, '/roles/editor')),
        await person.delete(of(person.userId, '/roles/super_admin')),
      ])
        expect(reply).toMatchObject({ status: 403, body: { code: 'admin.own_account' } })
  })

  test('a super admin acts on another one', async () => {
    const peer = await server.as('super_admin')
    expect((await suspend(peer.userId, {}, boss)).status).toBe(204)
    expect((await boss.post(of(peer.userId, '/unsuspend'))).status).toBe(204)
    expect((await boss.delete(of(peer.userId, '/roles/super_admin'))).status).toBe(204)
  })
})

describe('a suspension', () => {
  test('ends everything that was signed in, on every process, and mailed links', async () => {
    const ada = await givenEnrolled(server)
    const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'program' })).body.data
    const pendingToken = await holdSignIn(server, ada.email)
    await server.anonymous.post(`${api}/auth/forgot-password`, { email: ada.email })
    const [reset] = await findResetTokens(server, ada.email)
    const credentials = [bearerOf(second, ada.accessToken), bearerOf(second, key)]
    for (const client of credentials) expect((await client.get(me)).status).toBe(200)
    expect((await suspend(ada.userId)).status).toBe(204)
    for (const client of credentials)
      await eventually(async () => (await client.get(me)).status === 401)
    const refresh = { refreshToken: ada.refreshToken }
    expect((await server.anonymous.post(`${api}/auth/refresh`, refresh)).status).toBe(401)
    expect(
      (
        await server.anonymous.post(`${api}/auth/login/verify-2fa`, {
          pendingToken,
          code: '123456',
        })
      ).status,
    ).toBe(401)
    const password = 'an entirely fresh passphrase'
    expect(
      (await server.anonymous.post(`${api}/auth/reset-password`, { token: reset, password }))
        .status,
    ).toBe(400)
    const fact = (await factsOf(ada.userId)).findLast(({ name }) => name === 'admin.user_suspended')
    expect(fact).toMatchObject({
      actorId: admin.userId,
      data: { interventionId: expect.any(String), until: null },
    })
  })

  test('answers a sign-in as a wrong password does', async () => {
    const ada = await server.as()
    await suspend(ada.userId)
    const right = visiblePartsOf(await signIn(server, ada.email))
    const wrong = visiblePartsOf(await signIn(server, ada.email, { password: 'wrong' }))
    expect(right).toEqual(wrong)
    expect(right.status).toBe(401)
  })

  test('is lifted once, and then signing in works', async () => {
    const ada = await server.as()
    await suspend(ada.userId)
    const replies = await together(10, () => admin.post(of(ada.userId, '/unsuspend')))
    expect(tally(replies)).toEqual({ 204: 1, 409: 9 })
    expect((await signIn(server, ada.email)).status).toBe(200)
    const { interventions } = (await support.get(of(ada.userId))).body.data
    expect(interventions).toMatchObject([{ liftedBy: admin.userId, liftedAt: expect.any(String) }])
  })

  test('is made once, when 10 make it at once', async () => {
    const ada = await server.as()
    const replies = await together(10, () => suspend(ada.userId))
    expect(tally(replies)).toEqual({ 204: 1, 409: 9 })
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('admin.already_suspended')
  })

  test('is over when its time is, though nothing ran, and can be made again', async () => {
    const ada = await server.as()
    const until = new Date(Date.now() + 3_600_000).toISOString()
    expect((await suspend(ada.userId, { until })).status).toBe(204)
    expect((await support.get(of(ada.userId))).body.data).toMatchObject({
      status: 'suspended',
      suspendedUntil: until,
    })
    expect((await signIn(server, ada.email)).status).toBe(401)
    await query(
      server,
      `update users_users set suspended_until = now() - interval '1 second' where id = $1`,
      [ada.userId],
    )
    const signedIn = await signIn(server, ada.email)
    expect(signedIn.status).toBe(200)
    const { accessToken } = signedIn.body.data
    expect((await bearerOf(server, accessToken).get(me)).status).toBe(200)
    const { refreshToken } = signedIn.body.data
    const refreshed = await server.anonymous.post(`${api}/auth/refresh`, { refreshToken })
    expect(refreshed.status).toBe(200)
    expect((await support.get(of(ada.userId))).body.data.status).toBe('active')
    expect((await server.anonymous.get(`${api}/users/${ada.userId}`)).status).toBe(404)
    expect((await support.get(`${api}/users/${ada.userId}`)).body.data.account.status).toBe(
      'active',
    )
    expect(
      (await support.get(`${usersUrl}?search=${ada.userId}&status=active`)).body.meta.total,
    ).toBe(1)
    expect((await admin.post(of(ada.userId, '/unsuspend'))).status).toBe(409)
    expect((await suspend(ada.userId)).status).toBe(204)
    expect((await signIn(server, ada.email)).status).toBe(401)
  })

  test('needs a reason, an end that is to come, and an account of which something is left', async () => {
    const ada = await server.as()
    for (const body of [{ reason: '' }, { reason: ' ' }, { until: '2001-01-01T00:00:00Z' }])
      expect((await suspend(ada.userId, body)).status).toBe(422)
    await query(
      server,
      `update users_users set status = 'deleted', erased_at = now() where id = $1`,
      [ada.userId],
    )
    expect((await suspend(ada.userId)).body.code).toBe('admin.account_closed')
  })

  test('keeps an account closed that its owner has closed, until it is over or lifted', async () => {
    const ada = await server.as()
    expect((await ada.delete(me)).status).toBe(202)
    const [token] = await findRestoreTokens(server, ada.email)
    const restore = () => server.anonymous.post(`${api}/users/restore`, { token })
    const asUnknown = (await server.anonymous.post(`${api}/users/restore`, { token: 'x' })).body
    expect((await admin.post(of(ada.userId, '/unsuspend'))).body.code).toBe('admin.not_suspended')
    expect((await suspend(ada.userId)).status).toBe(204)
    expect((await suspend(ada.userId)).body.code).toBe('admin.already_suspended')
    const refusal = await restore()
    expect(refusal.status).toBe(400)
    expect({ ...refusal.body, requestId: null }).toEqual({ ...asUnknown, requestId: null })
    expect((await support.get(of(ada.userId))).body.data).toMatchObject({
      status: 'deleted',
      interventions: [{ kind: 'suspension', reason, liftedAt: null }],
    })
    const sent = (await server.mails(ada.email)).length
    const again = { email: ada.email, password: goodPassword, name: 'Ada' }
    await server.anonymous.post(`${api}/auth/register`, again)
    await deliverMails(server)
    expect(await server.mails(ada.email)).toHaveLength(sent)
    expect((await admin.post(of(ada.userId, '/unsuspend'))).status).toBe(204)
    const until = new Date(Date.now() + 60_000).toISOString()
    expect((await suspend(ada.userId, { until })).status).toBe(204)
    expect((await restore()).status).toBe(400)
    const pass = `update admin_interventions set until = now() - interval '1 second' where user_id = $1 and until is not null`
    await query(server, pass, [ada.userId])
    expect((await restore()).status).toBe(200)
    expect((await signIn(server, ada.email)).status).toBe(200)
  })

  test('ends a browser’s session as well', async () => {
    const ada = await server.as()
    const browser = await givenBrowser(server, ada.email)
    await suspend(ada.userId)
    expect((await browser.get(me)).status).toBe(401)
  })
})

describe('signing somebody out', () => {
  test('ends their sessions everywhere, and leaves their keys and their password', async () => {
    const ada = await server.as()
    const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'program' })).body.data
    const reply = await admin.post(of(ada.userId, '/sign-out'))
    expect(reply.body.data).toEqual({ sessionsEnded: 1 })
    expect((await ada.get(me)).status).toBe(401)
    expect((await bearerOf(server, key).get(me)).status).toBe(200)
    expect((await signIn(server, ada.email)).status).toBe(200)
  })
})

describe('resetting factors', () => {
  test('takes the authenticator away and signs out; the password is what lets them in', async () => {
    const ada = await givenEnrolled(server)
    expect((await signIn(server, ada.email)).body.data.twoFactorRequired).toBe(true)
    const reply = await admin.post(of(ada.userId, '/reset-factors'), { reason: 'lost the phone' })
    expect(reply.body).toEqual({ data: { hadAuthenticator: true, passkeys: 0 } })
    expect(cookieLinesOf(reply).size).toBe(0)
    expect((await ada.get(me)).status).toBe(401)
    expect((await signIn(server, ada.email, { password: 'wrong' })).status).toBe(401)
    const signedIn = await signIn(server, ada.email)
    expect(signedIn.body.data.accessToken).toEqual(expect.any(String))
    const rows = await query(
      server,
      `select 1 from twofa_factors where user_id = $1 union all
       select 1 from twofa_trusted_devices where user_id = $1 union all
       select 1 from twofa_backup_codes b join twofa_factors f on f.id = b.factor_id where f.user_id = $1`,
      [ada.userId],
    )
    expect(rows).toEqual([])
    await deliverMails(server)
    const mail = (await server.mails(ada.email)).at(-1)
    expect(mail?.subject).toContain('was reset')
    const { interventions } = (await support.get(of(ada.userId))).body.data
    expect(interventions).toMatchObject([{ kind: 'factor_reset', reason: 'lost the phone' }])
    const fact = (await factsOf(ada.userId)).find(({ name }) => name === 'admin.factors_reset')
    expect(fact).toMatchObject({ actorId: admin.userId, data: { hadAuthenticator: true } })
    await enrol(server, bearerOf2(signedIn.body.data.accessToken, ada.userId))
  })

  test('works from a shell on the machine, whoever it is, and only when it is meant', async () => {
    const ada = await givenEnrolled(server, 'super_admin')
    const given = { email: ada.email.toUpperCase(), reason: 'lost the phone' }
    const found = { hadAuthenticator: true, passkeys: 0 }
    expect(await resetFactorsByEmail(server.ctx(), { ...given, isDryRun: true })).toEqual(found)
    expect((await ada.get(me)).status).toBe(200)
    expect(await resetFactorsByEmail(server.ctx(), { ...given, isDryRun: false })).toEqual(found)
    expect((await ada.get(me)).status).toBe(401)
    const unknown = { ...given, email: newEmail(), isDryRun: true }
    await expect(resetFactorsByEmail(server.ctx(), unknown)).rejects.toMatchObject({ status: 404 })
  })

  test('takes passkeys as well, forgives wrong codes, and needs a reason', async () => {
    const ada = await server.as()
    await query(
      server,
      `insert into auth_passkeys (id, user_id, credential_id, public_key, counter, transports, aaguid,
         is_backup_eligible, is_backed_up, name)
       values (gen_random_uuid(), $1, '\\x01', '\\x02', 0, '{}', gen_random_uuid(), false, false, 'phone')`,
      [ada.userId],
    )
    await query(
      server,
      'insert into twofa_wrong_codes (id, user_id) values (gen_random_uuid(), $1)',
      [ada.userId],
    )
    expect((await admin.post(of(ada.userId, '/reset-factors'), {})).status).toBe(422)
    const reply = await admin.post(of(ada.userId, '/reset-factors'), { reason })
    expect(reply.body.data).toEqual({ hadAuthenticator: false, passkeys: 1 })
    const left = await query(
      server,
      `select 1 from auth_passkeys where user_id = $1 union all select 1 from twofa_wrong_codes where user_id = $1`,
      [ada.userId],
    )
    expect(left).toEqual([])
  })

  test('of an account that has none is refused: its owner gets no mail for nothing', async () => {
    const ada = await server.as()
    const reply = await admin.post(of(ada.userId, '/reset-factors'), { reason })
    expect(reply).toMatchObject({ status: 409, body: { code: 'admin.no_factors' } })
    const given = { email: ada.email, reason, isDryRun: false }
    await expect(resetFactorsByEmail(server.ctx(), given)).rejects.toMatchObject({ status: 409 })
    await deliverMails(server)
    const subjects = (await server.mails(ada.email)).map(({ subject }) => subject)
    expect(subjects.filter((subject) => subject.includes('was reset'))).toEqual([])
    expect((await factsOf(ada.userId)).map(({ name }) => name)).not.toContain('admin.factors_reset')
    expect((await ada.get(me)).status).toBe(200)
  })

  const bearerOf2 = (token: string, userId: string | null) => ({
    ...bearerOf(server, token),
    userId,
  })
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
