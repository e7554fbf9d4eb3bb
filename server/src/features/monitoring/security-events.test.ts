/** What counts as a security event: each kind is provoked as it happens, by HTTP. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { defineEvent } from '../../platform/events/index.ts'
import { openBrowser } from '../../platform/http/testing.ts'
import { verifyLog } from '../audit/index.ts'
import { sealAll } from '../audit/testing.ts'
import { api, me, newEmail, query } from '../auth/testing.ts'
import { givenEnrolled, holdSignIn, verify2fa, wrongCodeOf } from '../twofa/testing.ts'
import { rules } from './security-events.ts'
import { base, settle } from './testing.ts'

const server = await startServer()
const admin = await server.as('admin')

async function countsNow(): Promise<Record<string, number>> {
  await settle(server)
  const { body } = await admin.get(`${base}/security-events?window=1h`)
  return Object.fromEntries(
    body.data.types.map(({ type, count }: { type: string; count: number }) => [type, count]),
  )
}

/** How many events of each type there are more than before. */
async function provokedBy(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await countsNow()
  await act()
  const after = await countsNow()
  return Object.fromEntries(
    Object.entries(after)
      .map(([type, count]) => [type, count - (before[type] ?? 0)] as const)
      .filter(([, more]) => more > 0),
  )
}

const login = (email: string, password = 'not the right one') =>
  server.anonymous.post(`${api}/auth/login`, { email, password })

test('a wrong password, for an account or for nobody, is a failed sign-in', async () => {
  const { email } = await server.as()
  expect(await provokedBy(() => login(email))).toEqual({ failed_sign_in: 1 })
  expect(await provokedBy(() => login(newEmail()))).toEqual({ failed_sign_in: 1 })
})

test('one for an account that is locked is both', async () => {
  const { email } = await server.as()
  for (let index = 0; index < 10; index += 1) await login(email)
  expect(await provokedBy(() => login(email))).toEqual({ failed_sign_in: 1, lock_out: 1 })
})

test('a wrong second factor is one', async () => {
  const { email, secret } = await givenEnrolled(server)
  const pendingToken = await holdSignIn(server, email)
  const guess = () => server.anonymous.post(verify2fa, { pendingToken, code: wrongCodeOf(secret) })
  expect(await provokedBy(guess)).toEqual({ failed_second_factor: 1 })
})

test('a refresh token that comes back is one, and is an alert at once', async () => {
  const { refreshToken, userId } = await server.as()
  const refresh = (token: string) =>
    server.anonymous.post(`${api}/auth/refresh`, { refreshToken: token })
  const next = (await refresh(refreshToken)).body.data.refreshToken
  await refresh(next)
  await query(server, `update auth_refresh_tokens set spent_at = spent_at - interval '1 minute'`)
  expect(await provokedBy(() => refresh(refreshToken))).toEqual({
    reused_refresh_token: 1,
    unauthenticated: 1,
  })
  const { body } = await admin.get(`${base}/alerts?type=reused_refresh_token`)
  expect(body.data).toMatchObject([{ severity: 'high', subjectId: userId, count: 1 }])
})

test('a forged link is a failed proof', async () => {
  const forge = () =>
    server.anonymous.post(`${api}/auth/reset-password`, {
      token: 'x'.repeat(60),
      password: 'another correct horse battery',
    })
  expect(await provokedBy(forge)).toEqual({ failed_proof: 1 })
})

test('what somebody may not do is a refused access, and what a stranger may not is counted together', async () => {
  const member = await server.as()
  const reach = () => member.get(`${base}/alerts`)
  expect(await provokedBy(reach)).toEqual({ refused_access: 1 })
  const reachUnknown = async () => {
    for (let index = 0; index < 7; index += 1) await server.anonymous.get(me)
  }
  expect(await provokedBy(reachUnknown)).toEqual({ unauthenticated: 7 })
  const facts = (await server.facts()).filter(({ name }) => name === 'http.requests_refused')
  expect(facts.at(-1)).toMatchObject({
    outcome: 'refused',
    data: { code: 'access.unauthenticated', status: 401, route: me, method: 'GET', count: 7 },
  })
})

test('a missing CSRF token and a foreign origin are refused as such, by strangers too', async () => {
  const browser = await openBrowser(server)
  const { cookie, origin, csrfToken } = browser
  const forged = (headers: Record<string, string>) =>
    server.anonymous.patch(me, { name: 'Mallory' }, { cookie, ...headers })
  expect(await provokedBy(() => forged({ origin }))).toEqual({ refused_csrf: 1 })
  expect(
    await provokedBy(() => forged({ origin: 'https://evil.example', 'x-csrf-token': csrfToken })),
  ).toEqual({ refused_csrf: 1 })
  const stranger = () =>
    server.anonymous.post(
      `${api}/auth/login`,
      { email: newEmail(), password: 'x' },
      { origin: 'https://evil.example' },
    )
  expect(await provokedBy(stranger)).toEqual({ refused_csrf: 1 })
})

test('who meets a limit is counted, with the limit that said no', async () => {
  const limited = await startServer({
    environment: { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_REQUESTS: '5' },
    location: server.location,
  })
  const flood = async () => {
    for (let index = 0; index < 30; index += 1) await limited.anonymous.get(`${api}/csrf-token`)
    await limited.process.flush()
  }
  const { rate_limited: refused = 0 } = await provokedBy(flood)
  expect(refused).toBeGreaterThanOrEqual(20)
  const facts = (await server.facts()).filter(({ name }) => name === 'http.requests_refused')
  expect(facts.at(-1)).toMatchObject({
    data: { code: 'rate_limit.exceeded', policy: 'default', count: refused },
  })
})

test('each impersonation that begins is one', async () => {
  const started = defineEvent<Record<string, never>>()('impersonation.begun')
  const ended = defineEvent<Record<string, never>>()('impersonation.ended')
  const impersonate = () =>
    server.ctx().tx(async (tx) => {
      await tx.record(started, null, {})
      await tx.record(ended, null, {})
    })
  expect(await provokedBy(impersonate)).toEqual({ impersonation: 1 })
})

test('an audit log that was tampered with is one, and a critical alert at once', async () => {
  await sealAll(server)
  const [changed] = await query<{ id: string }>(
    server,
    `update platform_events set name = 'auth.signed_out' where id = (
       select id from platform_events where name = 'auth.signed_in' order by id limit 1) returning id`,
  )
  const verifyTonight = () =>
    verifyLog.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)
  expect(await provokedBy(verifyTonight)).toEqual({ broken_chain: 1 })
  const { body } = await admin.get(`${base}/alerts?type=broken_chain`)
  expect(body.data).toMatchObject([{ severity: 'critical', subjectId: changed?.id, count: 1 }])
  const restore = `update platform_events set name = 'auth.signed_in' where id = $1`
  await query(server, restore, [changed?.id])
})

test('what succeeds is no security event', async () => {
  const everyday = async () => {
    const { get, email } = await server.as()
    await get(me)
    await server.anonymous.post(`${api}/auth/forgot-password`, { email })
    await server.anonymous.get(`${api}/nowhere`)
  }
  expect(await provokedBy(everyday)).toEqual({})
})

test('every fact that is looked at is one that a room states', async () => {
  const features = new URL('../', import.meta.url)
  const stated = new Set(['http.request_refused', 'http.requests_refused'])
  for (const room of readdirSync(features).filter((name) => name !== 'monitoring')) {
    const files = readdirSync(new URL(`${room}/`, features))
    if (!files.includes('events.ts')) continue
    const events = (await import(`../${room}/events.ts`)) as Record<string, { name: string }>
    for (const { name } of Object.values(events)) stated.add(name)
  }
  expect(Object.keys(rules).filter((name) => !stated.has(name))).toEqual([])
})
