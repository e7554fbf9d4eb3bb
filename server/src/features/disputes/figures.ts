/** How many disputes wait for an answer of ours, and by when the first of them. */
import { and, eq, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { disputes } from './tables.ts'

export async function readOpenDisputes({ db }: Pick<ReadCtx, 'db'>) {
  return one(
    await db
      .select({
        needEvidence: sql`count(*)`.mapWith(Number),
        firstDueAt: sql`min(${disputes.dueAt})`.mapWith(disputes.dueAt),
      })
      .from(disputes)
      .where(and(eq(disputes.state, 'needs_response'), eq(disputes.hasEvidence, false))),
  )
}
