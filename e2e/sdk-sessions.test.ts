/** The SDK's sessions against a real server: tokens that renew themselves, cookies with their CSRF tokens, keys. */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import * as auth from '../sdk/src/generated/auth.ts'
import * as users from '../sdk/src/generated/users.ts'
import {
  type TokenStore,
  type Tokens,
  apiKey,
  cookieSession,
  createClient,
  isProblem,
  memoryStore,
  storageStore,
  tokenSession,
} from '../sdk/src/index.ts'
import { goodPassword, startServer } from '../server/src/app/testing.ts'
import { crowd, rounds, together } from '../server/src/features/auth/testing.ts'
import { type Fetch, browserFetch, counting, losingAnswers } from './sdk-parts.ts'

const refreshPath = '/api/v1/auth/refresh'
const origin = 'https://shop.example.com'
const server = await startServer({ environment: { CORS_ORIGINS: origin } })
await server.app.listen({ port: 0, host: '127.0.0.1' })
const { port } = server.app.server.address() as AddressInfo
const baseUrl = `http://127.0.0.1:${port}`

/** Somebody with an account whose tokens are in this store; `old` makes their access token one to be renewed. */
async function givenSession(store: TokenStore = memoryStore()) {
  const { email, userId } = await server.as()
  const client = createClient({ baseUrl, credential: tokenSession({ store }) })
  await auth.login(client, { body: { email, password: goodPassword } })
  const kept = async (): Promise<Tokens> => {
    const tokens = await store.read()
    if (!tokens) throw new Error('signed out')
    return tokens
  }
  return {
    email,
    userId,
    store,
    kept,
    age: async () => store.write({ ...(await kept()), refreshAt: 0 }),
    client: (fetch?: Fetch, options: Parameters<typeof tokenSession>[0] = {}) =>
      createClient({
        baseUrl,
        credential: tokenSession({ store, ...options }),
        ...(fetch ? { fetch } : {}),
      }),
  }
}

const reuses = async (userId: string | null) =>
  (await server.facts()).filter(
    ({ name, subjectId }) => name === 'auth.refresh_token_reused' && subjectId === userId,
  )

describe('tokens', () => {
  test('a sign-in fills the store without saying a mode, a sign-out empties it', async () => {
    const { client, store, email } = await givenSession()
    const ada = client()
    expect(await store.read()).toMatchObject({ refreshToken: expect.stringMatching(/^ash_r_/) })
    expect((await users.getMe(ada)).email).toBe(email)
    expect(await auth.logout(ada)).toBeUndefined()
    expect(await store.read()).toBeNull()
    await expect(users.getMe(ada)).rejects.toMatchObject({ code: 'access.unauthenticated' })
  })

  test('twenty requests with an old token ask for one new pair, and all succeed', async () => {
    const { client, age, email, kept } = await givenSession()
    const { fetch, counts } = counting()
    const ada = client(fetch)
    const before = await kept()
    await age()
    const answers = await together(crowd, () => users.getMe(ada))
    expect(new Set(answers.map((answer) => answer.email))).toEqual(new Set([email]))
    expect(counts).toEqual({ [`POST ${refreshPath}`]: 1, 'GET /api/v1/users/me': crowd })
    expect((await kept()).refreshToken).not.toBe(before.refreshToken)
  })

  test('a token that the server refuses before its time is renewed once, and the request sent again', async () => {
    const { client, store, kept } = await givenSession()
    const { fetch, counts } = counting()
    await store.write({ ...(await kept()), accessToken: 'not.a.token' })
    const ada = client(fetch)
    const names = await together(crowd, (index) =>
      users.updateMe(ada, { body: { name: `Ada ${index}` } }),
    )
    expect(names).toHaveLength(crowd)
    expect(counts[`POST ${refreshPath}`]).toBe(1)
  })

  test('an answer to a refresh that is lost is asked for again while the server still gives it', async () => {
    const { client, age, email, userId } = await givenSession()
    await age()
    const ada = client(losingAnswers(refreshPath, 2))
    expect((await users.getMe(ada)).email).toBe(email)
    expect(await reuses(userId)).toEqual([])
  })

  test('a session that was ended elsewhere is over: told once, nothing kept, no more refreshes', async () => {
    const { client, email, store, age } = await givenSession()
    const elsewhere = createClient({ baseUrl, credential: tokenSession() })
    await auth.login(elsewhere, { body: { email, password: goodPassword } })
    await auth.endOtherSessions(elsewhere)
    await age()
    const { fetch, counts } = counting()
    let ends = 0
    const ada = client(fetch, { onEnd: () => (ends += 1) })
    const replies = await Promise.allSettled(Array.from({ length: crowd }, () => users.getMe(ada)))
    expect(replies.every(({ status }) => status === 'rejected')).toBe(true)
    await expect(users.getMe(ada)).rejects.toMatchObject({ code: 'access.unauthenticated' })
    expect(await store.read()).toBeNull()
    expect(ends).toBe(1)
    expect(counts[`POST ${refreshPath}`]).toBe(1)
  })

  test('a step-up brings new tokens; whoever still has the old one goes on with them', async () => {
    const { client, kept, email } = await givenSession()
    const [ada, another] = [client(), client()]
    const before = await kept()
    await auth.stepUp(ada, { body: { password: goodPassword } })
    expect((await kept()).refreshToken).not.toBe(before.refreshToken)
    const answers = await Promise.all([users.getMe(ada), users.getMe(another)])
    expect(answers.map((answer) => answer.email)).toEqual([email, email])
  })

  test('a refusal that has nothing to do with the token asks for no new one', async () => {
    const { client, kept } = await givenSession()
    const { fetch, counts } = counting()
    const before = await kept()
    const wrong = auth.stepUp(client(fetch), { body: { password: 'not this one' } })
    await expect(wrong).rejects.toSatisfy((error) => isProblem(error, auth.stepUp))
    expect(counts).toEqual({ 'POST /api/v1/auth/step-up': 1 })
    expect(await kept()).toEqual(before)
  })
})

describe('two tabs', () => {
  /** One `localStorage`, read and written by both tabs. */
  function givenStorage() {
    const area = new Map<string, string>()
    return {
      getItem: (key: string) => area.get(key) ?? null,
      setItem: (key: string, value: string) => void area.set(key, value),
      removeItem: (key: string) => void area.delete(key),
    }
  }
  const store = () => storageStore(givenStorage(), randomBytes(6).toString('hex'))

  test('that refresh at once under a lock ask once between them and stay signed in', async () => {
    const { client, age, email, userId, kept } = await givenSession(store())
    const { fetch, counts } = counting()
    const tabs = [client(fetch), client(fetch)]
    for (let round = 0; round < rounds; round += 1) {
      await age()
      const answers = await Promise.all(tabs.map((tab) => users.getMe(tab)))
      expect(answers.map((answer) => answer.email)).toEqual([email, email])
    }
    expect(counts[`POST ${refreshPath}`]).toBe(rounds)
    expect(await reuses(userId)).toEqual([])
    expect(await kept()).toBeTruthy()
  })

  test('that refresh at once without locks get the same pair from the server and stay signed in', async () => {
    const { client, age, email, userId, kept } = await givenSession(store())
    const tabs = Array.from({ length: crowd }, () => client(undefined, { locks: null }))
    for (let round = 0; round < rounds; round += 1) {
      await age()
      const answers = await Promise.all(tabs.map((tab) => users.getMe(tab)))
      expect(new Set(answers.map((answer) => answer.email))).toEqual(new Set([email]))
    }
    expect(await reuses(userId)).toEqual([])
    expect(await kept()).toBeTruthy()
  })

  test('of which one signs out while the other refreshes: both are signed out, and no token comes back', async () => {
    const { client, age, store: shared } = await givenSession(store())
    const [one, other] = [client(), client()]
    await age()
    await Promise.allSettled([auth.logout(one), users.getMe(other)])
    await expect(users.getMe(other)).rejects.toMatchObject({ code: 'access.unauthenticated' })
    expect(await shared.read()).toBeNull()
  })
})

describe('cookies', () => {
  const givenBrowser = async () => {
    const { email } = await server.as()
    const { fetch, counts } = counting(browserFetch(origin))
    const browser = createClient({ baseUrl, credential: cookieSession(), fetch })
    const signIn = () => auth.login(browser, { body: { email, password: goodPassword } })
    return { email, browser, counts, signIn, fetch }
  }
  const csrf = 'GET /api/v1/csrf-token'

  test('one token is fetched for the sign-in; what changes something carries that of the session', async () => {
    const { email, browser, counts, signIn } = await givenBrowser()
    await signIn()
    await together(crowd, () => users.updateMe(browser, { body: { name: 'Ada' } }))
    expect(await users.getMe(browser)).toMatchObject({ email, name: 'Ada' })
    expect(counts[csrf]).toBe(1)
  })

  test('twenty first requests at once fetch one token', async () => {
    const { counts, signIn } = await givenBrowser()
    await together(crowd, signIn)
    expect(counts[csrf]).toBe(1)
  })

  test('after a sign-out, and after another tab has signed in anew, the token is renewed by itself', async () => {
    const { browser, signIn, fetch, email } = await givenBrowser()
    await signIn()
    await auth.logout(browser)
    await signIn()
    const otherTab = createClient({ baseUrl, credential: cookieSession(), fetch })
    await auth.logout(otherTab)
    await auth.login(otherTab, { body: { email, password: goodPassword } })
    expect(await users.updateMe(browser, { body: { name: 'Still here' } })).toMatchObject({ email })
  })

  test('a page of an origin that nobody allowed gets its refusal and no endless renewal', async () => {
    const { fetch, counts } = counting(browserFetch('https://evil.example.com'))
    const page = createClient({ baseUrl, credential: cookieSession(), fetch })
    await expect(
      auth.login(page, { body: { email: 'a@example.com', password: goodPassword } }),
    ).rejects.toMatchObject({ code: 'http.origin_not_allowed' })
    expect(counts['POST /api/v1/auth/login']).toBe(1)
  })
})

test('a key does what its scopes name, and says who it is of', async () => {
  const { client, email } = await givenSession()
  const { key } = await auth.createApiKey(client(), {
    body: { name: 'Reports', scopes: ['users.read_self'] },
  })
  for (const credential of [apiKey(key), apiKey(async () => key)]) {
    const program = createClient({ baseUrl, credential })
    expect((await users.getMe(program)).email).toBe(email)
    await expect(users.updateMe(program, { body: { name: 'No' } })).rejects.toMatchObject({
      code: 'access.forbidden',
      status: 403,
    })
  }
})
