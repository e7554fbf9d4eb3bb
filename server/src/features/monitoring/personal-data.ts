/** What the monitoring room knows of a person, and how it forgets them. */
import { and, eq, gt } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type Part, type PersonalData, inPages, rowsOf } from '../../platform/personal-data.ts'
import { alerts, eventCounts, slowRequests } from './tables.ts'

export const personalData: PersonalData = {
  room: 'monitoring',
  tables: ['monitoring_slow_requests', 'monitoring_event_counts', 'monitoring_alerts'],
  collect: (ctx, { id }) => [
    slowRequestsOf(ctx, id),
    {
      // Two days of minutes at most.
      name: 'security-events',
      rows: rowsOf(() =>
        ctx.db
          .select({
            minute: eventCounts.minute,
            type: eventCounts.type,
            count: eventCounts.count,
          })
          .from(eventCounts)
          .where(eq(eventCounts.subjectId, id)),
      ),
    },
    {
      name: 'security-alerts',
      rows: rowsOf(() =>
        ctx.db
          .select({
            type: alerts.type,
            severity: alerts.severity,
            count: alerts.count,
            firstAt: alerts.firstAt,
            lastAt: alerts.lastAt,
          })
          .from(alerts)
          .where(isAbout(id)),
      ),
    },
  ],
  /** Alerts stay for those who answer for the system: they hold an id, and what others wrote. */
  erase: async (ctx, { id }) => {
    await ctx.tx((tx) =>
      tx.db.update(slowRequests).set({ userId: null }).where(eq(slowRequests.userId, id)),
    )
    await deleteInBatches(ctx, eventCounts, eq(eventCounts.subjectId, id))
  },
}

const isAbout = (id: string) => and(eq(alerts.key, id), eq(alerts.by, 'subject'))

function slowRequestsOf({ db }: ReadCtx, userId: string): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({
        id: slowRequests.id,
        requestId: slowRequests.requestId,
        method: slowRequests.method,
        route: slowRequests.route,
        durationMs: slowRequests.durationMs,
        at: slowRequests.at,
      })
      .from(slowRequests)
      .where(
        and(
          eq(slowRequests.userId, userId),
          after === null ? undefined : gt(slowRequests.id, after),
        ),
      )
      .orderBy(slowRequests.id)
      .limit(limit)
  return { name: 'slow-requests', rows: inPages(page, ({ id }) => id) }
}
