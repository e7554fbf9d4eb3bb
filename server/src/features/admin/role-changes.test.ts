/** Roles: given and taken within one's own rights, felt at once, and never so that nobody is left who may do everything. */
import { describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { type Server, api, bearerOf, me, query, signIn, tally, together } from '../auth/testing.ts'
import { administration, elevate, givenAdmin, passMinutes, usersUrl } from './testing.ts'

const server: Server = await startServer()
/** Another process on the same database. */
const second: Server = await startServer({ location: server.location })
const boss = await givenAdmin(server)
const admin = await givenAdmin(server, 'admin')
const roleUrl = (userId: string | null, role: string) => `${usersUrl}/${userId}/roles/${role}`
const rolesOf = async (userId: string | null) =>
  (await boss.get(`${usersUrl}/${userId}`)).body.data.roles as string[]

describe('giving a role', () => {
  test('ends what its user was signed in with, and is there at the next sign-in', async () => {
    const ada = await server.as()
    const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'program' })).body.data
    const elsewhere = bearerOf(second, ada.accessToken)
    expect((await elsewhere.get(me)).status).toBe(200)
    expect((await admin.put(roleUrl(ada.userId, 'support'))).status).toBe(204)
    expect((await ada.get(me)).status).toBe(401)
    await eventually(async () => (await elsewhere.get(me)).status === 401)
    expect((await bearerOf(server, key).get(me)).body.data.roles).toEqual(['member', 'support'])
    const { accessToken } = (await signIn(server, ada.email)).body.data
    expect((await bearerOf(server, accessToken).get(usersUrl)).status).toBe(200)
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === ada.userId)
    expect(
      facts.find(({ name, actorId }) => name === 'access.role_granted' && actorId === admin.userId),
    ).toMatchObject({ data: { role: 'support' } })
  })

  test('twice changes nothing, and signs nobody out', async () => {
    const ada = await server.as('editor')
    expect((await admin.put(roleUrl(ada.userId, 'editor'))).status).toBe(204)
    expect((await ada.get(me)).status).toBe(200)
  })

  test('to an account that its owner has closed is refused', async () => {
    const ada = await server.as()
    expect((await ada.delete(me)).status).toBe(202)
    expect((await boss.put(roleUrl(ada.userId, 'admin'))).body.code).toBe('admin.account_closed')
    expect(await rolesOf(ada.userId)).toEqual(['member'])
  })

  test('of more than one may do oneself is refused, and of what there is not', async () => {
    const ada = await server.as()
    expect((await admin.put(roleUrl(ada.userId, 'super_admin'))).body.code).toBe(
      'access.role_above_own',
    )
    expect((await admin.put(roleUrl(ada.userId, 'no_such_role'))).body.code).toBe(
      'access.unknown_role',
    )
    expect((await admin.put(roleUrl(ada.userId, 'Admin'))).status).toBe(404)
    expect(await rolesOf(ada.userId)).toEqual(['member'])
    expect((await admin.put(roleUrl(ada.userId, 'admin'))).status).toBe(204)
    expect((await admin.put(roleUrl(ada.userId, 'editor'))).body.code).toBe('admin.account_above')
    expect((await boss.put(roleUrl(ada.userId, 'super_admin'))).status).toBe(204)
  })

  test('asks an old session for a factor', async () => {
    const person = await givenAdmin(server, 'admin')
    const ada = await server.as()
    await passMinutes(server, person.user.id, 11)
    expect((await person.put(roleUrl(ada.userId, 'editor'))).body.code).toBe('admin.mfa_required')
    await elevate(server, person)
    expect((await person.put(roleUrl(ada.userId, 'editor'))).status).toBe(204)
  })
})

describe('taking a role away', () => {
  test('is felt on the next request, also by keys', async () => {
    const ada = await server.as('support')
    const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'program' })).body.data
    const program = bearerOf(server, key)
    expect((await program.get(usersUrl)).status).toBe(200)
    expect((await admin.delete(roleUrl(ada.userId, 'support'))).status).toBe(204)
    expect((await program.get(usersUrl)).status).toBe(403)
    expect((await ada.get(usersUrl)).status).toBe(401)
    expect(await rolesOf(ada.userId)).toEqual([])
    const fact = (await server.facts()).findLast(({ name }) => name === 'access.role_revoked')
    expect(fact).toMatchObject({ actorId: admin.userId, subjectId: ada.userId })
  })

  test('that is not there is 404, also of 20 at once all but one', async () => {
    const ada = await server.as('editor')
    expect((await admin.delete(roleUrl(ada.userId, 'support'))).body.code).toBe(
      'admin.role_not_held',
    )
    const replies = await together(20, () => admin.delete(roleUrl(ada.userId, 'editor')))
    expect(tally(replies)).toEqual({ 204: 1, 404: 19 })
  })

  test('counts from that moment: who has just lost a right does not use it elsewhere', async () => {
    const person = await givenAdmin(server, 'admin')
    const ada = await server.as()
    // The other process has this session in its cache.
    const elsewhere = bearerOf(second, person.accessToken)
    expect((await elsewhere.get(usersUrl)).status).toBe(200)
    const [taken, given] = await Promise.all([
      boss.delete(roleUrl(person.userId, 'admin')),
      boss
        .get(`${administration}/users/${person.userId}`)
        .then(() => elsewhere.put(roleUrl(ada.userId, 'support'))),
    ])
    expect(taken.status).toBe(204)
    const granted = await query<{ before: boolean }>(
      server,
      `select (select id from platform_events where name = 'access.role_granted' and subject_id = $1
          and data->>'role' = 'support') <
        (select max(id::text)::uuid from platform_events where name = 'access.role_revoked' and subject_id = $2) as before`,
      [ada.userId, person.userId],
    )
    const isFair = given.status === 204 ? granted[0]?.before : [401, 403].includes(given.status)
    expect(isFair).toBe(true)
    expect([401, 403]).toContain((await elsewhere.put(roleUrl(ada.userId, 'editor'))).status)
    expect(await rolesOf(ada.userId)).not.toContain('editor')
  })
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
