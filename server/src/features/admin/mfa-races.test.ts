/** Codes under races: one code opens one session, however many try at once, on whichever process. */
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { bearerOf, query, rounds, type Server, together } from '../auth/testing.ts'
import { codeOf, givenEnrolled } from '../twofa/testing.ts'
import { signInAgain, usersUrl } from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
/** On a machine that does ten other things at once. */
const patienceMs = 180_000

test(
  'a code that 20 requests show at once, in four sessions on two processes, opens one window',
  async () => {
    const admin = await givenEnrolled(server, 'admin')
    const tokens = [admin.accessToken]
    while (tokens.length < 4) tokens.push((await signInAgain(server, admin)).accessToken)
    for (let round = 1; round <= rounds; round += 1) {
      const headers = { 'x-admin-mfa-code': codeOf(admin.secret) }
      const replies = await together(20, (index) => {
        const token = tokens[index % tokens.length] ?? ''
        return bearerOf(index % 2 === 0 ? server : second, token).get(usersUrl, headers)
      })
      expect(replies.some(({ status }) => status === 200)).toBe(true)
      const refusals = replies.filter(({ status }) => status !== 200)
      expect(refusals.every(({ body }) => body.code === 'twofa.code_refused')).toBe(true)
      const elevations = await query(
        server,
        `select 1 from platform_events where name = 'auth.elevated'`,
      )
      expect(elevations).toHaveLength(round)
      await query(
        server,
        'update auth_sessions set elevated_at = null; update twofa_factors set last_step = 0',
      )
      for (const { process } of [server, second])
        process.invalidations.forget([`user:${admin.userId}`])
    }
  },
  patienceMs,
)

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
