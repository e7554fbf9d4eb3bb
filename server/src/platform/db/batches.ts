/** Deleting much without holding up others: some rows at a time, each time in a transaction of its own. */
import { type SQL, and, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Ctx } from '../context.ts'

const batchRows = 1_000
/** What is left after so many is the next run's. */
const maxBatches = 200

/** Deletes the rows that match, at most 200,000 of them; returns how many. What is deleted twice does no harm. */
export async function deleteInBatches(
  ctx: Ctx,
  table: PgTable,
  matches: SQL | undefined,
): Promise<number> {
  let deleted = 0
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { rowCount } = await ctx.tx((tx) =>
      tx.db.delete(table).where(
        // Asked twice: in another partition the same place is another row.
        and(
          sql`ctid = any(array(select ctid from ${table} where ${matches ?? sql`false`} limit ${batchRows}))`,
          matches,
        ),
      ),
    )
    deleted += rowCount ?? 0
    if ((rowCount ?? 0) < batchRows) break
  }
  return deleted
}
