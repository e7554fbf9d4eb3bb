/** Forgotten passwords: the mailbox opens the account, once, and tells nobody who has one. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  crowd,
  deliverMails,
  findProofs,
  findResetTokens,
  givenBrowser,
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
const newPassword = 'wharf lintel copper gannet'
const forgot = (email: unknown, headers = {}) =>
  server.anonymous.post(`${api}/auth/forgot-password`, { email }, headers)
const reset = (token: unknown, password: unknown = newPassword) =>
  server.anonymous.post(`${api}/auth/reset-password`, { token, password })
const refusal = { status: 400, body: { code: 'auth.invalid_reset_token' } }
const factsOf = async (name: string) => (await server.facts()).filter((fact) => fact.name === name)

async function givenReset(email: string): Promise<string> {
  expect((await forgot(email)).status).toBe(202)
  const token = (await findResetTokens(server, email)).at(-1)
  if (!token) throw new Error('no mail came')
  return token
}

test('the mailed link sets a new password, ends the old one, signs nobody in, and the owner is told', async () => {
  const { email } = await givenMember(server)
  const token = await givenReset(email)
  const reply = await reset(token)
  expect(reply).toMatchObject({ status: 200, body: { data: { status: 'reset' } } })
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect((await signIn(server, email)).status).toBe(401)
  expect((await signIn(server, email, { password: newPassword })).status).toBe(200)
  await deliverMails(server)
  expect((await server.mails(email)).map(({ subject }) => subject)).toEqual([
    expect.stringContaining('Confirm'),
    expect.stringContaining('Set a new password'),
    expect.stringContaining('was changed'),
  ])
  const changed = await factsOf('auth.password_changed')
  const subjectId = changed[0]?.subjectId
  expect(changed).toMatchObject([
    {
      outcome: 'succeeded',
      actorId: subjectId,
      data: { by: 'reset', sessionsEnded: 0 },
    },
  ])
})

describe('who asks', () => {
  test('gets the same answer for every address, known or not', async () => {
    const { email } = await givenMember(server)
    const pending = await givenRegistration(server)
    const suspended = await givenMember(server)
    await query(server, `update users_users set status = 'suspended' where email = $1`, [
      suspended.email,
    ])
    const first = await forgot(newEmail())
    expect(first).toMatchObject({ status: 202, body: { data: { status: 'sent' } } })
    const others = [email, email.toUpperCase(), pending.email, suspended.email, 'not an address']
    for (const address of others)
      expect(visiblePartsOf(await forgot(address))).toEqual(visiblePartsOf(first))
    await deliverMails(server)
    const subjects = (await server.mails(suspended.email)).map(({ subject }) => subject)
    expect(subjects).toEqual([expect.stringContaining('Confirm')])
  })

  test('makes the server do the same for an unknown address, statement by statement', async () => {
    const { email } = await givenMember(server)
    const before = (await server.jobs()).length
    await forgot(email)
    await forgot(newEmail())
    const jobs = (await server.jobs()).slice(before)
    expect(jobs.map(({ name }) => name)).toEqual([
      'auth.send_password_reset',
      'auth.send_password_reset',
    ])
    expect(jobs.map(({ payload }) => Object.keys(payload as object))).toEqual([
      ['requestId'],
      ['requestId'],
    ])
  })

  test('fifty times, at once, has five mails sent, and the newest works', async () => {
    const { email } = await givenMember(server)
    expect(tally(await together(50, () => forgot(email)))).toEqual({ 202: 50 })
    const requests = await query<{ n: number }>(
      server,
      'select count(*)::int as n from auth_mail_requests where email = $1',
      [email],
    )
    expect(requests).toEqual([{ n: 5 }])
    const tokens = await findResetTokens(server, email)
    // A link that was replaced before its mail was written is not mailed any more.
    expect(tokens).toHaveLength(1)
    expect((await reset(tokens[0])).status).toBe(200)
    await query(
      server,
      `update auth_mail_requests set created_at = now() - interval '61 minutes' where email = $1`,
      [email],
    )
    expect(await givenReset(email)).toEqual(expect.any(String))
  })

  test('is limited, per address and per client, and for unknown ones alike', async () => {
    const limited: Server = await startServer({
      environment: {
        RATE_LIMIT_ENABLED: 'true',
        AUTH_RATE_LIMIT_REQUESTS: '5',
        RATE_LIMIT_REQUESTS: '1000',
        TRUSTED_PROXIES: '127.0.0.1',
      },
    })
    const { email } = await givenMember(limited)
    const ask = (address: string, ip: string) =>
      limited.anonymous.post(
        `${api}/auth/forgot-password`,
        { email: address },
        { 'x-forwarded-for': ip },
      )
    const nobody = newEmail()
    for (const address of [email, nobody]) {
      const replies = await together(12, (index) => ask(address, `192.0.2.${index + 1}`))
      expect(tally(replies)).toEqual({ 202: 5, 429: 7 })
    }
    const oneClient = await together(20, () => ask(newEmail(), '198.51.100.7'))
    expect(tally(oneClient)).toEqual({ 202: 15, 429: 5 })
    // Asking for an address must not lock its owner out of signing in.
    expect(
      (await signIn(limited, email, { headers: { 'x-forwarded-for': '192.0.2.99' } })).status,
    ).toBe(200)
  })
})

describe('a link', () => {
  test('leads to the configured address, whatever Host says', async () => {
    const { email } = await givenMember(server)
    await forgot(email, { host: 'evil.example', 'x-forwarded-host': 'evil.example' })
    await findResetTokens(server, email)
    const mail = (await server.mails(email)).at(-1)
    expect(mail?.text).toContain(`${server.settings.publicUrl}/reset-password#token=`)
    expect(`${mail?.text}${mail?.html}`).not.toContain('evil.example')
  })

  test('is not used up by opening its page, and the page loads nothing from anywhere', async () => {
    const { email } = await givenMember(server)
    const token = await givenReset(email)
    for (const page of ['/reset-password', '/forgot-password']) {
      const reply = await server.anonymous.get(page)
      expect(reply.status).toBe(200)
      expect(reply.headers['content-security-policy']).toContain("default-src 'none'")
      expect(reply.headers['referrer-policy']).toMatch(/no-referrer|strict-origin/)
      // It leads to pages of ours, and loads nothing.
      expect(reply.text).not.toMatch(/src=|<link|url\(|@import/)
      expect(reply.text).not.toMatch(/href="(?!\/(?!\/))/)
    }
    expect((await reset(token)).status).toBe(200)
  })

  test('dies with the next one, with time, and with the address it was sent to', async () => {
    const { email } = await givenMember(server)
    const first = await givenReset(email)
    const second = await givenReset(email)
    expect(await reset(first)).toMatchObject(refusal)
    const moved = `moved-${email}`
    const move = (from: string, to: string) =>
      query(server, 'update users_users set email = $2 where email = $1', [from, to])
    await move(email, moved)
    expect(await reset(second)).toMatchObject(refusal)
    await move(moved, email)
    await query(
      server,
      `update auth_mail_requests set expires_at = now() - interval '1 second' where email = $1`,
      [email],
    )
    expect(await reset(second)).toMatchObject(refusal)
    expect((await reset(await givenReset(email))).status).toBe(200)
  })

  test('is no use to a suspended account, nor once the password was changed', async () => {
    const ada = await server.as('member')
    const token = await givenReset(ada.email)
    const set = (status: string) =>
      query(server, 'update users_users set status = $2 where email = $1', [ada.email, status])
    await set('suspended')
    expect(await reset(token)).toMatchObject(refusal)
    await set('active')
    const change = { currentPassword: goodPassword, newPassword: `${newPassword} again` }
    expect((await ada.post(`${api}/auth/change-password`, change)).status).toBe(200)
    expect(await reset(token)).toMatchObject(refusal)
  })

  test('cannot be forged, and no other token opens this door, nor this one another', async () => {
    const { email, token: verification } = await givenRegistration(server)
    const { email: other } = await givenMember(server)
    const token = await givenReset(other)
    const [id = '', seal = ''] = token.split('.')
    const { refreshToken, accessToken } = (await signIn(server, other)).body.data
    const forged = [
      `${id}.${'A'.repeat(seal.length)}`,
      `${token}A`,
      `${token}.`,
      id,
      '',
      verification,
      refreshToken,
      String(refreshToken).replace('ash_r_', ''),
    ]
    for (const one of forged) expect(await reset(one)).toMatchObject(refusal)
    const body = { token }
    expect((await server.anonymous.post(`${api}/auth/verify-email`, body)).status).toBe(400)
    expect((await bearerOf(server, token).get(me)).status).toBe(401)
    expect((await bearerOf(server, accessToken).get(me)).status).toBe(200)
    expect(
      (await server.anonymous.post(`${api}/auth/verify-email`, { token: verification })).status,
    ).toBe(200)
    expect((await signIn(server, email)).status).toBe(200)
    expect((await reset(token)).status).toBe(200)
    const refusals = await factsOf('auth.password_reset_refused')
    expect(refusals.every(({ outcome }) => outcome === 'refused')).toBe(true)
    expect(refusals.length).toBeGreaterThanOrEqual(forged.length)
  })

  test('outlives a password that was refused', async () => {
    const { email } = await givenMember(server)
    const local = email.slice(0, email.indexOf('@'))
    const token = await givenReset(email)
    for (const bad of ['wharf linte', 'password123456789', 'Ashlar2026!!!', `${local}2026!`])
      expect(await reset(token, bad)).toMatchObject({
        status: 422,
        body: { code: 'auth.weak_password', errors: [{ pointer: '/password' }] },
      })
    expect((await reset(token, 'x'.repeat(1_000_000))).status).toBe(422)
    expect((await reset(token)).status).toBe(200)
  })
})

test('a reset ends everything that could have been signed in: cookie, tokens, refresh, keys, on every process', async () => {
  const second: Server = await startServer({ location: server.location })
  const ada = await server.as('member')
  const browser = await givenBrowser(server, ada.email)
  const made = await ada.post(`${api}/auth/api-keys`, { name: 'mine' })
  const key = String(made.body.data.key)
  const headers = browser.headers
  const clients = [server, second].flatMap((at) => [
    bearerOf(at, ada.accessToken),
    bearerOf(at, key),
    at.clientWith(null, headers),
  ])
  for (const client of clients) expect((await client.get(me)).status).toBe(200)
  expect((await reset(await givenReset(ada.email))).status).toBe(200)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  for (const client of clients) expect((await client.get(me)).status).toBe(401)
  const { refreshToken } = ada
  for (const at of [server, second])
    expect((await at.anonymous.post(`${api}/auth/refresh`, { refreshToken })).status).toBe(401)
})

describe('an address that somebody else signed up with', () => {
  const stranger = 'the password of a stranger'

  test('is its owner’s by a reset: proven, and without the stranger’s password or links', async () => {
    const {
      email,
      token: verification,
      code,
    } = await givenRegistration(server, { password: stranger })
    expect((await reset(await givenReset(email))).status).toBe(200)
    const verify = (body: object) => server.anonymous.post(`${api}/auth/verify-email`, body)
    expect((await verify({ token: verification })).status).toBe(400)
    expect((await verify({ email, code })).status).toBe(400)
    expect((await signIn(server, email, { password: stranger })).status).toBe(401)
    const signedIn = await signIn(server, email, { password: newPassword })
    expect(signedIn.body.data.user.emailVerified).toBe(true)
  })

  test('is nobody else’s, though the proof of the sign-up and the reset race', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { email, token: verification } = await givenRegistration(server, { password: stranger })
      const token = await givenReset(email)
      await together(crowd, (index) =>
        index % 2
          ? reset(token)
          : server.anonymous.post(`${api}/auth/verify-email`, { token: verification }),
      )
      expect((await signIn(server, email, { password: stranger })).status).toBe(401)
      expect((await signIn(server, email, { password: newPassword })).status).toBe(200)
    }
  })
})

describe('the verification mail once more', () => {
  const resend = (email: unknown) =>
    server.anonymous.post(`${api}/auth/resend-verification`, { email })

  test('has a new link and a new code, with the password of the sign-up; the older ones are dead', async () => {
    const { email, token } = await givenRegistration(server)
    expect(await resend(email)).toMatchObject({ status: 202, body: { data: { status: 'sent' } } })
    const proofs = await findProofs(server, email)
    expect(proofs).toHaveLength(2)
    const verify = (body: object) => server.anonymous.post(`${api}/auth/verify-email`, body)
    expect((await verify({ token })).status).toBe(400)
    expect((await verify({ email, code: proofs[1]?.code })).status).toBe(200)
    expect((await signIn(server, email)).status).toBe(200)
  })

  test('brings back a sign-up whose link has expired', async () => {
    const { email } = await givenRegistration(server)
    await query(
      server,
      `update auth_verifications set expires_at = now() - interval '1 day' where email = $1`,
      [email],
    )
    await resend(email)
    const token = (await findProofs(server, email)).at(-1)?.token
    expect((await server.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(200)
    expect((await signIn(server, email)).status).toBe(200)
  })

  test('is answered alike for every address; only the owner reads that nothing is left to prove', async () => {
    const ada = await server.as('member')
    const pending = await givenRegistration(server)
    const first = await resend(newEmail())
    for (const address of [ada.email, pending.email, 'not an address'])
      expect(visiblePartsOf(await resend(address))).toEqual(visiblePartsOf(first))
    await deliverMails(server)
    expect(await server.mails(ada.email)).toEqual([])
    const own = await ada.post(`${api}/auth/resend-verification`, { email: ada.email })
    expect(own.body.data).toEqual({ status: 'already_verified' })
    const others = (await server.as('member')).email
    const foreign = await ada.post(`${api}/auth/resend-verification`, { email: others })
    expect(foreign.body.data).toEqual({ status: 'sent' })
  })

  test('comes five times an hour at most', async () => {
    const { email } = await givenRegistration(server)
    await together(20, () => resend(email))
    await deliverMails(server)
    expect((await server.mails(email)).length).toBeLessThanOrEqual(6)
  })

  test('is wanted once, however often its job runs', async () => {
    const { email } = await givenRegistration(server)
    await resend(email)
    const [job] = await server.jobs()
    const { resendVerification } = await import('./password-jobs.ts')
    const { signal } = new AbortController()
    for (let n = 0; n < 3; n += 1)
      await resendVerification.run(server.ctx(), job?.payload as { requestId: string }, signal)
    expect(await findProofs(server, email)).toHaveLength(2)
  })
})

test('requests are forgotten after a day, and no earlier', async () => {
  const [old, young] = [newEmail(), newEmail()]
  for (const email of [old, young]) await forgot(email)
  await query(
    server,
    `update auth_mail_requests set created_at = now() - interval '25 hours' where email = $1`,
    [old],
  )
  const { forgetMailRequests } = await import('./password-jobs.ts')
  await forgetMailRequests.run(server.ctx(), undefined, new AbortController().signal)
  const left = await query<{ email: string }>(
    server,
    'select email from auth_mail_requests where email in ($1, $2)',
    [old, young],
  )
  expect(left).toEqual([{ email: young }])
})

test.each([
  {},
  { token: 'x' },
  { password: newPassword },
  { token: ['x'], password: newPassword },
  { token: 'x'.repeat(201), password: newPassword },
  { token: 'x', password: '' },
  { token: 'x', password: 'x'.repeat(257) },
])('%j is no reset', async (body) => {
  expect((await server.anonymous.post(`${api}/auth/reset-password`, body)).status).toBe(422)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
