/** Everything the inbox room stores. */
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { at, bytea, id } from '../../platform/db/columns.ts'

/** `ignored`: stored and not acted on; `ignoredFor` says why. */
export const eventStates = ['received', 'processed', 'ignored'] as const
export const ignoredFor = ['unknown_kind', 'wrong_mode', 'no_object'] as const
/** What keeps an object from being in step: it belongs to something that we do not know (yet), or asking failed. */
export const problems = ['parent_missing', 'failed', 'impossible'] as const

/** What a provider has told us, once each, as it came. */
export const inboxEvents = pgTable(
  'inbox_events',
  {
    id: id(),
    provider: text('provider').notNull(),
    providerEventId: text('provider_event_id').notNull(),
    /** Of the connected account; empty for our own. */
    account: text('account').notNull(),
    type: text('type').notNull(),
    kind: text('kind').notNull(),
    objectId: text('object_id'),
    apiVersion: text('api_version'),
    isLive: boolean('is_live').notNull(),
    raw: bytea('raw').notNull(),
    state: text('state', { enum: eventStates }).notNull(),
    ignoredFor: text('ignored_for', { enum: ignoredFor }),
    occurredAt: at('occurred_at').notNull(),
    receivedAt: at('received_at').notNull().defaultNow(),
    processedAt: at('processed_at'),
  },
  (t) => [
    unique('inbox_events_once').on(t.provider, t.providerEventId),
    index('inbox_events_object').on(t.provider, t.account, t.kind, t.objectId, t.id),
    index('inbox_events_open')
      .on(t.id)
      .where(sql`${t.state} = 'received'`),
    index('inbox_events_received').on(t.receivedAt),
    check('inbox_events_ignored', sql`(${t.state} = 'ignored') = (${t.ignoredFor} is not null)`),
  ],
)
export type InboxEvent = typeof inboxEvents.$inferSelect

/**
 * One row for each object at a provider, so that only one process at a time asks what it is and applies the answer:
 * whoever holds the lease under the newest fence. It is in step when nothing was heard of it since it was asked.
 */
export const inboxObjects = pgTable(
  'inbox_objects',
  {
    id: id(),
    provider: text('provider').notNull(),
    account: text('account').notNull(),
    kind: text('kind').notNull(),
    objectId: text('object_id').notNull(),
    dirtySeq: bigint('dirty_seq', { mode: 'number' }).notNull(),
    syncedSeq: bigint('synced_seq', { mode: 'number' }).notNull().default(0),
    fence: bigint('fence', { mode: 'number' }).notNull().default(0),
    leaseUntil: at('lease_until'),
    /** Runs in a row that changed nothing. */
    attempts: integer('attempts').notNull().default(0),
    problem: text('problem', { enum: problems }),
    /** For whoever looks into it; of a failure, its message. */
    detail: text('detail'),
    troubledSince: at('troubled_since'),
    nextAt: at('next_at'),
    /** Given up: nothing happens any more until somebody says so. */
    deadAt: at('dead_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('inbox_objects_once').on(t.provider, t.account, t.kind, t.objectId),
    index('inbox_objects_behind')
      .on(t.nextAt)
      .where(sql`${t.dirtySeq} > ${t.syncedSeq} and ${t.deadAt} is null`),
    index('inbox_objects_dead')
      .on(t.deadAt)
      .where(sql`${t.deadAt} is not null`),
    check('inbox_objects_seq', sql`${t.syncedSeq} <= ${t.dirtySeq}`),
  ],
)
export type InboxObject = typeof inboxObjects.$inferSelect

/** How far the events of a provider have been asked for, besides those that it sends. */
export const inboxCursors = pgTable('inbox_cursors', {
  provider: text('provider').primaryKey(),
  /** When the newest of them happened, by the provider's clock. */
  reachedAt: at('reached_at').notNull(),
  updatedAt: at('updated_at').notNull().defaultNow(),
})
