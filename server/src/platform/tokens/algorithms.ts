/** The algorithms of access tokens: making keys and signing (RFC 7518, RFC 8037). */
import {
  type KeyObject,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  randomBytes,
  sign,
} from 'node:crypto'
import { promisify } from 'node:util'
import { type JWK, calculateJwkThumbprint } from 'jose'

export type Algorithm = 'EdDSA' | 'RS256' | 'HS256'

/** A key's two sides. A shared secret has no public one. */
export type KeyMaterial = { readonly kid: string; readonly publicJwk: JWK | null }
export type LocalKeyMaterial = KeyMaterial & { readonly privateBytes: Buffer }

const rsaModulusBits = 2048
const sharedSecretBytes = 32

export async function makeLocalKey(algorithm: Algorithm): Promise<LocalKeyMaterial> {
  if (algorithm === 'HS256')
    return {
      kid: randomBytes(32).toString('base64url'),
      publicJwk: null,
      privateBytes: randomBytes(sharedSecretBytes),
    }
  const { publicKey, privateKey } = await makePair(algorithm)
  const privateBytes = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { ...(await describePublicKey(algorithm, publicKey)), privateBytes }
}

/** A public key as it is published, under its thumbprint (RFC 7638). */
export async function describePublicKey(
  algorithm: Algorithm,
  publicKey: KeyObject,
): Promise<KeyMaterial> {
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' } }
}

export function readPrivateKey(algorithm: Algorithm, bytes: Buffer): KeyObject {
  if (algorithm === 'HS256') return createSecretKey(bytes)
  return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' })
}

export function readPublicKey(jwk: JWK): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' })
}

/** Signs with a key of our own. RSA works on a thread of the pool: it takes a millisecond, the others a tenth of it. */
export async function signLocally(
  algorithm: Algorithm,
  key: KeyObject,
  text: string,
): Promise<Buffer> {
  if (algorithm === 'HS256') return createHmac('sha256', key).update(text).digest()
  if (algorithm === 'EdDSA') return sign(null, Buffer.from(text), key)
  return promisify<Buffer>((done) => sign('sha256', Buffer.from(text), key, done))()
}

/** What KMS is asked to sign for RS256. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

function makePair(algorithm: 'EdDSA' | 'RS256') {
  return algorithm === 'EdDSA'
    ? promisify(generateKeyPair)('ed25519')
    : promisify(generateKeyPair)('rsa', { modulusLength: rsaModulusBits })
}
