/** The second step of signing in: no session before it, one code for one session, and no way around it. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Reply, goodPassword, startServer } from '../../app/testing.ts'
import {
  codeOf,
  givenEnrolled,
  holdSignIn,
  holdSignIns,
  nextCode,
  twofa,
  verify2fa,
  verifyBackup,
  wrongCodeOf,
} from '../twofa/testing.ts'
import { sessionCookie } from './cookies.ts'
import {
  type Server,
  api,
  browserWith,
  cookieLinesOf,
  cookieOf,
  crowd,
  givenVisitor,
  me,
  query,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const server: Server = await startServer()
/** Another process on the same database. */
const second: Server = await startServer({ location: server.location })
const ofBoth = (index: number) => (index % 2 ? server : second)
const verify = (body: object, at: Server = server) => at.anonymous.post(verify2fa, body)
const over = { status: 401, body: { code: 'twofa.invalid_pending_login' } }
const refusedCode = { status: 401, body: { code: 'twofa.sign_in_code_refused' } }

const sessionsOf = async (userId: string): Promise<number> =>
  (await query(server, 'select 1 from auth_sessions where user_id = $1', [userId])).length

describe('the first step', () => {
  test.each(['cookie', 'token'] as const)(
    'in %s mode gives a ticket and no session',
    async (mode) => {
      const ada = await givenEnrolled(server)
      const before = (await ada.get(me)).body.data.lastLoginAt
      const sessions = await sessionsOf(ada.user.id)
      const reply = await signIn(server, ada.email, { mode })
      expect(reply.status).toBe(200)
      expect(reply.body.data).toEqual({
        twoFactorRequired: true,
        pendingToken: expect.stringMatching(/^ash_p_/),
        methods: ['totp', 'backup_code'],
        expiresAt: expect.stringMatching(/Z$/),
      })
      const seconds = (Date.parse(reply.body.data.expiresAt) - Date.now()) / 1000
      expect(seconds).toBeGreaterThan(290)
      expect(seconds).toBeLessThanOrEqual(301)
      expect(reply.headers['set-cookie']).toBeUndefined()
      expect(await sessionsOf(ada.user.id)).toBe(sessions)
      expect((await ada.get(me)).body.data.lastLoginAt).toBe(before)
    },
  )

  test('tells nothing to who does not know the password', async () => {
    const ada = await givenEnrolled(server)
    expect(await signIn(server, ada.email, { password: 'quite another password' })).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_credentials' },
    })
  })

  test('cannot be told to skip the second', async () => {
    const ada = await givenEnrolled(server)
    const words =
      'skip2fa skipTwoFactor skipMfa remember rememberMe trusted trustDevice isTrusted bypass'
    const flags = Object.fromEntries(words.split(' ').map((word) => [word, true]))
    const off = { mfa: false, twoFactor: false, twoFactorRequired: false }
    const body = { email: ada.email, password: goodPassword, mode: 'token', ...flags, ...off }
    const cookie = '__Host-ashlar_trusted=true; trusted=1; skip2fa=1'
    const visitor = await givenVisitor(server)
    const headers = {
      cookie: `${cookie}; __Host-ashlar_visitor=${visitor.cookie}`,
      'x-csrf-token': visitor.csrfToken,
      origin: server.settings.publicUrl,
      'x-trusted-device': 'true',
    }
    const parameters = words.replaceAll(' ', '=true&')
    const reply = await server.anonymous.post(`${api}/auth/login?${parameters}`, body, headers)
    expect(reply).toMatchObject({ status: 200, body: { data: { twoFactorRequired: true } } })
    const { pendingToken } = reply.body.data
    expect(await verify({ ...body, pendingToken })).toMatchObject({ status: 422 })
    expect(await verify({ ...body, pendingToken, code: wrongCodeOf(ada.secret) })).toMatchObject(
      refusedCode,
    )
  })

  test('offers no backup code when none is left', async () => {
    const ada = await givenEnrolled(server)
    await query(server, 'update twofa_backup_codes set used_at = now()')
    expect((await signIn(server, ada.email)).body.data.methods).toEqual(['totp'])
  })
})

describe('the second step', () => {
  test('answers like a sign-in, in the mode of the first', async () => {
    const ada = await givenEnrolled(server)
    const byToken = await verify({
      pendingToken: await holdSignIn(server, ada.email),
      code: codeOf(ada.secret),
    })
    expect(byToken.status).toBe(200)
    expect(Object.keys(byToken.body.data)).toEqual([
      'user',
      'csrfToken',
      'accessToken',
      'refreshToken',
      'expiresIn',
    ])
    expect(byToken.headers['set-cookie']).toBeUndefined()
    const bearer = { authorization: `Bearer ${byToken.body.data.accessToken}` }
    expect((await server.clientWith(null, bearer).get(me)).body.data.email).toBe(ada.email)

    await nextCode(server, ada.user.id)
    const byCookie = await verify({
      pendingToken: await holdSignIn(server, ada.email, { mode: 'cookie' }),
      code: codeOf(ada.secret).replace(/^.../, '$& '),
    })
    expect(Object.keys(byCookie.body.data)).toEqual(['user', 'csrfToken'])
    const browser = browserWith(server, cookieOf(byCookie), byCookie.body.data.csrfToken)
    expect((await browser.patch(me, { name: 'Ada' })).status).toBe(200)

    await nextCode(server, ada.user.id)
    const asked = { pendingToken: await holdSignIn(server, ada.email, { mode: 'cookie' }) }
    const other = await verify({ ...asked, code: codeOf(ada.secret), mode: 'token' })
    expect(other.body.data).toHaveProperty('refreshToken')
  })

  test('makes a new session id and ends the one the browser had', async () => {
    const ada = await givenEnrolled(server)
    const signInAgain = async (had: { cookie: string; csrfToken: string } | null) => {
      await nextCode(server, ada.user.id)
      const client = had ? browserWith(server, had.cookie, had.csrfToken) : server.anonymous
      const body = { email: ada.email, password: goodPassword }
      const { pendingToken } = (await client.post(`${api}/auth/login`, body)).body.data
      const reply = await client.post(verify2fa, { pendingToken, code: codeOf(ada.secret) })
      return { cookie: cookieOf(reply), csrfToken: String(reply.body.data.csrfToken) }
    }
    const first = await signInAgain(null)
    const next = await signInAgain(first)
    expect(next.cookie).not.toBe(first.cookie)
    expect((await browserWith(server, first.cookie, '').get(me)).status).toBe(401)
    expect((await browserWith(server, next.cookie, '').get(me)).status).toBe(200)
    // Nobody can choose it: a cookie sent along is not taken up.
    const chosen = await server.anonymous.get(me, { cookie: `${sessionCookie}=ash_p_chosen` })
    expect(chosen.status).toBe(401)
  })

  test('in a browser needs the page’s CSRF token, like the first', async () => {
    const ada = await givenEnrolled(server)
    const body = { pendingToken: await holdSignIn(server, ada.email), code: codeOf(ada.secret) }
    const { cookie, csrfToken } = await givenVisitor(server)
    const headers = {
      cookie: `__Host-ashlar_visitor=${cookie}`,
      origin: server.settings.publicUrl,
    }
    expect(await server.anonymous.post(verify2fa, body, headers)).toMatchObject({
      status: 403,
      body: { code: 'http.csrf_token_invalid' },
    })
    const good = { ...headers, 'x-csrf-token': csrfToken }
    expect((await server.anonymous.post(verify2fa, body, good)).status).toBe(200)
  })

  test('takes a code of six digits or a backup code, and one of the two', async () => {
    const ada = await givenEnrolled(server)
    const pendingToken = await holdSignIn(server, ada.email)
    const [backupCode = ''] = ada.backupCodes
    const wrong = [
      {},
      { code: 123456 },
      { code: '12345' },
      { code: ['123456'] },
      { code: backupCode },
      { code: '' },
      { code: codeOf(ada.secret), backupCode },
      { backupCode: 'x'.repeat(41) },
    ]
    for (const body of wrong) {
      const { status } = await verify({ pendingToken, ...body })
      expect({ body, status }).toEqual({ body, status: 422 })
    }
    expect((await verify({ pendingToken, backupCode: backupCode.toLowerCase() })).status).toBe(200)
  })
})

describe('the ticket', () => {
  test('opens no route of the API, whatever it is sent as', async () => {
    const ada = await givenEnrolled(server)
    const ticket = await holdSignIn(server, ada.email)
    const { paths } = JSON.parse(
      readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8'),
    ) as {
      paths: Record<string, Record<string, { security?: unknown[]; 'x-permission'?: string }>>
    }
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => operation['x-permission'])
        .map(([method]) => ({ method: method.toUpperCase() as 'GET', path })),
    )
    expect(routes.length).toBeGreaterThan(10)
    const disguises = [
      { authorization: `Bearer ${ticket}` },
      { cookie: `${sessionCookie}=${ticket}` },
      { cookie: `__Host-ashlar_trusted=${ticket}` },
    ]
    for (const { method, path } of routes)
      for (const headers of disguises) {
        const url = path.replaceAll(/\{\w+\}/g, ada.user.id)
        const reply = await server.app.inject({ method, url, headers })
        expect({ method, path, headers, status: reply.statusCode }).toEqual({
          method,
          path,
          headers,
          status: 401,
        })
      }
    const refresh = await server.anonymous.post(`${api}/auth/refresh`, { refreshToken: ticket })
    expect(refresh.status).toBe(401)
    // All of that has not worn it out.
    expect((await verify({ pendingToken: ticket, code: codeOf(ada.secret) })).status).toBe(200)
  })

  test('is good for one use, five minutes, and what we made', async () => {
    const ada = await givenEnrolled(server)
    const used = await holdSignIn(server, ada.email)
    expect((await verify({ pendingToken: used, code: codeOf(ada.secret) })).status).toBe(200)
    await nextCode(server, ada.user.id)
    const code = codeOf(ada.secret)
    expect(await verify({ pendingToken: used, code })).toMatchObject(over)
    const late = await holdSignIn(server, ada.email)
    await query(server, `update twofa_pending_logins set expires_at = now() - interval '1 second'`)
    expect(await verify({ pendingToken: late, code })).toMatchObject(over)
    const good = await holdSignIn(server, ada.email)
    const forged = [
      good.slice('ash_p_'.length),
      `${good}x`,
      good.slice(0, -1),
      good.replace('ash_p_', 'ash_t_'),
      'ash_p_',
      'ash_p_.',
      ada.refreshToken,
      ada.accessToken.slice(0, 200),
    ]
    for (const pendingToken of forged)
      expect(await verify({ pendingToken, code })).toMatchObject(over)
    expect((await verify({ pendingToken: good, code })).status).toBe(200)
  })

  test('is its user’s: nobody else’s code fits', async () => {
    const [ada, eve] = [await givenEnrolled(server), await givenEnrolled(server)]
    const pendingToken = await holdSignIn(server, ada.email)
    expect(await verify({ pendingToken, code: codeOf(eve.secret) })).toMatchObject(refusedCode)
    const [backupCode] = eve.backupCodes
    expect(await verify({ pendingToken, backupCode })).toMatchObject(refusedCode)
    const own = await verify({ pendingToken, code: codeOf(ada.secret) })
    expect(own.body.data.user.id).toBe(ada.user.id)
  })

  test('dies with the fifth wrong code, however many come at once', async () => {
    const ada = await givenEnrolled(server)
    const first = await holdSignIn(server, ada.email)
    for (let guess = 0; guess < 5; guess += 1)
      expect(await verify({ pendingToken: first, code: wrongCodeOf(ada.secret) })).toMatchObject(
        refusedCode,
      )
    expect(await verify({ pendingToken: first, code: codeOf(ada.secret) })).toMatchObject(over)

    for (let round = 0; round < rounds; round += 1) {
      await query(server, 'delete from twofa_wrong_codes')
      const next = await holdSignIn(server, ada.email)
      const code = wrongCodeOf(ada.secret)
      const replies = await together(crowd, (index) =>
        verify({ pendingToken: next, code }, ofBoth(index)),
      )
      expect(tally(replies)).toEqual({ 401: crowd })
      const codes = replies.map(({ body }) => body.code)
      expect(codes.filter((one) => one === refusedCode.body.code)).toHaveLength(5)
      expect(await verify({ pendingToken: next, code: codeOf(ada.secret) })).toMatchObject(over)
    }
  })

  test('dies when the password’s session-ending changes come, with the factor, and with the account', async () => {
    const ada = await givenEnrolled(server)
    const password = goodPassword
    const [backupCode] = ada.backupCodes
    const regenerated = await holdSignIn(server, ada.email)
    await ada.post(`${twofa}/regenerate-backup-codes`, { backupCode })
    expect(await verify({ pendingToken: regenerated, code: codeOf(ada.secret) })).toMatchObject(
      over,
    )
    const suspended = await holdSignIn(server, ada.email)
    await query(server, `update users_users set status = 'suspended' where id = $1`, [ada.user.id])
    expect(await verify({ pendingToken: suspended, code: codeOf(ada.secret) })).toMatchObject(over)
    await query(server, `update users_users set status = 'active' where id = $1`, [ada.user.id])
    const disabled = await holdSignIn(server, ada.email)
    await ada.post(`${twofa}/disable`, { password, code: codeOf(ada.secret) })
    expect(await verify({ pendingToken: disabled, code: codeOf(ada.secret) })).toMatchObject(over)
  })
})

describe('a code', () => {
  test('works once, then nowhere: not at sign-in, not to disable', async () => {
    const ada = await givenEnrolled(server)
    const code = codeOf(ada.secret)
    expect((await verify({ pendingToken: await holdSignIn(server, ada.email), code })).status).toBe(
      200,
    )
    const again = await verify({ pendingToken: await holdSignIn(server, ada.email), code })
    expect(again).toMatchObject(refusedCode)
    const body = { password: goodPassword, code }
    expect((await ada.post(`${twofa}/disable`, body)).status).toBe(403)
  })

  test('of the step before is taken, one from the future or long past is not', async () => {
    const ada = await givenEnrolled(server)
    for (const seconds of [90, 60, -90, -120]) {
      const pendingToken = await holdSignIn(server, ada.email)
      const code = codeOf(ada.secret, seconds)
      const body = { pendingToken, code, time: Date.now() + seconds * 1000 }
      expect(await verify(body)).toMatchObject(refusedCode)
    }
  })

  test('sent many times at once with one ticket makes one session', async () => {
    const ada = await givenEnrolled(server)
    for (let round = 0; round < rounds; round += 1) {
      const pendingToken = await holdSignIn(server, ada.email)
      const before = await sessionsOf(ada.user.id)
      const body = { pendingToken, code: codeOf(ada.secret) }
      const replies = await together(crowd, (index) => verify(body, ofBoth(index)))
      expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
      expect(await sessionsOf(ada.user.id)).toBe(before + 1)
      await nextCode(server, ada.user.id)
    }
  })

  test('sent at once with as many tickets makes one session, and locks nobody out', async () => {
    const ada = await givenEnrolled(server)
    for (let round = 0; round < rounds; round += 1) {
      const tickets = await holdSignIns(server, ada.email, crowd)
      const before = await sessionsOf(ada.user.id)
      const code = codeOf(ada.secret)
      const replies = await together(crowd, (index) =>
        verify({ pendingToken: tickets[index], code }, ofBoth(index)),
      )
      expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
      expect(await sessionsOf(ada.user.id)).toBe(before + 1)
      await nextCode(server, ada.user.id)
    }
  })
})

describe('a backup code', () => {
  const doors: readonly ((pendingToken: string, code: string) => [string, object])[] = [
    (pendingToken, backupCode) => [verify2fa, { pendingToken, backupCode }],
    (pendingToken, code) => [verifyBackup, { pendingToken, code }],
    (pendingToken, code) => ['/api/2fa/backup/verify', { pendingToken, code }],
  ]

  test('signs in at every door that takes one, once', async () => {
    const ada = await givenEnrolled(server)
    const codes = [...ada.backupCodes]
    for (const door of doors) {
      const code = codes.pop() ?? ''
      const good = await server.anonymous.post(...door(await holdSignIn(server, ada.email), code))
      expect(good.status).toBe(200)
      expect(good.body.data.user.email).toBe(ada.email)
      for (const other of doors) {
        const again = await server.anonymous.post(
          ...other(await holdSignIn(server, ada.email), code),
        )
        expect(again).toMatchObject(refusedCode)
      }
      // The refusals above are wrong codes; a right second factor clears them, and so does this.
      await query(server, 'delete from twofa_wrong_codes')
    }
    expect((await ada.post(`${twofa}/backup-codes`)).body.data).toEqual({ left: 7 })
  })

  test('sent many times at once, over every door, with many tickets, makes one session', async () => {
    let ada = await givenEnrolled(server)
    let codes = [...ada.backupCodes]
    for (let round = 0; round < rounds; round += 1) {
      if (codes.length === 0) {
        ada = await givenEnrolled(server)
        codes = [...ada.backupCodes]
      }
      const code = codes.pop() ?? ''
      // Who comes when the code is spent counts as wrong, and ten of them would hold up the next round.
      await query(server, 'delete from twofa_wrong_codes')
      const tickets = await holdSignIns(server, ada.email, 4)
      const before = await sessionsOf(ada.user.id)
      const replies = await together(crowd, (index) => {
        const door = doors[index % 3] ?? doors[0]
        if (!door) throw new Error('no door')
        return ofBoth(index).anonymous.post(...door(tickets[index % 4] ?? '', code))
      })
      // The answers say why, where nobody gets in.
      expect({
        passed: tally(replies)[200],
        codes: replies.map(({ body }) => body.code),
      }).toMatchObject({ passed: 1 })
      expect(await sessionsOf(ada.user.id)).toBe(before + 1)
      const left = await query<{ count: string }>(
        server,
        `select count(*) from twofa_backup_codes b join twofa_factors f on f.id = b.factor_id
         where f.user_id = $1 and b.used_at is null`,
        [ada.user.id],
      )
      expect(Number(left[0]?.count)).toBe(codes.length)
    }
  })
})

test('who knows the password gets ten guesses, however often they sign in between', async () => {
  const ada = await givenEnrolled(server)
  const wrong = wrongCodeOf(ada.secret)
  const statuses: number[] = []
  for (let loop = 0; loop < 5; loop += 1) {
    const pendingToken = await holdSignIn(server, ada.email)
    for (let guess = 0; guess < 3; guess += 1)
      statuses.push((await verify({ pendingToken, code: wrong })).status)
  }
  expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(5).fill(429)])
  const pendingToken = await holdSignIn(server, ada.email)
  const blocked = await verify({ pendingToken, code: codeOf(ada.secret) })
  expect(blocked).toMatchObject({ status: 429, body: { code: 'twofa.too_many_wrong_codes' } })
  expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0)
  const [backupCode] = ada.backupCodes
  expect((await verify({ pendingToken, backupCode })).status).toBe(429)
  // Others are not locked out, and its owner is not for good.
  const bob = await givenEnrolled(server)
  const bobs = await holdSignIn(server, bob.email)
  expect((await verify({ pendingToken: bobs, code: codeOf(bob.secret) })).status).toBe(200)
  await query(server, `update twofa_wrong_codes set at = at - interval '15 minutes'`)
  expect((await verify({ pendingToken, code: codeOf(ada.secret) })).status).toBe(200)
})

test('a right second factor clears the count', async () => {
  const ada = await givenEnrolled(server)
  for (let loop = 0; loop < 4; loop += 1) {
    const pendingToken = await holdSignIn(server, ada.email)
    for (let guess = 0; guess < 4; guess += 1)
      await verify({ pendingToken, code: wrongCodeOf(ada.secret) })
    expect((await verify({ pendingToken, code: codeOf(ada.secret) })).status).toBe(200)
    await nextCode(server, ada.user.id)
  }
})

test('a sign-in that waits is counted as held, and its second step as what it comes to', async () => {
  const counted = async () => {
    const { body } = await server.metrics.render()
    const valueOf = (type: string, status: string) =>
      Number(
        new RegExp(`auth_attempts_total\\{status="${status}",type="${type}"\\} (\\d+)`).exec(
          body,
        )?.[1] ?? 0,
      )
    return {
      login: valueOf('login', 'success'),
      held: valueOf('login', 'held'),
      failed: valueOf('login', 'failure'),
      second: valueOf('verify_2fa', 'success'),
    }
  }
  const ada = await givenEnrolled(server)
  const before = await counted()
  const pendingToken = await holdSignIn(server, ada.email)
  expect(await counted()).toEqual({ ...before, held: before.held + 1 })
  expect((await verify({ pendingToken, code: codeOf(ada.secret) })).status).toBe(200)
  const after = { ...before, held: before.held + 1, second: before.second + 1 }
  expect(await counted()).toEqual(after)
  const bob = await server.as()
  expect(await counted()).toEqual({ ...after, login: after.login + 1 })
  await signIn(server, bob.email, { password: 'wrong' })
  expect(await counted()).toEqual({ ...after, login: after.login + 1, failed: after.failed + 1 })
})

test('each step and each refusal is a fact, without the code', async () => {
  const ada = await givenEnrolled(server)
  const pendingToken = await holdSignIn(server, ada.email)
  const wrong = wrongCodeOf(ada.secret)
  const code = codeOf(ada.secret)
  await verify({ pendingToken, code: wrong })
  await verify({ pendingToken, code })
  await verify({ pendingToken, code })
  const facts = (await server.facts()).filter(({ subjectId }) => subjectId === ada.user.id)
  const told = facts.slice(facts.findIndex(({ name }) => name === 'twofa.login_held'))
  expect(told.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'twofa.login_held succeeded',
    'twofa.code_refused refused',
    'twofa.login_passed succeeded',
    'auth.signed_in succeeded',
  ])
  expect(told[1]?.data).toEqual({ door: 'sign_in', method: 'totp', reason: 'wrong' })
  const text = JSON.stringify(told)
  for (const secret of [wrong, code, pendingToken, ada.secret]) expect(text).not.toContain(secret)
})

test('nothing in the database lets a thief pass: no secret, no code, no ticket', async () => {
  const ada = await givenEnrolled(server)
  const pendingToken = await holdSignIn(server, ada.email)
  const trusted: Reply = await verify({ pendingToken, code: codeOf(ada.secret), trustDevice: true })
  const trustToken = cookieOf(trusted, '__Host-ashlar_trusted')
  const waiting = await holdSignIn(server, ada.email)
  const tables = await query<{ name: string }>(
    server,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const rows = []
  for (const { name } of tables)
    rows.push(...(await query<{ row: string }>(server, `select t::text as row from ${name} t`)))
  const stored = rows.map(({ row }) => row.toLowerCase()).join('\n')
  // The search finds what is there.
  expect(stored).toContain(ada.email)
  const raw = bytesOfBase32(ada.secret)
  const secrets = {
    base32: ada.secret,
    hex: raw.toString('hex'),
    base64: raw.toString('base64'),
    base64url: raw.toString('base64url'),
    ticket: waiting,
    seal: waiting.split('.')[1] ?? '',
    trust: trustToken.split('.')[1] ?? '',
    ...Object.fromEntries(ada.backupCodes.map((code, index) => [`code ${index}`, code])),
    ...Object.fromEntries(
      ada.backupCodes.map((code, index) => [`plain ${index}`, code.slice(2).replace('-', '')]),
    ),
  }
  expect(raw).toHaveLength(20)
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length).toBeGreaterThan(9)
    expect({ name, isStored: stored.includes(secret.toLowerCase()) }).toEqual({
      name,
      isStored: false,
    })
  }
  const hashes = await query<{ hash: string }>(server, 'select hash from twofa_backup_codes')
  expect(hashes.every(({ hash }) => hash.startsWith('$argon2id$'))).toBe(true)
  expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(hashes.length)
})

test('only the gate and the second step begin a session, those behind foreign tokens, and impersonation', () => {
  const room = new URL('./', import.meta.url)
  const users = (call: RegExp) =>
    readdirSync(room).filter(
      (file) => !file.includes('test') && call.test(readFileSync(new URL(file, room), 'utf8')),
    )
  expect(users(/\bstartSession\(/)).toEqual([
    'external-sessions.ts',
    'impersonated-sessions.ts',
    'sessions.ts',
    'sign-in.ts',
  ])
  expect(users(/\bbeginSession\(/)).toEqual(['second-factor.ts', 'sign-in.ts'])
})

test('no cookie but the one that was asked for, and no failure of ours', async () => {
  const ada = await givenEnrolled(server)
  const pendingToken = await holdSignIn(server, ada.email)
  const reply = await verify({ pendingToken, code: codeOf(ada.secret), trustDevice: false })
  expect([...cookieLinesOf(reply).keys()]).toEqual([])
  expect([...server.failures, ...second.failures]).toEqual([])
})

/** RFC 4648, section 6. */
function bytesOfBase32(text: string): Buffer {
  const bits = Array.from(text)
    .map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
