/** Slow requests, one by one, and as a part of one id's story. */
import { and, eq, inArray } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { type Page, sortingOf } from '../../platform/http/index.ts'
import type { TraceSource } from '../../platform/trace-source.ts'
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
  filter: { route?: string } & Parameters<typeof sorting.by>[0],
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
  return { ...page, ...(await countUpTo(ctx.db, slowRequests, matches)) }
}

/** A client may give several requests one id. */
const most = 200

/** Whoever finds a slow request in the list asks next what it was about, also when it left nothing else behind. */
export const tracedSlowRequests: TraceSource = {
  kind: 'request',
  permission: 'monitoring.read',
  find: async ({ db }, ids) => {
    const found = await db
      .select()
      .from(slowRequests)
      .where(inArray(slowRequests.requestId, [...ids]))
      .limit(most)
    return {
      moments: found.map(({ at, method, route, id, status, durationMs, userId }) => ({
        at,
        source: 'request',
        name: `${method} ${route}`,
        ref: userId,
        data: { id, status, durationMs },
      })),
      related: found.map(({ requestId }) => requestId),
    }
  },
}
