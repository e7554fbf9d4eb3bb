/** Everything the auth room stores. No secret is among it: hashes, and ids from which tokens are computed. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, bytea, id } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

export const credentials = pgTable('auth_credentials', {
  userId: userId().primaryKey(),
  passwordHash: text('password_hash').notNull(),
  changedAt: at('changed_at').notNull().defaultNow(),
  /** The address it was changed from, for the notice to its owner. */
  changedFrom: text('changed_from'),
})

/** The door that somebody came in by: what they showed first. */
export const firstFactors = [
  'password',
  'registration',
  'magic_link',
  'passkey',
  'oidc',
  'invitation',
  'impersonation',
  'demo',
] as const

export const sessions = pgTable(
  'auth_sessions',
  {
    id: id(),
    userId: userId().notNull(),
    /** `external`: lives on access tokens of an identity provider; nothing of ours opens it. */
    kind: text('kind', { enum: ['cookie', 'token', 'external'] }).notNull(),
    /** SHA-256 of the cookie; null for a session that lives on tokens. */
    cookieHash: bytea('cookie_hash'),
    firstFactor: text('first_factor', { enum: firstFactors }).notNull().default('password'),
    /** What was shown second, or `trusted_device`; null where none was asked for. */
    secondFactor: text('second_factor'),
    /** The passkey or external identity that opened it: when that is removed, the session ends. */
    credentialId: uuid('credential_id'),
    ip: text('ip'),
    userAgent: text('user_agent'),
    createdAt: at('created_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
    /** When a factor was last shown: at sign-in, then at each step-up. */
    provenAt: at('proven_at').notNull().defaultNow(),
    /** When a code of the authenticator was last shown to administration. */
    elevatedAt: at('elevated_at'),
    /** The session of whoever acts in this account: this one lives no longer. Null for the owner's own sessions. */
    impersonatorSessionId: uuid('impersonator_session_id'),
    impersonationReason: text('impersonation_reason'),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    revokedReason: text('revoked_reason'),
    /** The session that goes on in its place: whoever ends this one means that one. */
    renewedAs: uuid('renewed_as'),
  },
  (t) => [
    uniqueIndex('auth_sessions_cookie_hash').on(t.cookieHash),
    index('auth_sessions_user').on(t.userId, t.createdAt),
    check(
      'auth_sessions_cookie_has_hash',
      sql`(${t.kind} = 'cookie') = (${t.cookieHash} is not null)`,
    ),
    check(
      'auth_sessions_impersonated_has_reason',
      sql`(${t.impersonatorSessionId} is null) = (${t.impersonationReason} is null)`,
    ),
  ],
)
export type Session = typeof sessions.$inferSelect
export type FirstFactor = Session['firstFactor']

/** Browsers that somebody has signed in from: their cookie, hashed. It opens nothing. */
export const knownDevices = pgTable(
  'auth_known_devices',
  {
    id: id(),
    userId: userId().notNull(),
    tokenHash: bytea('token_hash').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    lastSeenAt: at('last_seen_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('auth_known_devices_token').on(t.userId, t.tokenHash)],
)

/** Wrong passwords in a row, per account, known device or name that nobody has. */
export const signInFailures = pgTable(
  'auth_sign_in_failures',
  {
    /** `user:ID`, `device:ID`, or `login:` and a keyed hash of what was typed. */
    subject: text('subject').primaryKey(),
    failures: integer('failures').notNull(),
    lockedUntil: at('locked_until'),
    lastAt: at('last_at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [index('auth_sign_in_failures_last').on(t.lastAt)],
)

/** One row per refresh token ever issued; the chain of one session is its family. */
export const refreshTokens = pgTable(
  'auth_refresh_tokens',
  {
    id: id(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id),
    parentId: uuid('parent_id'),
    spentAt: at('spent_at'),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('auth_refresh_tokens_session').on(t.sessionId),
    // A parent has one child: two rotations of one token cannot both succeed.
    uniqueIndex('auth_refresh_tokens_parent').on(t.parentId),
  ],
)

/** Waiting proofs that an address is somebody's. The newest of a user is the only one that works. */
export const verifications = pgTable(
  'auth_verifications',
  {
    id: id(),
    userId: userId().notNull(),
    email: text('email').notNull(),
    /** Becomes the account's password when this proof is given. */
    passwordHash: text('password_hash'),
    attempts: integer('attempts').notNull().default(0),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [index('auth_verifications_user').on(t.userId, t.createdAt)],
)

/**
 * Mails that somebody asked for by naming an address. There is a row for an address that nobody has, too: what is done
 * for it, and how long it takes, is the same. A reset link is computed from its row's id.
 */
export const mailRequests = pgTable(
  'auth_mail_requests',
  {
    id: id(),
    purpose: text('purpose', { enum: ['password_reset', 'verification', 'sign_in'] }).notNull(),
    email: text('email').notNull(),
    /** Whose address it was then; null for nobody's. */
    userId: userId(),
    /** Wrong codes so far, where the mail has one. */
    attempts: integer('attempts').notNull().default(0),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('auth_mail_requests_email').on(t.email, t.purpose, t.createdAt),
    index('auth_mail_requests_created').on(t.createdAt),
  ],
)

/**
 * Changes of an address that wait for the word of both mailboxes. The newest of a user is the only one that works; its
 * two tokens are computed from its id.
 */
export const emailChanges = pgTable(
  'auth_email_changes',
  {
    id: id(),
    userId: userId().notNull(),
    oldEmail: text('old_email').notNull(),
    newEmail: text('new_email').notNull(),
    /** The session that asked for it: it goes on when the others end. */
    sessionId: uuid('session_id'),
    oldConfirmedAt: at('old_confirmed_at'),
    newConfirmedAt: at('new_confirmed_at'),
    /** When the address became the account's, or the change was called off. */
    endedAt: at('ended_at'),
    outcome: text('outcome', { enum: ['changed', 'cancelled', 'replaced', 'refused'] }),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('auth_email_changes_user').on(t.userId, t.createdAt),
    index('auth_email_changes_new').on(t.newEmail, t.createdAt),
    index('auth_email_changes_expires').on(t.expiresAt),
    uniqueIndex('auth_email_changes_open')
      .on(t.userId)
      .where(sql`${t.endedAt} is null`),
    check(
      'auth_email_changes_ended_has_outcome',
      sql`(${t.endedAt} is null) = (${t.outcome} is null)`,
    ),
  ],
)
export type EmailChange = typeof emailChanges.$inferSelect

export const apiKeys = pgTable(
  'auth_api_keys',
  {
    id: id(),
    userId: userId().notNull(),
    name: text('name').notNull(),
    hash: bytea('hash').notNull(),
    /** The first characters, to recognise a key by. */
    hint: text('hint').notNull(),
    /** Permissions the key may use of its owner's; null: all of them. */
    scopes: text('scopes').array(),
    expiresAt: at('expires_at'),
    /** The key's own limit; null: only the one that all of its owner's requests share. */
    requestsPerMinute: integer('requests_per_minute'),
    /** To within five minutes. */
    lastUsedAt: at('last_used_at'),
    lastUsedIp: text('last_used_ip'),
    revokedAt: at('revoked_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('auth_api_keys_hash').on(t.hash),
    index('auth_api_keys_user').on(t.userId, t.id),
  ],
)
export type ApiKey = typeof apiKeys.$inferSelect

/** Passkeys, as far as a server has them: public keys, which open nothing. */
export const passkeys = pgTable(
  'auth_passkeys',
  {
    id: id(),
    userId: userId().notNull(),
    credentialId: bytea('credential_id').notNull(),
    /** In COSE form (RFC 9052), as the authenticator gave it. */
    publicKey: bytea('public_key').notNull(),
    /** The signatures it has counted; 0 for one that does not count, as those that are copied between devices. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: text('transports').array().notNull(),
    /** The model of the authenticator, or zeros. Nobody vouches for it: no attestation is asked for. */
    aaguid: uuid('aaguid').notNull(),
    isBackupEligible: boolean('is_backup_eligible').notNull(),
    isBackedUp: boolean('is_backed_up').notNull(),
    name: text('name').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    lastUsedAt: at('last_used_at'),
  },
  (t) => [
    uniqueIndex('auth_passkeys_credential').on(t.credentialId),
    index('auth_passkeys_user').on(t.userId, t.id),
  ],
)
export type Passkey = typeof passkeys.$inferSelect

/** What authenticators know a user by: random, so that it tells nothing, and the same for all of the user's passkeys. */
export const passkeyHandles = pgTable('auth_passkey_handles', {
  userId: userId().primaryKey(),
  handle: bytea('handle').notNull(),
})

/** What a passkey can be asked for: an answer for one is none for another. */
export const ceremonies = ['registration', 'sign_in', 'second_factor', 'step_up'] as const

/** Questions to authenticators that wait for their answer. The first answer takes the row away. */
export const passkeyChallenges = pgTable(
  'auth_passkey_challenges',
  {
    id: id(),
    ceremony: text('ceremony', { enum: ceremonies }).notNull(),
    /** SHA-256 of the challenge, and of the session, held sign-in or browser that alone may answer. */
    hash: bytea('hash').notNull(),
    boundTo: bytea('bound_to').notNull(),
    /** Who is asked; null where that is what the answer tells. */
    userId: userId(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [
    uniqueIndex('auth_passkey_challenges_hash').on(t.hash),
    index('auth_passkey_challenges_expires').on(t.expiresAt),
  ],
)
