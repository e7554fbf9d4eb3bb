/** A token that begins an impersonation, under races. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { elevate, givenAdmin, passMinutes } from '../admin/testing.ts'
import { type Server, query, tally, together } from '../auth/testing.ts'
import { exchangeUrl, requestToken } from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
const rounds = 50
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
      const opened = await query(
        server,
        `select 1 from auth_sessions where user_id = $1 and first_factor = 'impersonation'`,
        [member.userId],
      )
      expect(opened).toHaveLength(round)
      // Slow machines take longer for all rounds than a window of elevation is open.
      await passMinutes(server, admin.user.id, 11)
      await elevate(server, admin)
    }
  },
  patienceMs,
)

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
