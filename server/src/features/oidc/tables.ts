/** Everything the oidc room stores. State, nonce and verifier of an attempt are computed from its row's id. */
import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at, bytea, id } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

/** Who somebody is elsewhere: issuer and subject, never an address. One belongs to one account. */
export const identities = pgTable(
  'oidc_identities',
  {
    id: id(),
    userId: userId().notNull(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    /** As the provider last said, to recognise it by. */
    email: text('email'),
    createdAt: at('created_at').notNull().defaultNow(),
    lastUsedAt: at('last_used_at').notNull().defaultNow(),
    /** Its owner has taken it off: it signs nobody in until somebody who is signed in adds it again. */
    removedAt: at('removed_at'),
  },
  (t) => [
    uniqueIndex('oidc_identities_subject').on(t.issuer, t.subject),
    index('oidc_identities_user').on(t.userId),
  ],
)
export type StoredIdentity = typeof identities.$inferSelect

/** Browsers that were sent to a provider and are to come back, once and soon. */
export const attempts = pgTable(
  'oidc_attempts',
  {
    id: id(),
    providerId: text('provider_id').notNull(),
    purpose: text('purpose', { enum: ['sign_in', 'link'] }).notNull(),
    mode: text('mode', { enum: ['cookie', 'token'] }).notNull(),
    redirectTo: text('redirect_to').notNull(),
    /** SHA-256 of the cookie of the browser that was sent. */
    browserHash: bytea('browser_hash').notNull(),
    /** What the client must show the preimage of, to have its tokens: RFC 7636 between it and us. */
    codeChallenge: text('code_challenge'),
    /** Who adds an identity, and in which session. */
    userId: userId(),
    sessionId: uuid('session_id'),
    /** Who it turned out to be; the tokens are still to be fetched. */
    identityId: uuid('identity_id').references(() => identities.id),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    completedAt: at('completed_at'),
    exchangedAt: at('exchanged_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('oidc_attempts_expires').on(t.expiresAt),
    check(
      'oidc_attempts_link_has_session',
      sql`(${t.purpose} = 'link') = (${t.userId} is not null and ${t.sessionId} is not null)`,
    ),
    check(
      'oidc_attempts_token_has_challenge',
      sql`(${t.mode} = 'token') = (${t.codeChallenge} is not null)`,
    ),
  ],
)
export type Attempt = typeof attempts.$inferSelect

/** The session of ours behind the access tokens of one sign-in elsewhere. It stays when that session ends. */
export const tokenSessions = pgTable(
  'oidc_token_sessions',
  {
    id: id(),
    identityId: uuid('identity_id')
      .notNull()
      .references(() => identities.id),
    /** The provider's word for the sign-in, hashed. */
    signInId: text('sign_in_id').notNull(),
    sessionId: uuid('session_id').notNull(),
    /** When its tokens are over; null where one sign-in goes on giving new ones. */
    forgetAt: at('forget_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('oidc_token_sessions_sign_in').on(t.identityId, t.signInId),
    index('oidc_token_sessions_forget').on(t.forgetAt),
  ],
)
