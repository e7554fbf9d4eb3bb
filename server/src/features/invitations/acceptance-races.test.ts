/** Accepting while others revoke, send again, sign up, prove or suspend: each race has one winner, and the rest is told. */
import { expect, test } from 'vitest'
import { type Reply, goodPassword, startServer } from '../../app/testing.ts'
import { rolesOf } from '../access/index.ts'
import {
  type Server,
  anyPassword,
  api,
  crowd,
  findProofs,
  givenRegistration,
  query,
  rounds,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { accept, findTokens, givenInvitation, url, givenInviter } from './testing.ts'

const server: Server = await startServer()
const admin = await givenInviter(server, 'admin')
const accountsOf = (email: string) =>
  query<{ id: string }>(server, 'select id from users_users where email = $1', [email])

/** As many of the one as of the other at once; returns what each was answered. */
async function half(one: () => Promise<Reply>, other: () => Promise<Reply>) {
  const replies = await together(crowd, (index) => (index % 2 ? other : one)())
  const of = (side: number) => tally(replies.filter((_, index) => index % 2 === side))
  return [of(0), of(1)] as const
}
const count = crowd / 2

test('an inviter who is suspended while somebody accepts: before or after, and after it nobody comes in', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const inviter = await givenInviter(server, 'admin')
    const { token, email } = await givenInvitation(server, inviter)
    const suspend = () =>
      query(server, `update users_users set status = 'suspended' where id = $1`, [inviter.userId])
    const [replies] = await Promise.all([together(crowd, () => accept(server, token)), suspend()])
    const { 201: accepted = 0, ...others } = tally(replies)
    expect(others).toEqual({ 400: crowd - accepted })
    expect(await accountsOf(email)).toHaveLength(accepted)
  }
})

test('accept against revoke: one of them wins', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { token, id, email } = await givenInvitation(server, admin)
    const answers = await half(
      () => accept(server, token),
      () => admin.delete(`${url}/${id}`),
    )
    expect([
      [{ 201: 1, 400: count - 1 }, { 409: count }],
      [{ 400: count }, { 204: 1, 409: count - 1 }],
    ]).toContainEqual(answers)
    expect(await accountsOf(email)).toHaveLength(answers[0][201] ?? 0)
  }
})

test('revoke against resend: what was revoked is dead, whatever was sent', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { id, email } = await givenInvitation(server, admin)
    const [revoked, resent] = await half(
      () => admin.delete(`${url}/${id}`),
      () => admin.post(`${url}/${id}/resend`),
    )
    expect(revoked).toEqual({ 204: 1, 409: count - 1 })
    // Five mails an hour go to one address, the first one among them.
    const { 200: sent = 0, 409: late = 0, 429: tooMany = 0 } = resent
    expect(sent + late + tooMany).toBe(count)
    expect(sent).toBeLessThanOrEqual(4)
    for (const token of await findTokens(server, email))
      expect((await accept(server, token)).body.code).toBe('invitations.invalid_token')
  }
})

test('an account that is suspended while it accepts: before or after, and it is told nothing', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const owner = await server.as('member')
    const { token } = await givenInvitation(server, admin, { email: owner.email })
    const suspend = () =>
      query(server, `update users_users set status = 'suspended' where id = $1`, [owner.userId])
    const [replies] = await Promise.all([
      together(crowd, () => owner.post(`${url}/accept`, { token })),
      suspend(),
    ])
    const { 200: accepted = 0, 400: dead = 0, 401: unknown = 0 } = tally(replies)
    expect(accepted).toBeLessThanOrEqual(1)
    expect(accepted + dead + unknown).toBe(crowd)
    const roles = await rolesOf(server.ctx(), owner.user.id)
    expect(roles.join()).toBe(accepted ? 'employee,member' : 'member')
  }
})

test('accept against resend: the old link makes an account or is dead, never both links one', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { token, id, email } = await givenInvitation(server, admin)
    const [accepted, resent] = await half(
      () => accept(server, token),
      () => admin.post(`${url}/${id}/resend`),
    )
    const { 200: sent = 0 } = resent
    expect([accepted, sent === 0 ? resent : sent]).toEqual(
      sent === 0 ? [{ 201: 1, 400: count - 1 }, { 409: count }] : [{ 400: count }, 4],
    )
    const tokens = await findTokens(server, email)
    const again = await accept(server, tokens.at(-1) ?? '')
    expect(again.status).toBe(sent === 0 ? 400 : 201)
    expect(await accountsOf(email)).toHaveLength(1)
  }
})

test('accept against a new invitation to a lower role: the account has the one that it accepted', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { token, email } = await givenInvitation(server, admin, { role: 'support' })
    const [accepted, again] = await half(
      () => accept(server, token),
      () => admin.post(url, { email, role: 'member' }),
    )
    const { 201: invited = 0, 429: tooMany = 0 } = again
    expect(invited + tooMany).toBe(count)
    expect(invited).toBeGreaterThan(0)
    const accounts = await accountsOf(email)
    expect([{ 201: 1, 400: count - 1 }, { 400: count }]).toContainEqual(accepted)
    expect(accounts).toHaveLength(accepted[201] ?? 0)
    for (const { id } of accounts) expect(await rolesOf(server.ctx(), id)).toEqual(['support'])
  }
})

test('accept against sign-ups for the same address: the password is that of whoever had the mail', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { token, email } = await givenInvitation(server, admin)
    const password = anyPassword()
    const [accepted] = await half(
      () => accept(server, token),
      () => server.anonymous.post(`${api}/auth/register`, { email, password }),
    )
    expect(accepted).toEqual({ 201: 1, 400: count - 1 })
    expect(await accountsOf(email)).toHaveLength(1)
    // What the sign-ups had mailed is worth nothing, used late.
    for (const proof of await findProofs(server, email))
      await server.anonymous.post(`${api}/auth/verify-email`, { token: proof.token })
    expect((await signIn(server, email)).status).toBe(200)
    expect((await signIn(server, email, { password })).status).toBe(401)
  }
})

test('accept against the proof of a sign-up: one account, and the one that came second is told', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const person = await givenRegistration(server, { password: anyPassword() })
    const { token, email } = await givenInvitation(server, admin, { email: person.email })
    const answers = await half(
      () => accept(server, token),
      () => server.anonymous.post(`${api}/auth/verify-email`, { token: person.token }),
    )
    expect([
      [{ 201: 1, 400: count - 1 }, { 400: count }],
      [{ 409: count }, { 200: 1, 400: count - 1 }],
    ]).toContainEqual(answers)
    const isAccepted = answers[0][201] === 1
    const password = isAccepted ? goodPassword : person.password
    expect((await signIn(server, email, { password })).status).toBe(200)
    const [account] = await accountsOf(email)
    const roles = await rolesOf(server.ctx(), account?.id ?? '')
    expect(roles.includes('employee')).toBe(isAccepted)
  }
})

test('two that invite each other’s colleagues accept at once without being told of a deadlock', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const [ada, bob] = [await givenInviter(server, 'admin'), await givenInviter(server, 'admin')]
    const toBob = await givenInvitation(server, ada, { email: bob.email })
    const toAda = await givenInvitation(server, bob, { email: ada.email })
    const answers = await half(
      () => bob.post(`${url}/accept`, { token: toBob.token }),
      () => ada.post(`${url}/accept`, { token: toAda.token }),
    )
    const once = { 200: 1, 400: count - 1 }
    expect(answers).toEqual([once, once])
  }
})

test('nothing here failed on our side', () => {
  expect(server.failures).toEqual([])
})
