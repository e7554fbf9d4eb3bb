/** Step-up: a sensitive change asks an old session for a factor once more, whichever the factor is. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  codeOf,
  givenEnrolled,
  holdSignIn,
  nextCode,
  verify2fa,
  wrongCodeOf,
} from '../twofa/testing.ts'
import { api, bearerOf, crowd, query, rounds, signIn, tally, together } from './testing.ts'

// A route of the test's own that asks for a factor; rooms use the same word.
const server = await startServer({
  extend: async (app) => {
    app.post('/test/sensitive', {
      config: { can: 'users.read_self', stepUp: true },
      schema: { response: { 204: { type: 'null' } } },
      handler: async (_request, reply) => reply.code(204).send(null),
    })
  },
})
const stepUp = `${api}/auth/step-up`
const sensitive = '/test/sensitive'
const refusals = ['http.unauthenticated', 'twofa.code_refused', 'twofa.too_many_wrong_codes']

/** Eleven minutes pass for every session of somebody. */
async function passTime(userId: string | null) {
  await query(
    server,
    `update auth_sessions set proven_at = now() - interval '11 minutes' where user_id = $1`,
    [userId],
  )
  await server.ctx().tx((tx) => tx.invalidate(`user:${userId}`))
}

test('a sensitive change asks an old session for a factor, and a key for a session', async () => {
  const ada = await server.as()
  expect((await ada.post(sensitive)).status).toBe(204)
  const made = await ada.post(`${api}/auth/api-keys`, { name: 'program' })
  await passTime(ada.userId)
  expect(await ada.post(sensitive)).toMatchObject({
    status: 403,
    body: { code: 'access.step_up_required', maxAgeSeconds: 600 },
  })
  const key = bearerOf(server, made.body.data.key)
  for (const reply of [
    await key.post(sensitive),
    await key.post(stepUp, { password: goodPassword }),
  ])
    expect(reply).toMatchObject({ status: 403, body: { code: 'access.session_required' } })
  expect((await ada.post(stepUp, { password: 'wrong' })).body.code).toBe('auth.wrong_password')
  expect((await ada.post(sensitive)).status).toBe(403)
  const reply = await ada.post(stepUp, { password: goodPassword })
  const lastsMs = Date.parse(reply.body.data.expiresAt) - Date.parse(reply.body.data.provenAt)
  expect(lastsMs).toBe(600_000)
  expect((await ada.post(sensitive)).status).toBe(204)
  expect((await server.anonymous.post(sensitive)).status).toBe(401)
})

test('it is this session that has shown it, and no other of its user', async () => {
  const ada = await server.as()
  const other = bearerOf(server, (await signIn(server, ada.email)).body.data.accessToken)
  await passTime(ada.userId)
  await ada.post(stepUp, { password: goodPassword })
  expect((await ada.post(sensitive)).status).toBe(204)
  expect((await other.post(sensitive)).status).toBe(403)
})

test('refreshing shows no factor: an old session stays old', async () => {
  const ada = await server.as()
  await passTime(ada.userId)
  const next = await server.anonymous.post(`${api}/auth/refresh`, {
    refreshToken: ada.refreshToken,
  })
  const later = bearerOf(server, next.body.data.accessToken)
  expect((await later.post(sensitive)).body.code).toBe('access.step_up_required')
})

test('a code of the authenticator will do, once, at one door', async () => {
  const ada = await givenEnrolled(server)
  for (let round = 0; round < rounds; round += 1) {
    await passTime(ada.userId)
    await nextCode(server, ada.user.id)
    const code = codeOf(ada.secret)
    const replies = await together(crowd, () => ada.post(stepUp, { code }))
    // Who comes late finds the code spent, or the session renewed.
    const { 401: late = 0, 403: spent = 0, ...rest } = tally(replies)
    expect({ ...rest, refused: late + spent }).toEqual({ 200: 1, refused: crowd - 1 })
    expect((await ada.post(sensitive)).status).toBe(204)
    const replay = { pendingToken: await holdSignIn(server, ada.email), code }
    expect((await server.anonymous.post(verify2fa, replay)).status).toBe(401)
  }
})

test('a backup code will do, once', async () => {
  let ada = await givenEnrolled(server)
  for (let round = 0; round < rounds; round += 1) {
    await query(server, 'delete from twofa_wrong_codes')
    const backupCode = ada.backupCodes[round % 10]
    const replies = await together(crowd, () => ada.post(stepUp, { backupCode }))
    // Who comes late finds the code spent, or the session renewed; a code spent long before counts as a wrong one.
    const { 401: late = 0, 403: spent = 0, 429: tooMany = 0, ...rest } = tally(replies)
    expect({ ...rest, refused: late + spent + tooMany }).toEqual({ 200: 1, refused: crowd - 1 })
    for (const { body } of replies.filter(({ status }) => status !== 200))
      expect(refusals).toContain(body.code)
    if (round % 10 === 9) ada = await givenEnrolled(server)
  }
})

test('wrong codes count against the account, as at every door', async () => {
  const ada = await givenEnrolled(server)
  const code = wrongCodeOf(ada.secret)
  for (let index = 0; index < 10; index += 1)
    expect((await ada.post(stepUp, { code })).body.code).toBe('twofa.code_refused')
  await nextCode(server, ada.userId ?? '')
  expect(await ada.post(stepUp, { code: codeOf(ada.secret) })).toMatchObject({
    status: 429,
    body: { code: 'twofa.too_many_wrong_codes' },
  })
  // The password goes on counting for itself.
  expect((await ada.post(stepUp, { password: goodPassword })).status).toBe(200)
})

test('exactly one factor is taken, and only one that is on; what is refused changes nothing', async () => {
  const ada = await server.as()
  for (const body of [{}, { password: goodPassword, code: '123456' }, { password: 1 }])
    expect((await ada.post(stepUp, body)).status).toBe(422)
  expect((await ada.post(stepUp, { code: '123456' })).body.code).toBe('twofa.not_enabled')
  expect((await server.anonymous.post(stepUp, { password: goodPassword })).status).toBe(401)
  const facts = (await server.facts()).filter(({ actorId }) => actorId === ada.userId)
  expect(facts.map(({ name }) => name)).not.toContain('auth.stepped_up')
})

test('a session that ends while its user types is not proven', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const ada = await server.as()
    const replies = await together(crowd, (index) =>
      index === 5 ? ada.post(`${api}/auth/logout`) : ada.post(stepUp, { password: goodPassword }),
    )
    expect(replies.filter(({ status }) => ![200, 204, 401].includes(status))).toEqual([])
    // A step-up that was faster has put a new session in its place: this one is signed out of once more.
    const first = replies[5]
    const last = first?.status === 401 ? await ada.post(`${api}/auth/logout`) : first
    expect(last?.status).toBe(204)
    expect((await ada.post(sensitive)).status).toBe(401)
  }
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
