/** Where one is signed in, signing out there and everywhere, and showing a factor again. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { sessionCookie } from './cookies.ts'
import { describeDevice } from './devices.ts'
import {
  api,
  bearerOf,
  cookieLinesOf,
  givenBrowser,
  givenMember,
  me,
  query,
  signIn,
  tally,
  together,
} from './testing.ts'

// A route of the test's own that asks for a factor; rooms use the same word.
const server = await startServer({
  extend: async (app) => {
    app.post('/test/sensitive', {
      config: { can: 'users.read_self', stepUp: true },
      schema: { response: { 204: { type: 'null' } } },
      handler: async (_request, reply) => reply.code(204).send(null),
    })
  },
})
const list = `${api}/auth/sessions`
const stepUp = `${api}/auth/step-up`
const sensitive = '/test/sensitive'
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

const givenTokens = async (email: string) => {
  const { accessToken, refreshToken } = (await signIn(server, email)).body.data
  return { ...bearerOf(server, accessToken), accessToken, refreshToken }
}
const refresh = (refreshToken: string) =>
  server.anonymous.post(`${api}/auth/refresh`, { refreshToken })
const age = (email: string, interval: string) =>
  query(
    server,
    `update auth_sessions s set proven_at = now() - $2::interval from users_users u
     where u.id = s.user_id and u.email = $1`,
    [email, interval],
  )
/** Ages a session and makes the server read it anew. */
async function givenStale(email: string, interval = '11 minutes') {
  await age(email, interval)
  const [user] = await query<{ id: string }>(server, 'select id from users_users where email=$1', [
    email,
  ])
  await server.ctx().tx((tx) => tx.invalidate(`user:${user?.id}`))
}

test('everybody sees their own live sessions, and which one asks', async () => {
  const { email } = await givenMember(server)
  const stranger = await server.as()
  await signIn(server, email, { mode: 'cookie', headers: { 'user-agent': firefox } })
  const mine = await givenTokens(email)
  const { status, body } = await mine.get(list)
  expect(status).toBe(200)
  expect(body.data).toMatchObject([
    { current: true, kind: 'token', firstFactor: 'password', secondFactor: null },
    { current: false, kind: 'cookie', device: 'Firefox on Linux', ip: '127.0.0.1' },
  ])
  expect(JSON.stringify((await stranger.get(list)).body)).not.toContain(body.data[0].id)
  expect((await server.anonymous.get(list)).status).toBe(401)
})

test('one of them is ended at once, by its owner alone, once', async () => {
  const { email } = await givenMember(server)
  const stranger = await server.as()
  const [lost, mine] = [await givenTokens(email), await givenTokens(email)]
  const { body } = await mine.get(list)
  const { id } = body.data.find(({ current }: { current: boolean }) => !current)
  expect(await stranger.delete(`${list}/${id}`)).toMatchObject({
    status: 404,
    body: { code: 'auth.session_not_found' },
  })
  expect((await lost.get(me)).status).toBe(200)
  const replies = await together(5, () => mine.delete(`${list}/${id}`))
  expect(tally(replies)).toEqual({ 204: 1, 404: 4 })
  expect((await lost.get(me)).status).toBe(401)
  expect((await refresh(lost.refreshToken)).status).toBe(401)
  expect((await mine.get(me)).status).toBe(200)
  expect((await mine.delete(`${list}/not-an-id`)).status).toBe(404)
})

test('signing out everywhere ends every session, refresh token and waiting sign-in; keys go on', async () => {
  const { email } = await givenMember(server)
  const [one, two] = [await givenTokens(email), await givenBrowser(server, email)]
  const made = await one.post(`${api}/auth/api-keys`, { name: 'kept' })
  const key = bearerOf(server, made.body.data.key)
  expect((await key.post(`${api}/auth/logout-all`)).body.code).toBe('access.session_required')
  const reply = await two.post(`${api}/auth/logout-all`)
  expect(reply).toMatchObject({ status: 200, body: { data: { sessionsEnded: 2 } } })
  expect(cookieLinesOf(reply).get(sessionCookie)).toContain('Max-Age=0')
  expect((await one.get(me)).status).toBe(401)
  expect((await two.get(me)).status).toBe(401)
  expect((await refresh(one.refreshToken)).status).toBe(401)
  expect((await key.get(me)).status).toBe(200)
})

test('signing out everywhere else keeps the session that asks', async () => {
  const { email } = await givenMember(server)
  const [one, two] = [await givenTokens(email), await givenTokens(email)]
  const reply = await two.delete(list)
  expect(reply.body.data).toEqual({ sessionsEnded: 1 })
  expect((await one.get(me)).status).toBe(401)
  expect((await two.get(me)).status).toBe(200)
  expect((await refresh(two.refreshToken)).status).toBe(200)
})

test('a sensitive change asks an old session for a factor, and a key for a session', async () => {
  const { email } = await givenMember(server)
  const mine = await givenTokens(email)
  expect((await mine.post(sensitive)).status).toBe(204)
  const made = await mine.post(`${api}/auth/api-keys`, { name: 'program' })
  await givenStale(email)
  expect(await mine.post(sensitive)).toMatchObject({
    status: 403,
    body: { code: 'access.step_up_required', maxAgeSeconds: 600 },
  })
  expect((await bearerOf(server, made.body.data.key).post(sensitive)).body.code).toBe(
    'access.session_required',
  )
  expect((await mine.post(stepUp, { password: 'wrong' })).body.code).toBe('auth.wrong_password')
  expect((await mine.post(sensitive)).status).toBe(403)
  expect((await mine.post(stepUp, { password: goodPassword })).status).toBe(200)
  expect((await mine.post(sensitive)).status).toBe(204)
})

test('refreshing shows no factor: an old session stays old', async () => {
  const { email } = await givenMember(server)
  const mine = await givenTokens(email)
  await givenStale(email)
  const next = await refresh(mine.refreshToken)
  const later = bearerOf(server, next.body.data.accessToken)
  expect((await later.post(sensitive)).body.code).toBe('access.step_up_required')
})

test('a step-up takes exactly one factor, and only one that is on', async () => {
  const mine = await server.as()
  for (const body of [{}, { password: goodPassword, code: '123456' }])
    expect((await mine.post(stepUp, body)).status).toBe(422)
  expect((await mine.post(stepUp, { code: '123456' })).body.code).toBe('twofa.not_enabled')
  const facts = await server.facts()
  expect(
    facts.filter(({ name, actorId }) => name === 'auth.stepped_up' && actorId === mine.userId),
  ).toHaveLength(0)
})

test('a device is called what its owner calls it', () => {
  expect(describeDevice(firefox)).toBe('Firefox on Linux')
  expect(
    describeDevice(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari on iPhone')
  expect(describeDevice('curl/8.5.0')).toBe('curl')
  expect(describeDevice('acme-sync/2.1 (Linux)')).toBe('acme-sync on Linux')
  expect(describeDevice(null)).toBe('Unknown device')
  expect(describeDevice('<script>')).toBe('Browser')
})
