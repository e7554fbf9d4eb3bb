/** Figures of routes over the last minutes, hour or day: how many requests, how long they took, how many failed. */
import { type SQL, and, gte, lt, eq, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Bins, percentileOf } from './histogram.ts'
import { requestFigures } from './tables.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
export const windows = { '5m': 5 * minuteMs, '1h': hourMs, '24h': 24 * hourMs } as const
export type Window = keyof typeof windows

export type Figures = {
  readonly count: number
  /** Shares of all requests, 0 to 1. */
  readonly errorRate: number
  readonly refusalRate: number
  readonly avgMs: number
  readonly minMs: number
  readonly maxMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}
export type RouteFigures = Figures & { readonly method: string; readonly route: string }
export type WindowFigures = {
  readonly window: Window
  /** The window begins with a whole minute. */
  readonly from: Date
  readonly until: Date
  readonly all: Figures
  readonly routes: readonly RouteFigures[]
}

type Sums = {
  readonly count: number
  readonly errors: number
  readonly refusals: number
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
}
const nothing: Sums = { count: 0, errors: 0, refusals: 0, sumMs: 0, minMs: Infinity, maxMs: 0 }

export async function readWindow(ctx: ReadCtx, window: Window): Promise<WindowFigures> {
  const until = ctx.now
  const from = startOf(until.getTime() - windows[window], minuteMs)
  const within = rowsBetween(from, until.getTime())
  const sums = await sumsByRoute(ctx, within)
  const bins = await binsByRoute(ctx, within)
  return {
    window,
    from: new Date(from),
    until,
    all: figuresOf(sums.reduce(addSums, nothing), addBins([...bins.values()])),
    routes: sums.map(({ method, route, ...own }) => ({
      method,
      route,
      ...figuresOf(own, bins.get(`${method} ${route}`) ?? []),
    })),
  }
}

/** Whole hours by the hour, what sticks out at both ends by the minute. */
function rowsBetween(fromMs: number, untilMs: number): SQL | undefined {
  const firstHour = startOf(fromMs + hourMs - 1, hourMs)
  const lastHour = startOf(untilMs, hourMs)
  if (lastHour <= firstHour) return spanBetween(minuteMs, fromMs, untilMs)
  return or(
    spanBetween(minuteMs, fromMs, firstHour),
    spanBetween(hourMs, firstHour, lastHour),
    spanBetween(minuteMs, lastHour, untilMs),
  )
}

const startOf = (ms: number, spanMs: number) => ms - (ms % spanMs)

const spanBetween = (spanMs: number, fromMs: number, untilMs: number) =>
  and(
    eq(requestFigures.spanSeconds, spanMs / 1000),
    gte(requestFigures.startsAt, new Date(fromMs)),
    lt(requestFigures.startsAt, new Date(untilMs)),
  )

async function sumsByRoute({ db }: ReadCtx, within: SQL | undefined) {
  const { method, route, statusClass, count, sumMs, minMs, maxMs } = requestFigures
  return db
    .select({
      method,
      route,
      count: sql`sum(${count})`.mapWith(Number),
      errors: sql`coalesce(sum(${count}) filter (where ${statusClass} = 5), 0)`.mapWith(Number),
      refusals: sql`coalesce(sum(${count}) filter (where ${statusClass} = 4), 0)`.mapWith(Number),
      sumMs: sql`sum(${sumMs})`.mapWith(Number),
      minMs: sql`min(${minMs})`.mapWith(Number),
      maxMs: sql`max(${maxMs})`.mapWith(Number),
    })
    .from(requestFigures)
    .where(within)
    .groupBy(method, route)
    .orderBy(route, method)
}

async function binsByRoute({ db }: ReadCtx, within: SQL | undefined): Promise<Map<string, Bins>> {
  const { method, route } = requestFigures
  const bin = sql<number>`part.bin`
  const rows = await db
    .select({ method, route, bin, count: sql`sum(part.n)`.mapWith(Number) })
    .from(requestFigures)
    .innerJoin(
      sql`lateral unnest(${requestFigures.bins}, ${requestFigures.counts}) as part(bin, n)`,
      sql`true`,
    )
    .where(within)
    .groupBy(method, route, bin)
    .orderBy(bin)
  const byRoute = new Map<string, { bin: number; count: number }[]>()
  for (const row of rows) {
    const key = `${row.method} ${row.route}`
    const own = byRoute.get(key)
    if (own) own.push(row)
    else byRoute.set(key, [row])
  }
  return byRoute
}

const addSums = (one: Sums, other: Sums): Sums => ({
  count: one.count + other.count,
  errors: one.errors + other.errors,
  refusals: one.refusals + other.refusals,
  sumMs: one.sumMs + other.sumMs,
  minMs: Math.min(one.minMs, other.minMs),
  maxMs: Math.max(one.maxMs, other.maxMs),
})

function addBins(all: readonly Bins[]): Bins {
  const counts = new Map<number, number>()
  for (const { bin, count } of all.flat()) counts.set(bin, (counts.get(bin) ?? 0) + count)
  return [...counts].map(([bin, count]) => ({ bin, count })).toSorted((a, b) => a.bin - b.bin)
}

function figuresOf({ count, errors, refusals, sumMs, minMs, maxMs }: Sums, bins: Bins): Figures {
  // The middle of a bin may lie outside of what was in it; nothing was longer than the longest.
  const percentile = (share: number) => Math.min(Math.max(percentileOf(bins, share), minMs), maxMs)
  const shareOf = (part: number) => (count === 0 ? 0 : part / count)
  return {
    count,
    errorRate: shareOf(errors),
    refusalRate: shareOf(refusals),
    avgMs: shareOf(sumMs),
    minMs: count === 0 ? 0 : minMs,
    maxMs,
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
  }
}
