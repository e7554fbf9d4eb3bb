/** Encrypted columns: envelopes that name their key, and the ring of keys that opens them. */
export { currentHead, decrypt, encrypt } from './envelope.ts'
export { encryptionErrors } from './errors.ts'
export { keyringOf } from './keyring.ts'
