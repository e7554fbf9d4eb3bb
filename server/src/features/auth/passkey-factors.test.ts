/** A passkey as the second factor of a sign-in that waits, and as a factor shown again within a session. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import {
  codeOf,
  enrol,
  givenEnrolled,
  holdSignIn,
  nextCode,
  verify2fa,
  wrongCodeOf,
} from '../twofa/testing.ts'
import type { Lies } from './testing-authenticator.ts'
import {
  addPasskey,
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
  crowd,
  forgetUser,
  me,
  query,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const server = await startServer()
const stepUp = `${api}/auth/step-up`
const refused = { status: 401, body: { code: 'auth.sign_in_passkey_refused' } }

/** Somebody with an authenticator app and a passkey. */
async function givenBoth() {
  const person = await givenEnrolled(server)
  return { ...person, ...(await addPasskey(person)) }
}
type Both = Awaited<ReturnType<typeof givenBoth>>

const ask = (pendingToken: string) => question(server.anonymous, secondOptions, { pendingToken })

async function answer({ passkey }: Pick<Both, 'passkey'>, pendingToken: string, lies: Lies = {}) {
  const body = { pendingToken, passkey: passkey.get(await ask(pendingToken), lies) }
  return server.anonymous.post(verify2fa, body)
}

describe('as the second factor', () => {
  test('it is offered to who has one, and opens the session', async () => {
    const person = await givenBoth()
    const held = await signIn(server, person.email)
    expect(held.body.data.methods).toEqual(['totp', 'backup_code', 'passkey'])
    const { pendingToken } = held.body.data
    expect((await ask(pendingToken)).allowCredentials).toEqual([
      { id: person.passkey.id, type: 'public-key', transports: ['internal'] },
    ])
    const reply = await answer(person, pendingToken)
    expect(reply.status).toBe(200)
    const bearer = bearerOf(server, reply.body.data.accessToken)
    expect((await bearer.get(me)).body.data.id).toBe(person.user.id)
    const [session] = await query(
      server,
      `select first_factor, second_factor, credential_id from auth_sessions
       where user_id = $1 order by id desc limit 1`,
      [person.user.id],
    )
    expect(session).toEqual({
      first_factor: 'password',
      second_factor: 'passkey',
      credential_id: person.passkeyId,
    })
    const passed = (await server.facts()).find(
      ({ name, subjectId }) => name === 'twofa.login_passed' && subjectId === person.user.id,
    )
    expect(passed?.data).toEqual({ method: 'passkey' })
    // What it has opened ends with it.
    await person.delete(`${passkeysUrl}/${person.passkeyId}`)
    expect((await bearer.get(me)).status).toBe(401)
    expect((await signIn(server, person.email)).body.data.methods).toEqual(['totp', 'backup_code'])
  })

  test('without one it is neither offered nor asked', async () => {
    const { email } = await givenEnrolled(server)
    const held = await signIn(server, email)
    expect(held.body.data.methods).toEqual(['totp', 'backup_code'])
    const { pendingToken } = held.body.data
    const reply = await server.anonymous.post(secondOptions, { pendingToken })
    expect(reply).toMatchObject({ status: 409, body: { code: 'auth.no_passkey' } })
  })

  test('another user’s passkey opens nothing, whatever it says', async () => {
    const [mine, other] = [await givenBoth(), await givenBoth()]
    const pendingToken = await holdSignIn(server, mine.email)
    for (const lies of [{}, { userHandle: undefined }, { id: mine.passkey.id }])
      expect(await answer(other, pendingToken, lies)).toMatchObject(refused)
    const [own, reasons] = [
      await answer(mine, pendingToken),
      (await server.facts())
        .filter(
          ({ name, subjectId }) => name === 'auth.passkey_refused' && subjectId === mine.user.id,
        )
        .map(({ data }) => data),
    ]
    expect(own.status).toBe(200)
    expect(reasons).toEqual([
      { ceremony: 'second_factor', reason: 'other_user' },
      { ceremony: 'second_factor', reason: 'other_user' },
      { ceremony: 'second_factor', reason: 'handle' },
    ])
  })

  test('an answer counts for the sign-in that asked, and for nothing else', async () => {
    const person = await givenBoth()
    const [first, second] = [
      await holdSignIn(server, person.email),
      await holdSignIn(server, person.email),
    ]
    const give = async (asked: { challenge: string }, pendingToken: string) =>
      server.anonymous.post(verify2fa, { pendingToken, passkey: person.passkey.get(asked) })
    expect(await give(await ask(first), second)).toMatchObject(refused)
    const atTheDoor = await question(server.anonymous, `${passkeySignIn}/options`)
    expect(await give(atTheDoor, first)).toMatchObject(refused)
    expect(await give(await question(person, stepUpOptions), first)).toMatchObject(refused)
    expect((await answer(person, first)).status).toBe(200)
  })

  test.each([
    ['without user verification', { flags: { uv: false } }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['signed over other data', { signedData: Buffer.alloc(69) }],
  ] as const)('an answer %s opens nothing', async (_, lies) => {
    const person = await givenBoth()
    const pendingToken = await holdSignIn(server, person.email)
    expect(await answer(person, pendingToken, lies)).toMatchObject(refused)
  })

  test('wrong answers count like wrong codes: five end the sign-in, ten hold the account up', async () => {
    const person = await givenBoth()
    const wrong = { flags: { uv: false } }
    const first = await holdSignIn(server, person.email)
    for (let time = 0; time < 5; time += 1)
      expect(await answer(person, first, wrong)).toMatchObject(refused)
    const over = await server.anonymous.post(secondOptions, { pendingToken: first })
    expect(over).toMatchObject({ status: 401, body: { code: 'twofa.invalid_pending_login' } })
    const second = await holdSignIn(server, person.email)
    for (let time = 0; time < 4; time += 1)
      expect((await answer(person, second, wrong)).status).toBe(401)
    const code = wrongCodeOf(person.secret)
    expect((await server.anonymous.post(verify2fa, { pendingToken: second, code })).body.code).toBe(
      'twofa.sign_in_code_refused',
    )
    const third = await holdSignIn(server, person.email)
    expect(await answer(person, third)).toMatchObject({
      status: 429,
      body: { code: 'twofa.too_many_wrong_codes' },
    })
    // Alone it is another door, where nobody guesses.
    expect((await signInWith(server, person.passkey)).status).toBe(200)
  })

  test('twenty at once with one answer: one session', async () => {
    const person = await givenBoth()
    for (let round = 0; round < rounds; round += 1) {
      const pendingToken = await holdSignIn(server, person.email)
      const body = { pendingToken, passkey: person.passkey.get(await ask(pendingToken)) }
      const replies = await together(crowd, () => server.anonymous.post(verify2fa, body))
      expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
    }
  })

  test('a code and a passkey for one sign-in at once: one session', async () => {
    const person = await givenBoth()
    for (let round = 0; round < rounds; round += 1) {
      await nextCode(server, person.user.id)
      const pendingToken = await holdSignIn(server, person.email)
      const passkey = person.passkey.get(await ask(pendingToken))
      const code = codeOf(person.secret)
      const replies = await together(crowd, (index) =>
        server.anonymous.post(verify2fa, { pendingToken, ...(index % 2 ? { passkey } : { code }) }),
      )
      expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
    }
  })

  test('a counter that went backwards is refused, noted and counted', async () => {
    const person = await givenBoth()
    await signInWith(server, person.passkey, { counter: 5 })
    const pendingToken = await holdSignIn(server, person.email)
    expect(await answer(person, pendingToken, { counter: 5 })).toMatchObject(refused)
    const noted = (await server.facts()).filter(
      ({ name, subjectId }) =>
        name === 'auth.passkey_counter_regressed' && subjectId === person.user.id,
    )
    expect(noted).toMatchObject([{ outcome: 'refused', data: { ceremony: 'second_factor' } }])
    expect(
      await query(server, 'select 1 from twofa_wrong_codes where user_id = $1', [person.user.id]),
    ).toHaveLength(1)
  })

  test('exactly one factor is taken', async () => {
    const person = await givenBoth()
    const pendingToken = await holdSignIn(server, person.email)
    const passkey = person.passkey.get(await ask(pendingToken))
    const both = { pendingToken, passkey, code: codeOf(person.secret) }
    for (const body of [both, { pendingToken }])
      expect((await server.anonymous.post(verify2fa, body)).status).toBe(422)
    expect((await server.anonymous.post(verify2fa, { pendingToken, passkey })).status).toBe(200)
  })

  test('a ticket that opens nothing asks nothing', async () => {
    for (const pendingToken of ['ash_p_made.up', 'x'])
      expect(await server.anonymous.post(secondOptions, { pendingToken })).toMatchObject({
        status: 401,
        body: { code: 'twofa.invalid_pending_login' },
      })
  })
})

describe('as a step-up', () => {
  async function givenStale() {
    const person = await givenPasskey(server)
    await query(server, `update auth_sessions set proven_at = now() - interval '1 hour'`)
    await forgetUser(server, person.user.id)
    return person
  }
  const isFresh = async (person: { post: Both['post'] }) =>
    (await person.post(`${passkeysUrl}/options`)).status === 200

  test('it allows sensitive changes again', async () => {
    const person = await givenStale()
    expect(await isFresh(person)).toBe(false)
    const passkey = person.passkey.get(await question(person, stepUpOptions))
    expect((await person.post(stepUp, { passkey })).status).toBe(200)
    expect(await isFresh(person)).toBe(true)
    const noted = (await server.facts()).filter(
      ({ name, subjectId }) => name === 'auth.stepped_up' && subjectId === person.user.id,
    )
    expect(noted).toMatchObject([{ data: { factor: 'passkey' } }])
  })

  test('an answer works once, in its session, for this purpose', async () => {
    const person = await givenStale()
    const elsewhere = bearerOf(server, (await signIn(server, person.email)).body.data.accessToken)
    const [other, atTheDoor] = [
      await question(elsewhere, stepUpOptions),
      await question(server.anonymous, `${passkeySignIn}/options`),
    ]
    for (const asked of [other, atTheDoor])
      expect(await person.post(stepUp, { passkey: person.passkey.get(asked) })).toMatchObject({
        status: 403,
        body: { code: 'auth.passkey_refused' },
      })
    expect(await isFresh(person)).toBe(false)
    for (let round = 0; round < rounds; round += 1) {
      const body = { passkey: person.passkey.get(await question(person, stepUpOptions)) }
      const replies = await together(crowd, () => person.post(stepUp, body))
      expect(tally(replies)).toEqual({ 200: 1, 403: crowd - 1 })
    }
  })

  test.each([
    ['without user verification', { flags: { uv: false } }],
    ['of another type', { type: 'webauthn.create' }],
    ['signed over other data', { signedData: Buffer.alloc(69) }],
  ] as const)('an answer %s changes nothing', async (_, lies) => {
    const person = await givenStale()
    const passkey = person.passkey.get(await question(person, stepUpOptions), lies)
    expect((await person.post(stepUp, { passkey })).body.code).toBe('auth.passkey_refused')
    expect(await isFresh(person)).toBe(false)
  })

  test('another user’s passkey, a key and who has none are refused', async () => {
    const [person, other] = [await givenStale(), await givenPasskey(server)]
    const passkey = other.passkey.get(await question(person, stepUpOptions))
    expect((await person.post(stepUp, { passkey })).body.code).toBe('auth.passkey_refused')
    const made = await other.post(`${api}/auth/api-keys`, { name: 'key' })
    const key = bearerOf(server, made.body.data.key)
    expect((await key.post(stepUpOptions)).body.code).toBe('access.session_required')
    const nobody = await server.as()
    expect((await nobody.post(stepUpOptions)).body.code).toBe('auth.no_passkey')
  })

  test('it goes on working while the authenticator app is on', async () => {
    const person = await givenStale()
    const signedIn = bearerOf(server, (await signIn(server, person.email)).body.data.accessToken)
    await enrol(server, { ...signedIn, userId: person.user.id })
    const passkey = person.passkey.get(await question(signedIn, stepUpOptions))
    expect((await signedIn.post(stepUp, { passkey })).status).toBe(200)
  })
})
