/** How a value that cannot be decrypted says so. */
import { defineErrors } from '../errors.ts'

export const encryptionErrors = defineErrors('encryption', {
  unreadable: [
    500,
    'A stored value cannot be read with the keys of this server.',
    'Put the key it was encrypted with back into ENCRYPTION_KEYS.',
  ],
})
