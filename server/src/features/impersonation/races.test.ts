/** A token that begins an impersonation, under races. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { givenAdmin } from '../admin/testing.ts'
import { query, rounds, type Server, tally, together } from '../auth/testing.ts'
import { exchangeUrl, requestToken } from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
/** On a machine that does ten other things at once. */
const patienceMs = 180_000

test(
  'it opens one session, however many exchange it at once, on two processes',
  async () => {
    const admin = await givenAdmin(server, 'admin')
    const member = await server.as()
    for (let round = 1; round <= rounds; round += 1) {
      const token = await requestToken(admin, member.userId)
      const replies = await together(20, (index) =>
        (index % 2 === 0 ? server : second).anonymous.post(exchangeUrl, { token }),
      )
      expect(tally(replies)).toEqual({ 200: 1, 401: 19 })
      // Slow machines take longer for all rounds than a window of elevation is open.
      const opened = await query(
        server,
        `with kept as (update auth_sessions set elevated_at = now(), proven_at = now() where user_id = $1)
         select 1 from auth_sessions where user_id = $2 and first_factor = 'impersonation'`,
        [admin.userId, member.userId],
      )
      expect(opened).toHaveLength(round)
      server.process.invalidations.forget([`user:${admin.userId}`])
    }
  },
  patienceMs,
)

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
