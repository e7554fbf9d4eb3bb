/** Everything the audit room stores: what verifications found. The log itself is the platform's. */
import { index, jsonb, pgTable } from 'drizzle-orm/pg-core'
import { at, id } from '../../platform/db/columns.ts'
import type { Verdict } from '../../platform/events/verification.ts'

export const verifications = pgTable(
  'audit_verifications',
  {
    id: id(),
    at: at('at').notNull().defaultNow(),
    verdict: jsonb('verdict').$type<Verdict>().notNull(),
  },
  (t) => [index('audit_verifications_at').on(t.at)],
)
