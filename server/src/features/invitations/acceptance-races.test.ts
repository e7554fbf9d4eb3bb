/** Accepting while others revoke, send again, sign up, prove or suspend: each race has one winner, and the rest is told. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { rolesOf } from '../access/index.ts'
import {
  type Server,
  api,
  findProofs,
  givenRegistration,
  query,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { accept, findTokens, givenInvitation, url } from './testing.ts'

const server: Server = await startServer()
const admin = await server.as('admin')
const accountsOf = (email: string) =>
  query<{ id: string }>(server, 'select id from users_users where email = $1', [email])

test('an inviter who is suspended while somebody accepts: before or after, and after it nobody comes in', async () => {
  for (let round = 0; round < 15; round += 1) {
    const inviter = await server.as('admin')
    const { token, email } = await givenInvitation(server, inviter)
    const [reply] = await Promise.all([
      accept(server, token),
      query(server, `update users_users set status = 'suspended' where id = $1`, [inviter.userId]),
    ])
    const accounts = await accountsOf(email)
    expect({ status: reply.status, accounts: accounts.length }).toEqual(
      reply.status === 201 ? { status: 201, accounts: 1 } : { status: 400, accounts: 0 },
    )
  }
})

test('accept against revoke: one of them wins, in each of 30 rounds', async () => {
  for (let round = 0; round < 30; round += 1) {
    const { token, id, email } = await givenInvitation(server, admin)
    const [accepted, revoked] = await Promise.all([
      accept(server, token),
      admin.delete(`${url}/${id}`),
    ])
    const won = accepted.status === 201 ? [201, 409] : [400, 204]
    expect([accepted.status, revoked.status]).toEqual(won)
    expect(await accountsOf(email)).toHaveLength(accepted.status === 201 ? 1 : 0)
  }
})

test('revoke against resend: what was revoked is dead, whatever was sent', async () => {
  for (let round = 0; round < 15; round += 1) {
    const { id, email } = await givenInvitation(server, admin)
    const [revoked, resent] = await Promise.all([
      admin.delete(`${url}/${id}`),
      admin.post(`${url}/${id}/resend`),
    ])
    expect(revoked.status).toBe(204)
    expect([200, 409]).toContain(resent.status)
    for (const token of await findTokens(server, email))
      expect((await accept(server, token)).body.code).toBe('invitations.invalid_token')
  }
})

test('an account that is suspended while it accepts: before or after, and it is told nothing', async () => {
  for (let round = 0; round < 15; round += 1) {
    const owner = await server.as('member')
    const { token } = await givenInvitation(server, admin, { email: owner.email })
    const [reply] = await Promise.all([
      owner.post(`${url}/accept`, { token }),
      query(server, `update users_users set status = 'suspended' where id = $1`, [owner.userId]),
    ])
    const roles = await rolesOf(server.ctx(), owner.user.id)
    expect([
      [200, 'employee,member'],
      [400, 'member'],
      [401, 'member'],
    ]).toContainEqual([reply.status, roles.join()])
  }
})

test('accept against resend: the old link makes an account or is dead, never both links one', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { token, id, email } = await givenInvitation(server, admin)
    const [accepted, resent] = await Promise.all([
      accept(server, token),
      admin.post(`${url}/${id}/resend`),
    ])
    const outcomes = [accepted.status, resent.status]
    expect([
      [201, 409],
      [400, 200],
    ]).toContainEqual(outcomes)
    const tokens = await findTokens(server, email)
    expect(tokens).toHaveLength(resent.status === 200 ? 2 : 1)
    const again = await accept(server, tokens.at(-1) ?? '')
    expect(again.status).toBe(resent.status === 200 ? 201 : 400)
    expect(await accountsOf(email)).toHaveLength(1)
  }
})

test('accept against a new invitation to a lower role: the account has the one that it accepted', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { token, email } = await givenInvitation(server, admin, { role: 'support' })
    const [accepted, again] = await Promise.all([
      accept(server, token),
      admin.post(url, { email, role: 'member' }),
    ])
    expect(again.status).toBe(201)
    const accounts = await accountsOf(email)
    const roles = accounts[0] ? await rolesOf(server.ctx(), accounts[0].id) : []
    expect([
      [201, 1, 'support'],
      [400, 0, undefined],
    ]).toContainEqual([
      accepted.status,
      accounts.length,
      ...(roles.length > 0 ? roles : [undefined]),
    ])
  }
})

test('accept against sign-ups for the same address: the password is that of whoever had the mail', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { token, email } = await givenInvitation(server, admin)
    const [accepted] = await Promise.all([
      accept(server, token),
      together(3, (index) =>
        server.anonymous.post(`${api}/auth/register`, {
          email,
          password: `the password of squatter ${index}`,
        }),
      ),
    ])
    expect(accepted.status).toBe(201)
    expect(await accountsOf(email)).toHaveLength(1)
    // What the sign-ups had mailed is worth nothing, used late.
    for (const proof of await findProofs(server, email))
      await server.anonymous.post(`${api}/auth/verify-email`, { token: proof.token })
    expect((await signIn(server, email)).status).toBe(200)
    for (const index of [0, 1, 2]) {
      const password = `the password of squatter ${index}`
      expect((await signIn(server, email, { password })).status).toBe(401)
    }
  }
})

test('accept against the proof of a sign-up: one account, and the one that came second is told', async () => {
  for (let round = 0; round < 10; round += 1) {
    const person = await givenRegistration(server, { password: 'the password of the sign-up' })
    const { token, email } = await givenInvitation(server, admin, { email: person.email })
    const [accepted, proven] = await Promise.all([
      accept(server, token),
      server.anonymous.post(`${api}/auth/verify-email`, { token: person.token }),
    ])
    expect([
      [201, 400],
      [409, 200],
    ]).toContainEqual([accepted.status, proven.status])
    const password = accepted.status === 201 ? goodPassword : person.password
    expect((await signIn(server, email, { password })).status).toBe(200)
    const [account] = await accountsOf(email)
    const roles = await rolesOf(server.ctx(), account?.id ?? '')
    expect(roles.includes('employee')).toBe(accepted.status === 201)
  }
})

test('two that invite each other’s colleagues accept at once without being told of a deadlock', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [ada, bob] = [await server.as('admin'), await server.as('admin')]
    const toBob = await givenInvitation(server, ada, { email: bob.email })
    const toAda = await givenInvitation(server, bob, { email: ada.email })
    const replies = await Promise.all([
      bob.post(`${url}/accept`, { token: toBob.token }),
      ada.post(`${url}/accept`, { token: toAda.token }),
    ])
    expect(tally(replies)).toEqual({ 200: 2 })
  }
})

test('nothing here failed on our side', () => {
  expect(server.failures).toEqual([])
})
