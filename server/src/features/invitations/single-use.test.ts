/** An invitation works once: whoever sends its token 20 times at once is let in by one of them. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { rolesOf } from '../access/index.ts'
import { type Server, crowd, query, rounds, tally, together } from '../auth/testing.ts'
import { accept, factsOf, givenInvitation, url, givenInviter } from './testing.ts'

const server: Server = await startServer()
const admin = await givenInviter(server, 'admin')
const accountsOf = (email: string) =>
  query<{ id: string }>(server, 'select id from users_users where email = $1', [email])

test('accepting many times at once becomes one account with one grant and one session', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { token, email, id } = await givenInvitation(server, admin)
    const replies = await together(crowd, () => accept(server, token))
    expect(tally(replies)).toEqual({ 201: 1, 400: crowd - 1 })
    const [account, ...others] = await accountsOf(email)
    expect(others).toEqual([])
    expect(await rolesOf(server.ctx(), account?.id ?? '')).toEqual(['employee'])
    const sessions = await query(server, 'select 1 from auth_sessions where user_id = $1', [
      account?.id,
    ])
    expect(sessions).toHaveLength(1)
    const accepted = (await factsOf(server, id)).filter(({ outcome }) => outcome === 'succeeded')
    expect(accepted.map(({ name }) => name)).toEqual(['invited', 'invitation_accepted'])
  }
})

test('an account that accepts many times at once has the role once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const owner = await server.as('member')
    const { token, id } = await givenInvitation(server, admin, { email: owner.email })
    const replies = await together(crowd, () => owner.post(`${url}/accept`, { token }))
    expect(tally(replies)).toEqual({ 200: 1, 400: crowd - 1 })
    expect(await rolesOf(server.ctx(), owner.user.id)).toEqual(['employee', 'member'])
    const accepted = (await factsOf(server, id)).filter(({ outcome }) => outcome === 'succeeded')
    expect(accepted).toHaveLength(2)
  }
}, 300_000)
