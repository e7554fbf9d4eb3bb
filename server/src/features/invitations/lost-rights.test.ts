/** Invitations whose inviter may not give the role any more: dead, and said to be so. */
import { beforeEach, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { type Server, query } from '../auth/testing.ts'
import { type Inviter, accept, givenInvitation, url, givenInviter } from './testing.ts'

const server: Server = await startServer()
const boss = await givenInviter(server, 'super_admin')
beforeEach(() => query(server, 'delete from invitations_invitations'))

const setRole = (person: Inviter, role: string) =>
  query(server, 'update access_grants set role = $2 where user_id = $1', [person.userId, role])
const setStatus = (person: Inviter, status: string) =>
  query(server, 'update users_users set status = $2 where id = $1', [person.userId, status])
const statusOf = async (id: string) => (await boss.get(`${url}/${id}`)).body.data.status
const idsIn = async (status: string) => {
  const { body } = await boss.get(`${url}?status=${status}&total=true`)
  return { ids: body.data.map(({ id }: { id: string }) => id), ...body.meta }
}

const losses: Record<string, (inviter: Inviter) => Promise<unknown>> = {
  'was demoted': (inviter) => setRole(inviter, 'admin'),
  'may not invite any more': (inviter) => setRole(inviter, 'member'),
  'was suspended': (inviter) => setStatus(inviter, 'suspended'),
  'was deleted': (inviter) => setStatus(inviter, 'deleted'),
}

test.each(Object.entries(losses))(
  'when their inviter %s they are not pending, and nobody can accept them',
  async (_what, lose) => {
    const inviter = await givenInviter(server, 'super_admin')
    const dead = await givenInvitation(server, inviter, { role: 'super_admin' })
    const alive = await givenInvitation(server, boss)
    await lose(inviter)
    expect(await statusOf(dead.id)).toBe('inviter_lost_right')
    expect(await statusOf(alive.id)).toBe('pending')
    expect(await idsIn('pending')).toMatchObject({ ids: [alive.id], total: 1 })
    expect(await idsIn('inviter_lost_right')).toMatchObject({ ids: [dead.id], total: 1 })
    expect(await accept(server, dead.token)).toMatchObject({
      status: 400,
      body: { code: 'invitations.invalid_token' },
    })
    expect(await statusOf(dead.id)).toBe('inviter_lost_right')
  },
)

test('an inviter who may give one role and not the other leaves the one, and loses the other', async () => {
  const inviter = await givenInviter(server, 'super_admin')
  const above = await givenInvitation(server, inviter, { role: 'super_admin' })
  const within = await givenInvitation(server, inviter, { role: 'employee' })
  await setRole(inviter, 'admin')
  expect((await idsIn('pending')).ids).toEqual([within.id])
  expect((await idsIn('inviter_lost_right')).ids).toEqual([above.id])
  await setRole(inviter, 'super_admin')
  expect((await idsIn('pending')).ids).toEqual([within.id, above.id])
})

test('whoever was suspended a moment ago, which a cache has not heard of, invites nobody and takes none back', async () => {
  const inviter = await givenInviter(server, 'admin')
  const open = await givenInvitation(server, boss)
  expect((await inviter.get(`${url}/${open.id}`)).status).toBe(200)
  await setStatus(inviter, 'suspended')
  for (const reply of [
    await inviter.post(url, { email: 'late@example.com', role: 'member' }),
    await inviter.post(`${url}/${open.id}/resend`),
    await inviter.delete(`${url}/${open.id}`),
  ])
    expect(reply).toMatchObject({ status: 401, body: { code: 'access.unauthenticated' } })
  expect(await idsIn('pending')).toMatchObject({ ids: [open.id], total: 1 })
})

test('a conditional role is worth to its receiver what its inviter has: a team is not every team', async () => {
  const inTeams = { permission: 'users.read_any', when: { teams: { $in: '$myTeams' } } }
  const own = [{ permission: 'invitations.manage' }, { permission: 'twofa.manage' }]
  const rules = JSON.stringify([inTeams, ...own])
  await query(server, `insert into access_roles (name, rules) values ('of_a_team', $1)`, [rules])
  const inviter = await givenInviter(server, 'of_a_team')
  const receiver = await server.as()
  const setTeams = (person: Inviter, teams: readonly string[]) =>
    query(server, 'update users_users set teams = $2 where id = $1', [person.userId, teams])
  await setTeams(receiver, ['tx'])
  await setTeams(inviter, ['tx', 'ty'])
  const { token } = await givenInvitation(server, inviter, {
    email: receiver.email,
    role: 'of_a_team',
  })
  const join = () => receiver.post(`${url}/accept`, { token })
  await setTeams(inviter, ['ty'])
  expect((await join()).body.code).toBe('invitations.invalid_token')
  await setTeams(inviter, ['tx', 'ty'])
  expect((await join()).status).toBe(200)
})

test('sent again by somebody who may, one is pending; it can be taken back, and it expires as any other', async () => {
  const inviter = await givenInviter(server, 'admin')
  const [again, back, late] = [
    await givenInvitation(server, inviter),
    await givenInvitation(server, inviter),
    await givenInvitation(server, inviter),
  ]
  await setRole(inviter, 'member')
  expect((await boss.post(`${url}/${again.id}/resend`)).body.data.status).toBe('pending')
  expect(await statusOf(again.id)).toBe('pending')
  expect((await boss.delete(`${url}/${back.id}`)).status).toBe(204)
  expect(await statusOf(back.id)).toBe('revoked')
  await query(
    server,
    `update invitations_invitations set expires_at = now() - interval '1 second' where id = $1`,
    [late.id],
  )
  expect(await statusOf(late.id)).toBe('expired')
  expect((await idsIn('inviter_lost_right')).ids).toEqual([])
})

test('pages of pending ones are full, whatever lies between them', async () => {
  const inviter = await givenInviter(server, 'admin')
  const pending: string[] = []
  for (let index = 0; index < 5; index += 1) {
    pending.unshift((await givenInvitation(server, boss)).id)
    await givenInvitation(server, inviter)
  }
  await setRole(inviter, 'member')
  const first = await boss.get(`${url}?status=pending&limit=3`)
  const { nextCursor } = first.body.meta
  const second = await boss.get(`${url}?status=pending&limit=3&cursor=${nextCursor}`)
  const ids = [first, second].map(({ body }) => body.data.map(({ id }: { id: string }) => id))
  expect(ids).toEqual([pending.slice(0, 3), pending.slice(3)])
})
