/** Slow requests, one by one. */
import { type SQL, and, desc, eq, lt } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { slowRequests } from './tables.ts'

export type SlowRequest = typeof slowRequests.$inferSelect

/** Newest first. */
export async function listSlowRequests(
  ctx: ReadCtx,
  filter: { limit: number; cursor?: string; route?: string; withTotal: boolean },
): Promise<Page<SlowRequest>> {
  const { limit, route } = filter
  const after: SQL | undefined =
    filter.cursor === undefined ? undefined : lt(slowRequests.id, idCursor.decode(filter.cursor))
  const matches = route === undefined ? undefined : eq(slowRequests.route, route)
  const rows = await ctx.db
    .select()
    .from(slowRequests)
    .where(and(matches, after))
    .orderBy(desc(slowRequests.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => idCursor.encode(last.id))
  return filter.withTotal ? { ...page, total: await ctx.db.$count(slowRequests, matches) } : page
}
