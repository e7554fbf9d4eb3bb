/** Sessions: one row behind every credential; when it ends, all of them end. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { sessionCookie } from './cookies.ts'
import {
  type Server,
  api,
  browserWith,
  cookieLinesOf,
  countFacts,
  crowd,
  forgetUser,
  givenBrowser,
  givenMember,
  me,
  query,
  rounds,
  signIn,
  together,
} from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
const logout = `${api}/auth/logout`
const bearerAt = (at: Server, token: string) =>
  at.clientWith(null, { authorization: `Bearer ${token}` })
/** A revocation reaches every process within this time: the promise of the README. */
const everywhereMs = 1_000

test('signing out ends the access and the refresh token at once, and elsewhere within a second', async () => {
  const { accessToken, refreshToken } = await server.as('member')
  const [here, there] = [bearerAt(server, accessToken), bearerAt(second, accessToken)]
  expect((await here.get(me)).status).toBe(200)
  expect((await there.get(me)).status).toBe(200)
  const reply = await here.post(logout)
  expect(reply).toMatchObject({
    status: 204,
    text: '',
    headers: { 'clear-site-data': '"cookies", "storage"' },
  })
  expect((await here.get(me)).status).toBe(401)
  expect((await server.anonymous.post(`${api}/auth/refresh`, { refreshToken })).status).toBe(401)
  expect((await second.anonymous.post(`${api}/auth/refresh`, { refreshToken })).status).toBe(401)
  await pause(everywhereMs)
  expect((await there.get(me)).status).toBe(401)
})

test('signing out ends the cookie, clears it, and says so once in the facts', async () => {
  const { email } = await givenMember(server)
  const browser = await givenBrowser(server, email)
  const there = browserWith(second, browser.cookie, browser.csrfToken)
  expect((await there.get(me)).status).toBe(200)
  const reply = await browser.post(logout)
  expect(reply.status).toBe(204)
  expect(cookieLinesOf(reply).get(sessionCookie)).toMatch(/^__Host-ashlar_session=; Max-Age=0;/)
  expect((await browser.get(me)).status).toBe(401)
  expect((await browser.post(logout)).status).toBe(401)
  await pause(everywhereMs)
  expect((await there.get(me)).status).toBe(401)
  const userId = browser.reply.body.data.user.id
  const facts = (await server.facts()).filter(({ subjectId }) => subjectId === userId)
  expect(facts.slice(-2)).toMatchObject([
    { name: 'auth.signed_in', actorId: userId },
    { name: 'auth.signed_out', actorId: userId },
  ])
})

test('signing out needs the CSRF token, and ends one session only', async () => {
  const { email } = await givenMember(server)
  const mine = await givenBrowser(server, email)
  const other = await givenBrowser(server, email)
  const tokens = (await signIn(server, email)).body.data
  expect((await browserWith(server, mine.cookie, other.csrfToken).post(logout)).status).toBe(403)
  expect((await mine.get(me)).status).toBe(200)
  expect((await mine.post(logout)).status).toBe(204)
  expect((await other.get(me)).status).toBe(200)
  expect((await bearerAt(server, tokens.accessToken).get(me)).status).toBe(200)
})

test('many who sign out of one session at once state one fact', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const ada = await server.as('member')
    for (const { status } of await together(crowd, () => ada.post(logout)))
      expect([204, 401]).toContain(status)
    expect(await countFacts(server, 'auth.signed_out', ada.userId)).toBe(1)
  }
})

describe('a session ends by itself', () => {
  const set = (column: string, interval: string, userId: string | null) =>
    query(
      server,
      `update auth_sessions set ${column} = now() - interval '${interval}' where user_id = $1`,
      [userId],
    )

  test('at its absolute end, however much it is used', async () => {
    const ada = await server.as('member')
    await set('expires_at', '1 second', ada.userId)
    expect((await ada.get(me)).status).toBe(401)
  })

  test('after too long without use, and use does not bring it back', async () => {
    const ada = await server.as('member')
    await set('last_seen_at', '8 days', ada.userId)
    expect((await ada.get(me)).status).toBe(401)
    expect((await ada.get(me)).status).toBe(401)
  })

  test('not while it is used: the time of its last use follows, without a write for every request', async () => {
    const ada = await server.as('member')
    await set('last_seen_at', '6 days', ada.userId)
    const lastSeen = async () =>
      (
        await query<{ at: Date }>(
          server,
          'select last_seen_at as at from auth_sessions where user_id = $1',
          [ada.userId],
        )
      )[0]?.at.getTime()
    expect((await ada.get(me)).status).toBe(200)
    const first = await lastSeen()
    expect(Date.now() - (first ?? 0)).toBeLessThan(60_000)
    expect((await ada.get(me)).status).toBe(200)
    expect(await lastSeen()).toBe(first)
  })

  test('not while it is used, also when very little idleness is allowed', async () => {
    const impatient: Server = await startServer({
      location: server.location,
      environment: { SESSION_IDLE_EXPIRY: '2s' },
    })
    const ada = await impatient.as('member')
    const idle = await impatient.as('member')
    for (let step = 0; step < 6; step += 1) {
      await pause(500)
      expect((await ada.get(me)).status).toBe(200)
    }
    expect((await idle.get(me)).status).toBe(401)
    expect(
      (await impatient.anonymous.post(`${api}/auth/refresh`, { refreshToken: idle.refreshToken }))
        .status,
    ).toBe(401)
  })
})

test('a suspended user is nobody: cookie, access token, refresh token and key', async () => {
  const ada = await server.as('member')
  const browser = await givenBrowser(server, ada.email)
  const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
  const byKey = bearerAt(server, key)
  for (const client of [ada, browser, byKey]) expect((await client.get(me)).status).toBe(200)
  await query(server, `update users_users set status = 'suspended' where id = $1`, [ada.userId])
  await forgetUser(server, ada.user.id)
  for (const client of [ada, browser, byKey]) expect((await client.get(me)).status).toBe(401)
  const { refreshToken } = ada
  expect((await server.anonymous.post(`${api}/auth/refresh`, { refreshToken })).status).toBe(401)
})

test('a role that is granted counts from the next request on', async () => {
  const ada = await server.as('member')
  const { user } = await server.as('member')
  await ada.patch(me, { name: 'Ada' })
  await query(server, `update users_users set profile_audience = 'nobody' where id = $1`, [user.id])
  expect((await ada.get(`${api}/users/${user.id}`)).status).toBe(404)
  const { grantRole } = await import('../access/index.ts')
  await server.ctx().tx((tx) => grantRole(tx, ada.user.id, 'support'))
  expect((await ada.get(`${api}/users/${user.id}`)).status).toBe(200)
  expect((await ada.get(me)).body.data.roles).toEqual(['member', 'support'])
})

test('the device is kept as it told of itself, and no more of it than fits', async () => {
  const { email } = await givenMember(server)
  const headers = { 'user-agent': 'x'.repeat(5000) }
  const { user } = (await signIn(server, email, { headers })).body.data
  const rows = await query<{ ip: string; user_agent: string }>(
    server,
    'select ip, user_agent from auth_sessions where user_id = $1',
    [user.id],
  )
  expect(rows).toEqual([{ ip: '127.0.0.1', user_agent: 'x'.repeat(400) }])
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
