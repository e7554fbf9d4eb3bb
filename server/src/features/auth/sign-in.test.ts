/** Signing in: the right ones get in, the others learn nothing, and the rest of the product goes on. */
import { beforeAll, describe, expect, test } from 'vitest'
import { type Reply, goodPassword, startServer } from '../../app/testing.ts'
import { sessionCookie } from './cookies.ts'
import {
  type Server,
  api,
  cookieLinesOf,
  cookieOf,
  givenMember,
  givenRegistration,
  me,
  newEmail,
  query,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from './testing.ts'

const server: Server = await startServer()
const login = `${api}/auth/login`

test('cookie mode, the default: the account and a CSRF token in the body, the secret in the cookie alone', async () => {
  const { email } = await givenMember(server, { name: 'Ada' })
  const reply = await server.anonymous.post(login, { email, password: goodPassword })
  expect(reply.status).toBe(200)
  expect(Object.keys(reply.body.data)).toEqual(['user', 'csrfToken'])
  expect(reply.body.data.user).toMatchObject({
    email,
    name: 'Ada',
    emailVerified: true,
    roles: ['member'],
    lastLoginAt: expect.stringMatching(/Z$/),
  })
  const line = cookieLinesOf(reply).get(sessionCookie) ?? ''
  expect(line).toMatch(/^__Host-ashlar_session=ash_s_[\w-]{43};/)
  const flags = line.split('; ').slice(1)
  expect(flags.toSorted()).toEqual(
    ['Max-Age=2592000', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'].toSorted(),
  )
  expect(reply.text).not.toContain(cookieOf(reply))
})

test('token mode: both tokens in the body, no cookie', async () => {
  const { email } = await givenMember(server)
  const reply = await signIn(server, email)
  expect(Object.keys(reply.body.data)).toEqual([
    'user',
    'csrfToken',
    'accessToken',
    'refreshToken',
    'expiresIn',
  ])
  expect(reply.body.data).toMatchObject({
    accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    refreshToken: expect.stringMatching(/^ash_r_/),
    expiresIn: 900,
  })
  expect(reply.headers['set-cookie']).toBeUndefined()
  const bearer = server.clientWith(null, { authorization: `Bearer ${reply.body.data.accessToken}` })
  expect((await bearer.get(me)).body.data).toEqual({
    ...reply.body.data.user,
    impersonation: null,
  })
})

test('by address or username, whatever the case, and lastLoginAt moves on', async () => {
  const { email } = await givenMember(server, { username: 'Grace.Hopper' })
  const [local = '', domain = ''] = email.split('@')
  const logins = [
    email,
    email.toUpperCase(),
    ` ${email} `,
    `${local}@${domain.toUpperCase()}`,
    'Grace.Hopper',
    'grace.hopper',
    'GRACE.HOPPER',
  ]
  let before = ''
  for (const name of logins) {
    const reply = await signIn(server, name)
    expect({ name, status: reply.status }).toEqual({ name, status: 200 })
    expect(reply.body.data.user.lastLoginAt > before).toBe(true)
    before = reply.body.data.user.lastLoginAt
  }
})

describe('who may not sign in', () => {
  const replies = new Map<string, Reply>()
  const people = new Map<string, string>()

  beforeAll(async () => {
    const known = await givenMember(server, { username: 'known-person' })
    const pending = await givenRegistration(server)
    const suspended = await givenMember(server)
    const deleted = await givenMember(server)
    for (const [status, { email }] of Object.entries({ suspended, deleted }))
      await query(server, 'update users_users set status = $1 where email = $2', [status, email])
    const wrong = { password: 'quite another password' }
    const attempts = {
      unknown_account: signIn(server, newEmail()),
      wrong_password: signIn(server, known.email, wrong),
      unverified: signIn(server, pending.email),
      suspended: signIn(server, suspended.email),
      deleted: signIn(server, deleted.email),
      username: signIn(server, 'known-person', wrong),
      malformed: signIn(server, 'not@an@address'),
      wildcard: signIn(server, '%'),
      longest: signIn(server, known.email, { password: 'x'.repeat(1024) }),
    }
    for (const [name, attempt] of Object.entries(attempts)) replies.set(name, await attempt)
    for (const [name, { email }] of Object.entries({ pending, suspended, deleted, known }))
      people.set(name, email)
  })

  test('all look the same', () => {
    const [first, ...others] = [...replies.values()].map(visiblePartsOf)
    expect(first).toMatchObject({ status: 401, body: { code: 'auth.invalid_credentials' } })
    expect(first?.headers['set-cookie']).toBeUndefined()
    for (const other of others) expect(other).toEqual(first)
  })

  test('each is recorded with its reason, and without what was typed', async () => {
    const facts = (await server.facts()).filter(({ name }) => name === 'auth.sign_in_failed')
    const reasons = facts.map(({ data }) => (data as { reason: string }).reason)
    expect(reasons.toSorted()).toEqual(
      'deleted suspended unknown_account unknown_account unknown_account unverified wrong_password wrong_password wrong_password'.split(
        ' ',
      ),
    )
    for (const { outcome, data } of facts) {
      expect(outcome).toBe('refused')
      expect(Object.keys(data as object)).toEqual(['reason'])
    }
  })

  test('the right password of a suspended account is no better than a wrong one', async () => {
    const wrong = await signIn(server, people.get('suspended') ?? '', { password: 'wrong wrong 1' })
    expect(visiblePartsOf(wrong)).toEqual(visiblePartsOf(replies.get('suspended') as Reply))
  })
})

test.each([
  {},
  { email: 'ada@example.com' },
  { email: 'ada@example.com', password: '' },
  { email: 'ada@example.com', password: 'x'.repeat(1025) },
  { email: ['ada@example.com'], password: goodPassword },
  { email: { $ne: null }, password: { $ne: null } },
  { email: 'ada@example.com', password: goodPassword, mode: 'both' },
  { email: 'x'.repeat(321), password: goodPassword },
])('%j is no sign-in', async (body) => {
  expect((await server.anonymous.post(login, body)).status).toBe(422)
})

test('two people with one password have different hashes, of argon2id', async () => {
  const { email } = await givenMember(server)
  const other = await givenMember(server)
  const rows = await query<{ password_hash: string }>(
    server,
    `select c.password_hash from auth_credentials c join users_users u on u.id = c.user_id where u.email in ($1, $2)`,
    [email, other.email],
  )
  const hashes = rows.map((row) => row.password_hash)
  expect(new Set(hashes).size).toBe(2)
  for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/)
})

test('300 sign-ins at once: health answers before they do, what is too much is told to come again', async () => {
  const busy: Server = await startServer({
    environment: {
      PASSWORD_HASH_CONCURRENCY: '1',
      PASSWORD_HASH_MEMORY_KIB: '19456',
      PASSWORD_HASH_ITERATIONS: '1',
    },
  })
  const { email } = await givenMember(busy)
  let answered = 0
  const flood = together(300, async () => {
    const reply = await signIn(busy, newEmail())
    answered += 1
    return reply
  })
  for (let probe = 0; probe < 5; probe += 1) {
    expect((await busy.anonymous.get('/livez')).status).toBe(200)
    expect(answered).toBeLessThan(300)
  }
  const replies = await flood
  const counts = tally(replies)
  expect((counts[401] ?? 0) + (counts[503] ?? 0)).toBe(300)
  expect(counts[401]).toBeGreaterThan(0)
  expect(counts[503]).toBeGreaterThan(0)
  expect(replies.find(({ status }) => status === 503)).toMatchObject({
    headers: { 'retry-after': expect.any(String) },
    body: { code: 'passwords.busy' },
  })
  expect((await signIn(busy, email)).status).toBe(200)
})

test('guesses at one account from one address are limited, and at an unknown one alike', async () => {
  const limited: Server = await startServer({
    environment: {
      RATE_LIMIT_ENABLED: 'true',
      AUTH_RATE_LIMIT_REQUESTS: '5',
      RATE_LIMIT_REQUESTS: '1000',
      TRUSTED_PROXIES: '127.0.0.1',
    },
  })
  const { email } = await givenMember(limited)
  const guess = (name: string, from: string) =>
    signIn(limited, name, {
      password: 'a wrong password',
      headers: { 'x-forwarded-for': from },
    })
  const spellings = [email, email.toUpperCase(), ` ${email}`]
  const known = await together(12, (index) => guess(spellings[index % 3] ?? '', '192.0.2.1'))
  const nobody = newEmail()
  const unknown = await together(12, () => guess(nobody, '192.0.2.2'))
  expect(tally(known)).toEqual({ 401: 5, 429: 7 })
  expect(tally(unknown)).toEqual({ 401: 5, 429: 7 })
  // Whoever keeps on guessing keeps nobody else out.
  const owner = await signIn(limited, email, { headers: { 'x-forwarded-for': '192.0.2.3' } })
  expect(owner.status).toBe(200)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
