/** Everything the twofa room stores. Secrets are encrypted, backup codes hashed, tokens computed from their rows' ids. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  pgTable,
  pgView,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, bytea, id } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

/** One authenticator per user: waiting until a code of it is confirmed, the second factor from then on. */
export const factors = pgTable(
  'twofa_factors',
  {
    id: id(),
    userId: userId().notNull(),
    /** The TOTP secret in an envelope of platform/encryption. */
    secret: bytea('secret').notNull(),
    confirmedAt: at('confirmed_at'),
    /** The newest time step of which a code was accepted: no code of it or before it is accepted again. */
    lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('twofa_factors_user').on(t.userId)],
)
export type Factor = typeof factors.$inferSelect

/** A column pointing at an enrolment: what stands on it ends with it. */
const factorId = () =>
  uuid('factor_id')
    .notNull()
    .references(() => factors.id, { onDelete: 'cascade' })

export const backupCodes = pgTable(
  'twofa_backup_codes',
  {
    id: id(),
    factorId: factorId(),
    /** The code's first digit. It says which row to compare with, so that one slow hash is enough. */
    number: smallint('number').notNull(),
    /** argon2id of the rest. */
    hash: text('hash').notNull(),
    usedAt: at('used_at'),
  },
  (t) => [
    uniqueIndex('twofa_backup_codes_number').on(t.factorId, t.number),
    check('twofa_backup_codes_one_digit', sql`${t.number} between 0 and 9`),
  ],
)

/** Sign-ins that wait for their second step. They are no sessions and open nothing. */
export const pendingLogins = pgTable(
  'twofa_pending_logins',
  {
    id: id(),
    userId: userId().notNull(),
    factorId: factorId(),
    mode: text('mode', { enum: ['cookie', 'token'] }).notNull(),
    /** What the first step showed, in auth's words; it goes into the session. */
    firstFactor: text('first_factor').notNull().default('password'),
    credentialId: uuid('credential_id'),
    attempts: integer('attempts').notNull().default(0),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('twofa_pending_logins_user').on(t.userId),
    index('twofa_pending_logins_factor').on(t.factorId),
    index('twofa_pending_logins_expires').on(t.expiresAt),
  ],
)

/** Browsers that need no second step for a while. */
export const trustedDevices = pgTable(
  'twofa_trusted_devices',
  {
    id: id(),
    userId: userId().notNull(),
    factorId: factorId(),
    userAgent: text('user_agent'),
    createdAt: at('created_at').notNull().defaultNow(),
    lastUsedAt: at('last_used_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [
    index('twofa_trusted_devices_user').on(t.userId),
    index('twofa_trusted_devices_factor').on(t.factorId),
  ],
)
export type TrustedDevice = typeof trustedDevices.$inferSelect

/** Wrong codes of an account, whatever the door: what its limit counts. */
export const wrongCodes = pgTable(
  'twofa_wrong_codes',
  {
    id: id(),
    userId: userId().notNull(),
    at: at('at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [index('twofa_wrong_codes_user').on(t.userId, t.at)],
)

/** Who has a second factor: the view that this room lends. */
export const enrolments = pgView('twofa_enrolments', { userId: uuid('user_id').notNull() }).as(
  sql`select user_id from twofa_factors where confirmed_at is not null`,
)
