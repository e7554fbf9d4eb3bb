/** Settings of the admin application's access: its service token and impersonation. */
import { secret, text } from '../kinds.ts'
import { hashOfUnknownToken, strongSecret } from '../production-rules.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const adminSettings = {
  ADMIN_SERVICE_TOKEN_HASH: secret({
    doc: 'SHA-256 of the service token in hexadecimal; the token itself never reaches this server. Unset, this way in is closed.',
    pattern: /^[0-9a-f]{64}$/i,
    expects: 'a SHA-256 hash: 64 hexadecimal digits',
    production: hashOfUnknownToken(),
  }),
  ADMIN_SERVICE_USER_ID: text({
    doc: 'User in whose name the service token acts.',
    pattern: UUID,
    expects: 'the id (UUID) of a user',
  }),
  ADMIN_SERVICE_TOKEN: secret({
    doc: 'Belongs to the admin application alone: never read here, ignored outside production and refused in it.',
    production: { note: 'refused' },
  }),
  ADMIN_IMPERSONATION_SECRET: secret({
    doc: 'Key that signs impersonation exchanges; unset, it is derived from SECRET_KEY.',
    production: strongSecret(),
  }),
}
