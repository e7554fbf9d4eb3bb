/** Changes of rights on two processes: once one has answered, the other judges the very next request by them. */
import { beforeAll, describe, expect, test } from 'vitest'
import { type TestClient, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  forgetUser,
  me,
  query,
  signIn,
  together,
} from '../auth/testing.ts'
import { givenEnrolled } from '../twofa/testing.ts'
import { grantRole } from './grants.ts'

type Person = Awaited<ReturnType<Server['as']>>

let server: Server
let other: Server
let root: Person
let names = 0

const reader = { permission: 'users.read_any' }
const reason = { reason: 'asked on the phone' }

beforeAll(async () => {
  server = await startServer({ isOneOfSeveral: true })
  other = await startServer({ location: server.location, isOneOfSeveral: true })
  root = await givenEnrolled(server, 'super_admin')
  await query(server, 'update auth_sessions set elevated_at = now() where user_id = $1', [
    root.userId,
  ])
  await forgetUser(server, root.user.id)
})

async function givenRole(rules: readonly object[]): Promise<string> {
  const name = `felt_${(names += 1)}`
  const made = await root.post(`${api}/roles`, { name, description: 'of a test', rules })
  expect(made.status, made.text).toBe(201)
  return name
}

async function givenHolder(role: string): Promise<Person> {
  const person = await server.as('member')
  await server.ctx().tx((tx) => grantRole(tx, person.userId ?? '', role))
  return person
}

async function givenKey(owner: Person): Promise<{ id: string; key: string }> {
  const made = await owner.post(`${api}/auth/api-keys`, { name: 'mine' })
  expect(made.status, made.text).toBe(201)
  return made.body.data
}

/** What each of twenty requests that are sent at once is answered with. */
const statuses = async (client: TestClient, url: string) =>
  new Set((await together(20, () => client.get(url))).map(({ status }) => status))

/** Asks until the answer comes from memory, and then on, so that it is there when the change is made. */
async function warm(clients: readonly TestClient[], url: string, status: number) {
  for (const client of clients)
    for (let asked = 0; asked < 3; asked += 1) expect((await client.get(url)).status).toBe(status)
}

describe('on the next request of every process', () => {
  test('a changed role is felt by everybody who has it, and by their keys', async () => {
    const role = await givenRole([reader])
    const holder = await givenHolder(role)
    const { key } = await givenKey(holder)
    const hidden = await server.as('member')
    await hidden.patch(me, { privacy: { profile: 'nobody' } })
    const url = `${api}/users/${hidden.userId}`
    const clients = [
      holder,
      bearerOf(other, holder.accessToken),
      bearerOf(server, key),
      bearerOf(other, key),
    ]
    for (let round = 0; round < 5; round += 1) {
      await warm(clients, url, 200)
      expect((await root.patch(`${api}/roles/${role}`, { rules: [] })).status).toBe(200)
      for (const client of clients) expect(await statuses(client, url)).toEqual(new Set([404]))
      expect((await root.patch(`${api}/roles/${role}`, { rules: [reader] })).status).toBe(200)
      for (const client of clients) expect(await statuses(client, url)).toEqual(new Set([200]))
    }
    expect((await server.as('member').then((member) => member.get(url))).status).toBe(404)
  })

  test('teams are', async () => {
    const holder = await givenHolder(
      await givenRole([{ ...reader, when: { teams: { $in: '$myTeams' } } }]),
    )
    const hidden = await server.as('member')
    await hidden.patch(me, { privacy: { profile: 'nobody' } })
    await query(server, `update users_users set teams = '{emea}' where id = $1`, [hidden.userId])
    const elsewhere = bearerOf(other, holder.accessToken)
    const url = `${api}/users/${hidden.userId}`
    await warm([elsewhere], url, 404)
    for (const [teams, status] of [
      [['emea'], 200],
      [[], 404],
    ] as const) {
      const put = await root.put(`${api}/users/${holder.userId}/teams`, { teams })
      expect(put.status, put.text).toBe(200)
      expect(await statuses(elsewhere, url)).toEqual(new Set([status]))
    }
  })

  test.each<[string, (person: Person) => Promise<{ status: number; text: string }>]>([
    ['a suspension', ({ userId }) => root.post(`${api}/admin/users/${userId}/suspend`, reason)],
    ['a sign-out', ({ userId }) => root.post(`${api}/admin/users/${userId}/sign-out`, reason)],
    [
      'a role that was given',
      ({ userId }) => root.put(`${api}/admin/users/${userId}/roles/editor`, reason),
    ],
    ['the end of every session', (person) => person.post(`${api}/auth/logout-all`)],
  ])('%s is: the session has ended', async (_what, end) => {
    const person = await server.as('member')
    const elsewhere = bearerOf(other, person.accessToken)
    await warm([elsewhere], me, 200)
    const ended = await end(person)
    expect(ended.status, ended.text).toBeLessThan(300)
    expect(await statuses(elsewhere, me)).toEqual(new Set([401]))
  })

  test.each<[string, (person: Person, id: string) => Promise<{ status: number; text: string }>]>([
    ['its owner', (person, id) => person.delete(`${api}/auth/api-keys/${id}`)],
    [
      'administration',
      ({ userId }, id) => root.delete(`${api}/admin/users/${userId}/api-keys/${id}`),
    ],
  ])('a key that %s has revoked is dead', async (_who, revoke) => {
    const person = await server.as('member')
    const { id, key } = await givenKey(person)
    const elsewhere = bearerOf(other, key)
    await warm([elsewhere], me, 200)
    const revoked = await revoke(person, id)
    expect(revoked.status, revoked.text).toBe(204)
    expect(await statuses(elsewhere, me)).toEqual(new Set([401]))
  })

  test.each<[string, (id: string) => Promise<{ status: number; text: string }>]>([
    ['revoked', (id) => root.delete(`${api}/admin/service-tokens/${id}`)],
    [
      'replaced by the next',
      (id) => root.post(`${api}/admin/service-tokens/${id}/rotate`, { overlapMinutes: 0 }),
    ],
  ])('the token of a program that was %s is dead', async (_how, end) => {
    const scopes = ['admin.read_users']
    const made = await root.post(`${api}/admin/service-tokens`, { name: 'a program', scopes })
    expect(made.status, made.text).toBe(201)
    const { id, token } = made.body.data
    const elsewhere = bearerOf(other, token)
    const url = `${api}/admin/users`
    await warm([elsewhere], url, 200)
    const ended = await end(id)
    expect(ended.status, ended.text).toBeLessThan(300)
    expect(await statuses(elsewhere, url)).toEqual(new Set([401]))
  })

  test('the sessions that somebody ends elsewhere are, one by one and all at once', async () => {
    const person = await server.as('member')
    const ends = [
      async () => {
        const { data } = (await person.get(`${api}/auth/sessions`)).body
        const there = data.find((each: { current: boolean }) => !each.current)
        return person.delete(`${api}/auth/sessions/${there?.id}`)
      },
      () => person.delete(`${api}/auth/sessions`),
    ]
    for (const end of ends) {
      const signedIn = await signIn(server, person.email, { mode: 'token' })
      const elsewhere = bearerOf(other, String(signedIn.body.data.accessToken))
      await warm([elsewhere], me, 200)
      const ended = await end()
      expect(ended.status, ended.text).toBeLessThan(300)
      expect(await statuses(elsewhere, me)).toEqual(new Set([401]))
    }
  })
})
