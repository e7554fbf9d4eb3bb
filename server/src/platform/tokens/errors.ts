/** What token signing says no to. */
import { defineErrors } from '../errors.ts'

export const tokenErrors = defineErrors('tokens', {
  unavailable: [503, 'Access tokens cannot be signed at the moment.'],
  key_not_found: [404, 'There is no such signing key.'],
  key_signing: [
    409,
    'This key signs the tokens that are made now. Rotate first.',
    'Run `ashlar keys rotate`, wait until the new key signs, then retire this one.',
  ],
  key_in_use: [
    409,
    'Tokens signed with this key may still be alive; "ashlar keys list" says until when.',
    'Wait until then, or retire it with `--force`: whoever holds such a token has to refresh it.',
  ],
  key_pending: [
    409,
    'A new key is published already and waits for its time to sign.',
    'Wait for it, or retire it, then rotate again.',
  ],
  kms_not_configured: [
    409,
    'TOKEN_KMS_KEY_ID is not set, so no key of KMS can sign.',
    'Set it; the key it names is published at the next start.',
  ],
  key_known: [
    409,
    'This key of KMS is among the signing keys already.',
    'Make another key in KMS and name it: `--kms-key`, then TOKEN_KMS_KEY_ID.',
  ],
  key_retired: [
    409,
    'This key was retired; a retired key does not come back.',
    'Make another key.',
  ],
})
