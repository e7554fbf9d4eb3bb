/** Whoever needs a second factor and has none reaches nothing, by no credential and by nothing that they have left behind. */
import { expect, test } from 'vitest'
import { mayStillAsk } from '../../app/askers.ts'
import { goodPassword, startServer } from '../../app/testing.ts'
import { type Server, bearerOf, forgetUser, me, query } from '../auth/testing.ts'
import { actAs } from '../impersonation/testing.ts'
import { accept, givenInvitation, url as invitations } from '../invitations/testing.ts'
import { enrol, twofa } from '../twofa/testing.ts'
import { administration, givenAdmin, usersUrl } from './testing.ts'
import { newEnvironmentToken } from './tokens.ts'

const environment = { MFA_REQUIRED_ROLES: 'admin,super_admin' }
const server: Server = await startServer({ environment })

const givenToken = async (admin: Awaited<ReturnType<typeof givenAdmin>>) => {
  const body = { name: 'console', scopes: ['admin.read_users'] }
  const reply = await admin.post(`${administration}/service-tokens`, body)
  if (reply.status !== 201) throw new Error(reply.text)
  return bearerOf(server, String(reply.body.data.token))
}

/** By their own hand, as a thief with a backup code would, too. */
const turnOff = async (admin: Awaited<ReturnType<typeof givenAdmin>>) => {
  const [backupCode] = admin.backupCodes
  const reply = await admin.post(`${twofa}/disable`, { password: goodPassword, backupCode })
  expect(reply.status, reply.text).toBe(204)
}

test('a service token is worth nothing while whoever answers for it has no factor', async () => {
  const admin = await givenAdmin(server, 'admin')
  const program = await givenToken(admin)
  expect((await program.get(usersUrl)).status).toBe(200)
  await turnOff(admin)
  expect((await program.get(usersUrl)).body.code).toBe('access.forbidden')
  await enrol(server, admin)
  expect((await program.get(usersUrl)).status).toBe(200)
})

test('nor is that of the environment, in the name of ADMIN_SERVICE_USER_ID', async () => {
  const { token, hash } = newEnvironmentToken()
  const admin = await server.as('admin')
  const configured: Server = await startServer({
    location: server.location,
    environment: {
      ...environment,
      ADMIN_SERVICE_TOKEN_HASH: hash,
      ADMIN_SERVICE_USER_ID: admin.user.id,
    },
  })
  const program = bearerOf(configured, token)
  expect((await program.get(usersUrl)).body.code).toBe('access.forbidden')
  await enrol(configured, admin)
  await forgetUser(configured, admin.user.id)
  expect((await program.get(usersUrl)).status).toBe(200)
})

test('an impersonation ends, what was asked for is cut off, and invitations are dead until there is one again', async () => {
  const admin = await givenAdmin(server, 'admin')
  const [target, receiver] = [await server.as(), await server.as()]
  const acting = await actAs(server, admin, target.userId)
  const { id, token } = await givenInvitation(server, admin, { email: receiver.email })
  const asks = () => mayStillAsk(server.ctx(), `user:${admin.user.id}`, 'reconciliation.run')
  const other = await givenAdmin(server, 'admin')
  const status = async () => (await other.get(`${invitations}/${id}`)).body.data.status
  expect([(await acting.get(me)).status, await asks(), await status()]).toEqual([
    200,
    true,
    'pending',
  ])
  await turnOff(admin)
  expect([(await acting.get(me)).status, await asks(), await status()]).toEqual([
    401,
    false,
    'inviter_lost_right',
  ])
  const dead = await receiver.post(`${invitations}/accept`, { token })
  expect(dead.body.code).toBe('invitations.invalid_token')
  await enrol(server, admin)
  expect([await asks(), await status()]).toEqual([true, 'pending'])
  expect((await receiver.post(`${invitations}/accept`, { token })).status).toBe(200)
})

test('nor is somebody new let in by an invitation of theirs', async () => {
  const admin = await givenAdmin(server, 'admin')
  const { token } = await givenInvitation(server, admin)
  await query(server, 'delete from twofa_factors where user_id = $1', [admin.user.id])
  expect((await accept(server, token)).body.code).toBe('invitations.invalid_token')
})
