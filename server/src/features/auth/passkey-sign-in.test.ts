/** Signing in with a passkey: the right answer gets in once, everything else looks the same. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { enrol, holdSignIn } from '../twofa/testing.ts'
import { preLoginCookie, sessionCookie } from './cookies.ts'
import { type Lies, SoftPasskey } from './testing-authenticator.ts'
import {
  copyQuestion,
  givenPasskey,
  passkeySignIn,
  passkeysUrl,
  question,
  secondOptions,
  signInWith,
  stepUpOptions,
} from './testing-passkeys.ts'
import {
  api,
  bearerOf,
  browserWith,
  cookieOf,
  crowd,
  forgetUser,
  givenVisitor,
  me,
  query,
  rounds,
  tally,
  together,
  visiblePartsOf,
} from './testing.ts'

const server = await startServer()
const options = `${passkeySignIn}/options`
const refused = { status: 401, body: { code: 'auth.sign_in_passkey_refused' } }
const sessionsOf = (userId: string) =>
  query<{ first_factor: string; second_factor: string; credential_id: string }>(
    server,
    'select first_factor, second_factor, credential_id from auth_sessions where user_id = $1',
    [userId],
  )
const factsOn = async (subjectId: string, name: string) =>
  (await server.facts()).filter((fact) => fact.subjectId === subjectId && fact.name === name)

/** A browser on our sign-in page: a visitor's cookie and a CSRF token for it. */
async function givenSignInPage() {
  const { cookie, csrfToken } = await givenVisitor(server)
  return server.clientWith(null, {
    cookie: `${preLoginCookie}=${cookie}`,
    origin: server.settings.publicUrl,
    'x-csrf-token': csrfToken,
  })
}

test('no name is asked for, and none of anybody’s passkeys is told', async () => {
  await givenPasskey(server)
  expect(await question(server.anonymous, options)).toEqual({
    challenge: expect.stringMatching(/^[\w-]{43}$/),
    rpId: 'localhost',
    timeout: 300_000,
    userVerification: 'required',
    allowCredentials: [],
  })
})

test('a browser signs in with a cookie; the session says which passkey opened it', async () => {
  const { passkey, passkeyId, user } = await givenPasskey(server)
  const page = await givenSignInPage()
  const asked = await question(page, options)
  const reply = await page.post(passkeySignIn, { passkey: passkey.get(asked) })
  expect(reply.status).toBe(200)
  expect(Object.keys(reply.body.data)).toEqual(['user', 'csrfToken'])
  const browser = browserWith(server, cookieOf(reply, sessionCookie), reply.body.data.csrfToken)
  expect((await browser.get(me)).body.data.id).toBe(user.id)
  expect((await sessionsOf(user.id)).at(-1)).toEqual({
    first_factor: 'passkey',
    second_factor: 'passkey',
    credential_id: passkeyId,
  })
  expect((await browser.get(`${api}/auth/sessions`)).body.data[0]).toMatchObject({
    firstFactor: 'passkey',
    current: true,
  })
})

test('a client without cookies signs in with tokens', async () => {
  const { passkey, user } = await givenPasskey(server)
  const reply = await signInWith(server, passkey)
  expect(reply.status).toBe(200)
  const bearer = bearerOf(server, reply.body.data.accessToken)
  expect((await bearer.get(me)).body.data.id).toBe(user.id)
})

test('it is both factors: nobody is asked for a code as well', async () => {
  const person = await givenPasskey(server)
  await enrol(server, person)
  const reply = await signInWith(server, person.passkey)
  expect(reply.status).toBe(200)
  expect(reply.body.data.twoFactorRequired).toBeUndefined()
  expect(reply.body.data.accessToken).toEqual(expect.any(String))
})

test('another page makes nobody sign in', async () => {
  const { passkey } = await givenPasskey(server)
  const page = await givenSignInPage()
  const body = { passkey: passkey.get(await question(page, options)) }
  const evil = await page.post(passkeySignIn, body, { origin: 'https://evil.example' })
  expect(evil).toMatchObject({ status: 403, body: { code: 'http.origin_not_allowed' } })
  for (const url of [options, passkeySignIn]) {
    const bare = await page.post(url, body, { 'x-csrf-token': '' })
    expect(bare).toMatchObject({ status: 403, body: { code: 'http.csrf_token_invalid' } })
  }
  expect((await page.post(passkeySignIn, body)).status).toBe(200)
})

describe('an answer', () => {
  const lies: readonly (readonly [string, Lies])[] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['from our host on another port', { origin: 'http://localhost:5001' }],
    ['from our host with TLS', { origin: 'https://localhost:5000' }],
    ['from a frame in another page', { crossOrigin: true }],
    ['for another domain', { rpId: 'evil.example' }],
    ['of the other type', { type: 'webauthn.create' }],
    ['without user verification', { flags: { uv: false } }],
    ['without user presence', { flags: { up: false } }],
    ['of a key that can be copied by now', { flags: { be: true } }],
    ['for a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['without a challenge', { challenge: '' }],
    ['signed over other data', { signedData: Buffer.alloc(69, 7) }],
    ['without a user', { userHandle: undefined }],
    ['of another user', { userHandle: Buffer.alloc(32, 7).toString('base64url') }],
  ]
  test.each(lies)('%s signs nobody in', async (_, lie) => {
    const { passkey, user } = await givenPasskey(server)
    expect(await signInWith(server, passkey, lie)).toMatchObject(refused)
    expect(await sessionsOf(user.id)).toHaveLength(1)
    // The same passkey, telling the truth, still does.
    expect((await signInWith(server, passkey)).status).toBe(200)
    expect(server.failures).toEqual([])
  })

  test('with another key’s signature signs nobody in', async () => {
    const [mine, other] = [await givenPasskey(server), await givenPasskey(server)]
    expect(await signInWith(server, mine.passkey, { id: other.passkey.id })).toMatchObject(refused)
    expect(await sessionsOf(other.user.id)).toHaveLength(1)
  })

  test('works once', async () => {
    const { passkey, user } = await givenPasskey(server)
    const body = {
      passkey: passkey.get(await question(server.anonymous, options)),
      mode: 'token',
    }
    expect((await server.anonymous.post(passkeySignIn, body)).status).toBe(200)
    expect(await server.anonymous.post(passkeySignIn, body)).toMatchObject(refused)
    expect(await factsOn(user.id, 'auth.signed_in')).toHaveLength(2)
  })

  test('sent twenty times at once: one session', async () => {
    const { passkey, user } = await givenPasskey(server)
    for (let round = 1; round <= rounds; round += 1) {
      const body = {
        passkey: passkey.get(await question(server.anonymous, options)),
        mode: 'token',
      }
      const replies = await together(crowd, () => server.anonymous.post(passkeySignIn, body))
      expect(tally(replies)).toEqual({ 200: 1, 401: 19 })
      expect(await sessionsOf(user.id)).toHaveLength(1 + round)
    }
  })

  test('that was wrong takes its challenge along', async () => {
    const { passkey } = await givenPasskey(server)
    const asked = await question(server.anonymous, options)
    const send = (given: Lies) =>
      server.anonymous.post(passkeySignIn, { passkey: passkey.get(asked, given), mode: 'token' })
    expect((await send({ flags: { uv: false } })).status).toBe(401)
    expect((await send({})).status).toBe(401)
  })

  test('is too late after five minutes', async () => {
    const { passkey } = await givenPasskey(server)
    const asked = await question(server.anonymous, options)
    const [row] = await query<{ left: number }>(
      server,
      'select max(extract(epoch from expires_at - now()))::float as left from auth_passkey_challenges',
    )
    expect(row?.left).toBeGreaterThan(240)
    expect(row?.left).toBeLessThanOrEqual(300)
    await query(server, 'update auth_passkey_challenges set expires_at = now()')
    const body = { passkey: passkey.get(asked), mode: 'token' }
    expect(await server.anonymous.post(passkeySignIn, body)).toMatchObject(refused)
  })

  test('counts in the browser that was asked, and in no other', async () => {
    const { passkey } = await givenPasskey(server)
    const [page, other] = [await givenSignInPage(), await givenSignInPage()]
    const asked = await question(page, options)
    const body = { passkey: passkey.get(asked), mode: 'token' }
    expect(await other.post(passkeySignIn, body)).toMatchObject(refused)
    expect(await server.anonymous.post(passkeySignIn, body)).toMatchObject(refused)
    expect((await page.post(passkeySignIn, body)).status).toBe(200)
    const unbound = { passkey: passkey.get(await question(server.anonymous, options)) }
    expect(await page.post(passkeySignIn, unbound)).toMatchObject(refused)
  })

  test('to another question signs nobody in', async () => {
    const person = await givenPasskey(server)
    await enrol(server, person)
    const pendingToken = await holdSignIn(server, person.email)
    const questions = [
      await question(person, `${passkeysUrl}/options`),
      await question(person, stepUpOptions),
      await question(server.anonymous, secondOptions, { pendingToken }),
    ]
    for (const asked of questions) {
      const body = { passkey: person.passkey.get(asked), mode: 'token' }
      for (const client of [server.anonymous, person])
        expect(await client.post(passkeySignIn, body)).toMatchObject(refused)
    }
  })

  test('that is no answer at all is refused as such', async () => {
    const { passkey } = await givenPasskey(server)
    const asked = await question(server.anonymous, options)
    const good = passkey.get(asked)
    const bad = [
      {},
      { ...good, response: {} },
      { ...good, response: { ...good.response, signature: 'A'.repeat(2000) } },
      { ...good, response: { ...good.response, authenticatorData: '+/==' } },
      { ...good, type: 'password' },
    ]
    for (const each of bad)
      expect(await server.anonymous.post(passkeySignIn, { passkey: each })).toMatchObject({
        status: 422,
        body: { code: 'http.invalid_request' },
      })
    for (const clientDataJSON of ['bnVsbA', 'AAAA', 'e30'])
      expect(
        await server.anonymous.post(passkeySignIn, {
          passkey: { ...good, response: { ...good.response, clientDataJSON } },
        }),
      ).toMatchObject(refused)
    const short = { ...good, response: { ...good.response, authenticatorData: 'AAAA' } }
    expect(await server.anonymous.post(passkeySignIn, { passkey: short })).toMatchObject(refused)
    expect(server.failures).toEqual([])
  })
})

describe('the counter of a passkey', () => {
  test('that went backwards is refused and noted, with what was known', async () => {
    const { passkey, passkeyId, user } = await givenPasskey(server)
    expect((await signInWith(server, passkey, { counter: 7 })).status).toBe(200)
    for (const counter of [7, 6, 0])
      expect(await signInWith(server, passkey, { counter })).toMatchObject(refused)
    expect((await signInWith(server, passkey, { counter: 8 })).status).toBe(200)
    const noted = await factsOn(user.id, 'auth.passkey_counter_regressed')
    expect(noted.map(({ outcome, data }) => ({ outcome, data }))).toEqual(
      [7, 6, 0].map((given) => ({
        outcome: 'refused',
        data: { passkeyId, ceremony: 'sign_in', known: 7, given },
      })),
    )
  })

  test('is no alarm when the signature is wrong: anybody could ring it', async () => {
    const { passkey, user } = await givenPasskey(server)
    await signInWith(server, passkey, { counter: 7 })
    const forged = { counter: 3, signedData: Buffer.alloc(69) }
    expect(await signInWith(server, passkey, forged)).toMatchObject(refused)
    expect(await factsOn(user.id, 'auth.passkey_counter_regressed')).toEqual([])
  })

  test('may stay at zero, as that of copied passkeys does', async () => {
    const { passkey } = await givenPasskey(server)
    for (let time = 0; time < 3; time += 1)
      expect((await signInWith(server, passkey)).status).toBe(200)
  })
})

test('unknown, removed, suspended and unproven look the same', async () => {
  const [known, removed, suspended, unproven] = await together(4, () => givenPasskey(server))
  if (!known || !removed || !suspended || !unproven) throw new Error('four were made')
  await removed.delete(`${passkeysUrl}/${removed.passkeyId}`)
  const change = (column: string, person: { user: { id: string } }) =>
    query(server, `update users_users set ${column} where id = $1`, [person.user.id])
  await change(`status = 'suspended'`, suspended)
  await change('email_verified_at = null', unproven)
  await forgetUser(server, suspended.user.id)
  const nobody = new SoftPasskey()
  nobody.create({ challenge: '', user: { id: Buffer.alloc(32).toString('base64url') } })
  const replies = [
    await signInWith(server, nobody),
    await signInWith(server, removed.passkey),
    await signInWith(server, suspended.passkey),
    await signInWith(server, unproven.passkey),
    await signInWith(server, known.passkey, { flags: { uv: false } }),
  ]
  const [first, ...others] = replies.map(visiblePartsOf)
  expect(first).toMatchObject(refused)
  for (const other of others) expect(other).toEqual(first)
})

test('a removal at the same moment comes before or after, never in between', async () => {
  const first = await question(server.anonymous, options)
  for (let round = 0; round < rounds; round += 1) {
    const person = await givenPasskey(server)
    const asked = await copyQuestion(server, first, crowd - 1)
    const [removed, ...replies] = await Promise.all([
      person.delete(`${passkeysUrl}/${person.passkeyId}`),
      ...asked.map((each) =>
        server.anonymous.post(passkeySignIn, { passkey: person.passkey.get(each), mode: 'token' }),
      ),
    ])
    expect(removed?.status).toBe(204)
    for (const reply of replies.filter(({ status }) => status === 200)) {
      const bearer = bearerOf(server, reply.body.data.accessToken)
      expect((await bearer.get(me)).status).toBe(401)
    }
  }
})

test('the password goes on working beside it', async () => {
  const { email } = await givenPasskey(server)
  const reply = await server.anonymous.post(`${api}/auth/login`, {
    email,
    password: goodPassword,
    mode: 'token',
  })
  expect(reply.status).toBe(200)
})

test('an address that tries too often waits', async () => {
  const limited = await startServer({ environment: { RATE_LIMIT_ENABLED: 'true' } })
  const replies = await together(40, () => limited.anonymous.post(options))
  expect(tally(replies)).toEqual({ 200: 30, 429: 10 })
})
