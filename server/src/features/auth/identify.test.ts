/** Who a request is from: forged, stale, borrowed and mixed-up credentials are nobody's. */
import {
  type KeyObject,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  randomUUID,
  sign,
} from 'node:crypto'
import { eq } from 'drizzle-orm'
import { SignJWT, createLocalJWKSet, decodeProtectedHeader, exportJWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { deriveKey, unseal } from '../../platform/secrets.ts'
import { signingKeys } from '../../platform/tables.ts'
import { type Server, me } from './testing.ts'

const server: Server = await startServer()
const ada = await server.as('member')
const eve = await server.as('member')
const issuer = server.settings.publicUrl
const [header = '', payload = '', signature = ''] = ada.accessToken.split('.')
const { kid = '' } = decodeProtectedHeader(ada.accessToken)
const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
const { keys } = (await server.anonymous.get('/.well-known/jwks.json')).body

const use = (token: string, at: Server = server) =>
  at.anonymous.get(me, { authorization: `Bearer ${token}` })
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const withHeader = (changed: object, mac = signature) =>
  `${encode({ alg: 'EdDSA', kid, typ: 'at+jwt', ...changed })}.${payload}.${mac}`

/** The server's own private key, as whoever holds SECRET_KEY and the database could open it. */
async function openPrivateKey(): Promise<KeyObject> {
  const [row] = await server.db.select().from(signingKeys).where(eq(signingKeys.kid, kid))
  if (!row?.privateSealed) throw new Error('no key')
  const key = deriveKey(server.settings.secretKey, 'signing-keys')
  const der = unseal(key, row.privateSealed, `platform_signing_keys/${kid}/private_sealed`)
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}
const ownKey = await openPrivateKey()
const foreignKey = generateKeyPairSync('ed25519')

const signed = (key: KeyObject, changedClaims: object = {}, changedHeader: object = {}): string => {
  const text = `${encode({ alg: 'EdDSA', kid, typ: 'at+jwt', ...changedHeader })}.${encode({ ...claims, ...changedClaims })}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

test('the real token is somebody’s, also when it is made by hand with the real key', async () => {
  expect((await use(ada.accessToken)).body.data.id).toBe(ada.userId)
  expect((await use(signed(ownKey))).body.data.id).toBe(ada.userId)
  expect(
    (await server.anonymous.get(me, { authorization: `bearer ${ada.accessToken}` })).status,
  ).toBe(200)
})

const hmac = (algorithm: string, secret: string | Buffer) => {
  const text = `${encode({ alg: algorithm.toUpperCase(), kid, typ: 'at+jwt' })}.${payload}`
  const digest = algorithm.replace('hs', 'sha')
  return `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`
}
const publicPem = foreignPem()
function foreignPem(): string {
  const own = createPrivateKey(ownKey.export({ format: 'pem', type: 'pkcs8' }))
  return own.export({ format: 'jwk' }).x ?? ''
}
const raw = Buffer.from(publicPem, 'base64url')

const forged: Record<string, string> = {
  'no algorithm': withHeader({ alg: 'none' }, ''),
  'no algorithm, but the old signature': withHeader({ alg: 'none' }),
  None: withHeader({ alg: 'None' }, ''),
  nOnE: withHeader({ alg: 'nOnE' }, ''),
  'an empty algorithm': withHeader({ alg: '' }, ''),
  'no algorithm field': withHeader({ alg: undefined }),
  'HS256 with the public key': hmac('hs256', raw),
  'HS256 with the public key as text': hmac('hs256', publicPem),
  'HS256 with the public JWK': hmac('hs256', JSON.stringify(keys[0])),
  'HS512 with the public key': hmac('hs512', raw),
  'HS256 with an empty key': hmac('hs256', ''),
  'RS256 claimed for an EdDSA key': withHeader({ alg: 'RS256' }),
  'ES256 claimed for an EdDSA key': withHeader({ alg: 'ES256' }),
  'PS256 claimed for an EdDSA key': withHeader({ alg: 'PS256' }),
  'Ed25519, the other name': withHeader({ alg: 'Ed25519' }),
  'an empty signature': `${header}.${payload}.`,
  'no signature': `${header}.${payload}`,
  'trailing bytes': `${ada.accessToken}AAAA`,
  'a trailing dot': `${ada.accessToken}.`,
  'five parts': `${ada.accessToken}.a.b`,
  'a flipped signature': `${header}.${payload}.${flip(signature, 5)}`,
  'a flipped payload': `${header}.${flip(payload, 9)}.${signature}`,
  'another payload': `${header}.${encode({ ...claims, sub: eve.userId })}.${signature}`,
  'another’s payload': `${header}.${eve.accessToken.split('.')[1]}.${signature}`,
  'a foreign key': signed(foreignKey.privateKey),
  'a foreign key, brought along': signed(
    foreignKey.privateKey,
    {},
    { jwk: foreignKey.publicKey.export({ format: 'jwk' }) },
  ),
  'a foreign key, somewhere else': signed(
    foreignKey.privateKey,
    {},
    { jku: 'http://127.0.0.1:9/jwks.json', x5u: 'http://127.0.0.1:9/x5u' },
  ),
  'a critical header nobody knows': signed(ownKey, {}, { crit: ['exp2'], exp2: 1 }),
  'an unencoded payload': signed(ownKey, {}, { crit: ['b64'], b64: false }),
  'a kid that is a path': signed(ownKey, {}, { kid: '../../dev/null' }),
  'a kid that is SQL': signed(ownKey, {}, { kid: `' or 1=1 --` }),
  'a kid that is an address': signed(ownKey, {}, { kid: 'http://127.0.0.1:9/key' }),
  'a kid that is a property': signed(ownKey, {}, { kid: '__proto__' }),
  'a kid of 10 kB': signed(ownKey, {}, { kid: 'k'.repeat(10_000) }),
  'a kid that is a number': signed(ownKey, {}, { kid: 7 }),
  'a kid that is a list': signed(ownKey, {}, { kid: [kid] }),
  'no kid': signed(ownKey, {}, { kid: undefined }),
  'the type of another token': signed(ownKey, {}, { typ: 'JWT' }),
  'no type': signed(ownKey, {}, { typ: undefined }),
  'another issuer': signed(ownKey, { iss: 'https://evil.example' }),
  'no issuer': signed(ownKey, { iss: undefined }),
  'another audience': signed(ownKey, { aud: 'https://evil.example' }),
  'no audience': signed(ownKey, { aud: undefined }),
  'an end in the past': signed(ownKey, { exp: seconds(-61) }),
  'no end': signed(ownKey, { exp: undefined }),
  'an end that is text': signed(ownKey, { exp: String(seconds(600)) }),
  'an end beyond all numbers': signed(ownKey, { exp: 1e99 }),
  'an end that is a fraction': signed(ownKey, { exp: seconds(600) + 0.5 }),
  'an end that is a list': signed(ownKey, { exp: [seconds(600)] }),
  'a session that is no id': signed(ownKey, { sid: "' or 1=1 --" }),
  'a start in the future': signed(ownKey, { nbf: seconds(120) }),
  'no session': signed(ownKey, { sid: undefined }),
  'a session that is a list': signed(ownKey, { sid: [claims['sid']] }),
  'a session that never was': signed(ownKey, { sid: randomUUID() }),
  'the session of another': signed(ownKey, { sub: eve.userId }),
  'no user': signed(ownKey, { sub: undefined }),
  'only dots': '..',
  'not even that': 'x',
  'a megabyte of nothing, nearly': 'x'.repeat(8_000),
}

function flip(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}
function seconds(fromNow: number): number {
  return Math.floor(Date.now() / 1000) + fromNow
}

test.each(Object.entries(forged))('a token with %s is nobody’s', async (_name, token) => {
  expect(await use(token)).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
    body: { code: 'access.unauthenticated' },
  })
})

test.each(['Basic YTpi', 'Bearer', 'Bearer ', 'Token x', 'Bearer a b', ''])(
  'the header %j is no bearer token',
  async (authorization) => {
    expect((await server.anonymous.get(me, { authorization })).status).toBe(401)
  },
)

describe('the public keys', () => {
  test('have no private part', async () => {
    expect(keys).toHaveLength(1)
    for (const key of keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
      expect(key).toMatchObject({ alg: 'EdDSA', crv: 'Ed25519', kty: 'OKP', use: 'sig', kid })
    }
  })

  test('verify our tokens in any other implementation', async () => {
    const verified = await jwtVerify(ada.accessToken, createLocalJWKSet({ keys }), {
      issuer,
      audience: issuer,
    })
    expect(verified.payload.sub).toBe(ada.userId)
  })

  test('are those of every server on the database, whose tokens it takes', async () => {
    const second: Server = await startServer({ location: server.location })
    expect((await second.anonymous.get('/.well-known/jwks.json')).body.keys).toEqual(keys)
    expect((await use(ada.accessToken, second)).body.data.id).toBe(ada.userId)
    const late = await second.as('member')
    expect((await use(late.accessToken)).body.data.id).toBe(late.userId)
  })

  test('of another installation verify nothing here, though its users and kid look alike', async () => {
    const stranger: Server = await startServer()
    const foreign = await stranger.as('member')
    expect((await use(foreign.accessToken, stranger)).status).toBe(200)
    expect((await use(foreign.accessToken)).status).toBe(401)
    const copied = await new SignJWT({ sid: claims['sid'] })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
      .setSubject(ada.user.id)
      .setIssuer(issuer)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(foreignKey.privateKey)
    expect((await use(copied)).status).toBe(401)
    expect((await exportJWK(foreignKey.publicKey)).x).not.toBe(keys[0].x)
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
