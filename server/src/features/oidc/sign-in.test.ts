import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api, browserWith, cookieOf, crowd, me, rounds, tally, together } from '../auth/testing.ts'
import { enrol } from '../twofa/testing.ts'
import {
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  newVerifier,
  onTheWay,
  publicUrl,
  refusedWith,
  signInAs,
  start,
} from './testing.ts'

const twin = await givenTwin()
const server = await startServer({ environment: environmentOf(entryOf(twin)) })

const meWith = (cookie: string) => browserWith(server, cookie, '').get(me)

test('the sign-in page learns which providers there are, and nothing else about them', async () => {
  const { status, body } = await server.anonymous.get(`${api}/oidc/providers`)
  expect({ status, body }).toEqual({
    status: 200,
    body: { data: [{ id: 'twin', name: 'The Twin' }] },
  })
})

test('somebody new signs in and has an account with the proven address, the default role and no password', async () => {
  const account = givenAccount(twin, { name: 'Grace Hopper' })
  const reply = await signInAs(server, twin, account, { redirectTo: '/welcome?from=twin' })

  expect(landingOf(reply)).toEqual({
    status: 303,
    address: `${publicUrl}/welcome?from=twin`,
    fragment: {},
  })
  const self = await meWith(cookieOf(reply))
  expect(self.body.data).toMatchObject({
    email: account.email,
    name: 'Grace Hopper',
    emailVerified: true,
    roles: ['member'],
  })
  const facts = (await server.facts()).filter(({ subjectId }) => subjectId === self.body.data.id)
  expect(facts.map(({ name }) => name)).toEqual([
    'users.user_registered',
    'access.role_granted',
    'oidc.identity_linked',
    'auth.signed_in',
  ])
  expect(facts.at(-1)?.data).toMatchObject({ firstFactor: 'oidc', kind: 'cookie' })
})

test('the second sign-in opens the same account, whatever the address is by then', async () => {
  const account = givenAccount(twin)
  const first = await meWith(cookieOf(await signInAs(server, twin, account)))
  twin.put({ ...account, email: 'else@example.com', isEmailVerified: false })

  const second = await meWith(cookieOf(await signInAs(server, twin, account)))

  expect(second.body.data).toMatchObject({ id: first.body.data.id, email: account.email })
})

test('in token mode a code comes home, which works once and for whoever has the verifier', async () => {
  const account = givenAccount(twin)
  for (let round = 0; round < rounds; round += 1) {
    const { codeVerifier, codeChallenge } = newVerifier()
    const way = onTheWay(
      await server.anonymous.post(`${api}/oidc/twin/start`, { mode: 'token', codeChallenge }),
    )
    const reply = await comeBack(
      server,
      await twin.approve(way.authorizationUrl, account.id),
      way.cookie,
    )
    const { code = '' } = landingOf(reply).fragment
    expect(reply.headers['set-cookie']).toBeUndefined()

    const replies = await together(crowd, () =>
      server.anonymous.post(`${api}/oidc/exchange`, { code, codeVerifier }),
    )
    expect(tally(replies)).toEqual({ 200: 1, 401: crowd - 1 })
    const good = replies.find(({ status }) => status === 200)
    const accessToken = String(good?.body.data.accessToken)
    const self = await server.anonymous.get(me, { authorization: `Bearer ${accessToken}` })
    expect(self.body.data.email).toBe(account.email)
  }
})

test('a code with the verifier of somebody else opens nothing, then and later', async () => {
  const account = givenAccount(twin)
  const { codeVerifier, codeChallenge } = newVerifier()
  const way = onTheWay(
    await server.anonymous.post(`${api}/oidc/twin/start`, { mode: 'token', codeChallenge }),
  )
  const reply = await comeBack(
    server,
    await twin.approve(way.authorizationUrl, account.id),
    way.cookie,
  )
  const { code } = landingOf(reply).fragment
  const wrong = { code, codeVerifier: newVerifier().codeVerifier }

  for (const given of [wrong, { code, codeVerifier }])
    expect(await server.anonymous.post(`${api}/oidc/exchange`, given)).toMatchObject({
      status: 401,
      body: { code: 'oidc.invalid_code' },
    })
})

test('who says no at the provider comes home with the error and without a session', async () => {
  const { authorizationUrl, cookie } = await start(server, { redirectTo: '/sign-in' })
  const reply = await comeBack(server, await twin.deny(authorizationUrl), cookie)

  expect(landingOf(reply)).toEqual(refusedWith('oidc.access_denied', `${publicUrl}/sign-in`))
  expect(reply.headers['set-cookie']).toBeUndefined()
})

test('there is no provider of another name', async () => {
  expect(await server.anonymous.post(`${api}/oidc/nobody/start`, {})).toMatchObject({
    status: 404,
    body: { code: 'oidc.provider_not_found' },
  })
  expect(landingOf(await server.anonymous.get(`${api}/oidc/nobody/callback?state=x`))).toEqual(
    refusedWith('oidc.invalid_state'),
  )
})

test('every return is counted as what it was', async () => {
  const before = await countOf('failure')
  await comeBack(server, `${publicUrl}${api}/oidc/twin/callback?state=made-up`, null)
  expect(await countOf('failure')).toBe(before + 1)

  const good = await countOf('success')
  await signInAs(server, twin, givenAccount(twin))
  expect(await countOf('success')).toBe(good + 1)

  const held = await countOf('held')
  const ada = await server.as()
  await enrol(server, ada)
  await signInAs(server, twin, givenAccount(twin, { email: ada.email }))
  expect([await countOf('held'), await countOf('success')]).toEqual([held + 1, good + 1])
})

async function countOf(status: string): Promise<number> {
  const { body } = await server.metrics.render()
  const line = body
    .split('\n')
    .find(
      (each) =>
        each.startsWith('auth_attempts_total{') &&
        each.includes(`status="${status}"`) &&
        each.includes('type="oidc"'),
    )
  return Number(line?.split(' ').at(-1) ?? 0)
}
