/** An account is the same one, however its id is spelt: no other spelling opens a door, hides an act or spares a cache. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, api, bearerOf, me, query } from '../auth/testing.ts'
import { administration, givenAdmin, usersUrl } from './testing.ts'

const server: Server = await startServer()
const boss = await givenAdmin(server)
const reason = 'a complaint'
const spellings = [
  ['capitals', (id: string | null) => String(id).toUpperCase()],
  ['a URN', (id: string | null) => `urn:uuid:${id}`],
] as const

test.each(spellings)(
  'nobody acts on their own account by writing its id as %s',
  async (_as, of) => {
    const own = `${usersUrl}/${of(boss.userId)}`
    for (const reply of [
      await boss.post(`${own}/suspend`, { reason }),
      await boss.post(`${own}/unsuspend`),
      await boss.post(`${own}/sign-out`),
      await boss.post(`${own}/reset-factors`, { reason }),
      await boss.put(`${own}/roles/support`),
      await boss.delete(`${own}/roles/super_admin`),
      await boss.delete(`${own}/sessions/${of(boss.userId)}`),
      await boss.delete(`${own}/api-keys/${of(boss.userId)}`),
    ])
      expect(reply).toMatchObject({ status: 403, body: { code: 'admin.own_account' } })
    const teams = await boss.put(`${api}/users/${of(boss.userId)}/teams`, { teams: ['mine'] })
    expect(teams.body.code).toBe('users.own_teams')
    const acting = { userId: of(boss.userId), reason }
    expect((await boss.post(`${administration}/impersonation`, acting)).status).toBe(403)
  },
)

test.each(spellings)('what is done to an account named by %s is in its story', async (_as, of) => {
  const member = await server.as()
  const suspended = await boss.post(`${usersUrl}/${of(member.userId)}/suspend`, { reason })
  expect(suspended.status).toBe(204)
  for (const asked of [member.userId, of(member.userId)]) {
    const url = `${administration}/audit-logs?action=admin.user_suspended&targetUserId=${asked}`
    const { body } = await boss.get(url)
    expect(body.data).toMatchObject([{ subjectId: member.userId }])
  }
  expect((await boss.post(`${usersUrl}/${of(member.userId)}/unsuspend`)).status).toBe(204)
})

test.each(spellings)(
  'a role given and taken by %s is felt by a key on the next request',
  async (_as, of) => {
    const member = await server.as()
    const { key } = (await member.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
    const client = bearerOf(server, String(key))
    const rolesNow = async () => (await client.get(me)).body.data.roles
    expect(await rolesNow()).toEqual(['member'])
    expect((await boss.put(`${usersUrl}/${of(member.userId)}/roles/support`)).status).toBe(204)
    expect(await rolesNow()).toEqual(['member', 'support'])
    expect((await boss.delete(`${usersUrl}/${of(member.userId)}/roles/support`)).status).toBe(204)
    expect(await rolesNow()).toEqual(['member'])
    const ids = await query<{ subject_id: string }>(
      server,
      `select distinct subject_id from platform_events where lower(subject_id) like '%' || $1`,
      [member.userId],
    )
    expect(ids).toEqual([{ subject_id: member.userId }])
  },
)
