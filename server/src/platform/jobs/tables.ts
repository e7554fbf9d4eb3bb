/** What jobs remember beside the queue itself: the keys that were used, and when the clock starts what. */
import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from '../db/columns.ts'

/** One row per name and key of a keyed job: whoever inserts it first owns the one effect. */
export const jobKeys = pgTable(
  'platform_job_keys',
  {
    name: text('name').notNull(),
    key: text('key').notNull(),
    /** The outbox row that owns the key; also the job's id in the store. */
    jobId: uuid('job_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When the job succeeded; from then on the key is remembered for `keyMemoryDays`. */
    doneAt: at('done_at'),
  },
  (t) => [
    primaryKey({ columns: [t.name, t.key] }),
    index('platform_job_keys_job').on(t.jobId),
    index('platform_job_keys_created').on(t.createdAt),
  ],
)

/** The next start of each job that has a cron expression. */
export const jobSchedules = pgTable('platform_job_schedules', {
  name: text('name').primaryKey(),
  cron: text('cron').notNull(),
  nextAt: at('next_at').notNull(),
  lastAt: at('last_at'),
  /** When a process that knows this job was last alive; a row nobody knows any more is removed. */
  seenAt: at('seen_at').notNull().defaultNow(),
})
