/** Everything the privacy room stores: exports on their way or ready, and erasures from the wish to the end. */
import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { at, id } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

export const exports = pgTable(
  'privacy_exports',
  {
    id: id(),
    userId: userId().notNull(),
    status: text('status', { enum: ['pending', 'ready', 'failed', 'expired'] })
      .notNull()
      .default('pending'),
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    createdAt: at('created_at').notNull().defaultNow(),
    readyAt: at('ready_at'),
    expiresAt: at('expires_at').notNull(),
  },
  (t) => [
    index('privacy_exports_user').on(t.userId, t.createdAt),
    index('privacy_exports_expires').on(t.expiresAt),
    // One at a time: asking again meanwhile is asking for the same.
    uniqueIndex('privacy_exports_pending')
      .on(t.userId)
      .where(sql`${t.status} = 'pending'`),
    check(
      'privacy_exports_ready_has_size',
      sql`${t.status} <> 'ready' or ${t.sizeBytes} is not null`,
    ),
  ],
)
export type Export = typeof exports.$inferSelect

/** Ids and times only: this row outlives the person. The token that withdraws an erasure is computed from its id. */
export const erasures = pgTable(
  'privacy_erasures',
  {
    id: id(),
    userId: userId().notNull(),
    requestedAt: at('requested_at').notNull().defaultNow(),
    dueAt: at('due_at').notNull(),
    withdrawnAt: at('withdrawn_at'),
    /** From here on there is no way back. */
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
  },
  (t) => [
    uniqueIndex('privacy_erasures_open')
      .on(t.userId)
      .where(sql`${t.withdrawnAt} is null`),
    index('privacy_erasures_due')
      .on(t.dueAt)
      .where(sql`${t.withdrawnAt} is null and ${t.finishedAt} is null`),
    check(
      'privacy_erasures_started_or_withdrawn',
      sql`${t.startedAt} is null or ${t.withdrawnAt} is null`,
    ),
  ],
)
export type Erasure = typeof erasures.$inferSelect
