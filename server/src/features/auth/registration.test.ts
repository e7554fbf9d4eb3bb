/** Signing up: one account per address, whoever asks, and no way to learn who has one already. */
import { describe, expect, test } from 'vitest'
import { eventually, goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  browserWith,
  cookieLinesOf,
  cookieOf,
  crowd,
  findProofs,
  givenMember,
  givenRegistration,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from './testing.ts'

const server: Server = await startServer()
const url = `${api}/auth/register`
const register = (body: object, headers = {}) => server.anonymous.post(url, body, headers)
const verify = (body: object) => server.anonymous.post(`${api}/auth/verify-email`, body)
const accountsOf = (email: string) =>
  query<{ id: string }>(server, 'select id from users_users where email = $1', [email])

test('a new address is answered 202, gets one mail, and no way in before it is proven', async () => {
  const email = newEmail()
  const reply = await register({ email, password: goodPassword, name: 'Ada', username: 'ada.l' })
  expect(reply).toMatchObject({ status: 202, body: { data: { status: 'verification_required' } } })
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect(await findProofs(server, email)).toHaveLength(1)
  expect((await signIn(server, email)).status).toBe(401)
  const facts = (await server.facts()).map(({ name }) => name)
  expect(facts).toEqual([
    'users.user_registered',
    'access.role_granted',
    'mail.sent',
    'auth.sign_in_failed',
  ])
})

test('the mail comes by the worker, and its link leads to the configured address, whatever Host says', async () => {
  const running: Server = await startServer({ hasJobs: true })
  const email = newEmail()
  const lies = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
  await running.anonymous.post(url, { email, password: goodPassword }, lies)
  const mail = await eventually(async () => (await running.mails(email))[0])
  expect(mail.text).toContain(`${running.settings.publicUrl}/verify-email#token=`)
  expect(`${mail.text}${mail.html}`).not.toContain('evil.example')
})

describe('a taken address', () => {
  test('is answered like a new one, in every part that a caller can see', async () => {
    const owner = await givenMember(server)
    const pending = await givenRegistration(server)
    const fresh = await register({ email: newEmail(), password: goodPassword })
    const taken = await register({ email: owner.email, password: 'another long password' })
    const waiting = await register({ email: pending.email, password: 'another long password' })
    expect(visiblePartsOf(taken)).toEqual(visiblePartsOf(fresh))
    expect(visiblePartsOf(waiting)).toEqual(visiblePartsOf(fresh))
  })

  test('tells its owner by mail, who keeps their password; the stranger gets nothing', async () => {
    const owner = await givenMember(server)
    await register({ email: owner.email.toUpperCase(), password: 'the password of a stranger' })
    await findProofs(server, owner.email)
    const mails = await server.mails(owner.email)
    expect(mails.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Confirm'),
      expect.stringMatching(/already/i),
    ])
    expect(mails[1]?.text).not.toMatch(/token=|\b\d{6}\b/)
    expect((await signIn(server, owner.email)).status).toBe(200)
    const password = 'the password of a stranger'
    expect((await signIn(server, owner.email, { password })).status).toBe(401)
    expect(await accountsOf(owner.email)).toHaveLength(1)
  })

  test('does not flood its owner: 20 sign-ups make one mail', async () => {
    const owner = await givenMember(server)
    await together(20, () => register({ email: owner.email, password: goodPassword }))
    const keys = await query<{ key: string }>(
      server,
      `select distinct key from platform_job_outbox where name = 'auth.send_already_registered' and payload->>'userId' = $1`,
      [(await accountsOf(owner.email))[0]?.id],
    )
    // The relay makes one job of all that share a key.
    expect(keys).toEqual([{ key: expect.any(String) }])
  })

  test('answers alike about usernames too: a taken one is 409 for it and for a new address', async () => {
    const owner = await givenMember(server, { username: 'owner.of.this' })
    const fresh = await register({
      email: newEmail(),
      password: goodPassword,
      username: 'Owner.Of.This',
    })
    const taken = await register({
      email: owner.email,
      password: goodPassword,
      username: 'Owner.Of.This',
    })
    expect(fresh).toMatchObject({ status: 409, body: { code: 'users.username_taken' } })
    expect(visiblePartsOf(taken)).toEqual(visiblePartsOf(fresh))
  })
})

test('one username wanted by many at once is given once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const replies = await together(crowd, (index) =>
      register({
        email: newEmail(),
        password: goodPassword,
        username: `${index % 2 ? 'Once' : 'once'}-${round}`,
      }),
    )
    expect(tally(replies)).toEqual({ 202: 1, 409: crowd - 1 })
  }
})

test.each([
  'ada@example.com,eve@example.com',
  '"eve@example.com"@example.com',
  'ada@example.com\r\nBcc: eve@example.com',
  '<ada@example.com>',
  'Ada <ada@example.com>',
  'ada＠example.com',
  'ａda@example.com',
  'ada\u200b@example.com',
])('the address %j is refused and nothing is mailed', async (email) => {
  const before = await server.jobs()
  expect(await register({ email, password: goodPassword })).toMatchObject({
    status: 422,
    body: { code: 'users.invalid_email' },
  })
  expect(await server.jobs()).toEqual(before)
})

describe('an address registered by somebody else first', () => {
  const stranger = 'the password of a stranger'

  test('belongs to whoever answers the newest mail, with the password of that sign-up', async () => {
    const email = newEmail()
    await givenRegistration(server, { email, password: stranger })
    const owner = await givenRegistration(server, { email })
    const [first] = await findProofs(server, email)
    expect((await verify({ token: first?.token })).status).toBe(400)
    expect((await verify({ token: owner.token })).status).toBe(200)
    expect((await signIn(server, email, { password: stranger })).status).toBe(401)
    expect((await signIn(server, email)).status).toBe(200)
  })

  test('keeps the password it was proven with, though sign-ups for it raced with the proof', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { email, token } = await givenRegistration(server)
      const [proven] = await Promise.all([
        verify({ token }),
        together(crowd - 1, () => register({ email, password: stranger })),
      ])
      const answer = await signIn(server, email)
      expect(answer.status).toBe(proven.status === 200 ? 200 : 401)
      if (proven.status !== 200) continue
      for (const proof of await findProofs(server, email)) await verify({ token: proof.token })
      expect((await signIn(server, email, { password: stranger })).status).toBe(401)
      expect((await signIn(server, email)).status).toBe(200)
    }
  })
})

test('fields that a sign-up does not have are ignored: no role, no verified address', async () => {
  const email = newEmail()
  const wishes = {
    id: '00000000-0000-4000-8000-000000000000',
    role: 'super_admin',
    roles: ['super_admin'],
    isAdmin: true,
    emailVerified: true,
    emailVerifiedAt: '2020-01-01T00:00:00Z',
    status: 'active',
    isVerified: true,
  }
  expect((await register({ email, password: goodPassword, ...wishes })).status).toBe(202)
  expect(
    await query(
      server,
      `select u.email_verified_at, array(select role from access_grants where user_id = u.id) as roles
       from users_users u where email = $1 and id <> $2`,
      [email, wishes.id],
    ),
  ).toEqual([{ email_verified_at: null, roles: ['member'] }])
})

test('an Idempotency-Key leaves no trace of the password behind', async () => {
  const email = newEmail()
  const headers = { 'idempotency-key': 'sign-up-1' }
  expect((await register({ email, password: goodPassword }, headers)).status).toBe(202)
  // A fingerprint of the body would be a fast hash of the password.
  expect(await query(server, 'select * from platform_idempotency_keys')).toEqual([])
})

test.each([
  { password: goodPassword },
  { email: 'ada@example.com' },
  { email: ['ada@example.com'], password: goodPassword },
  { email: { address: 'ada@example.com' }, password: goodPassword },
  { email: 'ada@example.com', password: 123456789012 },
  { email: 'ada@example.com', password: goodPassword, username: 'a b' },
  { email: 'ada@example.com', password: goodPassword, username: 'ada@example.com' },
  { email: 'ada@example.com', password: goodPassword, name: '' },
  { email: 'ada@example.com', password: goodPassword, name: 'a'.repeat(101) },
])('%j is not a sign-up', async (body) => {
  expect((await register(body)).status).toBe(422)
})

test('sign-ups for one address are limited, wherever they come from, and for unknown ones alike', async () => {
  const limited: Server = await startServer({
    environment: {
      RATE_LIMIT_ENABLED: 'true',
      AUTH_RATE_LIMIT_REQUESTS: '5',
      RATE_LIMIT_REQUESTS: '1000',
      TRUSTED_PROXIES: '127.0.0.1',
    },
  })
  const email = newEmail()
  const replies = await together(12, (index) =>
    limited.anonymous.post(
      url,
      { email, password: goodPassword },
      { 'x-forwarded-for': `192.0.2.${index + 1}` },
    ),
  )
  expect(tally(replies)).toEqual({ 202: 5, 429: 7 })
  expect(replies.find(({ status }) => status === 429)?.headers['retry-after']).toBeDefined()
  // Signing up for an address must not lock its owner out of signing in.
  const attempt = { email, password: goodPassword }
  const signedIn = await limited.anonymous.post(`${api}/auth/login`, attempt, {
    'x-forwarded-for': '192.0.2.99',
  })
  expect(signedIn.status).toBe(401)
})

describe('the other modes', () => {
  test('instant: a session at once, a taken address is refused, and no secret is kept in clear', async () => {
    const instant: Server = await startServer({ environment: { REGISTRATION_MODE: 'instant' } })
    const body = { email: newEmail(), password: goodPassword, name: 'Ada' }
    const reply = await instant.anonymous.post(url, body, { 'idempotency-key': 'once' })
    expect(reply).toMatchObject({
      status: 201,
      body: { data: { user: { email: body.email, name: 'Ada', roles: ['member'] } } },
    })
    expect(Object.keys(reply.body.data)).toEqual(['user', 'csrfToken'])
    const browser = browserWith(instant, cookieOf(reply), reply.body.data.csrfToken)
    expect((await browser.get(me)).status).toBe(200)
    expect((await browser.patch(me, { name: 'Ada L.' })).status).toBe(200)
    expect(await query(instant, 'select * from platform_idempotency_keys')).toEqual([])

    const again = await instant.anonymous.post(url, { ...body, password: 'something else 123' })
    expect(again).toMatchObject({ status: 409, body: { code: 'auth.email_taken' } })
    expect(again.headers['set-cookie']).toBeUndefined()
    for (let round = 0; round < rounds; round += 1) {
      const race = { email: newEmail(), password: goodPassword }
      const replies = await together(crowd, () => instant.anonymous.post(url, race))
      expect(tally(replies)).toEqual({ 201: 1, 409: crowd - 1 })
      expect(replies.filter((one) => cookieLinesOf(one).size > 0)).toHaveLength(1)
    }
  })

  test('closed: nobody signs up, under either name of the route', async () => {
    const closed: Server = await startServer({ environment: { REGISTRATION_MODE: 'closed' } })
    for (const path of ['register', 'signup'])
      expect(
        await closed.anonymous.post(`${api}/auth/${path}`, {
          email: newEmail(),
          password: goodPassword,
        }),
      ).toMatchObject({ status: 403, body: { code: 'auth.registration_closed' } })
    expect(await query(closed, 'select * from users_users')).toEqual([])
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
