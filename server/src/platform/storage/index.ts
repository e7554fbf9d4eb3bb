/** File storage behind one port, on local disk or in any S3. */
export { storageErrors } from './errors.ts'
export { type LocalStorage, openLocalStorage } from './local.ts'
export { openS3Storage } from './s3.ts'
export type { SignedGet, Storage } from './storage.ts'
