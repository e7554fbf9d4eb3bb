/** Single-use things under rounds of twenty at once, on two processes: a window that exists would show. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  crowd,
  findProofs,
  findResetTokens,
  givenMember,
  givenRegistration,
  me,
  newEmail,
  anyPassword,
  query,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
/** Without grace, a second use is always a theft. */
const strict: Server = await startServer({
  location: server.location,
  environment: { REFRESH_GRACE: '0s' },
})
const ofBoth = (index: number) => (index % 2 ? server : second)
const refreshAt = (at: Server, refreshToken: string) =>
  at.anonymous.post(`${api}/auth/refresh`, { refreshToken })
const liveLeaves = async (email: string) => {
  const rows = await query(
    server,
    `select 1 from auth_refresh_tokens t join auth_sessions s on s.id = t.session_id
     join users_users u on u.id = s.user_id
     where u.email = $1 and t.spent_at is null and s.revoked_at is null and t.expires_at > now()`,
    [email],
  )
  return rows.length
}
const endSessions = (email: string) =>
  query(
    server,
    `update auth_sessions set revoked_at = now() where revoked_at is null
     and user_id = (select id from users_users where email = $1)`,
    [email],
  )

test('a refresh token has one child, however many tabs ask for it', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    await endSessions(email)
    const { refreshToken } = (await signIn(server, email)).body.data
    const replies = await together(crowd, (index) => refreshAt(ofBoth(index), refreshToken))
    expect(tally(replies)).toEqual({ 200: crowd })
    expect(new Set(replies.map(({ body }) => body.data.refreshToken)).size).toBe(1)
    expect(await liveLeaves(email)).toBe(1)
  }
})

test('without grace it is spent once, and the thief’s use ends the family', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    await endSessions(email)
    const { refreshToken } = (await signIn(server, email)).body.data
    const replies = await together(crowd, () => refreshAt(strict, refreshToken))
    expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
    expect(await liveLeaves(email)).toBe(0)
  }
})

test('a replayed grandparent beside an honest refresh leaves nothing alive', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    const first = (await signIn(server, email)).body.data
    const next = (await refreshAt(server, first.refreshToken)).body.data
    const third = (await refreshAt(server, next.refreshToken)).body.data
    const replies = await together(crowd, (index) =>
      refreshAt(ofBoth(index), index < crowd / 2 ? first.refreshToken : third.refreshToken),
    )
    expect(replies.slice(0, crowd / 2).map(({ status }) => status)).toEqual(
      Array.from({ length: crowd / 2 }, () => 401),
    )
    expect(await liveLeaves(email)).toBe(0)
    for (const { body } of replies.filter(({ status }) => status === 200))
      expect((await refreshAt(server, body.data.refreshToken)).status).toBe(401)
    expect((await bearerOf(server, third.accessToken).get(me)).status).toBe(401)
  }
})

test('a link that resets a password does so once', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    await query(server, 'delete from auth_mail_requests where email = $1', [email])
    await server.anonymous.post(`${api}/auth/forgot-password`, { email })
    const token = (await findResetTokens(server, email)).at(-1)
    const passwords = Array.from({ length: crowd }, anyPassword)
    const replies = await together(crowd, (index) =>
      ofBoth(index).anonymous.post(`${api}/auth/reset-password`, {
        token,
        password: passwords[index],
      }),
    )
    expect(tally(replies)).toEqual({ 200: 1, 400: crowd - 1 })
    const password = passwords[replies.findIndex(({ status }) => status === 200)] ?? ''
    expect((await signIn(server, email, { password })).status).toBe(200)
  }
})

test('a code is counted exactly, however many guess it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { email, code } = await givenRegistration(server)
    const verify = (guess: number, at: Server) =>
      at.anonymous.post(`${api}/auth/verify-email`, {
        email,
        code: String((Number(code) + guess) % 1_000_000).padStart(6, '0'),
      })
    expect(tally(await together(crowd, (index) => verify(index + 1, ofBoth(index))))).toEqual({
      400: crowd,
    })
    const attempts = await query(
      server,
      `select v.attempts from auth_verifications v join users_users u on u.id = v.user_id where u.email = $1`,
      [email],
    )
    expect(attempts).toEqual([{ attempts: 5 }])
    expect((await verify(0, server)).status).toBe(400)
  }
})

test('a mail that proves an address does so once, by its link or its code', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { email, token, code } = await givenRegistration(server)
    const replies = await together(crowd, (index) =>
      ofBoth(index).anonymous.post(
        `${api}/auth/verify-email`,
        index % 4 < 2 ? { token } : { email, code },
      ),
    )
    const { 200: proven = 0, ...others } = tally(replies)
    expect(proven).toBe(1)
    // More than five guesses at a code are refused as such; the rest comes too late.
    expect(Object.keys(others)).toEqual(['400'])
  }
})

test('six spellings of one address make one account', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const email = newEmail()
    const [local = '', domain = ''] = email.split('@')
    const spellings = [
      email,
      email.toUpperCase(),
      ` ${email} `,
      `${local}@${domain.toUpperCase()}`,
      `${local.toUpperCase()}@${domain}`,
      `${email}\t`,
    ]
    await together(crowd, (index) =>
      ofBoth(index).anonymous.post(`${api}/auth/register`, {
        email: spellings[index % spellings.length],
        password: goodPassword,
      }),
    )
    const rows = await query<{ email: string }>(
      server,
      'select email from users_users where lower(email) like $1',
      [`%${local}%`],
    )
    expect(rows).toEqual([{ email }])
    const open = await query(
      server,
      `select 1 from auth_verifications v join users_users u on u.id = v.user_id
       where u.email = $1 and v.used_at is null and v.expires_at > now()`,
      [email],
    )
    expect(open).toHaveLength(1)
    // However many mails there are: one of them proves it, the newest.
    const proofs = await findProofs(server, email)
    const replies = []
    for (const { token } of proofs)
      replies.push(await server.anonymous.post(`${api}/auth/verify-email`, { token }))
    expect(tally(replies)[200]).toBe(1)
  }
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures, ...strict.failures]).toEqual([])
})
