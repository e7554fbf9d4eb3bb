/**
 * An authenticator in software, for tests: makes keys and signs with them as WebAuthn 3 says, and lies where a test
 * wants it to. It shares no code with what it is tested against; CBOR is written by hand.
 */
import {
  type KeyObject,
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign as signWith,
} from 'node:crypto'

export const origin = 'http://localhost:5000'
const rpId = 'localhost'

type Cbor = number | string | Buffer | boolean | Map<number | string, Cbor> | readonly Cbor[]
const algorithms = {
  ed25519: { cose: -8, hash: null },
  es256: { cose: -7, hash: 'sha256' },
  rs256: { cose: -257, hash: 'sha256' },
  es384: { cose: -35, hash: 'sha384' },
} as const
type Algorithm = keyof typeof algorithms

/** What an answer may say other than the truth. */
export type Lies = {
  origin?: string
  crossOrigin?: boolean
  type?: string
  challenge?: string
  rpId?: string
  /** User present and user verified, backup eligible and backed up. */
  flags?: { up?: boolean; uv?: boolean; be?: boolean; bs?: boolean }
  counter?: number
  userHandle?: string | undefined
  /** Signed in place of the real data. */
  signedData?: Buffer
  /** Whose credential it says to be. */
  id?: string
  /** `packed` without a statement: the key vouches for itself. */
  fmt?: string
  attestation?: Cbor
  attestationObject?: Buffer
}

export type Creation = { challenge: string; user: { id: string } }
export type Request = { challenge: string }

/** One passkey on one device. */
export class SoftPasskey {
  readonly id: string
  readonly #credentialId = randomBytes(32)
  readonly #privateKey: KeyObject
  readonly #coseKey: Map<number, Cbor>
  readonly #algorithm: Algorithm
  #userHandle: string | undefined
  counter = 0

  constructor(algorithm: Algorithm = 'es256') {
    const { privateKey, publicKey } = newKeys(algorithm)
    this.id = this.#credentialId.toString('base64url')
    this.#privateKey = privateKey
    this.#coseKey = coseOf(publicKey, algorithm)
    this.#algorithm = algorithm
  }

  /** `navigator.credentials.create`, as the browser's `toJSON` writes it. */
  create(options: Creation, lies: Lies = {}) {
    this.#userHandle = options.user.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.#credentialId.length)
    const authData = Buffer.concat([
      this.#authenticatorData(lies, 0x40),
      Buffer.alloc(16),
      length,
      this.#credentialId,
      encode(this.#coseKey),
    ])
    const clientData = clientDataOf('webauthn.create', options.challenge, lies)
    const attestation =
      lies.attestation ??
      new Map<string, Cbor>(
        lies.fmt === 'packed'
          ? [
              ['alg', algorithms[this.#algorithm].cose],
              ['sig', this.#sign(Buffer.concat([authData, sha256(clientData)]))],
            ]
          : [],
      )
    const object = new Map<string, Cbor>([
      ['fmt', lies.fmt ?? 'none'],
      ['attStmt', attestation],
      ['authData', authData],
    ])
    return {
      ...this.#credential(lies),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: (lies.attestationObject ?? encode(object)).toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  /** `navigator.credentials.get`, as the browser's `toJSON` writes it. */
  get(options: Request, lies: Lies = {}) {
    const authenticatorData = this.#authenticatorData(lies, 0)
    const clientData = clientDataOf('webauthn.get', options.challenge, lies)
    const signed = Buffer.concat([authenticatorData, sha256(clientData)])
    const signature = this.#sign(lies.signedData ?? signed)
    const userHandle = 'userHandle' in lies ? lies.userHandle : this.#userHandle
    return {
      ...this.#credential(lies),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle === undefined ? {} : { userHandle }),
      },
    }
  }

  #sign(data: Buffer): Buffer {
    return signWith(algorithms[this.#algorithm].hash, data, this.#privateKey)
  }

  #credential({ id = this.id }: Lies) {
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
    }
  }

  #authenticatorData({ rpId: lied, flags = {}, counter = this.counter }: Lies, more: number) {
    const { up = true, uv = true, be = false, bs = false } = flags
    const counted = Buffer.alloc(4)
    counted.writeUInt32BE(counter)
    const bits = (up ? 1 : 0) | (uv ? 4 : 0) | (be ? 8 : 0) | (bs ? 16 : 0) | more
    return Buffer.concat([sha256(Buffer.from(lied ?? rpId)), Buffer.from([bits]), counted])
  }
}

function newKeys(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'ed25519':
      return generateKeyPairSync('ed25519')
    case 'es256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'es384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' })
    case 'rs256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
  }
}

/** The key as RFC 9053 writes it. */
function coseOf(publicKey: KeyObject, algorithm: Algorithm): Map<number, Cbor> {
  const jwk = publicKey.export({ format: 'jwk' })
  const part = (name: 'x' | 'y' | 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url')
  switch (algorithm) {
    case 'ed25519':
      return new Map<number, Cbor>([
        [1, 1],
        [3, algorithms[algorithm].cose],
        [-1, 6],
        [-2, part('x')],
      ])
    case 'rs256':
      return new Map<number, Cbor>([
        [1, 3],
        [3, algorithms[algorithm].cose],
        [-1, part('n')],
        [-2, part('e')],
      ])
    case 'es256':
    case 'es384':
      return new Map<number, Cbor>([
        [1, 2],
        [3, algorithms[algorithm].cose],
        [-1, algorithm === 'es256' ? 1 : 2],
        [-2, part('x')],
        [-3, part('y')],
      ])
  }
}

function clientDataOf(type: string, challenge: string, lies: Lies): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? origin,
      crossOrigin: lies.crossOrigin ?? false,
    }),
  )
}

/** CBOR (RFC 8949), as much of it as authenticators write. */
export function encode(value: Cbor): Buffer {
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map)
    return Buffer.concat([
      head(5, value.size),
      ...[...value].flatMap(([key, item]) => [encode(key), encode(item)]),
    ])
  return Buffer.concat([head(4, value.length), ...value.map(encode)])
}

function head(major: number, argument: number): Buffer {
  const first = major << 5
  if (argument < 24) return Buffer.from([first | argument])
  if (argument < 0x100) return Buffer.from([first | 24, argument])
  const bytes = Buffer.alloc(3)
  bytes.writeUInt8(first | 25)
  bytes.writeUInt16BE(argument, 1)
  return bytes
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest()
