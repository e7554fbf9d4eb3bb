/** The last super admin stays, whoever goes at once: demoted, suspended, erased. Round after round, on two processes. */
import { expect, test } from 'vitest'
import { type Reply, startServer } from '../../app/testing.ts'
import { bearerOf, me, query, rounds, type Server } from '../auth/testing.ts'
import { type Admin, givenAdmin, usersUrl } from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
/** On a machine that does ten other things at once. */
const patienceMs = 180_000

type Leaving = (admin: ReturnType<typeof bearerOf>, other: Admin) => Promise<Reply>
const demote: Leaving = (admin, other) =>
  admin.delete(`${usersUrl}/${other.userId}/roles/super_admin`)
const suspend: Leaving = (admin, other) =>
  admin.post(`${usersUrl}/${other.userId}/suspend`, { reason: 'a coup' })
const leave: Leaving = (admin) => admin.delete(me)

/** Everything as it was: both super admins, active, elevated, and signed in by the same sessions. */
async function restore(admins: readonly Admin[]): Promise<void> {
  const ids = admins.map(({ user }) => `'${user.id}'`).join(', ')
  await query(
    server,
    `update users_users set status = 'active' where id in (${ids});
     delete from privacy_erasures where user_id in (${ids});
     insert into access_grants (user_id, role) select id, 'super_admin' from users_users where id in (${ids})
       on conflict do nothing;
     update auth_sessions set revoked_at = null, elevated_at = now(), proven_at = now() where user_id in (${ids})`,
  )
  // As if the next poll had come.
  for (const { invalidations } of [server.process, second.process])
    invalidations.forget(admins.map(({ user }) => `user:${user.id}`))
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
    }
  },
  patienceMs,
)

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
