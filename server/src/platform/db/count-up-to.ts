/** How many rows match, for a list that says it. */
import { type SQL, sql } from 'drizzle-orm'
import type { PgSelect, PgTable, PgView } from 'drizzle-orm/pg-core'
import type { ReadDb } from './index.ts'
import { one } from './one.ts'

/** Counting goes no further: a million rows would be read to say a number that nobody needs to the digit. */
const maxTotal = 10_000

type Total = { total: number; isTotalExact: boolean }

export const countUpTo = (
  db: ReadDb,
  table: PgTable | PgView,
  matches: SQL | undefined,
): Promise<Total> =>
  countRowsUpTo(db, db.select({ one: anything }).from(table).where(matches).$dynamic())

/** The same for what more than one table has. The rows select `anything`. */
export async function countRowsUpTo(db: ReadDb, rows: PgSelect): Promise<Total> {
  const counted = rows.limit(maxTotal + 1).as('counted')
  const { found } = one(await db.select({ found: sql`count(*)`.mapWith(Number) }).from(counted))
  return { total: Math.min(found, maxTotal), isTotalExact: found <= maxTotal }
}

export const anything = sql`1`.as('one')
