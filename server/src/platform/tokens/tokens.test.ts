import { generateKeyPairSync } from 'node:crypto'
import { SignJWT, UnsecuredJWT } from 'jose'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { deriveKey, unseal } from '../secrets.ts'
import { signingKeys } from '../tables.ts'
import { openTokenSigner } from './index.ts'
import { createPrivateKey, createPublicKey } from 'node:crypto'

const server = await startServer()
const { tokens } = server.process.context.ports
const issuer = server.settings.publicUrl
const claims = { userId: 'u', sessionId: 's' }
const [row] = await server.db.select().from(signingKeys)
if (!row) throw new Error('there is no signing key')
const place = `platform_signing_keys/${row.kid}/private_sealed`
const privateKey = createPrivateKey({
  key: unseal(deriveKey(server.settings.secretKey, 'signing-keys'), row.privateSealed, place),
  format: 'der',
  type: 'pkcs8',
})
const publicKey = createPublicKey(privateKey)
const header = { alg: 'EdDSA', kid: row.kid, typ: 'at+jwt' }
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that is right but for what the test changes. */
const signed = (changes: object = {}, changedHeader: object = {}) =>
  new SignJWT({
    sid: 's',
    sub: 'u',
    iss: issuer,
    aud: issuer,
    iat: now(),
    exp: now() + 60,
    ...changes,
  })
    .setProtectedHeader({ ...header, ...changedHeader })
    .sign(privateKey)
const now = () => Math.floor(Date.now() / 1000)

const good = await tokens.sign(claims, 60)
const [head = '', body = '', signature = ''] = good.split('.')

test('a token of ours tells whose session it stands for', async () => {
  expect(await tokens.verify(good)).toMatchObject(claims)
  expect(await tokens.verify(await signed())).toMatchObject(claims)
})

test.each([
  ['no algorithm', () => new UnsecuredJWT({ sid: 's', sub: 'u' }).encode()],
  ['none, upper case', () => `${encoded({ ...header, alg: 'None' })}.${body}.`],
  ['none with our signature', () => `${encoded({ ...header, alg: 'none' })}.${body}.${signature}`],
  [
    'another asymmetric algorithm',
    () => `${encoded({ ...header, alg: 'RS256' })}.${body}.${signature}`,
  ],
  [
    'an elliptic curve algorithm',
    () => `${encoded({ ...header, alg: 'ES256' })}.${body}.${signature}`,
  ],
  ['no signature', () => `${head}.${body}.`],
  ['two parts', () => `${head}.${body}`],
  ['four parts', () => `${good}.${signature}`],
  ['trailing bytes', () => `${good}AA`],
  [
    'a changed payload',
    () => `${head}.${encoded({ ...decoded(body), sub: 'other' })}.${signature}`,
  ],
  ['nothing', () => ''],
  ['dots', () => '..'],
  ['ten kilobytes', () => `${head}.${'A'.repeat(10_000)}.${signature}`],
  ['no JSON', () => `${head}.${Buffer.from('{').toString('base64url')}.${signature}`],
])('a token with %s is nobody’s', async (_name, forge) => {
  expect(await tokens.verify(forge())).toBeNull()
})

test('the public key does not sign, as a shared secret or otherwise', async () => {
  const secret = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  const forged = await new SignJWT({ sid: 's', sub: 'u', iss: issuer, aud: issuer })
    .setProtectedHeader({ ...header, alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(secret)
  expect(await tokens.verify(forged)).toBeNull()
  const stranger = generateKeyPairSync('ed25519').privateKey
  const theirs = await new SignJWT({ sid: 's', sub: 'u', iss: issuer, aud: issuer })
    .setProtectedHeader(header)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(stranger)
  expect(await tokens.verify(theirs)).toBeNull()
})

test.each([
  ['kid of nobody', { kid: 'unknown' }],
  ['kid that is a path', { kid: '../../dev/null' }],
  ['kid that is SQL', { kid: `' or 1=1 --` }],
  ['kid of a prototype', { kid: '__proto__' }],
  ['missing kid', { kid: undefined }],
  ['kid that is an object', { kid: {} }],
  ['type of a plain JWT', { typ: 'JWT' }],
  ['missing type', { typ: undefined }],
  ['critical extension', { crit: ['x'], x: 1 }],
])('a well-signed token with a %s is nobody’s', async (_name, changed) => {
  // jose would refuse to make some of these, so the parts are signed by hand.
  const { sign } = await import('node:crypto')
  const first = `${encoded({ ...header, ...changed })}.${encoded({ sid: 's', sub: 'u', iss: issuer, aud: issuer, iat: now(), exp: now() + 60 })}`
  const forged = `${first}.${sign(null, Buffer.from(first), privateKey).toString('base64url')}`
  expect(await tokens.verify(forged)).toBeNull()
})

test.each([
  ['another issuer', { iss: 'https://evil.example' }],
  ['another audience', { aud: 'https://evil.example' }],
  ['no audience', { aud: undefined }],
  ['an expiry in the past', { exp: now() - 61 }],
  ['no expiry', { exp: undefined }],
  ['a text as expiry', { exp: '9999999999' }],
  ['a start in the future', { nbf: now() + 120 }],
  ['an issue time in the form of a text', { iat: 'now' }],
  ['no subject', { sub: undefined }],
  ['no session', { sid: undefined }],
  ['a number as session', { sid: 1 }],
  ['a number as subject', { sub: 1 }],
])('a well-signed token with %s is nobody’s', async (_name, changed) => {
  const { sign } = await import('node:crypto')
  const payload = { sid: 's', sub: 'u', iss: issuer, aud: issuer, iat: now(), exp: now() + 60 }
  const first = `${encoded(header)}.${encoded({ ...payload, ...changed })}`
  const forged = `${first}.${sign(null, Buffer.from(first), privateKey).toString('base64url')}`
  expect(await tokens.verify(forged)).toBeNull()
})

test('the published keys have no private part', () => {
  const { keys } = tokens.jwks()
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
})

test('two processes that start at once on an empty ring make one key and read each other’s tokens', async () => {
  const { db, settings } = server
  await db.delete(signingKeys).where(eq(signingKeys.kid, row.kid))
  const options = { db, secretKey: settings.secretKey, issuer }
  const [left, right] = await Promise.all([openTokenSigner(options), openTokenSigner(options)])
  expect(left.jwks()).toEqual(right.jwks())
  expect(await right.verify(await left.sign(claims, 60))).toMatchObject(claims)
  expect(await left.verify(good)).toBeNull()
})

test('a retired key is neither published nor believed', async () => {
  const { db, settings } = server
  const options = { db, secretKey: settings.secretKey, issuer }
  const old = await (await openTokenSigner(options)).sign(claims, 60)
  await db.update(signingKeys).set({ state: 'verifying' })
  const rotated = await openTokenSigner(options)
  expect(rotated.jwks().keys).toHaveLength(2)
  expect(await rotated.verify(old)).toMatchObject(claims)
  await db.update(signingKeys).set({ state: 'retired' }).where(eq(signingKeys.state, 'verifying'))
  const later = await openTokenSigner(options)
  expect(later.jwks().keys).toHaveLength(1)
  expect(await later.verify(old)).toBeNull()
})

test('another SECRET_KEY says so instead of making a second ring', async () => {
  const opened = openTokenSigner({ db: server.db, secretKey: 'another secret', issuer })
  await expect(opened).rejects.toThrow('SECRET_KEY cannot open signing key')
})

function decoded(part: string): object {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as object
}
