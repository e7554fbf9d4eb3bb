/** Cookies: the session's own, renewed at every sign-in, and worth nothing to another page. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { preLoginCookie, sessionCookie } from './cookies.ts'
import {
  type Server,
  api,
  browserWith,
  cookieLinesOf,
  cookieOf,
  givenBrowser,
  givenMember,
  givenVisitor,
  me,
  query,
  signIn,
} from './testing.ts'

const server: Server = await startServer()
const login = `${api}/auth/login`

describe('a session that was there before', () => {
  test('a chosen cookie is neither taken over nor valid afterwards', async () => {
    const { email } = await givenMember(server)
    const chosen = `ash_s_${'A'.repeat(43)}`
    const visitor = await givenVisitor(server)
    const reply = await signIn(server, email, {
      mode: 'cookie',
      headers: {
        cookie: `${sessionCookie}=${chosen}; ${preLoginCookie}=${visitor.cookie}`,
        origin: server.settings.publicUrl,
        'x-csrf-token': visitor.csrfToken,
      },
    })
    expect(reply.status).toBe(200)
    expect(cookieOf(reply)).not.toBe(chosen)
    expect((await browserWith(server, chosen, '').get(me)).status).toBe(401)
    expect(cookieLinesOf(reply).get(preLoginCookie)).toContain('Max-Age=0')
  })

  test('ends when the same browser signs in again, and only then', async () => {
    const { email } = await givenMember(server)
    const other = await givenBrowser(server, email)
    const first = await givenBrowser(server, email)
    const again = await first.post(login, { email, password: goodPassword })
    expect(again.status).toBe(200)
    const second = browserWith(server, cookieOf(again), again.body.data.csrfToken)
    expect((await first.get(me)).status).toBe(401)
    expect((await second.get(me)).status).toBe(200)
    expect((await other.get(me)).status).toBe(200)
    const failed = await second.post(login, { email, password: 'a wrong password' })
    expect(failed.status).toBe(401)
    expect((await second.get(me)).status).toBe(200)
  })
})

describe('a browser', () => {
  test('cannot be made to sign in by another page', async () => {
    const { email } = await givenMember(server)
    const attempt = (headers: Record<string, string>) =>
      signIn(server, email, { mode: 'cookie', headers })
    const visitor = await givenVisitor(server)
    const other = await givenVisitor(server)
    const origin = server.settings.publicUrl
    const cookie = `${preLoginCookie}=${visitor.cookie}`
    const refused = [
      { origin },
      { origin, cookie },
      { origin, cookie, 'x-csrf-token': other.csrfToken },
      { origin, 'x-csrf-token': visitor.csrfToken },
      { origin: 'https://evil.example', cookie, 'x-csrf-token': visitor.csrfToken },
      { origin: `${origin}.evil.example`, cookie, 'x-csrf-token': visitor.csrfToken },
      { origin: 'null', cookie, 'x-csrf-token': visitor.csrfToken },
      { 'sec-fetch-site': 'cross-site', cookie, 'x-csrf-token': visitor.csrfToken },
    ]
    for (const headers of refused) {
      const reply = await attempt(headers)
      expect({ headers, status: reply.status }).toEqual({ headers, status: 403 })
      expect(reply.headers['set-cookie']).toBeUndefined()
    }
    const good = { origin, cookie, 'x-csrf-token': visitor.csrfToken }
    expect((await attempt(good)).status).toBe(200)
  })

  test('changes nothing without a token of its own session', async () => {
    const { email } = await givenMember(server)
    const mine = await givenBrowser(server, email)
    const other = await givenBrowser(server, (await givenMember(server)).email)
    const visitor = await givenVisitor(server)
    for (const token of ['', 'x.y', other.csrfToken, visitor.csrfToken, `${mine.csrfToken}.x`])
      expect(
        await browserWith(server, mine.cookie, token).patch(me, { name: 'Eve' }),
      ).toMatchObject({ status: 403, body: { code: 'http.csrf_token_invalid' } })
    expect((await mine.get(me)).body.data.name).toBeNull()
    expect((await mine.patch(me, { name: 'Ada' })).status).toBe(200)
    const fresh = (await mine.get(`${api}/csrf-token`)).body.data.csrfToken
    expect((await browserWith(server, mine.cookie, fresh).patch(me, { name: 'A' })).status).toBe(
      200,
    )
  })

  test('is not fooled by a token made for a visitor whose cookie is the session’s id', async () => {
    const { email } = await givenMember(server)
    const mine = await givenBrowser(server, email)
    const [session] = await query<{ id: string }>(
      server,
      `select s.id from auth_sessions s join users_users u on u.id = s.user_id where u.email = $1`,
      [email],
    )
    for (const value of [session?.id, `session:${session?.id}`]) {
      const planted = await server.anonymous.get(`${api}/csrf-token`, {
        cookie: `${preLoginCookie}=${value}`,
      })
      const reply = await browserWith(server, mine.cookie, planted.body.data.csrfToken).patch(me, {
        name: 'Eve',
      })
      expect(reply).toMatchObject({ status: 403, body: { code: 'http.csrf_token_invalid' } })
    }
  })
})

test('no id in a query, a body or another cookie signs anybody in', async () => {
  const { email } = await givenMember(server)
  const { cookie } = await givenBrowser(server, email)
  const { accessToken } = (await signIn(server, email)).body.data
  for (const value of [cookie, accessToken])
    for (const name of ['token', 'session', 'access_token', sessionCookie])
      expect((await server.anonymous.get(`${me}?${name}=${value}`)).status).toBe(401)
  for (const name of ['ashlar_session', 'session', '__Secure-ashlar_session', preLoginCookie])
    expect((await server.anonymous.get(me, { cookie: `${name}=${cookie}` })).status).toBe(401)
  expect((await server.anonymous.get(me, { authorization: `Bearer ${cookie}` })).status).toBe(401)
  expect((await server.anonymous.get(me, { authorization: cookie })).status).toBe(401)
  expect((await server.anonymous.get(me, { 'x-user-id': email })).status).toBe(401)
  const wrongBearer = { cookie: `${sessionCookie}=${cookie}`, authorization: 'Bearer wrong' }
  expect((await server.anonymous.get(me, wrongBearer)).status).toBe(401)
  expect((await server.anonymous.get(me, { cookie: `${sessionCookie}=${cookie}` })).status).toBe(
    200,
  )
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
