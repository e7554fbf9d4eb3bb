/** Security events of the last minutes, hour or day: what there was, and who or what it came from. */
import { desc, eq, gt, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import type { AlertFigures } from '../../platform/telemetry/index.ts'
import { type Window, windows } from './route-figures.ts'
import { alerts, eventCounts, totals } from './tables.ts'

/** Sources worth looking at; those with more come first. */
const maxSources = 100

export type EventTotals = { readonly type: string; readonly count: number }
export type EventSource = EventTotals & {
  readonly ip: string | null
  readonly subjectId: string | null
  /** The minute of the newest. */
  readonly lastAt: Date
}

export async function readSecurityEvents(
  ctx: ReadCtx,
  window: Window,
): Promise<{ readonly types: readonly EventTotals[]; readonly sources: readonly EventSource[] }> {
  const { minute, type, ip, subjectId } = eventCounts
  const within = gt(minute, new Date(ctx.now.getTime() - windows[window]))
  const count = sql`sum(${eventCounts.count})`.mapWith(Number)
  const types = await ctx.db
    .select({ type, count })
    .from(eventCounts)
    .where(within)
    .groupBy(type)
    .orderBy(type)
  const sources = await ctx.db
    .select({
      type,
      ip: orNull(ip),
      subjectId: orNull(subjectId),
      count,
      lastAt: sql`max(${minute})`.mapWith(minute),
    })
    .from(eventCounts)
    .where(within)
    .groupBy(type, ip, subjectId)
    .orderBy(desc(count), type, ip, subjectId)
    .limit(maxSources)
  return { types, sources }
}

/** For Prometheus: what was ever counted and raised, and what waits to be acknowledged. */
export async function readAlertFigures({ db }: Pick<ReadCtx, 'db'>): Promise<AlertFigures> {
  const all = await db.select().from(totals)
  const open = await db
    .select({ severity: alerts.severity, count: sql`count(*)`.mapWith(Number) })
    .from(alerts)
    .where(eq(alerts.status, 'open'))
    .groupBy(alerts.severity)
  const of = (kind: 'event' | 'alert') =>
    all.filter((row) => row.kind === kind).map(({ total, ...row }) => ({ ...row, count: total }))
  return { events: of('event'), raised: of('alert'), open }
}

const orNull = (column: typeof eventCounts.ip | typeof eventCounts.subjectId) =>
  sql<string | null>`nullif(${column}, '')`
