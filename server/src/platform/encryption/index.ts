/** Encrypted columns: envelopes that name their key, and the ring of keys that opens them. */
export { currentHead, decrypt, encrypt, type Place } from './envelope.ts'
export { encryptionErrors } from './errors.ts'
export { type Keyring, keyringOf } from './keyring.ts'
