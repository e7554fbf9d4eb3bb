/** Settings of keys, sessions, passwords, registration and rate limits. */
import { DAY, HOUR, MINUTE } from '../duration.ts'
import { boolean, choice, duration, integer, list, secret, text, url } from '../kinds.ts'
import { distinctKeyIds, encryptionKey, roleName } from '../list-items.ts'
import { atLeast, httpsOnly, refuse, strongSecret, unpredictableKeys } from '../production-rules.ts'

const keySettings = {
  SECRET_KEY: secret({
    doc: 'Root secret from which purpose-bound keys are derived; outside production one is generated into the data directory when unset.',
    aliases: ['JWT_SECRET', 'SESSION_SECRET'],
    production: strongSecret({ isRequired: true }),
  }),
  JWT_REFRESH_SECRET: secret({
    doc: 'Accepted and not used: refresh tokens are random and stored hashed, so nothing signs them.',
    production: strongSecret(),
  }),
  CSRF_SECRET: secret({
    doc: 'Key of the CSRF tokens; unset, it is derived from SECRET_KEY.',
    production: strongSecret(),
  }),
  ENCRYPTION_KEYS: list({
    doc: 'Keys for encrypted columns as id:base64 pairs, the first one encrypts and all decrypt; outside production one is derived from SECRET_KEY when unset.',
    isSecret: true,
    expects: 'id:key pairs, each key 32 bytes in base64',
    item: encryptionKey,
    whole: distinctKeyIds,
    production: unpredictableKeys(),
  }),
}

const tokenSettings = {
  TOKEN_KMS_KEY_ID: text({
    doc: 'Key of AWS KMS that signs access tokens, as id, ARN or alias (RSA 2048 or longer, SIGN_VERIFY); unset, Ashlar signs with keys of its own.',
    example: 'alias/ashlar-tokens',
    pattern: /^[\w:/.-]{1,2048}$/,
    expects: 'the id, ARN or alias of a key',
  }),
  TOKEN_KMS_ENDPOINT: url({
    doc: 'Address of a service that speaks the protocol of KMS; unset, the KMS of AWS_REGION.',
    example: 'https://vpce-0123-abcd.kms.eu-central-1.vpce.amazonaws.com',
    protocols: ['http:', 'https:'],
    isPlain: true,
    production: httpsOnly(),
  }),
  TOKEN_SIGNING_ALGORITHM: choice(['EdDSA', 'RS256', 'HS256'], {
    doc: 'Algorithm of access tokens; HS256, a shared secret, is for development and published nowhere.',
    default: {
      says: 'RS256 when TOKEN_KMS_KEY_ID is set, else EdDSA',
      from: (lookup) => (lookup('TOKEN_KMS_KEY_ID') === undefined ? 'EdDSA' : 'RS256'),
    },
    production: refuse(
      ['HS256'],
      'signs tokens with a secret that whoever verifies them would share',
      'Choose EdDSA or RS256',
    ),
  }),
  TOKEN_KEY_ROTATION: duration({
    doc: 'Age at which the signing key is rotated by itself, and keys whose last token has expired a day ago are retired; unset, only `ashlar keys` does so.',
    example: '90d',
    min: DAY,
    max: 3650 * DAY,
  }),
}

const sessionSettings = {
  ACCESS_TOKEN_EXPIRY: duration({
    doc: 'Lifetime of an access token.',
    default: 15 * MINUTE,
    min: 1,
    max: DAY,
  }),
  REFRESH_TOKEN_EXPIRY: duration({
    doc: 'Lifetime of a refresh token; each use replaces it.',
    default: 7 * DAY,
    min: 1,
    max: 365 * DAY,
  }),
  REFRESH_GRACE: duration({
    doc: 'Time in which a just-spent refresh token answers with the same successor instead of ending the session.',
    default: 10,
    min: 0,
    max: MINUTE,
  }),
  SESSION_IDLE_EXPIRY: duration({
    doc: 'A session unused for this long ends.',
    default: 7 * DAY,
    min: 1,
    max: 365 * DAY,
  }),
  STEP_UP_MAX_AGE: duration({
    doc: 'How long after a sign-in or a step-up sensitive changes are allowed without showing a factor again.',
    default: 10 * MINUTE,
    min: 10,
    max: HOUR,
  }),
  SESSION_ABSOLUTE_EXPIRY: duration({
    doc: 'A session ends after this long, however much it is used.',
    default: 30 * DAY,
    min: 1,
    max: 365 * DAY,
  }),
}

const passwordSettings = {
  PASSWORD_MIN_LENGTH: integer({
    doc: 'Shortest password accepted, in characters.',
    default: 12,
    min: 8,
    max: 64,
  }),
  PASSWORD_BREACH_CHECK_URL: url({
    doc: 'Service that new passwords are looked up in, five digits of their SHA-1 at a time (the range protocol of Pwned Passwords); unset, nobody is asked. While it does not answer, passwords are accepted without it.',
    example: 'https://api.pwnedpasswords.com/range',
    protocols: ['http:', 'https:'],
    isPlain: true,
    production: httpsOnly(),
  }),
  PASSWORD_HASH_MEMORY_KIB: integer({
    doc: 'Memory of one argon2id hash in KiB.',
    default: 19_456,
    min: 1024,
    max: 1_048_576,
    production: atLeast(19_456, 'the least that OWASP recommends for argon2id'),
  }),
  PASSWORD_HASH_ITERATIONS: integer({
    doc: 'Passes of one argon2id hash.',
    default: 2,
    min: 1,
    max: 20,
    production: atLeast(2, 'the least that OWASP recommends for argon2id'),
  }),
  PASSWORD_HASH_PARALLELISM: integer({
    doc: 'Lanes of one argon2id hash.',
    default: 1,
    min: 1,
    max: 16,
  }),
  PASSWORD_HASH_CONCURRENCY: integer({
    doc: 'Password hashes computed at once by each process; more wait, so a burst of logins cannot take all memory and threads; unset, 2, or 1 on machines of one or two cores.',
    example: '2',
    min: 1,
    max: 64,
  }),
}

const registrationSettings = {
  REGISTRATION_MODE: choice(['verified', 'instant', 'closed'], {
    doc: 'Whether new users prove their address first, get a session at once, or need an invitation.',
    default: 'verified',
  }),
  DEFAULT_ROLE: text({
    doc: 'Role of a new user.',
    default: 'member',
    pattern: /^[a-z][a-z0-9_]{0,62}$/,
    expects: 'a lower-case role name',
    production: refuse(
      ['super_admin', 'admin', 'moderator', 'editor', 'support', 'finance'],
      'would give everybody who signs up what only some may have',
      'Choose member, employee, provider or a role of your own',
    ),
  }),
  INVITATION_EXPIRY: duration({
    doc: 'How long the link in an invitation works.',
    default: 7 * DAY,
    min: 5 * MINUTE,
    max: 7 * DAY,
  }),
  DEMO_LOGIN_ENABLED: boolean({
    doc: 'Offers the demo login with the credentials below.',
    default: false,
    production: refuse([true], 'lets everyone in with shared credentials', 'Remove it'),
  }),
  DEMO_EMAIL: text({ doc: 'E-mail address of the demo login.', example: 'demo@example.com' }),
  DEMO_PASSWORD: secret({ doc: 'Password of the demo login.' }),
}

const twoFactorSettings = {
  MFA_REQUIRED_ROLES: list({
    doc: 'Roles whose members can only enrol a second factor until they have one, separated by commas; none asks it of nobody.',
    default: {
      byMode: { development: [], test: [], production: ['super_admin', 'admin', 'finance'] },
    },
    expects: 'role names',
    item: roleName,
  }),
}

const passkeySettings = {
  PASSKEY_RP_ID: text({
    doc: 'Domain that passkeys belong to: the host of FRONTEND_URL, or a domain above it so that sister hosts can use them as well. Changed later, it leaves every passkey behind.',
    default: {
      says: 'the host of FRONTEND_URL',
      from(lookup) {
        const frontend = String(lookup('FRONTEND_URL'))
        return URL.canParse(frontend) ? new URL(frontend).hostname : 'localhost'
      },
    },
    example: 'example.com',
    pattern:
      /^(?:localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])$/,
    expects: 'a domain in lower case, without scheme and port',
  }),
}

const privacySettings = {
  ERASURE_GRACE: duration({
    doc: 'How long after somebody closed their account it can be opened again, before everything personal is deleted.',
    default: 30 * DAY,
    min: 0,
    max: 90 * DAY,
  }),
}

const rateLimitSettings = {
  RATE_LIMIT_ENABLED: boolean({ doc: 'Limits requests per user or address.', default: true }),
  RATE_LIMIT_REQUESTS: integer({
    doc: 'Requests allowed per window on every route.',
    default: 100,
    min: 1,
    max: 1_000_000,
  }),
  RATE_LIMIT_WINDOW_SECONDS: duration({
    doc: 'Length of that window.',
    default: MINUTE,
    min: 1,
    max: DAY,
  }),
  AUTH_RATE_LIMIT_REQUESTS: integer({
    doc: 'Requests allowed per window on the sign-in and registration routes.',
    default: 10,
    min: 1,
    max: 1_000,
  }),
  AUTH_RATE_LIMIT_WINDOW_SECONDS: duration({
    doc: 'Length of that window.',
    default: MINUTE,
    min: 1,
    max: 24 * HOUR,
  }),
}

export const securitySettings = {
  ...keySettings,
  ...tokenSettings,
  ...sessionSettings,
  ...passwordSettings,
  ...registrationSettings,
  ...twoFactorSettings,
  ...passkeySettings,
  ...privacySettings,
  ...rateLimitSettings,
}
