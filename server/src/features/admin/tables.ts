/** Everything the admin room stores. No token is among it: hashes only. */
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, bytea, id } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

/** One-time links to the installer; only the hash of each is kept. */
export const installerTokens = pgTable('admin_installer_tokens', {
  id: id(),
  hash: bytea('hash').notNull().unique(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
  createdAt: at('created_at').notNull().defaultNow(),
})

/** Tokens of programs. While one is rotated two secrets of it work, and never more. */
export const serviceTokens = pgTable(
  'admin_service_tokens',
  {
    id: id(),
    name: text('name').notNull(),
    scopes: text('scopes').array().notNull(),
    isReadOnly: boolean('is_read_only').notNull(),
    hash: bytea('hash').notNull(),
    /** The first characters, to recognise it by. */
    hint: text('hint').notNull(),
    /** The secret before the last rotation, and until when it works. */
    previousHash: bytea('previous_hash'),
    previousUntil: at('previous_until'),
    /** Who made or rotated it last, and answers for it with their own rights. */
    backedBy: userId('backed_by').notNull(),
    requestsPerMinute: integer('requests_per_minute'),
    expiresAt: at('expires_at').notNull(),
    /** To within five minutes. */
    lastUsedAt: at('last_used_at'),
    rotatedAt: at('rotated_at'),
    revokedAt: at('revoked_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('admin_service_tokens_hash').on(t.hash),
    uniqueIndex('admin_service_tokens_previous').on(t.previousHash),
    index('admin_service_tokens_backed_by').on(t.backedBy),
    check(
      'admin_service_tokens_previous_ends',
      sql`(${t.previousHash} is null) = (${t.previousUntil} is null)`,
    ),
  ],
)
export type ServiceToken = typeof serviceTokens.$inferSelect

export const interventionKinds = ['suspension', 'factor_reset'] as const

/** What was done to somebody's account, and why. */
export const interventions = pgTable(
  'admin_interventions',
  {
    id: id(),
    userId: userId().notNull(),
    kind: text('kind', { enum: interventionKinds }).notNull(),
    reason: text('reason').notNull(),
    /** A user's or token's id, or the name of a part of the system. */
    by: text('by').notNull(),
    /** When a suspension ends by itself. */
    until: at('until'),
    /** When it was lifted, and by whom. */
    liftedAt: at('lifted_at'),
    liftedBy: text('lifted_by'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [index('admin_interventions_user').on(t.userId, t.id)],
)
export type Intervention = typeof interventions.$inferSelect
