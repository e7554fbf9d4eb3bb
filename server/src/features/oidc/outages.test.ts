/** Providers in trouble: nobody is signed in, nothing of ours fails, and the browser is told (OA4). */
import { beforeEach, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api } from '../auth/testing.ts'
import {
  callbackOf,
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  refusedWith,
  signInAs,
  start,
} from './testing.ts'

const twin = await givenTwin({ hasProfileInIdToken: false })
const environment = environmentOf(entryOf(twin))

/** Nothing is remembered of the provider yet. */
let server: Awaited<ReturnType<typeof startServer>>
beforeEach(async () => {
  Object.assign(twin.faults, {
    discovery: 'none',
    jwks: 'none',
    token: 'none',
    userinfo: 'none',
    issuer: null,
  })
  server = await startServer({ environment })
})

test('the profile is asked for where the ID token has none', async () => {
  expect(landingOf(await signInAs(server, twin, givenAccount(twin))).fragment).toEqual({})
})

describe('a provider', () => {
  test.each(['error', 'slow'] as const)(
    'that cannot be discovered (%s) sends nobody on their way',
    async (trouble) => {
      twin.faults.discovery = trouble
      expect(await server.anonymous.post(`${api}/oidc/twin/start`, {})).toMatchObject({
        status: 424,
        body: { code: 'oidc.provider_unavailable' },
      })
      expect(server.failures).toEqual([])
    },
  )

  test('that calls itself something else sends nobody on their way', async () => {
    for (const issuer of [`${twin.issuer}/`, 'https://evil.example', twin.issuer.toUpperCase()]) {
      const fresh = await startServer({ environment, location: server.location })
      twin.faults.issuer = issuer
      expect(await fresh.anonymous.post(`${api}/oidc/twin/start`, {})).toMatchObject({
        status: 424,
        body: { code: 'oidc.provider_refused' },
      })
    }
  })

  test.each([
    ['tokens', { token: 'error' }],
    ['tokens in time', { token: 'slow' }],
    ['keys', { jwks: 'error' }],
    ['keys in time', { jwks: 'slow' }],
    ['a profile', { userinfo: 'error' }],
  ] as const)('that does not give %s signs nobody in', async (_what, faults) => {
    const { authorizationUrl, cookie } = await start(server)
    const back = await twin.approve(authorizationUrl, givenAccount(twin).id)
    Object.assign(twin.faults, faults)
    const reply = await comeBack(server, back, cookie)
    expect(landingOf(reply)).toEqual(refusedWith('oidc.provider_unavailable'))
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(server.failures).toEqual([])
  })

  test('that has rotated its keys signs people in at once', async () => {
    const account = givenAccount(twin)
    await signInAs(server, twin, account)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await twin.rotateKeys()
    expect(landingOf(await signInAs(server, twin, account)).fragment).toEqual({})
  })

  test.each([
    ['access_denied', 'oidc.access_denied'],
    ['server_error', 'oidc.provider_refused'],
    ['temporarily_unavailable', 'oidc.provider_refused'],
    ['<script>alert(1)</script>', 'oidc.provider_refused'],
  ])('that answers %s is told in our words', async (error, code) => {
    const { authorizationUrl, cookie } = await start(server)
    const back = new URL(callbackOf('twin'))
    back.search = new URLSearchParams({
      error,
      error_description: 'anything',
      state: new URL(authorizationUrl).searchParams.get('state') ?? '',
      iss: twin.issuer,
    }).toString()
    expect(landingOf(await comeBack(server, back, cookie))).toEqual(refusedWith(code))
  })
})
