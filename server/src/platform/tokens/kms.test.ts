/** Tokens signed by AWS KMS: the private key stays there, and when it is away only signing stops. */
import { decodeProtectedHeader } from 'jose'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startKmsTwin } from '../../../../twins/src/kms/index.ts'
import { eventually, goodPassword, startServer, testDatabase } from '../../app/testing.ts'
import { AppError } from '../errors.ts'
import { sha256 } from './algorithms.ts'
import { openKms, rotateSigningKey } from './index.ts'
import {
  type Server,
  changeKey,
  kidOf,
  letSign,
  listAt,
  refreshAt,
  tokensOf,
  useAt,
} from './testing.ts'

const region = 'eu-central-1'
const credentials = { accessKeyId: 'AKTOKENS', secretAccessKey: 'the secret of the KMS twin' }
const twin = await startKmsTwin({ ...credentials, region })
afterAll(() => twin.close())
const key = twin.createKey()
beforeEach(() => {
  twin.faults.clear()
  key.state = 'Enabled'
})

const environmentFor = (keyId: string) => ({
  TOKEN_KMS_KEY_ID: keyId,
  TOKEN_KMS_ENDPOINT: twin.url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
})
const server = await startServer({ environment: environmentFor(key.id) })

const signInAt = (at: Server, email: string, mode = 'token') =>
  at.anonymous.post('/api/v1/auth/login', { email, password: goodPassword, mode })
const signatures = () => twin.requests().filter((action) => action === 'Sign').length
const unavailable = {
  status: 503,
  headers: { 'retry-after': '5' },
  body: { code: 'tokens.unavailable' },
}

test('a token is signed there, by digest; verifying asks nobody', async () => {
  const before = signatures()
  const ada = await server.as()
  expect(signatures()).toBe(before + 1)
  expect(decodeProtectedHeader(ada.accessToken)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
  const asked = twin.requests().length
  expect((await useAt(server, ada.accessToken)).status).toBe(200)
  const { keys } = (await server.anonymous.get('/.well-known/jwks.json')).body
  expect(keys).toEqual([
    {
      ...key.publicKey.export({ format: 'jwk' }),
      kid: kidOf(ada.accessToken),
      alg: 'RS256',
      use: 'sig',
    },
  ])
  expect(twin.requests()).toHaveLength(asked)
  const rows = await server.db.execute(sql`select * from platform_signing_keys`)
  expect(rows.rows).toEqual([
    expect.objectContaining({ kms_key_arn: key.arn, private_sealed: null, algorithm: 'RS256' }),
  ])
})

describe('while KMS is away', () => {
  test('sign-in by token and refresh answer 503 with Retry-After, what is signed goes on, and nothing is lost', async () => {
    const ada = await server.as()
    twin.faults.goDown()
    expect(await signInAt(server, ada.email)).toMatchObject(unavailable)
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(await refreshAt(server, ada.refreshToken)).toMatchObject(unavailable)
    expect((await useAt(server, ada.accessToken)).status).toBe(200)
    twin.faults.clear()
    // It is left alone for a moment. The refresh token was not spent for nothing: nobody takes it for stolen.
    const refreshed = await eventually(async () => {
      const reply = await refreshAt(server, ada.refreshToken)
      return reply.status === 200 && reply
    }, 300_000)
    expect((await useAt(server, refreshed.body.data.accessToken)).status).toBe(200)
    // The session that nobody holds is over, and does not stay in the list.
    const { rows } = await server.db.execute(
      sql`select revoked_reason from auth_sessions where user_id = ${ada.userId} order by created_at`,
    )
    expect(rows).toEqual([{ revoked_reason: null }, { revoked_reason: 'token_unsigned' }])
    const facts = (await server.facts()).map(({ name }) => name)
    expect(facts).not.toContain('auth.refresh_token_reused')
    server.failures.length = 0
  })

  test('who signs in by cookie needs no token and gets in', async () => {
    const ada = await server.as()
    twin.faults.goDown()
    const visitor = await server.anonymous.get('/api/v1/csrf-token')
    const reply = await server.anonymous.post(
      '/api/v1/auth/login',
      { email: ada.email, password: goodPassword },
      {
        cookie: String(visitor.headers['set-cookie']).split(';')[0] ?? '',
        'x-csrf-token': visitor.body.data.csrfToken,
        origin: server.settings.publicUrl,
      },
    )
    expect(reply.status).toBe(200)
  })

  test('a refused refresh token is still refused, and costs KMS nothing', async () => {
    const before = signatures()
    expect((await refreshAt(server, 'ash_r_nobody')).status).toBe(401)
    expect(signatures()).toBe(before)
  })

  test.each(['KMSInternalException', 'KeyUnavailableException', 'AccessDeniedException'])(
    'as when it answers %s',
    async (type) => {
      const ada = await server.as()
      twin.faults.failNext(2, type)
      expect(await refreshAt(server, ada.refreshToken)).toMatchObject(unavailable)
      server.failures.length = 0
    },
  )

  test('a disabled key signs nothing, until it is enabled again', async () => {
    const ada = await server.as()
    key.state = 'Disabled'
    expect(await refreshAt(server, ada.refreshToken)).toMatchObject(unavailable)
    key.state = 'Enabled'
    expect((await refreshAt(server, ada.refreshToken)).status).toBe(200)
    server.failures.length = 0
  })

  test('a process starts with the key it knows; one that knows none does not', async () => {
    const ada = await server.as()
    twin.faults.goDown()
    const late = await startServer({
      location: server.location,
      environment: environmentFor(key.id),
    })
    expect((await useAt(late, ada.accessToken)).status).toBe(200)
    expect(await refreshAt(late, ada.refreshToken)).toMatchObject(unavailable)
    const first = startServer({ environment: environmentFor(key.id) })
    await expect(first).rejects.toThrow('KMS does not answer')
    twin.faults.clear()
    expect((await refreshAt(late, ada.refreshToken)).status).toBe(200)
  })
})

test('a single throttling or failure is overcome, and a damaged signature is never handed out', async () => {
  const ada = await server.as()
  twin.faults.throttleNext(1)
  const once = await refreshAt(server, ada.refreshToken)
  expect(once.status).toBe(200)
  twin.faults.failNext(1, 'KMSInternalException')
  const twice = await refreshAt(server, once.body.data.refreshToken)
  expect(twice.status).toBe(200)
  twin.faults.damageSignatures(1)
  expect(await refreshAt(server, twice.body.data.refreshToken)).toMatchObject(unavailable)
  expect((await refreshAt(server, twice.body.data.refreshToken)).status).toBe(200)
  server.failures.length = 0
})

test('a KMS that answers too late is away', async () => {
  const kms = await openKms({
    ...credentials,
    region,
    endpoint: twin.url,
    requestTimeoutMs: 100,
    attempts: 2,
  })
  const before = twin.requests().length
  twin.faults.delay(3_000)
  const failure = await kms.sign(key.arn, sha256('x')).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AppError)
  expect(failure).toMatchObject({ code: 'tokens.unavailable', status: 503 })
  await eventually(async () => twin.requests().length === before + 2)
  kms.close()
})

describe('a start with a key', () => {
  test.each([
    ['that does not exist', () => 'alias/nobody', 'NotFoundException'],
    ['that only encrypts', () => twin.createKey({ usage: 'ENCRYPT_DECRYPT' }).id, 'that signs'],
    [
      'that is disabled',
      () => {
        const disabled = twin.createKey()
        disabled.state = 'Disabled'
        return disabled.id
      },
      'DisabledException',
    ],
  ])('%s fails and names the setting or the reason', async (_name, make, reason) => {
    const opened = startServer({ environment: environmentFor(make()) })
    await expect(opened).rejects.toThrow(reason)
  })

  test('and wrong credentials fails, though the key is known', async () => {
    const environment = { ...environmentFor(key.id), AWS_SECRET_ACCESS_KEY: 'wrong' }
    const opened = startServer({ location: server.location, environment })
    await expect(opened).rejects.toThrow('TOKEN_KMS_KEY_ID: InvalidSignatureException')
  })
})

describe('a change of keys', () => {
  test('from our own to KMS: our own signs until everybody can know the other; both verify', async () => {
    const location = await testDatabase()
    const before = await startServer({ location })
    const ada = await before.as()
    const own = kidOf(ada.accessToken)
    const after = await startServer({ location, environment: environmentFor(key.id) })
    const eve = await after.as()
    expect(kidOf(eve.accessToken)).toBe(own)
    const published = (await listAt(after)).find(({ kmsKeyArn }) => kmsKeyArn !== null)
    expect(published).toMatchObject({ state: 'pending', kmsKeyArn: key.arn })
    await letSign(published?.kid ?? '', after)
    const refreshed = (await refreshAt(after, eve.refreshToken)).body.data
    expect(kidOf(refreshed.accessToken)).toBe(published?.kid)
    // The process without KMS cannot sign with that key, and goes on with its own.
    await eventually(async () => (await useAt(before, refreshed.accessToken)).status === 200)
    expect(tokensOf(before).signingKid()).toBe(own)
    for (const at of [before, after])
      for (const token of [ada.accessToken, eve.accessToken, refreshed.accessToken])
        expect((await useAt(at, token)).status).toBe(200)
  })

  test('of KMS: the next one is published ahead, signs from the restart on, and the old one verifies', async () => {
    const location = await testDatabase()
    const [old, next] = [twin.createKey(), twin.createKey()]
    twin.alias('alias/tokens', old.id)
    const before = await startServer({ location, environment: environmentFor('alias/tokens') })
    const ada = await before.as()
    const made = await rotateSigningKey(before.ctx(), {
      kmsKeyId: next.arn,
      isAtOnce: false,
      isDryRun: false,
    })
    expect(made).toMatchObject({ state: 'pending', kmsKeyArn: next.arn, algorithm: 'RS256' })
    await changeKey(before, made.kid, { signsFrom: sql`now()` })
    // A moved alias is noticed at the next start, not in between.
    twin.alias('alias/tokens', next.id)
    const after = await startServer({ location, environment: environmentFor('alias/tokens') })
    const eve = await after.as()
    expect(kidOf(eve.accessToken)).toBe(made.kid)
    expect(kidOf((await before.as()).accessToken)).toBe(kidOf(ada.accessToken))
    for (const at of [before, after])
      for (const token of [ada.accessToken, eve.accessToken])
        expect((await useAt(at, token)).status).toBe(200)
    const again = rotateSigningKey(after.ctx(), { isAtOnce: false, isDryRun: true })
    await expect(again).rejects.toMatchObject({ code: 'tokens.key_known' })
  })
})

test('nothing else was our own failure', () => {
  expect(server.failures).toEqual([])
})
