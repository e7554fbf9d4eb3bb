/** Traffic over time: how many requests, how many failed and how long they took, while by while. */
import { and, eq, gte, lt, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { percentileOf } from './histogram.ts'
import { requestFigures } from './tables.ts'

export type Moment = {
  readonly at: Date
  readonly count: number
  /** Answers with 5xx. */
  readonly errors: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}
/** By the minute or by the hour: as the figures are kept. */
export type Span = { readonly from: Date; readonly until: Date; readonly seconds: 60 | 3600 }

/** Only whiles in which there was something. */
export async function readTraffic(ctx: ReadCtx, span: Span): Promise<readonly Moment[]> {
  const { startsAt, spanSeconds, statusClass, count, bins, counts } = requestFigures
  const within = and(
    eq(spanSeconds, span.seconds),
    gte(startsAt, span.from),
    lt(startsAt, span.until),
  )
  const sums = await ctx.db
    .select({
      at: startsAt,
      count: sql`sum(${count})`.mapWith(Number),
      errors: sql`coalesce(sum(${count}) filter (where ${statusClass} = 5), 0)`.mapWith(Number),
    })
    .from(requestFigures)
    .where(within)
    .groupBy(startsAt)
    .orderBy(startsAt)
  const bin = sql<number>`part.bin`
  const parts = await ctx.db
    .select({ at: startsAt, bin, count: sql`sum(part.n)`.mapWith(Number) })
    .from(requestFigures)
    .innerJoin(sql`lateral unnest(${bins}, ${counts}) as part(bin, n)`, sql`true`)
    .where(within)
    .groupBy(startsAt, bin)
    .orderBy(bin)
  const byTime = Map.groupBy(parts, ({ at }) => at.getTime())
  return sums.map((sum) => {
    const own = byTime.get(sum.at.getTime()) ?? []
    return {
      ...sum,
      p50Ms: percentileOf(own, 0.5),
      p95Ms: percentileOf(own, 0.95),
      p99Ms: percentileOf(own, 0.99),
    }
  })
}
