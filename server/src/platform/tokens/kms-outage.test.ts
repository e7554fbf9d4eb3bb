/** While KMS is away: the first sign-ins wait for it, those after them do not, and every door says the same. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startKmsTwin } from '../../../../twins/src/kms/index.ts'
import { type Reply, eventually, goodPassword, startServer } from '../../app/testing.ts'
import { addPasskey, passkeySignIn, question } from '../../features/auth/testing-passkeys.ts'
import { api, deliverMails, me, tally, together } from '../../features/auth/testing.ts'
import {
  comeBack,
  entryOf,
  environmentOf,
  givenAccount,
  givenTwin,
  landingOf,
  newVerifier,
  onTheWay,
} from '../../features/oidc/testing.ts'
import {
  accept,
  givenInvitation,
  givenInviter,
  url as invitations,
} from '../../features/invitations/testing.ts'
import { codeOf, enrol, holdSignIn, setUp, twofa, verify2fa } from '../../features/twofa/testing.ts'
import { sha256 } from './algorithms.ts'
import { openKms } from './index.ts'

const region = 'eu-central-1'
const credentials = { accessKeyId: 'AKTOKENS', secretAccessKey: 'the secret of the KMS twin' }
const kms = await startKmsTwin({ ...credentials, region })
afterAll(() => kms.close())
const key = kms.createKey()
beforeEach(() => kms.faults.clear())
const provider = await givenTwin()
const demo = { email: 'demo@example.com', password: 'let me look around' }
const server = await startServer({
  environment: {
    ...environmentOf(entryOf(provider)),
    TOKEN_KMS_KEY_ID: key.id,
    TOKEN_KMS_ENDPOINT: kms.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    DEMO_LOGIN_ENABLED: 'true',
    DEMO_EMAIL: demo.email,
    DEMO_PASSWORD: demo.password,
  },
})
const unavailable = {
  status: 503,
  headers: { 'retry-after': '5' },
  body: { code: 'tokens.unavailable' },
}
const post = (path: string, body: object) => server.anonymous.post(`${api}${path}`, body)
const signIn = (email: string) =>
  post('/auth/login', { email, password: goodPassword, mode: 'token' })
const fail = () => kms.faults.failNext(1_000_000, 'KMSInternalException')
/** It has been left alone for a while, answers again, and the next one goes through. */
const recover = async (email: string) => {
  kms.faults.clear()
  await eventually(async () => (await signIn(email)).status === 200, 60_000)
}

test('after three failures nobody asks it any more; later one tries, and when it answers everybody is let in', async () => {
  const ada = await server.as()
  fail()
  for (let failures = 0; failures < 3; failures += 1)
    expect(await signIn(ada.email)).toMatchObject(unavailable)
  const asked = kms.requests().length
  const refused = await together(20, () => signIn(ada.email))
  for (const reply of refused) expect(reply).toMatchObject(unavailable)
  expect(kms.requests()).toHaveLength(asked)

  // Twenty at once, again and again until it is tried: by one of them, in its two attempts.
  await eventually(async () => {
    expect(tally(await together(20, () => signIn(ada.email)))).toEqual({ 503: 20 })
    return kms.requests().length > asked
  }, 300_000)
  expect(kms.requests()).toHaveLength(asked + 2)

  expect((await server.anonymous.get('/readyz')).status).toBe(200)
  expect(
    (await server.anonymous.get(me, { authorization: `Bearer ${ada.accessToken}` })).status,
  ).toBe(200)
  await recover(ada.email)
  expect(tally(await together(20, () => signIn(ada.email)))).toEqual({ 200: 20 })
  server.failures.length = 0
}, 300_000)

test('a refusal is an answer: it keeps nobody from asking again', async () => {
  const ada = await server.as()
  for (let refusals = 0; refusals < 5; refusals += 1) {
    kms.faults.failNext(1, 'AccessDeniedException')
    expect(await signIn(ada.email)).toMatchObject(unavailable)
  }
  expect((await signIn(ada.email)).status).toBe(200)
  server.failures.length = 0
})

test('one that takes a connection and says nothing is given up, attempts and pauses together', async () => {
  const hanging = await openKms({
    ...credentials,
    region,
    endpoint: kms.url,
    requestTimeoutMs: 60_000,
    signTimeoutMs: 300,
  })
  kms.faults.delay(2_000)
  await expect(hanging.sign(key.arn, sha256('x'))).rejects.toMatchObject({
    code: 'tokens.unavailable',
    cause: { cause: { message: 'KMS gave no answer in 300 ms' } },
  })
  hanging.close()
})

describe('every door that gives tokens', () => {
  test('says that none can be signed, and works when they can again', async () => {
    const ada = await server.as()
    const { passkey } = await addPasskey(ada)
    const enrolled = await server.as()
    const { secret } = await enrol(server, enrolled)
    const admin = await givenInviter(server)
    const fresh = await givenInvitation(server, admin)
    const waiting = await setUp(ada)
    await post('/auth/magic-link', { email: ada.email })
    await deliverMails(server)
    const [mail] = (await server.mails(ada.email)).filter(({ text }) =>
      text.includes('/sign-in-link'),
    )
    const [, token] = /sign-in-link[^#]*#token=([\w.-]+)/.exec(mail?.text ?? '') ?? []
    const invited = await givenInvitation(server, admin, { email: ada.email })
    const pendingToken = await holdSignIn(server, enrolled.email)
    const { codeVerifier, codeChallenge } = newVerifier()
    const way = onTheWay(await post('/oidc/twin/start', { mode: 'token', codeChallenge }))
    const account = givenAccount(provider)
    const back = await provider.approve(way.authorizationUrl, account.id)
    const { code } = landingOf(await comeBack(server, back, way.cookie)).fragment

    fail()
    const answers: Record<string, Reply> = {
      password: await signIn(ada.email),
      mail: await post('/auth/magic-link/sign-in', { token, mode: 'token' }),
      demo: await post('/auth/demo-login', { ...demo, mode: 'token' }),
      passkey: await server.anonymous.post(passkeySignIn, {
        passkey: passkey.get(await question(server.anonymous, `${passkeySignIn}/options`)),
        mode: 'token',
      }),
      provider: await post('/oidc/exchange', { code, codeVerifier }),
      'second factor': await server.anonymous.post(verify2fa, {
        pendingToken,
        code: codeOf(secret),
      }),
      'new account': await accept(server, fresh.token),
      refresh: await post('/auth/refresh', { refreshToken: ada.refreshToken }),
      role: await ada.post(`${invitations}/accept`, { token: invited.token }),
      enrolment: await ada.post(`${twofa}/enable`, { code: codeOf(waiting) }),
      'step-up': await ada.post(`${api}/auth/step-up`, { password: goodPassword }),
    }
    for (const [door, reply] of Object.entries(answers))
      expect({ door, ...reply }).toMatchObject({ door, ...unavailable })

    await recover(ada.email)
    // The session that was to be renewed is as it was, and so is what was asked for in it.
    expect((await ada.post(`${invitations}/accept`, { token: invited.token })).status).toBe(200)
    expect((await ada.post(`${twofa}/enable`, { code: codeOf(waiting) })).status).toBe(200)
    expect((await signIn(fresh.email)).status).toBe(200)
    server.failures.length = 0
  }, 300_000)

  test('says so in the description of the API', async () => {
    const { paths } = (await server.anonymous.get(`${api}/openapi.json`)).body
    const operations = Object.values<Record<string, Operation>>(paths).flatMap((methods) =>
      Object.values(methods),
    )
    const giving = operations.filter(({ responses }) =>
      Object.entries(responses).some(
        ([status, answer]) => status < '300' && JSON.stringify(answer).includes('"accessToken"'),
      ),
    )
    expect(giving.length).toBeGreaterThan(10)
    const silent = giving.filter(
      ({ responses }) => !responses['503']?.description.includes('`tokens.unavailable`'),
    )
    // Who registers is signed in by cookie alone.
    expect(silent.map(({ operationId }) => operationId).toSorted()).toEqual([
      'auth.register',
      'auth.signUp',
    ])
  })
})

type Operation = {
  readonly operationId: string
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}
