/** The keys of encrypted columns: the first one encrypts, every one decrypts what names it. */
import { deriveKey } from '../secrets.ts'

export type EncryptionKey = { readonly id: string; readonly key: Buffer }

export type Keyring = {
  /** Encrypts everything new. */
  readonly current: EncryptionKey
  find(id: string): EncryptionKey | null
}

/** The id of the key that development derives; a real key ring should not use it for another one. */
const derivedId = 'derived'

/**
 * The key ring of these settings: ENCRYPTION_KEYS, or one key derived from SECRET_KEY where development sets none.
 * The settings have checked the form, `id:key` with 32 bytes in base64. Cheap enough to be asked for at every use.
 */
export function keyringOf(settings: {
  readonly encryptionKeys?: readonly string[] | undefined
  readonly secretKey: string
}): Keyring {
  const derived = { id: derivedId, key: deriveKey(settings.secretKey, 'encryption') }
  const given = (settings.encryptionKeys ?? []).map(parseKey)
  // Kept at the end: what development wrote before it was given keys stays readable, and is encrypted anew.
  const keys = [...given, derived]
  return { current: keys[0] ?? derived, find: (id) => keys.find((key) => key.id === id) ?? null }
}

function parseKey(text: string): EncryptionKey {
  const colon = text.indexOf(':')
  return { id: text.slice(0, colon), key: Buffer.from(text.slice(colon + 1), 'base64') }
}
