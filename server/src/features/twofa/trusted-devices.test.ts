/** Trusted devices: a signed cookie for one user, one enrolment and a month; nothing less is believed. */
import { expect, test } from 'vitest'
import { type TestClient, goodPassword, startServer } from '../../app/testing.ts'
import { type Server, api, cookieLinesOf, cookieOf, givenVisitor, query } from '../auth/testing.ts'
import {
  codeOf,
  enrol,
  givenEnrolled,
  holdSignIn,
  nextCode,
  twofa,
  verify2fa,
  wrongCodeOf,
} from './testing.ts'

const server: Server = await startServer()
const trusted = '__Host-ashlar_trusted'
const devices = `${twofa}/trusted-devices`
type Enrolled = Awaited<ReturnType<typeof givenEnrolled>>

/** Passes the second step and asks for trust; returns the cookie's value. */
async function trust({ email, secret, user }: Pick<Enrolled, 'email' | 'secret' | 'user'>) {
  const pendingToken = await holdSignIn(server, email)
  const body = { pendingToken, code: codeOf(secret), trustDevice: true }
  const reply = await server.anonymous.post(verify2fa, body, { 'user-agent': 'Firefox on Linux' })
  if (reply.status !== 200) throw new Error(reply.text)
  await nextCode(server, user.id)
  return { cookie: cookieOf(reply, trusted), line: cookieLinesOf(reply).get(trusted) ?? '' }
}

/** Whether a browser with this cookie gets in by the password alone. */
async function getsIn(email: string, cookie: string): Promise<boolean> {
  const visitor = await givenVisitor(server)
  const reply = await server.anonymous.post(
    `${api}/auth/login`,
    { email, password: goodPassword, mode: 'token' },
    {
      cookie: `__Host-ashlar_visitor=${visitor.cookie}; ${trusted}=${cookie}`,
      'x-csrf-token': visitor.csrfToken,
      origin: server.settings.publicUrl,
    },
  )
  if (reply.status !== 200) throw new Error(reply.text)
  return 'accessToken' in reply.body.data
}

const list = async (client: TestClient) =>
  (await client.get(devices)).body.data as { id: string; userAgent: string }[]

test('a device that was trusted needs the password alone, for thirty days', async () => {
  const ada = await givenEnrolled(server)
  const { cookie, line } = await trust(ada)
  expect(line.split('; ').slice(1).toSorted()).toEqual(
    ['Max-Age=2592000', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'].toSorted(),
  )
  expect(await getsIn(ada.email, cookie)).toBe(true)
  expect(await list(ada)).toEqual([
    {
      id: expect.any(String),
      userAgent: 'Firefox on Linux',
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
    },
  ])
  await query(server, `update twofa_trusted_devices set expires_at = now()`)
  expect(await getsIn(ada.email, cookie)).toBe(false)
  expect(await list(ada)).toEqual([])
})

test('it is for its user alone, and cannot be made up', async () => {
  const [ada, eve] = [await givenEnrolled(server), await givenEnrolled(server)]
  const { cookie } = await trust(ada)
  expect(await getsIn(eve.email, cookie)).toBe(false)
  const rows = await query<{ id: string }>(server, 'select id from twofa_trusted_devices')
  const forged = [
    `${cookie}x`,
    cookie.slice(0, -2),
    cookie.replace('ash_t_', 'ash_p_'),
    'true',
    '',
    ...rows.map(({ id }) => `ash_t_${id}`),
    await holdSignIn(server, ada.email),
  ]
  for (const value of forged) expect(await getsIn(ada.email, value)).toBe(false)
  expect(await getsIn(ada.email, cookie)).toBe(true)
})

test('its owner ends it, one or all; nobody else can', async () => {
  const [ada, eve] = [await givenEnrolled(server), await givenEnrolled(server)]
  const [first, second, third] = [await trust(ada), await trust(ada), await trust(ada)]
  const [newest] = await list(ada)
  expect(await eve.delete(`${devices}/${newest?.id}`)).toMatchObject({
    status: 404,
    body: { code: 'twofa.trusted_device_not_found' },
  })
  expect((await eve.delete(devices)).status).toBe(204)
  expect(await getsIn(ada.email, third.cookie)).toBe(true)
  expect((await ada.delete(`${devices}/${newest?.id}`)).status).toBe(204)
  expect((await ada.delete(`${devices}/${newest?.id}`)).status).toBe(404)
  expect(await getsIn(ada.email, third.cookie)).toBe(false)
  expect(await getsIn(ada.email, first.cookie)).toBe(true)
  expect((await ada.delete(devices)).status).toBe(204)
  expect(await getsIn(ada.email, first.cookie)).toBe(false)
  expect(await getsIn(ada.email, second.cookie)).toBe(false)
})

test('it dies with new backup codes, and with the enrolment it was given for', async () => {
  const ada = await givenEnrolled(server)
  const before = await trust(ada)
  const [backupCode] = ada.backupCodes
  await ada.post(`${twofa}/regenerate-backup-codes`, { backupCode })
  expect(await getsIn(ada.email, before.cookie)).toBe(false)
  const next = await trust(ada)
  await ada.post(`${twofa}/disable`, { password: goodPassword, code: codeOf(ada.secret) })
  const { secret } = await enrol(server, ada)
  expect(await getsIn(ada.email, next.cookie)).toBe(false)
  expect(await getsIn(ada.email, (await trust({ ...ada, secret })).cookie)).toBe(true)
})

test('trust is given for a right code only', async () => {
  const ada = await givenEnrolled(server)
  const pendingToken = await holdSignIn(server, ada.email)
  const body = { pendingToken, code: wrongCodeOf(ada.secret), trustDevice: true }
  const reply = await server.anonymous.post(verify2fa, body)
  expect(reply.status).toBe(401)
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect(await list(ada)).toEqual([])
})
