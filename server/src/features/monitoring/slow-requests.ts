/** Slow requests, one by one. */
import { type SQL, and, desc, eq, lt } from 'drizzle-orm'
import { Type } from 'typebox'
import type { ReadCtx } from '../../platform/context.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { slowRequests } from './tables.ts'

export type SlowRequest = typeof slowRequests.$inferSelect

/** Ids tell when a row was made, so they order the list. */
const cursor = cursorOf(Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }))

/** Newest first. */
export async function listSlowRequests(
  ctx: ReadCtx,
  filter: { limit: number; cursor?: string; route?: string; withTotal: boolean },
): Promise<Page<SlowRequest>> {
  const { limit, route } = filter
  const after: SQL | undefined =
    filter.cursor === undefined ? undefined : lt(slowRequests.id, cursor.decode(filter.cursor))
  const matches = route === undefined ? undefined : eq(slowRequests.route, route)
  const rows = await ctx.db
    .select()
    .from(slowRequests)
    .where(and(matches, after))
    .orderBy(desc(slowRequests.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => cursor.encode(last.id))
  return filter.withTotal ? { ...page, total: await ctx.db.$count(slowRequests, matches) } : page
}
