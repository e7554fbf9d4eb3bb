/** Where one is signed in, and signing out there and everywhere. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { sessionCookie } from './cookies.ts'
import { describeDevice } from './devices.ts'
import {
  api,
  bearerOf,
  cookieLinesOf,
  crowd,
  givenBrowser,
  givenMember,
  me,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const server = await startServer()
const list = `${api}/auth/sessions`
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

const givenTokens = async (email: string) => {
  const { accessToken, refreshToken } = (await signIn(server, email)).body.data
  return { ...bearerOf(server, accessToken), accessToken, refreshToken }
}
const refresh = (refreshToken: string) =>
  server.anonymous.post(`${api}/auth/refresh`, { refreshToken })

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
  expect((await mine.delete(`${list}/${id}`)).status).toBe(204)
  expect((await lost.get(me)).status).toBe(401)
  expect((await refresh(lost.refreshToken)).status).toBe(401)
  expect((await mine.get(me)).status).toBe(200)
  expect((await mine.delete(`${list}/not-an-id`)).status).toBe(404)
})

test('however many end it at once, it ends once, also while it is in use', async () => {
  const { email } = await givenMember(server)
  const mine = await givenTokens(email)
  for (let round = 0; round < rounds; round += 1) {
    const lost = await givenTokens(email)
    const { body } = await mine.get(list)
    const { id } = body.data.find(({ current }: { current: boolean }) => !current)
    const replies = await together(crowd, (index) =>
      index % 2 ? mine.delete(`${list}/${id}`) : refresh(lost.refreshToken),
    )
    const { 204: ended, 404: late, ...uses } = tally(replies)
    expect([ended, late]).toEqual([1, crowd / 2 - 1])
    expect([200, 401]).toEqual(expect.arrayContaining(Object.keys(uses).map(Number)))
    expect((await lost.get(me)).status).toBe(401)
    for (const reply of replies.filter(({ status }) => status === 200))
      expect((await refresh(reply.body.data.refreshToken)).status).toBe(401)
  }
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
