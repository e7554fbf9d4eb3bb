/** The presets: GitHub, which is no OpenID provider, and Cognito, which is one with habits of its own. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api, browserWith, cookieOf, me } from '../auth/testing.ts'
import {
  callbackOf,
  clientSecret,
  comeBack,
  givenAccount,
  givenTwin,
  landingOf,
  publicUrl,
  refusedWith,
  signInAs,
  start,
} from './testing.ts'

const github = await givenTwin()
const cognito = await givenTwin({
  shape: 'cognito',
  hasProfileInIdToken: false,
  clients: [{ id: 'pool1client', secret: null, redirectUris: [callbackOf('cognito')] }],
})
const server = await startServer({
  environment: {
    PUBLIC_URL: publicUrl,
    GITHUB_CLIENT_ID: 'ashlar',
    GITHUB_CLIENT_SECRET: clientSecret,
    OIDC_GITHUB_URL: github.issuer,
    GOOGLE_CLIENT_ID: '1.apps.googleusercontent.com',
    GOOGLE_CLIENT_SECRET: 'unused here',
    COGNITO_USER_POOL_ID: 'eu-central-1_TwinPool1',
    COGNITO_CLIENT_ID: 'pool1client',
    COGNITO_ISSUER: cognito.issuer,
  },
})
const selfOf = async (reply: Awaited<ReturnType<typeof comeBack>>) =>
  (await browserWith(server, cookieOf(reply), '').get(me)).body.data

test('each is offered when its client is set', async () => {
  expect((await server.anonymous.get(`${api}/oidc/providers`)).body.data).toEqual([
    { id: 'google', name: 'Google' },
    { id: 'github', name: 'GitHub' },
    { id: 'cognito', name: 'Cognito' },
  ])
})

describe('GitHub', () => {
  const options = { provider: 'github' }

  test('signs somebody in by number and primary address', async () => {
    const account = givenAccount(github)
    const self = await selfOf(await signInAs(server, github, account, options))
    expect(self).toMatchObject({ email: account.email, name: account.name })
    github.put({ ...account, email: 'renamed@example.com', name: 'Renamed' })
    expect((await selfOf(await signInAs(server, github, account, options))).id).toBe(self.id)
  })

  test.each([
    ['is not verified', { isEmailVerified: false }],
    ['does not exist', { email: null }],
  ])(
    'makes nobody whose primary address %s, though another one is verified',
    async (_what, given) => {
      const reply = await signInAs(server, github, givenAccount(github, given), options)
      expect(landingOf(reply)).toEqual(refusedWith('oidc.email_not_verified'))
    },
  )

  test('tells when somebody says no', async () => {
    const { authorizationUrl, cookie } = await start(server, options)
    const back = await github.deny(authorizationUrl)
    expect(landingOf(await comeBack(server, back, cookie))).toEqual(
      refusedWith('oidc.access_denied'),
    )
  })

  test('gives nothing for the code of another attempt, nor for one a second time', async () => {
    const [one, two] = [await start(server, options), await start(server, options)]
    const account = givenAccount(github)
    const [mine, theirs] = [
      await github.approve(one.authorizationUrl, account.id),
      await github.approve(two.authorizationUrl, account.id),
    ]
    mine.searchParams.set('code', theirs.searchParams.get('code') ?? '')
    expect(landingOf(await comeBack(server, mine, one.cookie))).toEqual(
      refusedWith('oidc.provider_refused'),
    )
    expect(landingOf(await comeBack(server, theirs, two.cookie))).toEqual(
      refusedWith('oidc.provider_refused'),
    )
  })

  test.each(['token', 'userinfo'] as const)('in trouble (%s) signs nobody in', async (fault) => {
    const { authorizationUrl, cookie } = await start(server, options)
    const back = await github.approve(authorizationUrl, givenAccount(github).id)
    github.faults[fault] = 'error'
    const reply = await comeBack(server, back, cookie)
    github.faults[fault] = 'none'
    expect(landingOf(reply)).toEqual(refusedWith('oidc.provider_unavailable'))
    expect(reply.headers['set-cookie']).toBeUndefined()
  })
})

describe('Cognito', () => {
  const options = { provider: 'cognito' }

  test('signs somebody in with a public client, and says "true" in words', async () => {
    const account = givenAccount(cognito)
    const self = await selfOf(await signInAs(server, cognito, account, options))
    expect(self).toMatchObject({ email: account.email, emailVerified: true })
  })

  test('says "false" in words, too', async () => {
    const account = givenAccount(cognito, { isEmailVerified: false })
    expect(landingOf(await signInAs(server, cognito, account, options))).toEqual(
      refusedWith('oidc.email_not_verified'),
    )
  })

  test('means one person at the door and in the access token', async () => {
    const account = givenAccount(cognito)
    const self = await selfOf(await signInAs(server, cognito, account, options))
    const token = await cognito.accessToken(account.id)
    const bearer = await server.anonymous.get(me, { authorization: `Bearer ${token}` })
    expect(bearer.body.data.id).toBe(self.id)
  })
})
