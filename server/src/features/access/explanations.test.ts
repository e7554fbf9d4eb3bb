/** Explanations of what is done to somebody's account agree with what the route does, also where rules have conditions. */
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api, forgetUser, query } from '../auth/testing.ts'
import { givenEnrolled } from '../twofa/testing.ts'
import { grantRole } from './grants.ts'

type Person = Awaited<ReturnType<typeof givenEnrolled>>

let server: Server
let root: Person
const people = new Map<string, Person>()

/** Who suspends, and reads: everybody, those of their teams, or those of one state. */
const reads = {
  warden: [{ permission: 'users.read_any' }],
  shepherd: [{ permission: 'users.read_any', when: { teams: { $in: '$myTeams' } } }],
  gardener: [{ permission: 'users.read_any', when: { status: 'suspended' } }],
}
const acts = ['admin.suspend_users', 'admin.sign_out_users', 'impersonation.begin']

async function given(name: string, role: string, teams: readonly string[] = []) {
  const person = await givenEnrolled(server, 'member')
  await server.ctx().tx((tx) => grantRole(tx, person.user.id, role))
  await query(server, 'update users_users set teams = $2 where id = $1', [person.user.id, teams])
  await query(
    server,
    `update auth_sessions set elevated_at = now(), proven_at = now() where user_id = $1`,
    [person.user.id],
  )
  await forgetUser(server, person.user.id)
  people.set(name, person)
}

beforeAll(async () => {
  server = await startServer()
  root = await givenEnrolled(server, 'super_admin')
  for (const [name, rules] of Object.entries(reads))
    await query(server, 'insert into access_roles (name, rules) values ($1, $2)', [
      name,
      JSON.stringify([...rules, ...acts.map((permission) => ({ permission }))]),
    ])
  await query(server, 'insert into access_roles (name, rules) values ($1, $2)', [
    'reader_of_red',
    JSON.stringify([{ permission: 'users.read_any', when: { teams: { $in: ['red'] } } }]),
  ])
  for (const role of ['super_admin', 'admin', 'support', 'member', 'warden', 'gardener'])
    await given(role, role)
  await given('shepherd of red', 'shepherd', ['red'])
  await given('shepherd of blue', 'shepherd', ['blue'])
  await given('shepherd of both', 'shepherd', ['red', 'blue'])
  await given('reader of red', 'reader_of_red')
})

/** What the routes do; whoever it is about is signed in again and lifted, so that the next one finds them as they were. */
const doors: Readonly<Record<string, (by: Person, to: Person) => Promise<{ status: number }>>> = {
  'admin.suspend_users': (by, to) => by.post(`${api}/admin/users/${to.user.id}/unsuspend`, {}),
  'admin.sign_out_users': (by, to) =>
    by.delete(`${api}/admin/users/${to.user.id}/sessions/${none}`),
  'impersonation.begin': (by, to) =>
    by.post(`${api}/admin/impersonation`, { userId: to.user.id, reason: 'a question of theirs' }),
}
const none = '0197a3a4-5b5c-7d5e-8f60-718293a4b5c6'

const explained = async (by: Person, permission: string, to: Person) => {
  const asked = `user=${by.user.id}&permission=${permission}&resource=users:${to.user.id}`
  return (await root.get(`${api}/access/explain?${asked}`)).body.data
}

describe.each(Object.entries(doors))('%s', (permission, act) => {
  test('is explained as it is, of everybody on everybody', async () => {
    const found: Record<string, number> = {}
    for (const [who, by] of people)
      for (const [whom, to] of people) {
        const { allowed, reason } = await explained(by, permission, to)
        const { status } = await act(by, to)
        expect(status !== 403, `${who} on ${whom}: ${reason}, ${status}`).toBe(allowed)
        found[reason] = (found[reason] ?? 0) + 1
      }
    // Each of the answers was met, so that none of them is right by never being asked.
    expect(Object.keys(found).toSorted()).toEqual([
      'account_above',
      'granted',
      'no_role',
      'own_account',
    ])
  })
})

test('of an account that is above, nothing is said to whoever may not do it to anybody', async () => {
  const [member, boss] = [people.get('member'), people.get('super_admin')]
  if (!member || !boss) throw new Error('nobody there')
  const asked = `permission=admin.suspend_users&resource=users:${boss.user.id}`
  expect((await member.get(`${api}/access/explain?${asked}`)).body.data).toMatchObject({
    allowed: false,
    reason: 'no_role',
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
