/**
 * Access tokens: JWTs signed with a key of our own ring or of AWS KMS (RFC 7519, RFC 8037, RFC 9068).
 * A token only names its session; whether that session still stands is asked on every request.
 */
export type { DocumentReader } from './documents.ts'
export { tokenErrors } from './errors.ts'
export { followRotations } from './following.ts'
export { KmsUnusable, openKms } from './kms.ts'
export { resealSigningKeys } from './resealing.ts'
export { WrongSecretKey } from './ring.ts'
export { type TokenSigner, openTokenSigner } from './signer.ts'
export {
  type SigningKey,
  ensureSigningKey,
  jwksMaxAgeSeconds,
  listSigningKeys,
  retireSigningKey,
  rotateByAge,
  rotateSigningKey,
} from './signing-keys.ts'
