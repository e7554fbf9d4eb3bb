/** Whoever has a stolen session may try the password at many doors: together they give few guesses. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { givenEnrolled, twofa } from '../twofa/testing.ts'
import { api, query, tally } from './testing.ts'

const server = await startServer({
  environment: { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_REQUESTS: '1000' },
})
const password = 'a wrong password'

test('wrong passwords count together, whichever door they are tried at', async () => {
  const ada = await givenEnrolled(server)
  const doors = [
    () => ada.post(`${api}/auth/step-up`, { password }),
    () =>
      ada.post(`${api}/auth/change-password`, {
        currentPassword: password,
        newPassword: 'an entirely fresh passphrase',
      }),
    () => ada.post(`${twofa}/disable`, { password, code: '000000' }),
    () => ada.post(`${twofa}/regenerate-backup-codes`, { password }),
  ]
  const replies = []
  for (let round = 0; round < 6; round += 1) for (const door of doors) replies.push(await door())
  // Enrolling took the password once.
  expect(tally(replies)).toEqual({ 403: 9, 429: 15 })
  expect((await ada.post(`${api}/auth/step-up`, { password: goodPassword })).status).toBe(429)
})

test('an old session makes no API key, and a key makes none', async () => {
  const ada = await server.as()
  const made = await ada.post(`${api}/auth/api-keys`, { name: 'first' })
  const byKey = server.clientWith(null, { authorization: `Bearer ${made.body.data.key}` })
  expect((await byKey.post(`${api}/auth/api-keys`, { name: 'second' })).body.code).toBe(
    'access.session_required',
  )
  await query(
    server,
    `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
    [ada.userId],
  )
  await server.ctx().tx((tx) => tx.invalidate(`user:${ada.userId}`))
  expect((await ada.post(`${api}/auth/api-keys`, { name: 'third' })).body.code).toBe(
    'access.step_up_required',
  )
  expect((await ada.get(`${api}/auth/api-keys`)).body.data).toHaveLength(1)
})
