/** Everything the impersonation room stores. A token is computed from its row's id. */
import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at, id } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

export const impersonations = pgTable(
  'impersonation_impersonations',
  {
    id: id(),
    /** Whose account it is. */
    userId: userId().notNull(),
    /** Who acts in it, and the session of theirs on which it stands. */
    impersonatorId: userId('impersonator_id').notNull(),
    impersonatorSessionId: uuid('impersonator_session_id').notNull(),
    reason: text('reason').notNull(),
    minutes: integer('minutes').notNull(),
    tokenExpiresAt: at('token_expires_at').notNull(),
    /** When the token was used, and the session that it opened. */
    begunAt: at('begun_at'),
    sessionId: uuid('session_id'),
    endsAt: at('ends_at'),
    /** When somebody ended it before its time. */
    endedAt: at('ended_at'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('impersonation_impersonations_user').on(t.userId, t.id),
    index('impersonation_impersonations_impersonator').on(t.impersonatorId, t.id),
    uniqueIndex('impersonation_impersonations_session').on(t.sessionId),
    index('impersonation_impersonations_created').on(t.createdAt),
  ],
)
export type Impersonation = typeof impersonations.$inferSelect
