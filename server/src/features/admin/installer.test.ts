/** The installer: one link, one super admin, once; and never a way in afterwards. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  findProofs,
  givenMember,
  givenRegistration,
  newEmail,
  query,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { createAdmin, offerInstaller } from './installer.ts'
import { giveRoleByEmail } from './role-changes.ts'

const setup = `${api}/admin/setup`
const offer = async (server: Server): Promise<string> => {
  const token = await server.ctx().tx(offerInstaller)
  if (token === null) throw new Error('no link is offered')
  return token
}
const install = (server: Server, token: string, given: object = {}) =>
  server.anonymous.post(setup, { token, email: newEmail(), password: goodPassword, ...given })
const superAdmins = (server: Server) =>
  query(server, `select user_id from access_grants where role = 'super_admin'`)
const closed = { status: 410, body: { code: 'admin.installer_closed' } }

test('the link works once: the account is super admin, proven, and signs in', async () => {
  const server: Server = await startServer()
  const token = await offer(server)
  const email = newEmail()
  const reply = await install(server, token, { email: email.toUpperCase(), name: 'Root' })
  expect(reply).toMatchObject({ status: 201, body: { data: { email } } })
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect((await signIn(server, email)).body.data.user).toMatchObject({
    name: 'Root',
    emailVerified: true,
    roles: ['super_admin'],
  })
  const facts = await server.facts()
  expect(facts.map(({ name }) => name)).toContain('admin.super_admin_created')
  expect(JSON.stringify(facts)).not.toContain(token)

  expect(await install(server, token)).toMatchObject(closed)
  expect(await server.ctx().tx(offerInstaller)).toBeNull()
  expect(await superAdmins(server)).toHaveLength(1)
})

test('of 20 who use the link at once, one becomes super admin', async () => {
  const server: Server = await startServer()
  const token = await offer(server)
  const replies = await together(20, () => install(server, token))
  expect(tally(replies)).toEqual({ 201: 1, 410: 19 })
  expect(await superAdmins(server)).toHaveLength(1)
  expect(await query(server, 'select id from users_users')).toHaveLength(1)
})

test('of two servers that offer a link at once, the newest link alone works', async () => {
  const server: Server = await startServer()
  const tokens = await together(10, () => offer(server))
  const open = await query(
    server,
    'select id from admin_installer_tokens where used_at is null and expires_at > clock_timestamp()',
  )
  expect(open).toHaveLength(1)
  const replies = await Promise.all(tokens.map((token) => install(server, token)))
  expect(tally(replies)).toEqual({ 201: 1, 410: 9 })
})

describe('a link that does not work', () => {
  test('is an older one, a late one, or none of ours', async () => {
    const server: Server = await startServer()
    const older = await offer(server)
    const newest = await offer(server)
    expect(await install(server, older)).toMatchObject(closed)
    for (const token of ['', 'x', `${newest}A`, newest.slice(0, -1), newest.toUpperCase()])
      expect(await install(server, token)).toMatchObject(closed)
    await query(
      server,
      `update admin_installer_tokens set expires_at = now() - interval '1 second'`,
    )
    expect(await install(server, newest)).toMatchObject(closed)
    expect(await superAdmins(server)).toEqual([])
    expect((await install(server, await offer(server))).status).toBe(201)
  })

  test('is one offered before the first super admin came by another way', async () => {
    const server: Server = await startServer()
    const token = await offer(server)
    await createAdmin(server.ctx(), { email: newEmail(), password: goodPassword })
    expect(await install(server, token)).toMatchObject(closed)
    expect(await superAdmins(server)).toHaveLength(1)
  })

  test('costs no password hash', async () => {
    const server: Server = await startServer()
    await offer(server)
    const { passwords } = server.process.context.ports
    let hashes = 0
    const hash = (password: string) => {
      hashes += 1
      return passwords.hash(password)
    }
    Object.assign(server.process.context.ports, { passwords: { ...passwords, hash } })
    expect(await install(server, 'ash_i_wrong')).toMatchObject(closed)
    expect(hashes).toBe(0)
    await install(server, await offer(server))
    expect(hashes).toBe(1)
  })
})

test('what is refused does not use up the link: a weak password, a bad or taken address', async () => {
  const server: Server = await startServer()
  const member = await givenMember(server)
  const token = await offer(server)
  for (const password of ['short', 'password123456789', 'Ashlar2026!!!'])
    expect((await install(server, token, { password })).body.code).toBe('auth.weak_password')
  expect((await install(server, token, { email: 'not an address' })).status).toBe(422)
  expect((await install(server, token, { email: 'a@b.example,c@d.example' })).status).toBe(422)
  expect(await install(server, token, { email: member.email })).toMatchObject({
    status: 409,
    body: { code: 'admin.email_taken' },
  })
  expect(await superAdmins(server)).toEqual([])
  expect((await install(server, token)).status).toBe(201)
})

test('nobody keeps an administrator out by signing up with their address first', async () => {
  const server: Server = await startServer()
  const email = newEmail()
  const password = 'the password of a stranger'
  await givenRegistration(server, { email, password, name: 'Stranger', username: 'stranger' })
  const reply = await install(server, await offer(server), { email })
  expect(reply.status).toBe(201)
  expect((await signIn(server, email)).body.data.user).toMatchObject({
    name: null,
    username: null,
    emailVerified: true,
    roles: expect.arrayContaining(['super_admin']),
  })
  for (const { token } of await findProofs(server, email))
    expect((await server.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(400)
  expect((await signIn(server, email, { password })).status).toBe(401)
})

test('the page behind the link carries nothing, and opening it uses nothing up', async () => {
  const server: Server = await startServer()
  const token = await offer(server)
  const page = await server.anonymous.get(`/setup?token=${token}`)
  expect(page).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*form-action 'none'/)
  expect(page.text).toContain('id="root"')
  expect(page.text).not.toContain(token)
  expect((await server.app.inject({ method: 'HEAD', url: '/setup' })).statusCode).toBe(200)
  expect((await server.anonymous.get(setup)).status).toBe(405)
  expect((await install(server, token)).status).toBe(201)
})

describe('from a shell', () => {
  test('a super admin is made, also when there is one, and held to the same rules', async () => {
    const server: Server = await startServer()
    const email = newEmail()
    const made = await createAdmin(server.ctx(), {
      email: ` ${email.toUpperCase()}`,
      password: goodPassword,
    })
    expect(made).toMatchObject({ email, emailVerifiedAt: expect.any(Date) })
    expect((await signIn(server, email)).body.data.user.roles).toEqual(['super_admin'])
    const again = { email, password: goodPassword }
    await expect(createAdmin(server.ctx(), again)).rejects.toMatchObject({
      code: 'admin.email_taken',
    })
    const weak = { email: newEmail(), password: 'short' }
    await expect(createAdmin(server.ctx(), weak)).rejects.toMatchObject({
      code: 'auth.weak_password',
    })
    await createAdmin(server.ctx(), { email: newEmail(), password: goodPassword })
    expect(await superAdmins(server)).toHaveLength(2)
  })
})

test('a fresh installation has nobody in it', async () => {
  const server: Server = await startServer()
  expect(await query(server, 'select * from users_users')).toEqual([])
  for (const [email, password] of [
    ['admin', 'admin'],
    ['admin@example.com', 'admin'],
    ['demo@example.com', 'demo'],
  ] as const)
    expect((await signIn(server, email, { password })).status).toBe(401)
})

describe('an account that there is, from a shell', () => {
  const give = (server: Server, email: string, more: object = {}) =>
    giveRoleByEmail(server.ctx(), { email, role: 'super_admin', isDryRun: false, ...more })

  test('becomes super admin, by a fact, and signs in anew; the installer is closed', async () => {
    const server: Server = await startServer()
    const token = await offer(server)
    const ada = await server.as()
    const id = ada.userId
    expect(await give(server, ada.email, { isDryRun: true })).toEqual({ id, isNew: true })
    expect(await superAdmins(server)).toEqual([])
    expect((await ada.get(`${api}/users/me`)).status).toBe(200)
    expect(await give(server, ada.email.toUpperCase())).toEqual({ id, isNew: true })
    expect(await superAdmins(server)).toEqual([{ user_id: id }])
    expect((await ada.get(`${api}/users/me`)).status).toBe(401)
    const granted = (await server.facts()).findLast(({ name }) => name === 'access.role_granted')
    expect(granted).toMatchObject({ subjectId: id, data: { role: 'super_admin' } })
    expect(await give(server, ada.email)).toEqual({ id, isNew: false })
    expect(await install(server, token)).toMatchObject(closed)
  })

  test('unless nobody can sign in to it, nobody has proven its address, or there is no such role', async () => {
    const server: Server = await startServer()
    const set = (email: string, change: string) =>
      query(server, `update users_users set ${change} where email = $1`, [email])
    const [suspended, gone] = [await givenMember(server), await givenMember(server)]
    await set(suspended.email, `status = 'suspended'`)
    await set(gone.email, `status = 'deleted'`)
    const { email: unproven } = await givenRegistration(server)
    const member = await givenMember(server)
    const refusals = [
      [suspended.email, {}, 'admin.account_suspended'],
      [gone.email, {}, 'admin.account_closed'],
      [unproven, {}, 'admin.address_unproven'],
      [newEmail(), {}, 'users.user_not_found'],
      [member.email, { role: 'emperor' }, 'access.unknown_role'],
    ] as const
    for (const [email, more, code] of refusals)
      for (const isDryRun of [true, false])
        await expect(give(server, email, { ...more, isDryRun }), code).rejects.toMatchObject({
          code,
        })
    expect(await superAdmins(server)).toEqual([])
  })
})
