/** The way back: every value of it swapped for another that would be good elsewhere (RFC 9700, 2.1 and 4.4). */
import { afterEach, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api, crowd, query, rounds, tally, together } from '../auth/testing.ts'
import {
  callbackOf,
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  publicUrl,
  refusedWith,
  signInAs,
  start,
} from './testing.ts'

const twin = await givenTwin()
const other = await givenTwin()
const server = await startServer({
  environment: environmentOf(entryOf(twin), entryOf(other, { id: 'other', name: 'Another' })),
})

afterEach(() => {
  Object.assign(twin.faults, { idTokenClaims: null, isForged: false })
})

const countSessions = async () => (await query(server, 'select 1 from auth_sessions')).length
const countUsers = async () => (await query(server, 'select 1 from users_users')).length

/** What a return led to, in the browser and here. */
async function outcomeOf(act: () => ReturnType<typeof comeBack>) {
  const before = { sessions: await countSessions(), users: await countUsers() }
  const reply = await act()
  return {
    ...landingOf(reply),
    cookie: reply.headers['set-cookie'],
    sessionsMade: (await countSessions()) - before.sessions,
    usersMade: (await countUsers()) - before.users,
  }
}

/** Nothing was opened, nobody was made, and the browser was told why. */
const nothingBut = (code: string, address = publicUrl) => ({
  ...refusedWith(code, address),
  cookie: undefined,
  sessionsMade: 0,
  usersMade: 0,
})

async function givenReturn(options: Parameters<typeof start>[1] = {}) {
  const way = await start(server, options)
  const account = givenAccount(twin)
  other.put(account)
  const at = options.provider === 'other' ? other : twin
  return { ...way, account, back: await at.approve(way.authorizationUrl, account.id) }
}

function changed(back: URL, change: (params: URLSearchParams) => void): URL {
  const url = new URL(back)
  change(url.searchParams)
  return url
}

describe('what the browser is sent with', () => {
  test('state, nonce and challenge are long, new each time, and the verifier stays here', async () => {
    const [one, two] = [await start(server), await start(server)]
    const [a, b] = [one, two].map(
      ({ authorizationUrl }) => new URL(authorizationUrl).searchParams,
    ) as [URLSearchParams, URLSearchParams]
    expect(a.get('code_challenge_method')).toBe('S256')
    expect(a.get('redirect_uri')).toBe(callbackOf('twin'))
    expect(a.get('response_type')).toBe('code')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(a.get(name)?.length).toBeGreaterThanOrEqual(43)
      expect(a.get(name)).not.toBe(b.get(name))
    }
    expect(new Set(['state', 'nonce', 'code_challenge'].map((name) => a.get(name))).size).toBe(3)
  })

  test('nothing of it is stored', async () => {
    const { authorizationUrl, cookie } = await start(server)
    const params = new URL(authorizationUrl).searchParams
    const stored = JSON.stringify(await query(server, 'select * from oidc_attempts'))
    const secrets = [params.get('state'), params.get('nonce'), cookie.split('=')[1]]
    for (const secret of secrets) expect(stored).not.toContain(secret)
  })

  test('the cookie is of this host alone and no script reads it', async () => {
    const reply = await server.anonymous.post(`${api}/oidc/twin/start`, {})
    expect(String(reply.headers['set-cookie'])).toMatch(
      /^__Host-ashlar_oidc=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('a page of somebody else cannot send a browser on its way', async () => {
    const reply = await server.anonymous.post(
      `${api}/oidc/twin/start`,
      {},
      { origin: 'https://evil.example', cookie: '__Host-ashlar_visitor=x' },
    )
    expect(reply.status).toBe(403)
  })
})

describe('a browser comes back', () => {
  test('without the cookie, or with that of another browser: nothing, and the right one still can', async () => {
    const { back, cookie } = await givenReturn({ redirectTo: '/after' })
    const stranger = await start(server)
    expect(await outcomeOf(() => comeBack(server, back, null))).toEqual(
      nothingBut('oidc.invalid_state'),
    )
    expect(await outcomeOf(() => comeBack(server, back, stranger.cookie))).toEqual(
      nothingBut('oidc.invalid_state'),
    )
    expect(landingOf(await comeBack(server, back, cookie))).toMatchObject({ fragment: {} })
  })

  test('with the state of another attempt of its own: the nonce and the verifier are not the ones', async () => {
    const first = await givenReturn()
    const second = await start(server)
    const state = new URL(second.authorizationUrl).searchParams.get('state') ?? ''
    const swapped = changed(first.back, (params) => params.set('state', state))
    expect(await outcomeOf(() => comeBack(server, swapped, second.cookie))).toEqual(
      nothingBut('oidc.provider_refused'),
    )
  })

  test.each([
    ['no state', (params: URLSearchParams) => params.delete('state')],
    ['a made-up state', (params: URLSearchParams) => params.set('state', 'x'.repeat(66))],
    ['a state that is cut', (params: URLSearchParams) => cut(params, 'state')],
    ['the state twice', (params: URLSearchParams) => params.append('state', 'another')],
    [
      'a state that is far too long',
      (params: URLSearchParams) => params.set('state', 'x'.repeat(5000)),
    ],
  ])('with %s: nothing', async (_what, change) => {
    const { back, cookie } = await givenReturn()
    const reply = await comeBack(server, changed(back, change), cookie)
    expect(landingOf(reply).fragment['error']).toMatch(/^oidc\.(invalid_state|provider_refused)$/)
    expect(reply.headers['set-cookie']).toBeUndefined()
  })

  test('at the door of another provider: nothing, though state and cookie are good', async () => {
    const { back, cookie } = await givenReturn()
    const elsewhere = new URL(back)
    elsewhere.pathname = elsewhere.pathname.replace('/twin/', '/other/')
    expect(await outcomeOf(() => comeBack(server, elsewhere, cookie))).toEqual(
      nothingBut('oidc.invalid_state'),
    )
  })

  test.each([
    ['says it is another issuer', (params: URLSearchParams) => params.set('iss', other.issuer)],
    [
      'does not say who it is, though it always does',
      (params: URLSearchParams) => params.delete('iss'),
    ],
  ])('from a provider that %s: nothing', async (_what, change) => {
    const { back, cookie } = await givenReturn({ redirectTo: '/after' })
    expect(await outcomeOf(() => comeBack(server, changed(back, change), cookie))).toEqual(
      nothingBut('oidc.provider_refused', `${publicUrl}/after`),
    )
  })

  test('with the code of somebody else’s attempt: its challenge is not ours', async () => {
    const [mine, theirs] = [await givenReturn(), await givenReturn()]
    const stolen = changed(mine.back, (params) =>
      params.set('code', theirs.back.searchParams.get('code') ?? ''),
    )
    expect(await outcomeOf(() => comeBack(server, stolen, mine.cookie))).toEqual(
      nothingBut('oidc.provider_refused'),
    )
  })

  test('without a code, or with one that nobody gave out: nothing', async () => {
    for (const change of [
      (params: URLSearchParams) => params.delete('code'),
      (params: URLSearchParams) => params.set('code', 'made-up'),
    ]) {
      const { back, cookie } = await givenReturn()
      expect(await outcomeOf(() => comeBack(server, changed(back, change), cookie))).toEqual(
        nothingBut('oidc.provider_refused'),
      )
    }
  })

  test('a second time: nothing', async () => {
    const { back, cookie } = await givenReturn()
    expect(landingOf(await comeBack(server, back, cookie)).fragment).toEqual({})
    expect(await outcomeOf(() => comeBack(server, back, cookie))).toEqual(
      nothingBut('oidc.invalid_state'),
    )
  })

  test('many times at once: one session', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { back, cookie } = await givenReturn()
      const before = await countSessions()
      const replies = await together(crowd, () => comeBack(server, back, cookie))
      expect(tally(replies)).toEqual({ 303: crowd })
      expect(replies.filter(({ headers }) => headers['set-cookie'])).toHaveLength(1)
      expect(await countSessions()).toBe(before + 1)
    }
  })

  test('after ten minutes: nothing', async () => {
    const { back, cookie } = await givenReturn()
    await query(server, `update oidc_attempts set expires_at = now() where used_at is null`)
    expect(await outcomeOf(() => comeBack(server, back, cookie))).toEqual(
      nothingBut('oidc.invalid_state'),
    )
  })
})

describe('an ID token', () => {
  const now = () => Math.floor(Date.now() / 1000)
  test.each([
    ['for another attempt', () => ({ nonce: 'x'.repeat(66) })],
    ['without a nonce', () => ({ nonce: undefined })],
    ['of another issuer', () => ({ iss: other.issuer })],
    ['whose issuer has one more slash', () => ({ iss: `${twin.issuer}/` })],
    ['for another client', () => ({ aud: 'somebody-else' })],
    ['for several clients, by another one', () => ({ aud: ['ashlar', 'x'], azp: 'x' })],
    ['that is over', () => ({ exp: now() - 120, iat: now() - 3600 })],
    ['that never ends', () => ({ exp: undefined })],
    ['about nobody', () => ({ sub: undefined })],
    ['about an empty name', () => ({ sub: '' })],
  ])('%s opens nothing', async (_what, claims) => {
    const { authorizationUrl, cookie } = await start(server)
    const back = await twin.approve(authorizationUrl, givenAccount(twin).id)
    twin.faults.idTokenClaims = claims()
    expect(await outcomeOf(() => comeBack(server, back, cookie))).toEqual(
      nothingBut('oidc.provider_refused'),
    )
  })

  test('signed with a key that is not the provider’s opens nothing', async () => {
    const { authorizationUrl, cookie } = await start(server)
    const back = await twin.approve(authorizationUrl, givenAccount(twin).id)
    twin.faults.isForged = true
    expect(await outcomeOf(() => comeBack(server, back, cookie))).toEqual(
      nothingBut('oidc.provider_refused'),
    )
  })

  test('of one provider is nobody at another, though the subject is the same', async () => {
    const account = givenAccount(twin)
    await signInAs(server, twin, account)
    // A provider that calls its own user by another's number, and does not vouch for the address.
    other.put({ ...account, isEmailVerified: false })
    const { authorizationUrl, cookie } = await start(server, { provider: 'other' })
    const back = await other.approve(authorizationUrl, account.id)
    expect(await outcomeOf(() => comeBack(server, back, cookie))).toEqual(
      nothingBut('oidc.email_not_verified'),
    )
  })
})

test('refused returns are facts, without a token or a code in them', async () => {
  const { back } = await givenReturn()
  await comeBack(server, back, null)
  const facts = await server.facts()
  expect(facts.at(-1)).toMatchObject({
    name: 'oidc.sign_in_refused',
    outcome: 'refused',
    data: { provider: 'twin', reason: 'oidc.invalid_state' },
  })
  expect(JSON.stringify(facts)).not.toContain(back.searchParams.get('code'))
  expect(server.failures).toEqual([])
})

function cut(params: URLSearchParams, name: string): void {
  params.set(name, params.get(name)?.slice(0, -1) ?? '')
}
