/** The chapter on passkeys, with an authenticator in software: as a phone would, it makes a key and signs with it. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { type Call, text } from './client.ts'
import type { Guide } from './step.ts'

const api = '/api/v1'
/** In flags: user present, user verified, and in front of a new key. */
const verified = 0x05
const withKey = 0x40

type Person = { readonly email: string; readonly bearer: string }

/** Somebody who has just signed in adds a passkey, and signs in with nothing else. */
export async function passkeyChapter(guide: Guide, { email, bearer }: Person): Promise<void> {
  const start = post('/auth/passkeys/options', undefined, bearer)
  const asked = await guide.call('asks how to make a passkey', start, 200)
  const domain = text(asked.body, 'data', 'rp', 'id')
  const { origin, hostname } = new URL(guide.client.url)
  if (hostname !== domain && !hostname.endsWith(`.${domain}`)) {
    guide.tell('makes no passkey', origin, `a browser makes those of ${domain} on its pages only`)
    return
  }
  const passkey = new Passkey(origin, domain, text(asked.body, 'data', 'user', 'id'))
  const made = passkey.create(text(asked.body, 'data', 'challenge'))
  const add = post('/auth/passkeys', { name: 'The tour', passkey: made }, bearer)
  await guide.call('adds a passkey', add, 201, ({ body }) => text(body, 'data', 'name'))

  const question = await guide.call(
    'asks what to sign, without saying who asks',
    post('/auth/passkeys/sign-in/options'),
    200,
  )
  const answer = passkey.get(text(question.body, 'data', 'challenge'))
  const enter = post('/auth/passkeys/sign-in', { passkey: answer, mode: 'token' })
  await guide.call('signs in with the passkey alone', enter, 200, ({ body }) => {
    const who = text(body, 'data', 'user', 'email')
    if (who !== email) throw new Error(`signed in as ${who}`)
    return `signed in as ${who}`
  })
  await guide.call('the same answer does not work twice', enter, 401, ({ body }) =>
    text(body, 'code'),
  )
}

/** One ES256 key. What it writes in CBOR never varies but for the key, so it is written as bytes. */
class Passkey {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #id = randomBytes(32)
  readonly #origin: string
  readonly #domain: string
  readonly #userHandle: string

  constructor(origin: string, domain: string, userHandle: string) {
    this.#origin = origin
    this.#domain = domain
    this.#userHandle = userHandle
  }

  create(challenge: string) {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const data = Buffer.concat([
      this.#data(verified | withKey),
      Buffer.alloc(16),
      Buffer.from([0, this.#id.length]),
      this.#id,
      // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
    // {"fmt": "none", "attStmt": {}, "authData": data}
    const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex')
    return this.#credential({
      clientDataJSON: this.#client('webauthn.create', challenge).toString('base64url'),
      attestationObject: Buffer.concat([head, Buffer.from([data.length]), data]).toString(
        'base64url',
      ),
    })
  }

  get(challenge: string) {
    const data = this.#data(verified)
    const client = this.#client('webauthn.get', challenge)
    const signed = Buffer.concat([data, sha256(client)])
    return this.#credential({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
      userHandle: this.#userHandle,
    })
  }

  #data(flags: number): Buffer {
    return Buffer.concat([sha256(this.#domain), Buffer.from([flags]), Buffer.alloc(4)])
  }

  #client(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#origin }))
  }

  #credential(response: Record<string, string>) {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key', response }
  }
}

/** A call of a client that is no browser: without a session it says so by a bearer token that is none. */
function post(path: string, body?: unknown, bearer = 'none'): Call {
  return { method: 'POST', path: `${api}${path}`, body, bearer }
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest()
