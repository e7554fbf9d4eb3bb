/** Wrong credentials: what they cost the database, and whom they are allowed to hinder. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { newCheckedToken } from '../secrets.ts'
import { openBrowser, sessionCookie } from './testing.ts'

const me = '/api/v1/users/me'
/** A quarter of what the general limit allows. */
const failuresAllowed = 25
/** Look-ups of one address that run at once, beyond it. */
const atOnce = 8

const server = await startServer({
  environment: { RATE_LIMIT_ENABLED: 'true', AUTH_RATE_LIMIT_REQUESTS: '300' },
})

/** Where people sign in without being limited. */
const door = await startServer({ location: server.location })

const junk = () => randomBytes(24).toString('base64url')
/** Whole, and nobody’s: one that is not whole is not even looked for. */
const junkKey = () => ({ authorization: `Bearer ${newCheckedToken('ash_k_')}` })
const junkCookie = () => ({ cookie: `${sessionCookie}=ash_s_${junk()}` })
const kinds = [
  ['API keys', 1, junkKey],
  ['cookies', 2, junkCookie],
] as const

async function send(remoteAddress: string, headers: Record<string, string>): Promise<number> {
  const { statusCode } = await server.app.inject({ url: me, remoteAddress, headers })
  return statusCode
}

/** Statements that looked for a credential, as the metrics count them. */
async function lookUps(): Promise<number> {
  const { body } = await server.metrics.render()
  const counts = body
    .split('\n')
    .filter((line) =>
      /^database_query_duration_seconds_count\{.*table="auth_(sessions|api_keys)"/.test(line),
    )
    .filter((line) => line.includes('operation="select"'))
  return counts.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
}

async function lookUpsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await lookUps()
  await work()
  return (await lookUps()) - before
}

test.each(kinds)(
  'two hundred wrong %s, one after the other, cost twenty-five queries',
  async (_name, host, make) => {
    const address = `192.0.2.${host}`
    const statuses: number[] = []
    const asked = await lookUpsOf(async () => {
      for (let index = 0; index < 200; index += 1) statuses.push(await send(address, make()))
    })
    expect(statuses.slice(0, failuresAllowed)).toEqual(Array(failuresAllowed).fill(401))
    expect(new Set(statuses.slice(failuresAllowed))).toEqual(new Set([429]))
    expect(asked).toBe(failuresAllowed)
  },
)

test.each(kinds)('two hundred wrong %s at once cost hardly more', async (_name, host, make) => {
  const address = `198.51.100.${host}`
  const asked = await lookUpsOf(async () => {
    const statuses = await Promise.all(Array.from({ length: 200 }, () => send(address, make())))
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
  })
  expect(asked).toBeGreaterThanOrEqual(failuresAllowed)
  expect(asked).toBeLessThan(failuresAllowed + atOnce)
})

test('two hundred bearer tokens that nobody signed cost no query and end in 429', async () => {
  const statuses: number[] = []
  const asked = await lookUpsOf(async () => {
    for (let index = 0; index < 200; index += 1)
      statuses.push(await send('203.0.113.7', { authorization: `Bearer ${junk()}` }))
  })
  expect(statuses[0]).toBe(401)
  expect(statuses.at(-1)).toBe(429)
  expect(asked).toBe(0)
})

test('who was right before is served beside them, also when the cache has forgotten', async () => {
  const address = '203.0.113.1'
  const browser = await openBrowser(door)
  const own = { cookie: browser.cookie }
  expect(await send(address, own)).toBe(200)
  for (let index = 0; index < 40; index += 1) await send(address, junkKey())
  expect(await send(address, junkKey())).toBe(429)
  expect(await send(address, own)).toBe(200)
  server.process.invalidations.forget([`user:${browser.account.userId}`])
  expect(await send(address, own)).toBe(200)
})

test('an old credential keeps nobody from signing in', async () => {
  const address = '203.0.113.6'
  for (let index = 0; index < 30; index += 1) await send(address, junkKey())
  const old = junkKey()
  expect(await send(address, old)).toBe(429)
  const { email } = await door.as()
  const asked = await lookUpsOf(async () => {
    const reply = await server.app.inject({
      method: 'POST',
      url: '/api/v1/auth/login',
      remoteAddress: address,
      headers: { ...old, 'content-type': 'application/json' },
      payload: JSON.stringify({ email, password: goodPassword, mode: 'token' }),
    })
    expect(reply.statusCode).toBe(200)
  })
  expect(asked).toBe(0)
})

test('elsewhere nobody notices, and nobody without a credential does anywhere', async () => {
  const address = '203.0.113.2'
  for (let index = 0; index < 40; index += 1) await send(address, junkKey())
  expect(await send(address, junkKey())).toBe(429)
  expect(await send(address, {})).toBe(401)
  const browser = await openBrowser(door)
  expect(await send('203.0.113.3', { cookie: browser.cookie })).toBe(200)
})

test('sixty good callers behind one address, all unknown and at once, are all served', async () => {
  const browsers: string[] = []
  for (let index = 0; index < 60; index += 1) browsers.push((await openBrowser(door)).cookie)
  const statuses = await Promise.all(browsers.map((cookie) => send('203.0.113.4', { cookie })))
  expect(new Set(statuses)).toEqual(new Set([200]))
})

test('a refusal says when to come back, and is counted', async () => {
  const address = '203.0.113.5'
  for (let index = 0; index < 30; index += 1) await send(address, junkCookie())
  const reply = await server.app.inject({ url: me, remoteAddress: address, headers: junkCookie() })
  expect(reply.statusCode).toBe(429)
  expect(reply.json()).toMatchObject({ code: 'rate_limit.exceeded', policy: 'unknown_credentials' })
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
  expect((await server.metrics.render()).body).toMatch(
    /^rate_limit_refusals_total\{policy="unknown_credentials"\} [1-9]/m,
  )
})
