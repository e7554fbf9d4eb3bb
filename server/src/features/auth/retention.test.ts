/** What has ended is forgotten after a while; what has not is kept, however old it is. */
import { expect, test } from 'vitest'
import { maintenanceJobs } from '../../app/maintenance.ts'
import { startServer } from '../../app/testing.ts'
import { forgetEnded } from './retention-jobs.ts'
import { api, bearerOf, givenRegistration, me, query, signIn } from './testing.ts'

const server = await startServer()
const run = () => forgetEnded.run(server.ctx(), {} as never, new AbortController().signal)
const count = async (table: string, where: string, ...values: unknown[]) =>
  (await query(server, `select 1 from ${table} where ${where}`, values)).length

test('sessions that ended a month ago go, with their refresh tokens; live and newly ended ones stay', async () => {
  const ada = await server.as()
  const [old, fresh] = [(await signIn(server, ada.email)).body.data, await server.as()]
  await bearerOf(server, old.accessToken).post(`${api}/auth/logout`)
  await fresh.post(`${api}/auth/logout`)
  await query(
    server,
    `update auth_sessions set revoked_at = now() - interval '31 days'
     where user_id = $1 and revoked_at is not null`,
    [ada.userId],
  )
  await run()
  expect(await count('auth_sessions', 'user_id = $1', ada.userId)).toBe(1)
  expect(
    await count(
      'auth_refresh_tokens t join auth_sessions s on s.id = t.session_id',
      's.user_id = $1',
      ada.userId,
    ),
  ).toBe(1)
  expect(await count('auth_sessions', 'user_id = $1', fresh.userId)).toBe(1)
  expect((await ada.get(me)).status).toBe(200)
  expect(
    (await server.anonymous.post(`${api}/auth/refresh`, { refreshToken: ada.refreshToken })).status,
  ).toBe(200)
  await run()
  expect(await count('auth_sessions', 'user_id = $1', ada.userId)).toBe(1)
})

test('revoked keys and old proofs go; a sign-up can be proven until then', async () => {
  const ada = await server.as()
  const made = await ada.post(`${api}/auth/api-keys`, { name: 'gone' })
  await ada.delete(`${api}/auth/api-keys/${made.body.data.id}`)
  const kept = await ada.post(`${api}/auth/api-keys`, { name: 'kept' })
  const { email, token } = await givenRegistration(server)
  await query(server, `update auth_api_keys set revoked_at = revoked_at - interval '31 days'`)
  await run()
  expect((await bearerOf(server, kept.body.data.key).get(me)).status).toBe(200)
  expect(await count('auth_api_keys', 'user_id = $1', ada.userId)).toBe(1)
  expect((await server.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(200)
  await query(server, `update auth_verifications set created_at = now() - interval '91 days'`)
  await run()
  expect(await count('auth_verifications', 'email = $1', email)).toBe(0)
})

test('a change of address that nobody answered goes, and so does a key that expired long ago', async () => {
  const ada = await server.as()
  await query(
    server,
    `insert into auth_email_changes (id, user_id, old_email, new_email, expires_at, created_at)
     values (gen_random_uuid(), $1, 'old@example.com', 'new@example.com', now() - interval '180 days', now() - interval '181 days')`,
    [ada.userId],
  )
  await ada.post(`${api}/auth/api-keys`, { name: 'expired' })
  const expire = `update auth_api_keys set expires_at = now() - interval '31 days' where user_id = $1`
  await query(server, expire, [ada.userId])
  await run()
  expect(await count('auth_email_changes', 'user_id = $1', ada.userId)).toBe(0)
  expect(await count('auth_api_keys', 'user_id = $1', ada.userId)).toBe(0)
})

test('where a fact came from is forgotten when its time is over; the fact stays', async () => {
  const ada = await server.as()
  const facts = await count('platform_events', 'subject_id = $1', ada.userId)
  await query(
    server,
    `update platform_event_details set at = now() - interval '181 days' where about = $1`,
    [ada.userId],
  )
  const eve = await server.as()
  const [job] = maintenanceJobs({ db: server.db, completeAbandoned: async () => 0 }).filter(
    ({ name }) => name === 'platform.forget_addresses',
  )
  await job?.run(server.ctx(), {} as never, new AbortController().signal)
  expect(await count('platform_event_details', 'about = $1', ada.userId)).toBe(0)
  expect(await count('platform_event_details', 'about = $1', eve.userId)).toBeGreaterThan(0)
  expect(await count('platform_events', 'subject_id = $1', ada.userId)).toBe(facts)
})
