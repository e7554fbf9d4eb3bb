/** How far behind the inbox is: what is due and was not looked at, and what was given up. */
import { isNotNull, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { isBehind } from './sync.ts'
import { inboxCursors, inboxObjects } from './tables.ts'

export type InboxLag = {
  /** Objects that could be looked at now, and since when the oldest of them could. */
  readonly due: number
  readonly oldestDueSeconds: number | null
  readonly dead: number
  /** Since gaps were last looked for; null when they never were. */
  readonly filledSecondsAgo: number | null
}

export async function readInboxLag({ db }: Pick<ReadCtx, 'db'>): Promise<InboxLag> {
  const dueSince = sql`coalesce(${inboxObjects.nextAt}, ${inboxObjects.updatedAt})`
  const behind = one(
    await db
      .select({
        due: sql`count(*)`.mapWith(Number),
        oldest: sql<number | null>`extract(epoch from now() - min(${dueSince}))::float8`,
      })
      .from(inboxObjects)
      .where(isBehind),
  )
  const given = one(
    await db
      .select({ dead: sql`count(*)`.mapWith(Number) })
      .from(inboxObjects)
      .where(isNotNull(inboxObjects.deadAt)),
  )
  const filled = one(
    await db
      .select({
        ago: sql<number | null>`extract(epoch from now() - max(${inboxCursors.updatedAt}))::float8`,
      })
      .from(inboxCursors),
  )
  return {
    due: behind.due,
    oldestDueSeconds: behind.oldest,
    dead: given.dead,
    filledSecondsAgo: filled.ago,
  }
}
