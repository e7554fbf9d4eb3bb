/** A provider's keys over time: rotated, slow, away; and how long they are believed without it. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startOidcTwin } from '../../../../twins/src/oidc/index.ts'
import { type IdentityProviders, openIdentityProviders } from './index.ts'

const audience = 'https://api.example.test'
const twin = await startOidcTwin({
  audience,
  clients: [{ id: 'ashlar', secret: null, redirectUris: [] }],
})
afterAll(() => twin.close())
twin.put({ id: '7', email: 'ada@example.com', isEmailVerified: true, name: 'Ada' })

const secondMs = 1_000
const minuteMs = 60 * secondMs
let nowMs = 0
let failures: string[] = []
let providers: IdentityProviders

function open(more: object = {}): IdentityProviders {
  const entry = {
    id: 'twin',
    name: 'Twin',
    issuer: twin.issuer,
    clientId: 'ashlar',
    audience,
    ...more,
  }
  return openIdentityProviders({
    settings: {
      oidcProviders: JSON.stringify([entry]),
      oidcGoogleClientId: undefined,
      oidcGoogleClientSecret: undefined,
      oidcGithubClientId: undefined,
      oidcGithubClientSecret: undefined,
      oidcGithubUrl: 'https://github.com',
      cognitoUserPoolId: undefined,
      cognitoClientId: undefined,
      cognitoClientSecret: undefined,
      cognitoIssuer: '',
    },
    onFailure: (id, failure) => failures.push(`${id}: ${failure.reason}`),
    clock: () => nowMs,
  })
}

beforeEach(() => {
  Object.assign(twin.faults, { discovery: 'none', jwks: 'none', issuer: null })
  failures = []
  nowMs += 24 * 60 * minuteMs
  providers = open()
})

const verify = async (token: string) => (await providers.verifyAccessToken(token)) !== null

describe('keys', () => {
  test('are asked for once, however many tokens come at once, and again when they are old', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => twin.accessToken('7')))
    const before = twin.requests('/jwks')
    expect(await Promise.all(tokens.map(verify))).toEqual(tokens.map(() => true))
    expect(twin.requests('/jwks')).toBe(before + 1)
    nowMs += 11 * minuteMs
    expect(await verify(tokens[0] ?? '')).toBe(true)
    expect(twin.requests('/jwks')).toBe(before + 2)
  })

  test('that are rotated are found after half a minute, and the withdrawn one is refused', async () => {
    const old = await twin.accessToken('7')
    expect(await verify(old)).toBe(true)
    await twin.rotateKeys()
    const next = await twin.accessToken('7')
    expect(await verify(next)).toBe(false)
    nowMs += 31 * secondMs
    expect(await verify(next)).toBe(true)
    expect(await verify(old)).toBe(false)
  })

  test('go on while the provider is away, for an hour and not longer', async () => {
    const token = await twin.accessToken('7')
    expect(await verify(token)).toBe(true)
    twin.faults.jwks = 'error'
    nowMs += 59 * minuteMs
    expect(await verify(token)).toBe(true)
    nowMs += 2 * minuteMs
    expect(await verify(token)).toBe(false)
    expect(failures).toEqual(['twin: unavailable'])
    twin.faults.jwks = 'none'
    nowMs += 2 * secondMs
    expect(await verify(token)).toBe(true)
  })

  test('of a provider that was never reached let nobody in, and it is left alone for a second', async () => {
    const token = await twin.accessToken('7')
    twin.faults.discovery = 'error'
    const before = twin.requests('/.well-known/openid-configuration')
    for (let index = 0; index < 5; index += 1) expect(await verify(token)).toBe(false)
    expect(twin.requests('/.well-known/openid-configuration')).toBe(before + 1)
    twin.faults.discovery = 'none'
    nowMs += 2 * secondMs
    expect(await verify(token)).toBe(true)
  })

  test('of a provider that says it is another are not asked for', async () => {
    twin.faults.issuer = 'https://somebody-else.example'
    const before = twin.requests('/jwks')
    expect(await verify(await twin.accessToken('7'))).toBe(false)
    expect(twin.requests('/jwks')).toBe(before)
    expect(failures).toEqual(['twin: refused'])
  })

  test('that do not come in time are as good as none', async () => {
    twin.faults.jwks = 'slow'
    expect(await verify(await twin.accessToken('7'))).toBe(false)
    expect(failures).toEqual(['twin: unavailable'])
  })
})

describe('access tokens of the usual shape (RFC 9068)', () => {
  test.each([
    ['our audience', {}, true],
    ['our audience among others', { aud: ['x', audience] }, true],
    ['another audience', { aud: 'https://other.example.test' }, false],
    ['the client as audience, as ID tokens have', { aud: 'ashlar' }, false],
    ['no audience', { aud: undefined }, false],
    ['what Keycloak calls an ID token', { typ: 'ID' }, false],
    ['what Keycloak calls a refresh token', { typ: 'Refresh' }, false],
    ['what Keycloak calls an access token', { typ: 'Bearer' }, true],
    ['use as an ID token', { token_use: 'id' }, false],
  ])('with %s: %#', async (_what, claims, isGood) => {
    expect(await verify(await twin.accessToken('7', claims))).toBe(isGood)
  })

  test('are accepted of the clients that are named, where some are', async () => {
    providers = open({ clients: ['mobile', 'web'] })
    expect(await verify(await twin.accessToken('7', { client_id: 'mobile' }))).toBe(true)
    expect(await verify(await twin.accessToken('7', { client_id: undefined, azp: 'web' }))).toBe(
      true,
    )
    expect(await verify(await twin.accessToken('7', { client_id: 'ashlar' }))).toBe(false)
    expect(await verify(await twin.accessToken('7', { client_id: undefined }))).toBe(false)
  })

  test('are refused of a provider for which no audience is set', async () => {
    providers = open({ audience: undefined })
    expect(await verify(await twin.accessToken('7'))).toBe(false)
  })

  test.each(['origin_jti', 'sid', 'auth_time'])('of one sign-in are told by %s', async (name) => {
    const none = { origin_jti: undefined, sid: undefined, auth_time: undefined }
    const value = name === 'auth_time' ? 1_700_000_000 : 'one'
    const [first, again, another] = await Promise.all(
      [value, value, name === 'auth_time' ? 1_700_000_001 : 'two'].map(async (given) =>
        providers.verifyAccessToken(await twin.accessToken('7', { ...none, [name]: given })),
      ),
    )
    expect(first?.signInId).toBe(again?.signInId)
    expect(first?.signInId).not.toBe(another?.signInId)
    expect(first?.forgetAt).toBe(null)
  })
})
