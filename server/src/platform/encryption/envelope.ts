/**
 * Envelopes of encrypted columns: a version, the id of the key, then AES-256-GCM with a random 96-bit nonce
 * (NIST SP 800-38D). The place is authenticated with it: an envelope moved to another row or column does not open.
 */
import { seal, unseal } from '../secrets.ts'
import { encryptionErrors } from './errors.ts'
import type { Keyring } from './keyring.ts'

/** Where a value belongs. The row's id must never be given to another row. */
export type Place = { readonly table: string; readonly column: string; readonly row: string }

const version = 1
/** The version and the length of the key's id, one byte each. */
const headBytes = 2

/** Encrypts with the ring's current key. */
export function encrypt(keyring: Keyring, plain: Buffer, place: Place): Buffer {
  const { key } = keyring.current
  return Buffer.concat([currentHead(keyring), seal(key, plain, contextOf(place))])
}

/**
 * What `encrypt` was given. @throws AppError `encryption.unreadable` when the key is missing or another one, the
 * place differs, or a bit has changed: never garbage.
 */
export function decrypt(keyring: Keyring, envelope: Buffer, place: Place): Buffer {
  const end = headBytes + (envelope[1] ?? 0)
  const id = envelope.subarray(headBytes, end).toString('utf8')
  const known = envelope[0] === version ? keyring.find(id) : null
  if (!known) throw encryptionErrors.unreadable({ keyId: id, table: place.table })
  try {
    return unseal(known.key, envelope.subarray(end), contextOf(place))
  } catch (cause) {
    throw encryptionErrors.unreadable({ keyId: id, table: place.table }, { cause })
  }
}

/** The first bytes of every envelope of the current key: one that begins otherwise waits to be encrypted anew. */
export function currentHead(keyring: Keyring): Buffer {
  const id = Buffer.from(keyring.current.id)
  return Buffer.concat([Buffer.from([version, id.length]), id])
}

const contextOf = ({ table, column, row }: Place) => JSON.stringify([table, column, row])
