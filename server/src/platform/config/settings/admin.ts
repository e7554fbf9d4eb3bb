/** Settings of administration: elevation, the service token of the admin application, impersonation. */
import { HOUR, MINUTE } from '../duration.ts'
import { duration, list, secret, text } from '../kinds.ts'
import { permissionName } from '../list-items.ts'
import { hashOfUnknownToken, strongSecret } from '../production-rules.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const adminSettings = {
  ADMIN_ELEVATION: duration({
    doc: 'How long a session that has shown a code of its authenticator administers without another one.',
    default: 10 * MINUTE,
    min: MINUTE,
    max: HOUR,
  }),
  ADMIN_SERVICE_TOKEN_HASH: secret({
    doc: 'SHA-256 of the service token in hexadecimal, and of the one before while it is rotated, separated by a comma; the token itself never reaches this server. Unset, this way in is closed.',
    pattern: /^[0-9a-f]{64}(?:,[0-9a-f]{64})?$/i,
    expects: 'one SHA-256 hash or two: 64 hexadecimal digits each',
    production: hashOfUnknownToken(),
  }),
  ADMIN_SERVICE_USER_ID: text({
    doc: 'User in whose name the service token acts, with no more rights than theirs; unset, it only reads.',
    pattern: UUID,
    expects: 'the id (UUID) of a user',
  }),
  ADMIN_SERVICE_TOKEN_SCOPES: list({
    doc: 'Permissions of the service token.',
    default: ['admin.read_users', 'admin.read_health', 'users.read_any'],
    expects: 'names of permissions',
    item: permissionName,
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
