/** Everything the auth room stores. No secret is among it: hashes, and ids from which tokens are computed. */
import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
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
  'demo',
] as const

export const sessions = pgTable(
  'auth_sessions',
  {
    id: id(),
    userId: userId().notNull(),
    kind: text('kind', { enum: ['cookie', 'token'] }).notNull(),
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
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    revokedReason: text('revoked_reason'),
  },
  (t) => [
    uniqueIndex('auth_sessions_cookie_hash').on(t.cookieHash),
    index('auth_sessions_user').on(t.userId, t.createdAt),
    check(
      'auth_sessions_cookie_has_hash',
      sql`(${t.kind} = 'cookie') = (${t.cookieHash} is not null)`,
    ),
  ],
)
export type Session = typeof sessions.$inferSelect
export type FirstFactor = Session['firstFactor']

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
    purpose: text('purpose', { enum: ['password_reset', 'verification'] }).notNull(),
    email: text('email').notNull(),
    /** Whose address it was then; null for nobody's. */
    userId: userId(),
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
    revokedAt: at('revoked_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('auth_api_keys_hash').on(t.hash),
    index('auth_api_keys_user').on(t.userId, t.id),
  ],
)
export type ApiKey = typeof apiKeys.$inferSelect
