/** Changing one's password, hashes of other systems and costs, and the list of breached passwords. */
import { createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hashSync } from 'bcryptjs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  anyPassword,
  api,
  bearerOf,
  crowd,
  deliverMails,
  givenBrowser,
  givenMember,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const server: Server = await startServer()
const url = `${api}/auth/change-password`
const newPassword = 'wharf lintel copper gannet'
const change = { currentPassword: goodPassword, newPassword }

async function hashOf(email: string, at: Server = server): Promise<string> {
  const [row] = await query<{ password_hash: string }>(
    at,
    `select c.password_hash from auth_credentials c join users_users u on u.id = c.user_id where u.email = $1`,
    [email],
  )
  return row?.password_hash ?? ''
}

describe('changing a password', () => {
  test('needs the current one, ends every other session, keeps this one, and tells the owner', async () => {
    const ada = await server.as('member')
    const other = await givenBrowser(server, ada.email)
    const third = (await signIn(server, ada.email)).body.data
    const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
    for (const client of [ada, other, bearerOf(server, third.accessToken)])
      expect((await client.get(me)).status).toBe(200)
    const reply = await ada.post(url, change)
    expect(reply).toMatchObject({ status: 200, body: { data: { status: 'changed' } } })
    expect((await ada.get(me)).status).toBe(200)
    expect((await other.get(me)).status).toBe(401)
    expect((await bearerOf(server, third.accessToken).get(me)).status).toBe(401)
    const refresh = (refreshToken: string) =>
      server.anonymous.post(`${api}/auth/refresh`, { refreshToken })
    expect((await refresh(third.refreshToken)).status).toBe(401)
    expect((await refresh(ada.refreshToken)).status).toBe(200)
    // Keys are for programs; who fears for them revokes them.
    expect((await bearerOf(server, key).get(me)).status).toBe(200)
    expect((await signIn(server, ada.email)).status).toBe(401)
    expect((await signIn(server, ada.email, { password: newPassword })).status).toBe(200)
    await deliverMails(server)
    const all = await server.mails(ada.email)
    const mails = all.filter(({ subject }) => !subject.startsWith('New sign-in'))
    expect(mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('was changed')])
    expect(mails[0]?.text).toContain(`${server.settings.publicUrl}/forgot-password`)
    const facts = (await server.facts()).filter(
      ({ name, subjectId }) => name === 'auth.password_changed' && subjectId === ada.userId,
    )
    expect(facts).toMatchObject([{ actorId: ada.userId, data: { by: 'owner', sessionsEnded: 2 } }])
  })

  test('works with a cookie too, and not without its CSRF token', async () => {
    const { email } = await givenMember(server)
    const browser = await givenBrowser(server, email)
    const { 'x-csrf-token': _token, ...headers } = browser.headers
    expect((await server.clientWith(null, headers).post(url, change)).status).toBe(403)
    expect((await signIn(server, email)).status).toBe(200)
    expect((await browser.post(url, change)).status).toBe(200)
    expect((await browser.get(me)).status).toBe(200)
  })

  test('is refused for a wrong current one, which changes nothing and is recorded', async () => {
    const ada = await server.as('member')
    const before = await hashOf(ada.email)
    const wrong = { ...change, currentPassword: 'quite another password' }
    expect(await ada.post(url, wrong)).toMatchObject({
      status: 403,
      body: { code: 'auth.wrong_password' },
    })
    expect(await hashOf(ada.email)).toBe(before)
    expect((await server.facts()).at(-1)).toMatchObject({
      name: 'auth.password_change_refused',
      outcome: 'refused',
      subjectId: ada.userId,
      data: { reason: 'wrong_password' },
    })
  })

  test('follows the policy, with the owner’s names', async () => {
    const ada = await server.as('member')
    await ada.patch(me, { name: 'Margaret Hamilton', username: `apollo-${Date.now()}` })
    const bad = ['wharf linte', 'password123456789', 'Ashlar2026!!!', 'Hamilton-Margaret-1969']
    for (const password of [...bad, goodPassword])
      expect(await ada.post(url, { ...change, newPassword: password })).toMatchObject({
        status: 422,
        body: { code: 'auth.weak_password', errors: [{ pointer: '/newPassword' }] },
      })
    const huge = 'x'.repeat(1_000_000)
    expect((await ada.post(url, { ...change, newPassword: huge })).status).toBe(422)
    expect((await ada.post(url, change)).status).toBe(200)
  })

  test('is not for strangers, nor for keys', async () => {
    expect((await server.anonymous.post(url, change)).status).toBe(401)
    const ada = await server.as('member')
    const { key } = (await ada.post(`${api}/auth/api-keys`, { name: 'mine' })).body.data
    expect(await bearerOf(server, key).post(url, change)).toMatchObject({
      status: 403,
      body: { code: 'auth.sign_in_required' },
    })
    expect((await signIn(server, ada.email)).status).toBe(200)
  })

  test('succeeds once when many do it at once, and the one that did is right', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = await server.as('member')
      const passwords = Array.from({ length: crowd }, anyPassword)
      const replies = await together(crowd, (index) =>
        ada.post(url, { ...change, newPassword: passwords[index] }),
      )
      expect(tally(replies)).toEqual({ 200: 1, 403: crowd - 1 })
      const winner = passwords[replies.findIndex(({ status }) => status === 200)] ?? ''
      expect((await signIn(server, ada.email, { password: winner })).status).toBe(200)
    }
  })

  test('by a thief with a session ends after ten guesses, wherever they come from', async () => {
    const limited: Server = await startServer({
      environment: {
        RATE_LIMIT_ENABLED: 'true',
        RATE_LIMIT_REQUESTS: '1000',
        TRUSTED_PROXIES: '127.0.0.1',
      },
    })
    const ada = await limited.as('member')
    const replies = await together(30, (index) =>
      ada.post(
        url,
        { ...change, currentPassword: `guess number ${index}` },
        { 'x-forwarded-for': `192.0.2.${index}` },
      ),
    )
    expect(tally(replies)).toEqual({ 403: 10, 429: 20 })
    expect((await ada.post(url, change)).status).toBe(429)
    // Somebody else has their own guesses.
    expect((await (await limited.as('member')).post(url, change)).status).toBe(200)
  })
})

describe('a stored hash', () => {
  const kinds: Record<string, (password: string) => string> = {
    'bcrypt 2a': (password) => hashSync(password, 4).replace('$2b$', '$2a$'),
    'bcrypt 2b': (password) => hashSync(password, 4),
    'bcrypt 2y': (password) => hashSync(password, 4).replace('$2b$', '$2y$'),
    scrypt: (password) =>
      `$scrypt$ln=10,r=8,p=1$c2FsdA$${scryptSync(password, 'salt', 32, { N: 1024 }).toString('base64').replace('=', '')}`,
    PBKDF2: (password) =>
      `$pbkdf2-sha256$i=1000$c2FsdA$${pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('base64').replace('=', '')}`,
  }
  const giveHash = (email: string, hash: string) =>
    query(
      server,
      `update auth_credentials set password_hash = $2 where user_id = (select id from users_users where email = $1)`,
      [email, hash],
    )

  test.each(Object.entries(kinds))(
    'of %s signs its owner in, and is one of argon2id afterwards',
    async (_name, make) => {
      const { email } = await givenMember(server)
      const imported = make('hunter2')
      await giveHash(email, imported)
      expect((await signIn(server, email, { password: 'hunter3' })).status).toBe(401)
      expect(await hashOf(email)).toBe(imported)
      expect((await signIn(server, email, { password: 'hunter2' })).status).toBe(200)
      expect(await hashOf(email)).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/)
      expect((await signIn(server, email, { password: 'hunter2' })).status).toBe(200)
      expect((await signIn(server, email, { password: 'hunter3' })).status).toBe(401)
      expect(
        (await server.facts()).filter(({ name }) => name === 'auth.password_rehashed').at(-1),
      ).toMatchObject({ data: { from: imported.split('$')[1] } })
    },
  )

  test('of a kind nobody knows signs nobody in, and is no failure of ours', async () => {
    const { email } = await givenMember(server)
    for (const odd of ['plain text', goodPassword, '$1$salt$hash', '$2b$31$', '']) {
      await giveHash(email, odd)
      expect((await signIn(server, email)).status).toBe(401)
    }
  })

  test('of another cost is made anew at the next sign-in, by 20 at once too', async () => {
    const dearer: Server = await startServer({
      location: server.location,
      environment: { PASSWORD_HASH_MEMORY_KIB: '2048', PASSWORD_HASH_ITERATIONS: '2' },
    })
    const { email } = await givenMember(server)
    expect(await hashOf(email)).toContain('$m=1024,t=1,p=1$')
    expect((await signIn(dearer, email, { password: 'a wrong password' })).status).toBe(401)
    expect(await hashOf(email)).toContain('$m=1024,t=1,p=1$')
    expect(tally(await together(20, () => signIn(dearer, email)))).toEqual({ 200: 20 })
    const raised = await hashOf(email)
    expect(raised).toContain('$m=2048,t=2,p=1$')
    expect((await signIn(dearer, email)).status).toBe(200)
    expect(await hashOf(email)).toBe(raised)
    const rehashed = (await server.facts()).filter(({ name }) => name === 'auth.password_rehashed')
    expect(
      rehashed.filter(({ data }) => (data as { from: string }).from === 'argon2id'),
    ).toHaveLength(1)
  })

  test('does not expire: a password of years ago signs in', async () => {
    const { email } = await givenMember(server)
    await query(
      server,
      `update auth_credentials set changed_at = now() - interval '400 days' where user_id = (select id from users_users where email = $1)`,
      [email],
    )
    expect((await signIn(server, email)).status).toBe(200)
  })
})

describe('a list of breached passwords', () => {
  const breached = 'copper gannet wharf lintel'

  async function givenList(hasAnswer: boolean) {
    const digits = createHash('sha1').update(breached).digest('hex').toUpperCase()
    const asked: string[] = []
    const list = createServer((request, reply) => {
      asked.push(request.url ?? '')
      if (hasAnswer) reply.end(`${'0'.repeat(35)}:1\r\n${digits.slice(5)}:7`)
      else reply.writeHead(503).end()
    }).listen(0, '127.0.0.1')
    await once(list, 'listening')
    onTestFinished(async () => {
      list.close()
      await once(list, 'close')
    })
    const address = `http://127.0.0.1:${(list.address() as AddressInfo).port}/range`
    const strict: Server = await startServer({
      environment: { PASSWORD_BREACH_CHECK_URL: address },
    })
    const register = (password: string) =>
      strict.anonymous.post(`${api}/auth/register`, { email: newEmail(), password })
    const counted = async () =>
      (await strict.metrics.render()).body
        .split('\n')
        .filter((line) => line.startsWith('password_breach_checks_total{'))
    return { register, asked, counted, digits, strict }
  }

  test('is asked for five digits, and what it knows is refused', async () => {
    const { register, asked, counted, digits } = await givenList(true)
    expect(await register(breached)).toMatchObject({
      status: 422,
      body: {
        code: 'auth.weak_password',
        feedback: { warning: expect.stringContaining('stolen') },
      },
    })
    expect((await register(goodPassword)).status).toBe(202)
    // What is refused anyway is nobody's business.
    expect((await register('password123456789')).status).toBe(422)
    expect(asked).toHaveLength(2)
    expect(asked[0]).toBe(`/range/${digits.slice(0, 5)}`)
    expect(await counted()).toEqual([
      'password_breach_checks_total{outcome="known"} 1',
      'password_breach_checks_total{outcome="clear"} 1',
    ])
  })

  test('that does not answer keeps nobody out, and its silence is counted', async () => {
    const { register, counted, strict } = await givenList(false)
    expect((await register(breached)).status).toBe(202)
    expect(await counted()).toEqual(['password_breach_checks_total{outcome="failed"} 1'])
    expect(strict.failures).toEqual([])
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
