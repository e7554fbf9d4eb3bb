/** The keys of the twin: real RSA pairs, found by id, ARN, alias or alias ARN. */
import { type KeyObject, generateKeyPairSync, randomUUID } from 'node:crypto'
import { KmsError, notFound, validation } from './errors.ts'

const account = '111122223333'

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion'

export type TwinKey = {
  readonly id: string
  readonly arn: string
  readonly bits: number
  readonly usage: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT'
  readonly createdAt: Date
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  state: KeyState
}

export type NewKey = { bits?: 2048 | 3072 | 4096; usage?: TwinKey['usage'] }

export type Keys = {
  create(key?: NewKey): TwinKey
  /** Gives a key a name, or moves the name to it: `alias/tokens`. */
  alias(name: string, id: string): void
  find(keyId: unknown): TwinKey
}

export function createKeys(region: string): Keys {
  const keys = new Map<string, TwinKey>()
  const aliases = new Map<string, string>()
  const prefix = `arn:aws:kms:${region}:${account}:`
  return {
    create({ bits = 2048, usage = 'SIGN_VERIFY' } = {}) {
      const id = randomUUID()
      const pair = generateKeyPairSync('rsa', { modulusLength: bits })
      const arn = `${prefix}key/${id}`
      const key: TwinKey = {
        id,
        arn,
        bits,
        usage,
        createdAt: new Date(),
        state: 'Enabled',
        ...pair,
      }
      keys.set(id, key)
      return key
    },
    alias: (name, id) => void aliases.set(name, id),
    find(keyId) {
      if (typeof keyId !== 'string' || keyId === '')
        throw validation(
          `Value null at 'keyId' failed to satisfy constraint: Member must not be null`,
        )
      const name = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : keyId
      if (name.startsWith('alias/')) {
        const aliased = keys.get(aliases.get(name) ?? '')
        if (!aliased) throw notFound(`Alias ${prefix}${name} is not found.`)
        return aliased
      }
      const found = keys.get(name.replace(/^key\//, ''))
      if (!found) throw notFound(`Key '${prefix}key/${name}' does not exist`)
      return found
    },
  }
}

/** What may be asked of a key that is not in use any more: nothing. */
export function requireEnabled(key: TwinKey): void {
  if (key.state === 'Disabled')
    throw new KmsError('DisabledException', 400, `${key.arn} is disabled.`)
  if (key.state === 'PendingDeletion')
    throw new KmsError('KMSInvalidStateException', 400, `${key.arn} is pending deletion.`)
}
