/** Who is here: the first question of a web application. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { givenAdmin, passMinutes } from '../admin/testing.ts'
import { actAs } from '../impersonation/testing.ts'
import { preLoginCookie, sessionCookie } from './cookies.ts'
import { api, cookieOf, givenBrowser, givenMember, me } from './testing.ts'

const server = await startServer()
const url = `${api}/auth/session`

test('a stranger is told that nobody is here, and gets what a sign-in form needs', async () => {
  const reply = await server.anonymous.get(url)
  expect(reply).toMatchObject({ status: 200, body: { data: { user: null } } })
  expect(reply.body.data).not.toHaveProperty('permissions')
  const { email, password } = await givenMember(server)
  const signedIn = await server.anonymous.post(
    `${api}/auth/login`,
    { email, password, mode: 'cookie' },
    {
      cookie: `${preLoginCookie}=${cookieOf(reply, preLoginCookie)}`,
      origin: server.settings.publicUrl,
      'x-csrf-token': String(reply.body.data.csrfToken),
    },
  )
  expect(signedIn.status).toBe(200)
})

test('a cookie of nobody is a stranger’s, and no error', async () => {
  const reply = await server.anonymous.get(url, { cookie: `${sessionCookie}=ash_s_gone` })
  expect(reply).toMatchObject({ status: 200, body: { data: { user: null } } })
})

test('a browser is told who is in it, what they may do, and a token for its changes', async () => {
  const { email } = await givenMember(server)
  const browser = await givenBrowser(server, email)
  const { body } = await browser.get(url)
  expect(body.data).toMatchObject({
    user: { email, roles: ['member'] },
    isEnrolmentDue: false,
    impersonation: null,
    administration: { hasAuthenticator: false, elevatedUntil: null },
  })
  expect(body.data.permissions).toContain('users.update_self')
  expect(body.data.permissions).not.toContain('admin.read_users')
  expect(Date.parse(body.data.expiresAt)).toBeGreaterThan(Date.now())
  expect(Date.parse(body.data.provenUntil)).toBeGreaterThan(Date.now())
  const csrf = { 'x-csrf-token': String(body.data.csrfToken) }
  expect((await browser.patch(me, { name: 'Ada' }, csrf)).status).toBe(200)
})

test('an administrator learns whether the window of administration is open', async () => {
  const admin = await givenAdmin(server, 'admin')
  const open = (await admin.get(url)).body.data
  expect(open.administration.hasAuthenticator).toBe(true)
  expect(Date.parse(open.administration.elevatedUntil)).toBeGreaterThan(Date.now())
  expect(open.csrfToken).toBeNull()
  expect(open.permissions).toContain('admin.read_users')
  expect(open.permissions).not.toContain('monitoring.configure')
  await passMinutes(server, admin.userId ?? '', 60 * 24)
  const closed = (await admin.get(url)).body.data
  expect(closed).toMatchObject({ provenUntil: null, administration: { elevatedUntil: null } })
})

test('who acts in somebody’s account is told whose it is, and until when', async () => {
  const admin = await givenAdmin(server)
  const member = await server.as('member')
  const there = await actAs(server, admin, member.userId)
  const { data } = (await there.get(url)).body
  expect(data).toMatchObject({
    user: { id: member.userId },
    provenUntil: null,
    impersonation: { by: admin.userId, reason: 'a question of theirs' },
  })
  expect(data.expiresAt).toBe(data.impersonation.expiresAt)
})

test('who has to enrol first is told so, and has nothing else to do', async () => {
  const strict = await startServer({ environment: { MFA_REQUIRED_ROLES: 'admin' } })
  const admin = await strict.as('admin')
  const { data } = (await admin.get(url)).body
  expect(data.isEnrolmentDue).toBe(true)
  expect(data.permissions).not.toContain('admin.read_users')
})
