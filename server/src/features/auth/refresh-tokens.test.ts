/** Refresh tokens: one use, one child; a stolen one ends everything that came of it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { type Reply, goodPassword, startServer } from '../../app/testing.ts'
import { type Server, api, forgetUser, givenBrowser, me, query } from './testing.ts'

const server: Server = await startServer()
const refreshAt = (at: Server, refreshToken: unknown) =>
  at.anonymous.post(`${api}/auth/refresh`, { refreshToken })
const refresh = (refreshToken: unknown) => refreshAt(server, refreshToken)
const childOf = (reply: Reply) => String(reply.body.data.refreshToken)
const useAt = (at: Server, accessToken: string) =>
  at.anonymous.get(me, { authorization: `Bearer ${accessToken}` })
const use = (accessToken: string) => useAt(server, accessToken)
const refusal = { status: 401, body: { code: 'auth.invalid_refresh_token' } }

let ada: Awaited<ReturnType<Server['as']>>
beforeEach(async () => {
  ada = await server.as('member')
})

/** Lets an hour pass for every token that was spent. */
const letGracePass = () =>
  query(server, `update auth_refresh_tokens set spent_at = spent_at - interval '1 hour'`)
const thefts = async () =>
  (await server.facts()).filter(
    ({ name, subjectId }) => name === 'auth.refresh_token_reused' && subjectId === ada.userId,
  )

test('a token is traded for the next pair, which works; the access token before stays valid', async () => {
  const reply = await refresh(ada.refreshToken)
  expect(reply.status).toBe(200)
  expect(Object.keys(reply.body.data)).toEqual(['accessToken', 'refreshToken', 'expiresIn'])
  expect(childOf(reply)).not.toBe(ada.refreshToken)
  expect(reply.headers['set-cookie']).toBeUndefined()
  expect((await use(reply.body.data.accessToken)).body.data.id).toBe(ada.userId)
  expect((await use(ada.accessToken)).status).toBe(200)
  expect((await refresh(childOf(reply))).status).toBe(200)
  expect(await thefts()).toEqual([])
})

describe('a token used again', () => {
  async function expectFamilyDead(accessTokens: string[], refreshTokens: string[]) {
    for (const token of accessTokens) expect((await use(token)).status).toBe(401)
    for (const token of refreshTokens) expect(await refresh(token)).toMatchObject(refusal)
    const facts = await thefts()
    expect(facts).toEqual([expect.objectContaining({ subjectId: ada.userId })])
    const sessions = await query(
      server,
      'select revoked_reason from auth_sessions where user_id = $1 and revoked_at is not null',
      [ada.userId],
    )
    expect(sessions).toEqual([{ revoked_reason: 'refresh_token_reused' }])
  }

  test('outside the grace ends the session: its children and its access tokens too', async () => {
    const r2 = await refresh(ada.refreshToken)
    const r3 = await refresh(childOf(r2))
    const { accessToken } = r3.body.data
    expect((await use(accessToken)).status).toBe(200)
    await letGracePass()
    expect(await refresh(ada.refreshToken)).toMatchObject(refusal)
    await expectFamilyDead(
      [ada.accessToken, accessToken],
      [childOf(r3), childOf(r2), ada.refreshToken],
    )
  })

  test('outside the grace ends the session even when the child was never used', async () => {
    const r2 = await refresh(ada.refreshToken)
    await letGracePass()
    expect(await refresh(ada.refreshToken)).toMatchObject(refusal)
    await expectFamilyDead([r2.body.data.accessToken], [childOf(r2)])
  })

  test('as a grandparent, inside the grace, ends the session', async () => {
    const r2 = await refresh(ada.refreshToken)
    const r3 = await refresh(childOf(r2))
    expect(await refresh(ada.refreshToken)).toMatchObject(refusal)
    await expectFamilyDead([r3.body.data.accessToken], [childOf(r3)])
  })

  test('touches nobody else’s session, nor another of the same person', async () => {
    const other = await server.as('member')
    const { accessToken } = (
      await server.anonymous.post(`${api}/auth/login`, {
        email: ada.email,
        password: goodPassword,
        mode: 'token',
      })
    ).body.data
    const browser = await givenBrowser(server, ada.email)
    await refresh(ada.refreshToken)
    await letGracePass()
    await refresh(ada.refreshToken)
    expect((await use(ada.accessToken)).status).toBe(401)
    expect((await use(accessToken)).status).toBe(200)
    expect((await browser.get(me)).status).toBe(200)
    expect((await use(other.accessToken)).status).toBe(200)
  })
})

test('a spent token stays spent at a server started later', async () => {
  const r2 = await refresh(ada.refreshToken)
  await letGracePass()
  const later: Server = await startServer({ location: server.location })
  expect(await refreshAt(later, ada.refreshToken)).toMatchObject(refusal)
  expect(await refreshAt(later, childOf(r2))).toMatchObject(refusal)
})

test('a token of another key, another kind or with another bit is none, and suspects nobody', async () => {
  const [, body = ''] = /^ash_r_(.*)$/.exec(ada.refreshToken) ?? []
  const [id = '', seal = ''] = body.split('.')
  const flip = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  const forged = [
    ...Array.from({ length: ada.refreshToken.length }, (_, at) => flip(ada.refreshToken, at)),
    body,
    `ash_k_${body}`,
    `ash_r_${id}`,
    `ash_r_${id}.`,
    `ash_r_.${seal}`,
    `ash_r_${id}.${seal}.${seal}`,
    `${ada.refreshToken}=`,
    ` ${ada.refreshToken}`,
    ada.refreshToken.toUpperCase(),
    ada.accessToken.slice(0, 200),
    '',
    'ash_r_',
  ]
  for (const token of forged) expect(await refresh(token)).toMatchObject(refusal)
  const stranger: Server = await startServer({
    environment: { SECRET_KEY: 'another key for tests, as long as the first: 91c04d' },
  })
  const foreign = await stranger.as('member')
  expect(await refresh(foreign.refreshToken)).toMatchObject(refusal)
  for (const odd of [undefined, null, 7, ['x'], {}, 'x'.repeat(201)])
    expect((await refresh(odd)).status).toBe(422)
  expect(await thefts()).toEqual([])
  expect((await refresh(ada.refreshToken)).status).toBe(200)
})

describe('a refresh', () => {
  test('is refused when the token is too old', async () => {
    await query(
      server,
      `update auth_refresh_tokens set expires_at = now() - interval '1 second'
       where session_id in (select id from auth_sessions where user_id = $1)`,
      [ada.userId],
    )
    expect(await refresh(ada.refreshToken)).toMatchObject(refusal)
    expect(await thefts()).toEqual([])
    expect((await use(ada.accessToken)).status).toBe(200)
  })

  test('does not lengthen the session beyond its absolute end', async () => {
    const r2 = await refresh(ada.refreshToken)
    await query(
      server,
      `update auth_sessions set expires_at = now() - interval '1 second' where user_id = $1`,
      [ada.userId],
    )
    expect(await refresh(childOf(r2))).toMatchObject(refusal)
  })

  test('does not wake a session that was unused for too long', async () => {
    await query(
      server,
      `update auth_sessions set last_seen_at = now() - interval '8 days' where user_id = $1`,
      [ada.userId],
    )
    expect(await refresh(ada.refreshToken)).toMatchObject(refusal)
  })

  test('counts as use of the session', async () => {
    await query(
      server,
      `update auth_sessions set last_seen_at = now() - interval '6 days' where user_id = $1`,
      [ada.userId],
    )
    const reply = await refresh(ada.refreshToken)
    expect(reply.status).toBe(200)
    expect(
      await query(
        server,
        `select last_seen_at > now() - interval '1 minute' as is_fresh from auth_sessions where user_id = $1`,
        [ada.userId],
      ),
    ).toEqual([{ is_fresh: true }])
    expect((await use(reply.body.data.accessToken)).status).toBe(200)
  })

  test('is refused to a suspended user, also within the grace', async () => {
    await refresh(ada.refreshToken)
    await query(server, `update users_users set status = 'suspended' where id = $1`, [ada.userId])
    await forgetUser(server, ada.user.id)
    expect(await refresh(ada.refreshToken)).toMatchObject(refusal)
    expect((await use(ada.accessToken)).status).toBe(401)
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
