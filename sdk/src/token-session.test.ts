/** A refresh whose answers are lost: repeated while the server still gives the same pair, and not a second longer. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClient } from './client.ts'
import { getMe } from './generated/users.ts'
import { ConnectionError } from './problem.ts'
import { tokenSession } from './token-session.ts'
import { type Tokens, memoryStore } from './token-store.ts'

const graceMs = 10_000
const old: Tokens = { accessToken: 'a1', refreshToken: 'r1', refreshAt: 0 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A session with an old token; `answer` is what happens to each request. */
async function givenSession(answer: (url: string) => Promise<Response>) {
  const store = memoryStore()
  await store.write(old)
  const sentAt: number[] = []
  const begunAt = Date.now()
  const client = createClient({
    baseUrl: 'https://api.example.com',
    credential: tokenSession({ store }),
    fetch: (input) => {
      sentAt.push(Date.now() - begunAt)
      return answer(input as string)
    },
  })
  return { client, store, sentAt }
}

/** The outcome of a call, with all the time it wants. */
async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  const settled = call.catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(120_000)
  return settled
}

test('a connection that fails at once is tried again for eight seconds, inside the server’s ten, whatever the call’s own tries', async () => {
  const { client, store, sentAt } = await givenSession(() => Promise.reject(new TypeError('lost')))
  expect(await outcomeOf(getMe(client))).toBeInstanceOf(ConnectionError)
  expect(sentAt.length).toBeGreaterThan(5)
  expect(Math.max(...sentAt)).toBeLessThan(graceMs - 1_000)
  expect(await store.read()).toEqual(old)
})

test('a server that counts refreshes is obeyed, and the token is not sent meanwhile', async () => {
  let refusals = 0
  const { client, store, sentAt } = await givenSession(async (url) => {
    if (!url.endsWith('/auth/refresh')) return Response.json({ data: { email: 'a@example.com' } })
    refusals += 1
    if (refusals > 2)
      return Response.json({ data: { accessToken: 'a2', refreshToken: 'r2', expiresIn: 900 } })
    const problem = { status: 429, code: 'rate_limit.exceeded', title: 'Too many requests.' }
    return Response.json(problem, {
      status: 429,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '20' },
    })
  })
  expect(await outcomeOf(getMe(client))).toEqual({ email: 'a@example.com' })
  const [, second = 0, third = 0] = sentAt
  expect(second).toBeGreaterThanOrEqual(20_000)
  expect(third).toBeGreaterThanOrEqual(40_000)
  expect(await store.read()).toMatchObject({ refreshToken: 'r2' })
})

test('who signs in elsewhere meanwhile is whose tokens are used: the old one is not sent again', async () => {
  const other: Tokens = { accessToken: 'b1', refreshToken: 'q1', refreshAt: Number.MAX_VALUE }
  const seen: string[] = []
  const { client, store } = await givenSession(async (url) => {
    seen.push(new URL(url).pathname)
    if (!url.endsWith('/auth/refresh')) return Response.json({ data: { email: 'b@example.com' } })
    await store.write(other)
    throw new TypeError('lost')
  })
  expect(await outcomeOf(getMe(client))).toEqual({ email: 'b@example.com' })
  expect(seen).toEqual(['/api/v1/auth/refresh', '/api/v1/users/me'])
  expect(await store.read()).toEqual(other)
})

test('tokens that a step-up has ended are no end of the session when its answer arrives a moment later', async () => {
  const renewed: Tokens = { accessToken: 'a2', refreshToken: 'r2', refreshAt: Number.MAX_VALUE }
  const { client, store } = await givenSession(async (url) => {
    if (!url.endsWith('/auth/refresh')) return Response.json({ data: { email: 'a@example.com' } })
    setTimeout(() => void store.write(renewed), 500)
    return Response.json(
      {
        status: 401,
        code: 'auth.invalid_refresh_token',
        title: 'This refresh token is not valid.',
      },
      { status: 401, headers: { 'content-type': 'application/problem+json' } },
    )
  })
  expect(await outcomeOf(getMe(client))).toEqual({ email: 'a@example.com' })
  expect(await store.read()).toEqual(renewed)
})

test('an answer that comes after a sign-out does not sign in again', async () => {
  const { client, store } = await givenSession(async (url) => {
    if (!url.endsWith('/auth/refresh')) return Response.json({ data: { email: null } })
    await store.write(null)
    return Response.json({ data: { accessToken: 'a2', refreshToken: 'r2', expiresIn: 900 } })
  })
  await outcomeOf(getMe(client))
  expect(await store.read()).toBeNull()
})
