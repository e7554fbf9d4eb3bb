/** The last super admin stays, whoever goes at once: demoted, suspended, erased. Fifty rounds, on two processes. */
import { expect, test } from 'vitest'
import { type Reply, eventually, startServer } from '../../app/testing.ts'
import { type Server, bearerOf, forgetUser, me, query } from '../auth/testing.ts'
import { type Admin, elevate, givenAdmin, passMinutes, usersUrl } from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
const rounds = 50
/** On a machine that does ten other things at once. */
const patienceMs = 180_000

type Leaving = (admin: ReturnType<typeof bearerOf>, other: Admin) => Promise<Reply>
const demote: Leaving = (admin, other) =>
  admin.delete(`${usersUrl}/${other.userId}/roles/super_admin`)
const suspend: Leaving = (admin, other) =>
  admin.post(`${usersUrl}/${other.userId}/suspend`, { reason: 'a coup' })
const leave: Leaving = (admin) => admin.delete(me)

/** Everything as it was: both super admins, active, and signed in by the same sessions. */
async function restore(admins: readonly Admin[]): Promise<void> {
  for (const { user, userId } of admins) {
    await query(server, `update users_users set status = 'active' where id = $1`, [userId])
    await query(server, 'delete from privacy_erasures where user_id = $1', [userId])
    await query(
      server,
      `insert into access_grants (user_id, role) values ($1, 'super_admin') on conflict do nothing`,
      [userId],
    )
    await query(server, 'update auth_sessions set revoked_at = null where user_id = $1', [userId])
    await forgetUser(server, user.id)
  }
}

const active = async () =>
  (
    await query(
      server,
      `select 1 from access_subjects where status = 'active' and 'super_admin' = any(roles)`,
    )
  ).length

test(
  'of two who remove each other, or leave, one is left',
  async () => {
    const [one, other] = [await givenAdmin(server), await givenAdmin(server)]
    const ways = [demote, suspend, leave]
    for (let round = 0; round < rounds; round += 1) {
      const [first, last] = [ways[round % 3] ?? demote, ways[Math.floor(round / 3) % 3] ?? demote]
      const at = bearerOf(round % 2 === 0 ? server : second, other.accessToken)
      const replies = await Promise.all([first(one, other), last(at, one)])
      expect(await active()).toBeGreaterThanOrEqual(1)
      const isDone = (reply: Reply | undefined) => reply !== undefined && reply.status < 300
      expect(replies.filter(isDone).length).toBeLessThanOrEqual(
        first === leave || last === leave ? 2 : 1,
      )
      for (const { status } of replies) expect([202, 204, 401, 403, 409]).toContain(status)
      await restore([one, other])
      for (const each of [one, other]) {
        await passMinutes(server, each.user.id, 11)
        await elevate(server, each)
      }
      await passOn([one, other])
    }
  },
  patienceMs,
)

/** The other process has forgotten who was gone. */
async function passOn(admins: readonly Admin[]): Promise<void> {
  for (const { accessToken } of admins)
    await eventually(async () => (await bearerOf(second, accessToken).get(usersUrl)).status === 200)
}

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
