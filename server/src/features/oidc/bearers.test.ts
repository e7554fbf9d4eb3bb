/** Access tokens of a Cognito pool as bearer: the good one acts as its user, and nothing that looks like one does. */
import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  randomUUID,
} from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  api,
  bearerOf,
  crowd,
  forgetUser,
  givenMember,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { enrol } from '../twofa/testing.ts'
import { givenAccount, givenTwin, publicUrl } from './testing.ts'

const poolClient = 'pool1client'
const pool = await givenTwin({
  shape: 'cognito',
  clients: [{ id: poolClient, secret: null, redirectUris: [] }],
})
const anotherPool = await givenTwin({
  shape: 'cognito',
  clients: [{ id: poolClient, secret: null, redirectUris: [] }],
})
const environment = {
  PUBLIC_URL: publicUrl,
  COGNITO_USER_POOL_ID: 'eu-central-1_TwinPool1',
  COGNITO_CLIENT_ID: poolClient,
  COGNITO_ISSUER: pool.issuer,
}
const server = await startServer({ environment })
const second = await startServer({ environment, location: server.location })

const as = (token: string, at = server) => bearerOf(at, token)
const rowsOf = (table: string, column: string, value: unknown) =>
  query<{ id: string }>(server, `select * from ${table} where ${column} = $1`, [value])
const now = () => Math.floor(Date.now() / 1000)

describe('the first token of a sign-in elsewhere', () => {
  test('makes the account it is of, and acts with its role', async () => {
    const account = givenAccount(pool)
    const reply = await as(await pool.accessToken(account.id)).get(me)
    expect(reply).toMatchObject({
      status: 200,
      body: { data: { email: account.email, emailVerified: true, roles: ['member'] } },
    })
    expect(await rowsOf('auth_sessions', 'user_id', reply.body.data.id)).toEqual([
      expect.objectContaining({ kind: 'external', first_factor: 'oidc', cookie_hash: null }),
    ])
  })

  test('acts as the account whose address both sides have proven', async () => {
    const ada = await server.as('support')
    const token = await pool.accessToken(givenAccount(pool, { email: ada.email }).id)
    expect((await as(token).get(me)).body.data).toMatchObject({
      id: ada.user.id,
      roles: ['support'],
    })
  })

  test('says who it is by itself where it can, and nobody is asked', async () => {
    const account = givenAccount(pool)
    const before = pool.requests('/me')
    const claims = { email: account.email, email_verified: true }
    expect((await as(await pool.accessToken(account.id, claims)).get(me)).status).toBe(200)
    expect(pool.requests('/me')).toBe(before)
  })

  test('many requests at once, on two processes: one account, one identity, one session', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const account = givenAccount(pool)
      const token = await pool.accessToken(account.id)
      const replies = await together(crowd, (index) =>
        as(token, index % 2 ? server : second).get(me),
      )
      expect(tally(replies)).toEqual({ 200: crowd })
      const [user] = await rowsOf('users_users', 'email', account.email)
      expect(await rowsOf('oidc_identities', 'subject', account.id)).toHaveLength(1)
      expect(await rowsOf('auth_sessions', 'user_id', user?.id)).toHaveLength(1)
    }
  })

  test('of somebody without a proven address makes nothing, and the provider is not asked each time', async () => {
    for (const given of [{ isEmailVerified: false }, { email: null }]) {
      const account = givenAccount(pool, given)
      const token = await pool.accessToken(account.id)
      const before = pool.requests('/me')
      const replies = await together(10, () => as(token).get(me))
      expect(tally(replies)).toEqual({ 401: 10 })
      expect(pool.requests('/me')).toBe(before + 1)
      expect(await rowsOf('oidc_identities', 'subject', account.id)).toEqual([])
    }
    expect((await server.facts()).at(-1)).toMatchObject({
      name: 'oidc.token_refused',
      outcome: 'refused',
      data: { provider: 'cognito', reason: 'oidc.email_not_verified' },
    })
  })

  test('makes nobody where registration is closed', async () => {
    const closed = await startServer({
      environment: { ...environment, REGISTRATION_MODE: 'closed' },
    })
    const token = await pool.accessToken(givenAccount(pool).id)
    expect((await as(token, closed).get(me)).status).toBe(401)
  })
})

describe('the session behind the tokens', () => {
  test('is one for all tokens of a sign-in, and one more for the next sign-in', async () => {
    const account = givenAccount(pool)
    const claims = { origin_jti: randomUUID() }
    const tokens = [
      await pool.accessToken(account.id, claims),
      await pool.accessToken(account.id, claims),
      await pool.accessToken(account.id),
    ]
    for (const token of tokens) expect((await as(token).get(me)).status).toBe(200)
    const list = (await as(tokens[0]!).get(`${api}/auth/sessions`)).body.data
    expect(list).toHaveLength(2)
    expect(list).toContainEqual(expect.objectContaining({ current: true, kind: 'external' }))
  })

  test('ends the access of that sign-in when it is revoked, the next token of it included', async () => {
    const account = givenAccount(pool)
    const claims = { origin_jti: randomUUID() }
    const token = await pool.accessToken(account.id, claims)
    const other = await pool.accessToken(account.id)
    expect((await as(token).get(me)).status).toBe(200)
    expect((await as(other).get(me)).status).toBe(200)

    expect((await as(token).post(`${api}/auth/logout`)).status).toBe(204)
    expect((await as(token).get(me)).status).toBe(401)
    expect((await as(await pool.accessToken(account.id, claims)).get(me)).status).toBe(401)
    expect((await as(other).get(me)).status).toBe(200)
  })

  test('ends with the user’s suspension, and on the other process', async () => {
    const account = givenAccount(pool)
    const token = await pool.accessToken(account.id)
    const { id } = (await as(token).get(me)).body.data
    expect((await as(token, second).get(me)).status).toBe(200)
    await query(server, `update users_users set status = 'suspended' where id = $1`, [id])
    await forgetUser(server, id)
    expect((await as(token).get(me)).status).toBe(401)
    expect((await as(await pool.accessToken(account.id)).get(me)).status).toBe(401)
    await expect
      .poll(async () => (await as(token, second).get(me)).status, { timeout: 60_000 })
      .toBe(401)
  })

  test('ends with the identity, and a new sign-in elsewhere opens none', async () => {
    const ada = await givenMember(server)
    const account = givenAccount(pool, { email: ada.email })
    const token = await pool.accessToken(account.id)
    expect((await as(token).get(me)).status).toBe(200)
    const tokens = (await signIn(server, ada.email)).body.data
    const own = bearerOf(server, String(tokens.accessToken))
    const [listed] = (await own.get(`${api}/oidc/identities`)).body.data
    expect((await own.delete(`${api}/oidc/identities/${listed.id}`)).status).toBe(204)
    expect((await as(token).get(me)).status).toBe(401)
    expect((await as(await pool.accessToken(account.id)).get(me)).status).toBe(401)
    expect((await own.get(me)).status).toBe(200)
  })

  test('never counts as step-up, not even after one, and changes nothing that its user signs in with', async () => {
    const ada = await givenMember(server)
    const token = await pool.accessToken(givenAccount(pool, { email: ada.email }).id)
    const client = as(token)
    const link = () => client.post(`${api}/oidc/cognito/link`, {})
    const needsSession = { status: 403, body: { code: 'access.session_required' } }
    expect(await link()).toMatchObject(needsSession)
    await client.post(`${api}/auth/step-up`, { password: goodPassword })
    expect(await link()).toMatchObject(needsSession)

    const change = { currentPassword: goodPassword, newPassword: 'another good battery staple' }
    for (const [url, body] of [
      ['auth/api-keys', { name: 'mine' }],
      ['auth/change-password', change],
      ['twofa/setup', { password: goodPassword }],
    ] as const)
      expect(await client.post(`${api}/${url}`, body)).toMatchObject({
        status: 403,
        body: { code: 'access.forbidden' },
      })
  })

  test('is not made for a user with a second factor, and ends when one is turned on', async () => {
    const ada = await server.as()
    const account = givenAccount(pool, { email: ada.email })
    const token = await pool.accessToken(account.id)
    expect((await as(token).get(me)).status).toBe(200)
    await enrol(server, ada)
    expect((await as(token).get(me)).status).toBe(401)
    expect((await as(await pool.accessToken(account.id)).get(me)).status).toBe(401)
  })

  test('tokens that name no sign-in stand for themselves and are forgotten when they are over', async () => {
    const account = givenAccount(pool)
    const plain = { origin_jti: undefined, auth_time: undefined }
    const tokens = [
      await pool.accessToken(account.id, plain),
      await pool.accessToken(account.id, plain),
    ]
    for (const token of tokens) expect((await as(token).get(me)).status).toBe(200)
    const rows = await query<{ forget_at: Date | null }>(
      server,
      `select forget_at from oidc_token_sessions join oidc_identities i on i.id = identity_id where subject = $1`,
      [account.id],
    )
    expect(rows.map(({ forget_at: at }) => at instanceof Date)).toEqual([true, true])
  })
})

describe('a token that is not one', async () => {
  const account = givenAccount(pool)
  const good = await pool.accessToken(account.id)
  const [header = '', payload = '', signature = ''] = good.split('.')
  const [jwk] = pool.keySet().keys
  const kid = jwk?.kid ?? ''
  const publicPem = createPublicKey({ key: jwk as never, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const withHeader = (changed: object) => `${encode({ alg: 'RS256', kid, ...changed })}.${payload}`
  const hmac = (input: string, key: string | Buffer, hash = 'sha256') =>
    `${input}.${createHmac(hash, key).update(input).digest('base64url')}`
  const rsa = (input: string) =>
    `${input}.${createSign('sha256').update(input).sign(stranger.privateKey, 'base64url')}`
  const claims = (changed: object) => () => pool.accessToken(account.id, { ...changed })
  const signed = (changed: Record<string, unknown>) => () =>
    pool.sign({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object) }, changed)

  test('while the good one is', async () => {
    expect((await as(good).get(me)).status).toBe(200)
  })

  test.each<[string, () => string | Promise<string>]>([
    ['alg none', () => `${withHeader({ alg: 'none' })}.`],
    ['alg None', () => `${withHeader({ alg: 'None' })}.`],
    ['alg NONE with the signature', () => `${withHeader({ alg: 'NONE' })}.${signature}`],
    ['alg nOnE without kid', () => `${encode({ alg: 'nOnE' })}.${payload}.`],
    ['no alg', () => `${encode({ kid })}.${payload}.${signature}`],
    ['HS256 with the public key as PEM', () => hmac(withHeader({ alg: 'HS256' }), publicPem)],
    ['HS256 with the key set', () => hmac(withHeader({ alg: 'HS256' }), JSON.stringify(jwk))],
    [
      'HS512 with the modulus',
      () => hmac(withHeader({ alg: 'HS512' }), Buffer.from(jwk?.n ?? '', 'base64url'), 'sha512'),
    ],
    ['HS256 with an empty key', () => hmac(withHeader({ alg: 'HS256' }), '')],
    ['ES256 in name', () => `${withHeader({ alg: 'ES256' })}.${signature}`],
    ['PS256 in name', () => `${withHeader({ alg: 'PS256' })}.${signature}`],
    ['no signature', () => `${header}.${payload}.`],
    ['two parts', () => `${header}.${payload}`],
    ['four parts', () => `${good}.x`],
    ['trailing bytes', () => `${good}AAAA`],
    ['a changed signature', () => `${header}.${payload}.${signature.slice(0, -6)}AAAAAA`],
    ['a key of a stranger under the right name', () => rsa(withHeader({}))],
    [
      'a key that it brings along',
      () => rsa(withHeader({ jwk: stranger.publicKey.export({ format: 'jwk' }) })),
    ],
    ['an address of keys', () => rsa(withHeader({ jku: `${anotherPool.issuer}/jwks` }))],
    ['a certificate', () => rsa(withHeader({ x5u: `${anotherPool.issuer}/x`, x5c: ['AAAA'] }))],
    ['no kid', signed({ kid: undefined })],
    ['an empty kid', signed({ kid: '' })],
    ['a kid that is a path', signed({ kid: '../../../../dev/null' })],
    ['a kid that is SQL', signed({ kid: "' or 1=1; --" })],
    ['a kid that is an address', signed({ kid: `${anotherPool.issuer}/jwks` })],
    ['a kid of 3 kB', signed({ kid: 'x'.repeat(3000) })],
    ['a kid that is a number', signed({ kid: 1 })],
    ['a kid that is a list', signed({ kid: [kid] })],
    ['the type of a refresh token', signed({ typ: 'rt+jwt' })],
    ['the type of a logout token', signed({ typ: 'logout+jwt' })],
    ['another issuer', claims({ iss: anotherPool.issuer })],
    ['an issuer with a slash more', claims({ iss: `${pool.issuer}/` })],
    ['an issuer in capitals', claims({ iss: pool.issuer.toUpperCase() })],
    ['no issuer', claims({ iss: undefined })],
    ['our own issuer', claims({ iss: publicUrl })],
    ['another pool', () => anotherPool.accessToken(account.id)],
    [
      'another pool that calls itself this one',
      () => anotherPool.accessToken(account.id, { iss: pool.issuer }),
    ],
    ['another client', claims({ client_id: 'another1client' })],
    ['no client', claims({ client_id: undefined })],
    ['a list of clients', claims({ client_id: [poolClient] })],
    ['an ID token', claims({ token_use: 'id', aud: poolClient, client_id: undefined })],
    ['an ID token that names the client', claims({ token_use: 'id' })],
    ['no use', claims({ token_use: undefined })],
    ['a nonce, as ID tokens have', claims({ nonce: 'x' })],
    ['a hash of an access token', claims({ at_hash: 'x' })],
    ['the events of a logout token', claims({ events: {} })],
    ['an end long ago', claims({ exp: now() - 3600 })],
    ['an end just gone', claims({ exp: now() - 61 })],
    ['no end', claims({ exp: undefined })],
    ['an end as text', claims({ exp: String(now() + 3600) })],
    ['an end that is a fraction', claims({ exp: now() + 3600.5 })],
    ['an end beyond time', claims({ exp: 1e99 })],
    ['an end after the year 9999', claims({ exp: 253_402_300_800 })],
    ['a beginning in the future', claims({ nbf: now() + 3600 })],
    ['no subject', claims({ sub: undefined })],
    ['an empty subject', claims({ sub: '' })],
    ['a subject that is a number', claims({ sub: 1 })],
    ['a subject of 300 characters', claims({ sub: 'x'.repeat(300) })],
  ])('%s: 401', async (_what, make) => {
    const others = anotherPool.requests('/jwks') + anotherPool.requests('/x')
    expect((await as(await make()).get(me)).status).toBe(401)
    expect(anotherPool.requests('/jwks') + anotherPool.requests('/x')).toBe(others)
  })

  test('a payload under the signature of another token: 401', async () => {
    const other = await pool.accessToken(givenAccount(pool).id)
    expect((await as(other).get(me)).status).toBe(200)
    const mixed = `${header}.${other.split('.')[1]}.${signature}`
    expect((await as(mixed).get(me)).status).toBe(401)
  })

  test('a storm of made-up keys causes one request for keys at most', async () => {
    const before = pool.requests('/jwks')
    const tokens = await together(100, (index) =>
      pool.sign({ iss: pool.issuer }, { kid: `k${index}` }),
    )
    expect(tally(await together(100, (index) => as(tokens[index]!).get(me)))).toEqual({ 401: 100 })
    expect(pool.requests('/jwks') - before).toBeLessThanOrEqual(1)
  })

  test('nothing of ours failed, and no address of theirs was asked for', () => {
    expect(server.failures).toEqual([])
    expect(anotherPool.requests('/.well-known/openid-configuration')).toBe(0)
  })
})

test('without a configured pool every foreign token is nobody’s', async () => {
  const without = await startServer()
  const token = await pool.accessToken(givenAccount(pool, { email: newEmail() }).id)
  expect((await as(token, without).get(me)).status).toBe(401)
})
