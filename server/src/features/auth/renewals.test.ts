/** A session that may do more goes on under a new id: whoever knew the old cookie or token is out. */
import { describe, expect, test } from 'vitest'
import { type TestClient, goodPassword, startServer } from '../../app/testing.ts'
import { sessionCookie } from './cookies.ts'
import { givenInvitation, givenInviter, url as invitations } from '../invitations/testing.ts'
import { codeOf, setUp, twofa } from '../twofa/testing.ts'
import {
  api,
  bearerOf,
  browserWith,
  cookieLinesOf,
  cookieOf,
  deliverMails,
  findChangeTokens,
  givenBrowser,
  me,
  newEmail,
  query,
  signIn,
  tally,
  together,
} from './testing.ts'

const server = await startServer({ environment: { MFA_REQUIRED_ROLES: 'finance' } })
const sessions = `${api}/auth/sessions`
const admin = await givenInviter(server)

type Person = Awaited<ReturnType<typeof server.as>>

/** What a session can earn, and the request that earns it. */
const earnings: readonly [string, (person: Person, client: TestClient) => Promise<object>][] = [
  [
    'a step-up',
    async (_person, client) => client.post(`${api}/auth/step-up`, { password: goodPassword }),
  ],
  [
    'a second factor',
    async (_person, client) =>
      client.post(`${twofa}/enable`, { code: codeOf(await setUp(client)) }),
  ],
  [
    'a role',
    async ({ email }, client) => {
      const { token } = await givenInvitation(server, admin, { email })
      return client.post(`${invitations}/accept`, { token })
    },
  ],
]

describe.each(earnings)('with %s', (_what, earn) => {
  test('a cookie is replaced: the old one is nobody’s, the new one has its own CSRF token', async () => {
    const person = await server.as()
    const browser = await givenBrowser(server, person.email)
    const reply = await earn(person, browserWith(server, browser.cookie, browser.csrfToken))
    expect(reply).toMatchObject({ status: 200, body: { data: { csrfToken: expect.any(String) } } })
    const renewed = reply as Awaited<ReturnType<TestClient['post']>>
    const cookie = cookieOf(renewed)
    expect(cookie).not.toBe(browser.cookie)
    expect(cookieLinesOf(renewed).get(sessionCookie)).toMatch(/HttpOnly; Secure; SameSite=Lax/)

    expect((await browser.get(me)).status).toBe(401)
    const { csrfToken } = renewed.body.data
    const patch = (own: TestClient) => own.patch(me, { name: 'Ada' })
    expect((await patch(browserWith(server, cookie, csrfToken))).status).toBe(200)
    expect(await patch(browserWith(server, cookie, browser.csrfToken))).toMatchObject({
      status: 403,
      body: { code: 'http.csrf_token_invalid' },
    })
  })

  test('tokens are replaced: the old pair is nobody’s', async () => {
    const person = await server.as()
    const reply = await earn(person, bearerOf(server, person.accessToken))
    expect(reply).toMatchObject({ status: 200 })
    const { data } = (reply as Awaited<ReturnType<TestClient['post']>>).body
    expect((await bearerOf(server, person.accessToken).get(me)).status).toBe(401)
    expect(await refresh(person.refreshToken)).toMatchObject({ status: 401 })
    expect((await bearerOf(server, data.accessToken).get(me)).status).toBe(200)
    expect(await refresh(data.refreshToken)).toMatchObject({ status: 200 })
  })

  test('it is still the same sign-in: it ends when the old one would have, and was opened the same way', async () => {
    const person = await server.as()
    const columns = 'kind, first_factor, second_factor, created_at, expires_at'
    const find = (where: string) =>
      query(
        server,
        `select ${columns} from auth_sessions where user_id = $1 and revoked_at is null and ${where}`,
        [person.user.id],
      )
    await query(
      server,
      `update auth_sessions set expires_at = expires_at - interval '1 hour' where user_id = $1`,
      [person.user.id],
    )
    const before = await find('true')
    expect(before).toHaveLength(1)
    await earn(person, bearerOf(server, person.accessToken))
    expect(await find('true')).toEqual(before)
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === person.user.id)
    expect(facts.map(({ name }) => name)).toContain('auth.session_renewed')
  })
})

test('whoever knows the old cookie is not stepped up along with its owner', async () => {
  const person = await server.as()
  const browser = await givenBrowser(server, person.email)
  const thief = browserWith(server, browser.cookie, browser.csrfToken)
  await query(
    server,
    `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
    [person.user.id],
  )
  await server.ctx().tx((tx) => tx.invalidate(`user:${person.user.id}`))
  const keys = `${api}/auth/api-keys`
  expect((await thief.post(keys, { name: 'thief' })).body.code).toBe('access.step_up_required')
  await browser.post(`${api}/auth/step-up`, { password: goodPassword })
  expect((await thief.post(keys, { name: 'thief' })).status).toBe(401)
  expect((await browser.post(keys, { name: 'mine' })).status).toBe(201)
})

test('a role is no factor: what asks for a step-up goes on asking', async () => {
  const person = await server.as()
  await query(
    server,
    `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
    [person.user.id],
  )
  const { token } = await givenInvitation(server, admin, { email: person.email })
  expect((await person.post(`${invitations}/accept`, { token })).status).toBe(200)
  expect(await person.post(`${api}/auth/api-keys`, { name: 'key' })).toMatchObject({
    status: 403,
    body: { code: 'access.step_up_required' },
  })
})

test('where a role needs a second factor, turning it on makes a session that may do more; the old one stays nobody’s', async () => {
  const person = await server.as('finance')
  const old = bearerOf(server, person.accessToken)
  expect((await old.patch(me, { name: 'Ada' })).status).toBe(403)
  await person.post(`${twofa}/enable`, { code: codeOf(await setUp(person)) })
  expect((await person.patch(me, { name: 'Ada' })).status).toBe(200)
  expect((await old.patch(me, { name: 'Eve' })).status).toBe(401)
})

test('twenty step-ups at once leave one session, in each round', async () => {
  const person = await server.as()
  for (let round = 0; round < 50; round += 1) {
    const token = (await signIn(server, person.email)).body.data.accessToken
    const client = bearerOf(server, token)
    const replies = await together(20, () =>
      client.post(`${api}/auth/step-up`, { password: goodPassword }),
    )
    expect(tally(replies)).toEqual({ 200: 1, 401: 19 })
    const listed = (await client.get(sessions)).body.data
    expect(listed.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
    // The first session, and the one that this round has left.
    expect(listed).toHaveLength(2)
    await client.post(`${api}/auth/logout`)
  }
}, 300_000)

test('a change of address spares the session that asked for it, also under its new id', async () => {
  const person = await server.as()
  const email = newEmail()
  expect((await person.post(`${api}/auth/email-change`, { email })).status).toBe(202)
  await deliverMails(server)
  await person.post(`${api}/auth/step-up`, { password: goodPassword })
  for (const mailbox of [person.email, email]) {
    const [token] = await findChangeTokens(server, mailbox)
    await server.anonymous.post(`${api}/auth/email-change/confirm`, { token })
  }
  expect((await person.get(me)).body.data).toMatchObject({ email })
})

const refresh = (refreshToken: string) =>
  server.anonymous.post(`${api}/auth/refresh`, { refreshToken })
