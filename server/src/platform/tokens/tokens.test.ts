/** Which texts are access tokens of ours: one form, for each algorithm, and none of everything that resembles it. */
import { type JsonWebKey, type KeyObject, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { encode, hmacByHand, now, openSigningKey, signByHand } from './testing.ts'

/** Whoever follows an address in a token's header comes by here. */
const visits: string[] = []
const listener = createServer((request, response) => {
  visits.push(request.url ?? '')
  response.end('{"keys":[]}')
})
listener.listen(0, '127.0.0.1')
await once(listener, 'listening')
afterAll(() => listener.close())
const elsewhere = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`

const rsa = await startServer({ environment: { TOKEN_SIGNING_ALGORITHM: 'RS256' } })
const eddsa = await startServer()

describe.each([
  { algorithm: 'RS256', other: 'EdDSA', server: rsa },
  { algorithm: 'EdDSA', other: 'RS256', server: eddsa },
])('with $algorithm', async ({ algorithm, other, server }) => {
  const { tokens } = server.process.context.ports
  const issuer = server.settings.publicUrl
  const { kid, key } = await openSigningKey(server)
  const publicKey = createPublicKey(key)
  const publicJwk = tokens.jwks().keys[0] ?? {}
  const header = { alg: algorithm, kid, typ: 'at+jwt' }
  const claims = () => ({
    sid: 's',
    sub: 'u',
    iss: issuer,
    aud: issuer,
    iat: now(),
    exp: now() + 60,
  })
  const signed = (changes: object = {}, changedHeader: object = {}, by: KeyObject = key) =>
    signByHand(by, { ...header, ...changedHeader }, { ...claims(), ...changes })
  const shared = (secret: string | Buffer, bits: '256' | '384' | '512' = '256') =>
    hmacByHand(secret, bits, { ...header, alg: `HS${bits}` }, claims())
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const strangerEd = generateKeyPairSync('ed25519')
  const strangers =
    algorithm === 'RS256'
      ? { own: stranger, other: strangerEd }
      : { own: strangerEd, other: stranger }
  const jwkOf = (of: KeyObject): JsonWebKey => of.export({ format: 'jwk' })

  const good = await tokens.sign({ userId: 'u', sessionId: 's' }, 60)
  const [head = '', body = '', signature = ''] = good.split('.')
  // Between two forgeries the good one is still good.
  beforeEach(async () => {
    if (!(await tokens.verify(good))) throw new Error('the good token is not believed')
  })

  test('a token of ours tells whose session it stands for', async () => {
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual(header)
    expect(await tokens.verify(signed())).toMatchObject({ userId: 'u', sessionId: 's' })
    expect(await tokens.verify(signed({ aud: [issuer] }))).toMatchObject({ userId: 'u' })
  })

  const shapes: [string, () => string][] = [
    ['alg none and no signature', () => `${encode({ ...header, alg: 'none' })}.${body}.`],
    ['alg None', () => `${encode({ ...header, alg: 'None' })}.${body}.`],
    [
      'alg NONE and our signature',
      () => `${encode({ ...header, alg: 'NONE' })}.${body}.${signature}`,
    ],
    [
      'an alg that is a list',
      () => `${encode({ ...header, alg: [algorithm] })}.${body}.${signature}`,
    ],
    [
      'the other algorithm’s name',
      () => `${encode({ ...header, alg: other })}.${body}.${signature}`,
    ],
    ['ES256', () => `${encode({ ...header, alg: 'ES256' })}.${body}.${signature}`],
    ['PS256', () => `${encode({ ...header, alg: 'PS256' })}.${body}.${signature}`],
    ['RS512, though well signed', () => signed({}, { alg: 'RS512' })],
    ['the algorithm in other letters', () => signed({}, { alg: algorithm.toLowerCase() })],
    ['a key of the other algorithm', () => signed({}, { alg: other }, strangers.other.privateKey)],
    ['a key of the other algorithm and our name', () => signed({}, {}, strangers.other.privateKey)],
    ['HS256 by our public key as PEM', () => shared(pemOf(publicKey))],
    [
      'HS256 by our public key as PEM without its last line end',
      () => shared(pemOf(publicKey).trim()),
    ],
    ['HS256 by our public key as DER', () => shared(derOf(publicKey))],
    ['HS256 by our public key as Base64', () => shared(derOf(publicKey).toString('base64'))],
    ['HS256 by our public key as JWK', () => shared(JSON.stringify(publicJwk))],
    ['HS256 by our public number', () => shared(publicJwk.n ?? publicJwk.x ?? '')],
    [
      'HS256 by the bytes of our public number',
      () => shared(Buffer.from(publicJwk.n ?? publicJwk.x ?? '', 'base64url')),
    ],
    ['HS384 by our public key', () => shared(pemOf(publicKey), '384')],
    ['HS512 by our public key', () => shared(pemOf(publicKey), '512')],
    ['HS256 by nothing', () => shared('')],
    ['HS256 by the key’s id', () => shared(kid)],
    ['no signature', () => `${head}.${body}.`],
    [
      'a signature of zeros',
      () =>
        `${head}.${body}.${Buffer.alloc(Buffer.from(signature, 'base64url').length).toString('base64url')}`,
    ],
    ['two parts', () => `${head}.${body}`],
    ['four parts', () => `${good}.${signature}`],
    ['five parts', () => `${good}.a.b`],
    ['trailing bytes', () => `${good}AA`],
    ['a trailing equals sign', () => `${good}=`],
    ['a trailing line end', () => `${good}\n`],
    ['a space before it', () => ` ${good}`],
    ['another spelling of the same signature', () => `${head}.${body}.${respelt(signature)}`],
    ['half a signature', () => `${head}.${body}.${signature.slice(0, signature.length / 2)}`],
    ['another payload', () => `${head}.${encode({ ...claims(), sub: 'other' })}.${signature}`],
    ['a stranger’s signature', () => signed({}, {}, strangers.own.privateKey)],
    [
      'a stranger’s key brought along as jwk',
      () => signed({}, { jwk: jwkOf(strangers.own.publicKey) }, strangers.own.privateKey),
    ],
    [
      'a stranger’s key brought along, its id too',
      () =>
        signed(
          {},
          { kid: 'mine', jwk: { ...jwkOf(strangers.own.publicKey), kid: 'mine' } },
          strangers.own.privateKey,
        ),
    ],
    [
      'a stranger’s certificate brought along',
      () =>
        signed(
          {},
          { x5c: [derOf(strangers.own.publicKey).toString('base64')] },
          strangers.own.privateKey,
        ),
    ],
    [
      'a stranger’s key set at an address',
      () => signed({}, { jku: `${elsewhere}/jwks.json` }, strangers.own.privateKey),
    ],
    [
      'a stranger’s certificate at an address',
      () => signed({}, { x5u: `${elsewhere}/x5u.pem` }, strangers.own.privateKey),
    ],
    ['ten kilobytes', () => `${head}.${'A'.repeat(10_000)}.${signature}`],
    ['no JSON', () => `${head}.${Buffer.from('{').toString('base64url')}.${signature}`],
    ['nothing', () => ''],
    ['dots', () => '..'],
  ]
  test.each(shapes)('a text with %s is nobody’s', async (_name, forge) => {
    expect(await tokens.verify(forge())).toBeNull()
  })

  test.each([
    ['id of nobody', { kid: 'A'.repeat(43) }],
    ['id that is a path', { kid: '../../dev/null' }],
    ['id that is SQL', { kid: `' or 1=1 --` }],
    ['id that is an address', { kid: `${elsewhere}/key` }],
    ['id of a prototype', { kid: '__proto__' }],
    ['id of ten kilobytes', { kid: 'k'.repeat(10_000) }],
    ['missing id', { kid: undefined }],
    ['empty id', { kid: '' }],
    ['id that is null', { kid: null }],
    ['id that is an object', { kid: {} }],
    ['id that is a list', { kid: [kid] }],
    ['id in other letters', { kid: kid.toUpperCase() }],
    ['type of a plain JWT', { typ: 'JWT' }],
    ['type of a logout token', { typ: 'logout+jwt' }],
    ['missing type', { typ: undefined }],
    ['type that is a number', { typ: 7 }],
    ['critical extension', { crit: ['x'], x: 1 }],
    ['unencoded payload', { crit: ['b64'], b64: false }],
  ])('a well-signed token with a %s is nobody’s', async (_name, changed) => {
    expect(await tokens.verify(signed({}, changed))).toBeNull()
  })

  test.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['an issuer that only begins like ours', { iss: `${issuer}.evil.example` }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'https://evil.example' }],
    ['no audience', { aud: undefined }],
    ['an empty list of audiences', { aud: [] }],
    ['an expiry 61 seconds ago', { exp: now() - 61 }],
    ['no expiry', { exp: undefined }],
    ['no expiry but null', { exp: null }],
    ['a text as expiry', { exp: '9999999999' }],
    ['a fraction as expiry', { exp: now() + 60.5 }],
    ['an expiry beyond all dates', { exp: 1e99 }],
    ['a negative expiry', { exp: -1 }],
    ['a list as expiry', { exp: [now() + 60] }],
    ['a start in two minutes', { nbf: now() + 120 }],
    ['a text as start', { nbf: 'now' }],
    ['an issue time in the form of a text', { iat: 'now' }],
    ['an issue time in two minutes', { iat: now() + 120 }],
    ['no issue time', { iat: undefined }],
    ['no subject', { sub: undefined }],
    ['a number as subject', { sub: 1 }],
    ['no session', { sid: undefined }],
    ['a number as session', { sid: 1 }],
  ])('a well-signed token with %s is nobody’s', async (_name, changed) => {
    expect(await tokens.verify(signed(changed))).toBeNull()
  })

  test('clocks may differ by half a minute, not by a whole one', async () => {
    expect(await tokens.verify(signed({ exp: now() - 15 }))).not.toBeNull()
    expect(await tokens.verify(signed({ exp: now() - 60 }))).toBeNull()
    expect(await tokens.verify(signed({ iat: now() + 15, nbf: now() + 15 }))).not.toBeNull()
  })

  test('headers that bring or name a key change nothing for a good token either', async () => {
    const extra = {
      jku: `${elsewhere}/jwks.json`,
      x5u: `${elsewhere}/x5u.pem`,
      jwk: jwkOf(strangers.own.publicKey),
      x5c: ['AAAA'],
    }
    expect(await tokens.verify(signed({}, extra))).toMatchObject({ userId: 'u' })
  })

  test('the published key has no private part', () => {
    const { keys } = tokens.jwks()
    expect(keys).toHaveLength(1)
    const names = algorithm === 'RS256' ? ['e', 'kty', 'n'] : ['crv', 'kty', 'x']
    expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(
      ['alg', 'kid', 'use', ...names].toSorted(),
    )
    const bits = publicKey.asymmetricKeyDetails?.modulusLength
    expect(bits).toBe(algorithm === 'RS256' ? 2048 : undefined)
  })
})

test('no token made us look anything up anywhere', () => {
  expect(visits).toEqual([])
})

const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const derOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

/** The last character of base64url may carry bits that decode to nothing: the same bytes, another text. */
function respelt(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1] ?? ''
  const changed = text.slice(0, -1) + last
  expect(Buffer.from(changed, 'base64url')).toEqual(Buffer.from(text, 'base64url'))
  return changed
}
