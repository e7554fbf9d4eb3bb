/** Slow requests, one by one. */
import { and, eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { type Page, sortingOf } from '../../platform/http/index.ts'
import { slowRequests } from './tables.ts'

export type SlowRequest = typeof slowRequests.$inferSelect

export const sorting = sortingOf<SlowRequest>()(
  slowRequests.id,
  {
    at: [],
    durationMs: [
      {
        of: slowRequests.durationMs,
        value: ({ durationMs }) => String(durationMs),
      },
    ],
  },
  '-at',
)

/** Newest first unless told otherwise. */
export async function listSlowRequests(
  ctx: ReadCtx,
  filter: { route?: string; withTotal: boolean } & Parameters<typeof sorting.by>[0],
): Promise<Page<SlowRequest>> {
  const { route } = filter
  const order = sorting.by(filter)
  const matches = route === undefined ? undefined : eq(slowRequests.route, route)
  const rows = await ctx.db
    .select()
    .from(slowRequests)
    .where(and(matches, order.after))
    .orderBy(...order.orderBy)
    .limit(order.limit)
  const page = order.page(rows)
  return filter.withTotal ? { ...page, ...(await countUpTo(ctx.db, slowRequests, matches)) } : page
}
