/** Passkeys of one's own: adding what a good authenticator made and nothing else, and taking it away again. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { roomJobs } from '../../app/rooms.ts'
import { startServer } from '../../app/testing.ts'
import { sessionCookie } from './cookies.ts'
import { type Lies, SoftPasskey, encode } from './testing-authenticator.ts'
import {
  addPasskey,
  copyQuestion,
  givenPasskey,
  passkeySignIn,
  passkeysUrl,
  question,
  register,
  signInWith,
  stepUpOptions,
} from './testing-passkeys.ts'
import {
  api,
  bearerOf,
  cookieLinesOf,
  crowd,
  deliverMails,
  forgetUser,
  givenBrowser,
  me,
  query,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const server = await startServer()
const options = `${passkeysUrl}/options`
const refusals = async (name: string) =>
  (await server.facts()).filter((fact) => fact.name === name && fact.outcome === 'refused')

describe('adding a passkey', () => {
  test('asks for a resident key, user verification, no attestation and known algorithms', async () => {
    const person = await server.as()
    const asked = await question(person, options)
    expect(asked).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rp: { id: 'localhost', name: 'Ashlar' },
      user: {
        id: expect.stringMatching(/^[\w-]{43}$/),
        name: person.email,
        displayName: person.email,
      },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      extensions: { credProps: true },
    })
    const again = await question(person, options)
    expect(again.challenge).not.toBe(asked.challenge)
    expect(again.user.id).toBe(asked.user.id)
    expect((await question(await server.as(), options)).user.id).not.toBe(asked.user.id)
  })

  test.each(['ed25519', 'es256', 'rs256'] as const)(
    'one with %s signs in from then on, and its owner is told by mail',
    async (algorithm) => {
      const person = await server.as()
      const passkey = new SoftPasskey(algorithm)
      const reply = await register(person, passkey, { flags: { be: true, bs: true } })
      expect(reply.status).toBe(201)
      expect(reply.body.data).toEqual({
        id: expect.any(String),
        name: 'Laptop',
        aaguid: '00000000-0000-0000-0000-000000000000',
        transports: ['internal'],
        backupEligible: true,
        backedUp: true,
        createdAt: expect.stringMatching(/Z$/),
        lastUsedAt: null,
      })
      expect((await person.get(passkeysUrl)).body.data).toEqual([reply.body.data])
      expect((await question(person, options)).excludeCredentials).toEqual([
        { id: passkey.id, type: 'public-key', transports: ['internal'] },
      ])
      const signedIn = await signInWith(server, passkey, { flags: { be: true, bs: false } })
      expect(signedIn.status).toBe(200)
      const [listed] = (await person.get(passkeysUrl)).body.data
      expect(listed).toMatchObject({ backedUp: false, lastUsedAt: expect.stringMatching(/Z$/) })
      await deliverMails(server)
      const [mail, ...others] = await server.mails(person.email)
      expect(mail?.subject).toBe('A passkey was added to your Ashlar account')
      expect(mail?.text).toContain('Laptop')
      expect(others).toEqual([])
    },
  )

  test('needs a session that has shown a factor lately; keys and strangers add none', async () => {
    const person = await server.as()
    const asked = await question(person, options)
    const made = await person.post(`${api}/auth/api-keys`, { name: 'key' })
    const key = bearerOf(server, made.body.data.key)
    await query(server, `update auth_sessions set proven_at = now() - interval '1 hour'`)
    await forgetUser(server, person.user.id)
    const body = { name: 'Late', passkey: new SoftPasskey().create(asked) }
    for (const [client, status, code] of [
      [person, 403, 'access.step_up_required'],
      [key, 403, 'access.session_required'],
      [server.anonymous, 401, 'access.unauthenticated'],
    ] as const)
      for (const reply of [await client.post(options), await client.post(passkeysUrl, body)])
        expect(reply).toMatchObject({ status, body: { code } })
    expect((await person.get(passkeysUrl)).body.data).toEqual([])
    expect((await server.jobs()).filter(({ name }) => name.includes('passkey'))).toEqual([])
  })

  const deep = (levels: number) => Buffer.concat([Buffer.alloc(levels, 0x81), Buffer.from([0x00])])
  const lies: readonly (readonly [string, Lies])[] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['from our host on another port', { origin: 'http://localhost:5001' }],
    ['from a frame in another page', { crossOrigin: true }],
    ['for another domain', { rpId: 'evil.example' }],
    ['of the other type', { type: 'webauthn.get' }],
    ['without user verification', { flags: { uv: false } }],
    ['without user presence', { flags: { up: false } }],
    ['backed up but not fit for it', { flags: { bs: true } }],
    ['for a challenge of its own', { challenge: Buffer.alloc(32, 7).toString('base64url') }],
    ['without a challenge', { challenge: '' }],
    ['under another id', { id: Buffer.alloc(32, 7).toString('base64url') }],
    ['with a statement where there is none', { attestation: new Map([['x', 1]]) }],
    ['with an unknown statement', { fmt: 'mine' }],
    [
      'with a maker’s certificate',
      {
        fmt: 'packed',
        attestation: new Map<string, number | Buffer | Buffer[]>([
          ['alg', -7],
          ['sig', Buffer.alloc(70)],
          ['x5c', [Buffer.alloc(300)]],
        ]),
      },
    ],
    [
      'with a wrong signature of its own',
      {
        fmt: 'packed',
        attestation: new Map<string, number | Buffer>([
          ['alg', -7],
          ['sig', Buffer.alloc(70)],
        ]),
      },
    ],
    ['that is not CBOR', { attestationObject: Buffer.alloc(300, 0xff) }],
    ['that ends too early', { attestationObject: Buffer.from([0xa3, 0x63]) }],
    [
      'that says to be endless',
      { attestationObject: Buffer.from([0x9b, ...Buffer.alloc(8, 0xff)]) },
    ],
    ['nested 6,000 levels deep', { attestationObject: deep(6_000) }],
    [
      'with a deep key',
      {
        attestationObject: encode(
          new Map<string, string | Buffer | Map<string, never>>([
            ['fmt', 'none'],
            ['attStmt', new Map<string, never>()],
            [
              'authData',
              Buffer.concat([Buffer.alloc(32), Buffer.from([0x45]), Buffer.alloc(22), deep(5_000)]),
            ],
          ]),
        ),
      },
    ],
  ]
  test.each(lies)('an answer %s is refused', async (_, lie) => {
    const person = await server.as()
    const reply = await register(person, new SoftPasskey(), lie)
    expect(reply).toMatchObject({ status: 422, body: { code: 'auth.passkey_invalid' } })
    expect((await person.get(passkeysUrl)).body.data).toEqual([])
    const mine = (await refusals('auth.passkey_refused')).filter(
      ({ subjectId }) => subjectId === person.user.id,
    )
    expect(mine).toHaveLength(1)
    expect(server.failures).toEqual([])
  })

  test.each(['packed', 'fido-u2f', 'tpm', 'apple', 'android-key', 'android-safetynet'])(
    'a certificate in a statement of the form %s is not looked at',
    async (fmt) => {
      const person = await server.as()
      const attestation = new Map([['x5c', [Buffer.alloc(300)]]])
      const reply = await register(person, new SoftPasskey(), { fmt, attestation })
      expect(reply).toMatchObject({ status: 422, body: { code: 'auth.passkey_invalid' } })
      const noted = (await refusals('auth.passkey_refused')).at(-1)
      expect(noted?.data).toEqual({ ceremony: 'registration', reason: 'attestation' })
    },
  )

  test('a key may vouch for itself, as some browsers let it', async () => {
    const person = await server.as()
    const passkey = new SoftPasskey()
    expect((await register(person, passkey, { fmt: 'packed' })).status).toBe(201)
    expect((await signInWith(server, passkey)).status).toBe(200)
  })

  test('an algorithm that was not asked for is refused', async () => {
    const reply = await register(await server.as(), new SoftPasskey('es384'))
    expect(reply).toMatchObject({ status: 422, body: { code: 'auth.passkey_invalid' } })
  })

  test('an answer of half a megabyte is not decoded, one of a megabyte not read', async () => {
    const person = await server.as()
    const half = await register(person, new SoftPasskey(), {
      attestationObject: Buffer.alloc(500_000, 0x81),
    })
    expect(half).toMatchObject({ status: 422, body: { code: 'http.invalid_request' } })
    const whole = await register(person, new SoftPasskey(), {
      attestationObject: Buffer.alloc(1_000_000, 0x81),
    })
    expect(whole).toMatchObject({ status: 413, body: { code: 'http.body_too_large' } })
    expect(server.failures).toEqual([])
  })

  test('an answer counts once, in the session that asked, for what was asked', async () => {
    const person = await server.as()
    const passkey = new SoftPasskey()
    const asked = await question(person, options)
    const body = { name: 'Once', passkey: passkey.create(asked) }
    const elsewhere = bearerOf(server, (await signIn(server, person.email)).body.data.accessToken)
    expect((await elsewhere.post(passkeysUrl, body)).status).toBe(422)
    expect((await (await server.as()).post(passkeysUrl, body)).status).toBe(422)
    expect((await person.post(passkeysUrl, body)).status).toBe(201)
    expect((await person.post(passkeysUrl, body)).status).toBe(422)
    const other = await question(person, stepUpOptions)
    const forStepUp = { name: 'No', passkey: new SoftPasskey().create({ ...asked, ...other }) }
    expect((await person.post(passkeysUrl, forStepUp)).status).toBe(422)
    const late = {
      name: 'Late',
      passkey: new SoftPasskey().create(await question(person, options)),
    }
    await query(server, `update auth_passkey_challenges set expires_at = now()`)
    expect((await person.post(passkeysUrl, late)).status).toBe(422)
    expect((await person.get(passkeysUrl)).body.data).toHaveLength(1)
  })

  test('twenty at once with one answer: one passkey', async () => {
    const most = 10
    for (let account = 0; account < rounds / most; account += 1) {
      const person = await server.as()
      for (let round = 0; round < most; round += 1) {
        const asked = await question(person, options)
        const body = { name: 'Race', passkey: new SoftPasskey().create(asked) }
        const replies = await together(crowd, () => person.post(passkeysUrl, body))
        expect(tally(replies)).toEqual({ 201: 1, 422: crowd - 1 })
      }
      expect((await person.get(passkeysUrl)).body.data).toHaveLength(most)
    }
  })

  test('who asks too often waits, whatever the address', async () => {
    const limited = await startServer({ environment: { RATE_LIMIT_ENABLED: 'true' } })
    const person = await limited.as()
    const replies = await together(12, () => person.post(options))
    expect(tally(replies)).toEqual({ 200: 10, 429: 2 })
  })

  test('a credential belongs to whoever added it first', async () => {
    const { passkey } = await givenPasskey(server)
    const other = await server.as()
    expect(await register(other, passkey)).toMatchObject({
      status: 409,
      body: { code: 'auth.passkey_taken' },
    })
    expect((await other.get(passkeysUrl)).body.data).toEqual([])
  })

  test('twenty are the most', async () => {
    const person = await server.as()
    const passkeys = Array.from({ length: crowd }, () => new SoftPasskey())
    const asked = await question(person, options)
    for (let round = 0; round < rounds; round += 1) {
      await query(server, 'delete from auth_passkeys where user_id = $1', [person.userId])
      const [first, ...others] = await copyQuestion(server, asked, crowd + 1)
      await person.post(passkeysUrl, { name: 'First', passkey: new SoftPasskey().create(first) })
      // Ten are there, so that of those who come at once half find room.
      await query(
        server,
        `insert into auth_passkeys (id, user_id, credential_id, public_key, counter, transports, aaguid,
           is_backup_eligible, is_backed_up, name)
         select gen_random_uuid(), user_id, gen_random_bytes(16), public_key, 0, transports, aaguid, false, false, name
         from auth_passkeys, generate_series(2, 10) where user_id = $1`,
        [person.userId],
      )
      const replies = await together(crowd, (index) =>
        person.post(passkeysUrl, { name: 'Many', passkey: passkeys[index]?.create(others[index]) }),
      )
      expect(tally(replies)).toEqual({ 201: 10, 409: 10 })
    }
    expect((await person.post(options)).body.code).toBe('auth.too_many_passkeys')
  })
})

test('a passkey gets another name; another’s does not exist', async () => {
  const person = await givenPasskey(server)
  const stranger = await server.as()
  const url = `${passkeysUrl}/${person.passkeyId}`
  expect((await person.patch(url, { name: 'Phone' })).body.data.name).toBe('Phone')
  for (const method of ['patch', 'delete'] as const) {
    const reply = await (method === 'patch'
      ? stranger.patch(url, { name: 'Mine' })
      : stranger.delete(url))
    expect(reply).toMatchObject({ status: 404, body: { code: 'auth.passkey_not_found' } })
  }
  expect((await person.delete(`${passkeysUrl}/${randomUUID()}`)).status).toBe(404)
  expect((await server.anonymous.delete(url)).status).toBe(401)
  expect((await person.get(passkeysUrl)).body.data).toMatchObject([{ name: 'Phone' }])
})

describe('removing a passkey', () => {
  test('ends the sessions it opened and those alone, and its owner is told by mail', async () => {
    const person = await givenPasskey(server)
    const opened = bearerOf(
      server,
      (await signInWith(server, person.passkey)).body.data.accessToken,
    )
    expect((await opened.get(me)).status).toBe(200)
    expect((await person.delete(`${passkeysUrl}/${person.passkeyId}`)).status).toBe(204)
    expect((await opened.get(me)).status).toBe(401)
    expect((await person.get(me)).status).toBe(200)
    expect((await signInWith(server, person.passkey)).status).toBe(401)
    expect((await person.delete(`${passkeysUrl}/${person.passkeyId}`)).status).toBe(404)
    await deliverMails(server)
    const subjects = (await server.mails(person.email)).map(({ subject }) => subject)
    expect(subjects).toContain('A passkey was removed from your Ashlar account')
    const removed = (await server.facts()).find(
      ({ name, subjectId }) => name === 'auth.passkey_removed' && subjectId === person.passkeyId,
    )
    expect(removed?.data).toEqual({ sessionsEnded: 1 })
  })

  test('needs a session that has shown a factor lately', async () => {
    const person = await givenPasskey(server)
    await query(server, `update auth_sessions set proven_at = now() - interval '1 hour'`)
    await forgetUser(server, person.user.id)
    const reply = await person.delete(`${passkeysUrl}/${person.passkeyId}`)
    expect(reply.body.code).toBe('access.step_up_required')
    expect((await signInWith(server, person.passkey)).status).toBe(200)
  })

  test('in the session that it opened takes the cookie along', async () => {
    const person = await givenPasskey(server)
    const browser = await givenBrowser(server, person.email)
    const asked = await question(browser, `${passkeySignIn}/options`)
    const reply = await browser.post(passkeySignIn, { passkey: person.passkey.get(asked) })
    expect(reply.status).toBe(200)
    const cookie = cookieLinesOf(reply).get(sessionCookie)?.split(';')[0] ?? ''
    const own = server.clientWith(null, {
      cookie,
      origin: server.settings.publicUrl,
      'x-csrf-token': reply.body.data.csrfToken,
    })
    const removed = await own.delete(`${passkeysUrl}/${person.passkeyId}`)
    expect(removed.status).toBe(204)
    expect(cookieLinesOf(removed).get(sessionCookie)).toContain('Max-Age=0')
    expect((await own.get(me)).status).toBe(401)
  })

  test('is refused for the last way in, also when two are removed at once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const person = await givenPasskey(server)
      const second = await addPasskey(person)
      await query(server, 'delete from auth_credentials where user_id = $1', [person.user.id])
      const ids = [person.passkeyId, second.passkeyId]
      const replies = await together(crowd, (index) =>
        person.delete(`${passkeysUrl}/${ids[index % 2]}`),
      )
      expect(tally(replies)).toEqual({ 204: 1, 404: crowd / 2 - 1, 409: crowd / 2 })
      const refusal = replies.find(({ status }) => status === 409)
      expect(refusal?.body.code).toBe('auth.last_way_in')
      expect((await person.get(passkeysUrl)).body.data).toHaveLength(1)
    }
  })
})

test('the notices of a passkey wait in the outbox by its id: what its owner calls it is not in them', async () => {
  const person = await server.as()
  await deliverMails(server)
  const asked = await question(person, options)
  const body = { name: 'Ada’s own telephone', passkey: new SoftPasskey().create(asked) }
  const { id } = (await person.post(passkeysUrl, body)).body.data
  expect((await person.delete(`${passkeysUrl}/${id}`)).status).toBe(204)
  const waiting = await server.jobs()
  expect(waiting.map(({ payload }) => payload)).toMatchObject([
    { notice: 'added', passkeyId: id },
    { notice: 'removed', passkeyId: id },
  ])
  expect(JSON.stringify(waiting)).not.toContain('telephone')
  await deliverMails(server)
  // Removed by the time that either is written: neither mail knows its name any more.
  const mails = (await server.mails(person.email)).filter(({ subject }) =>
    subject.includes('passkey'),
  )
  expect(mails).toHaveLength(2)
  for (const { text } of mails) expect(text).not.toContain('telephone')
})

test('questions that nobody answered are forgotten', async () => {
  const person = await server.as()
  await question(person, options)
  await query(server, `update auth_passkey_challenges set expires_at = now() - interval '1 second'`)
  const open = await question(person, options)
  const job = roomJobs.find(({ name }) => name === 'auth.forget_passkey_challenges')
  await job?.run(server.ctx(), undefined as never, new AbortController().signal)
  expect(await query(server, 'select 1 from auth_passkey_challenges')).toHaveLength(1)
  const body = { name: 'Still open', passkey: new SoftPasskey().create(open) }
  expect((await person.post(passkeysUrl, body)).status).toBe(201)
})

test('the database holds nothing that answers or opens anything', async () => {
  const person = await givenPasskey(server)
  const asked = await question(person, `${passkeysUrl}/options`)
  const dump = JSON.stringify(await query(server, `select c::text from auth_passkey_challenges c`))
  const secret = Buffer.from(asked.challenge, 'base64url')
  for (const form of ['base64url', 'base64', 'hex'] as const)
    expect(dump).not.toContain(secret.toString(form))
})
