/**
 * Requests are recorded in memory and stored from time to time. What a request costs is a few additions; what a process
 * that is killed outright loses is what it recorded since it last stored (MONITORING_FLUSH_INTERVAL).
 */
import { randomUUID } from 'node:crypto'
import { lt, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { openFlusher } from '../../platform/flusher.ts'
import { binOf } from './histogram.ts'
import { recorders, requestFigures, slowRequests } from './tables.ts'

/** Routes, methods and classes of status by the minute, while the database is away; each takes a few kilobytes. */
const maxFigures = 5_000
/** Slow requests that wait to be stored. In a storm of them the first ones tell everything. */
const maxSlow = 1_000
/** As many rows as one statement takes. */
const rowsAtOnce = 500
const minuteMs = 60_000
const hourMs = 3_600_000
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export type RecordedRequest = {
  readonly requestId: string
  readonly method: string
  /** The pattern, never a path with values in it. */
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly userId: string | null
}

export type RequestRecorder = {
  record(request: RecordedRequest): void
  /** Stores what was recorded. Never rejects: what could not be stored is kept, and tried again. */
  flush(): Promise<void>
}

export type RecorderOptions = {
  readonly ctxFor: () => Ctx
  readonly everySeconds: number
  readonly slowMs: number
  /** Told of requests for whose figures there was no room. */
  readonly onUnrecorded: (count: number) => void
  readonly onError: (error: unknown) => void
}

type Figures = {
  readonly method: string
  readonly route: string
  readonly statusClass: number
  count: number
  sumMs: number
  minMs: number
  maxMs: number
  readonly bins: Map<number, number>
}
type Minute = { readonly startsAtMs: number; readonly figures: Map<string, Figures> }
type SlowRequest = typeof slowRequests.$inferInsert
type Batch = {
  readonly number: number
  readonly minutes: readonly Minute[]
  readonly slow: readonly SlowRequest[]
}

export function openRequestRecorder(options: RecorderOptions): RequestRecorder {
  const id = randomUUID()
  const flusher = openFlusher({ ...options, flush })
  let minutes: Minute[] = []
  let slow: SlowRequest[] = []
  let size = 0
  let flushes = 0
  /** What is being stored, or could not be: sent again as it is, so that nothing is added twice. */
  let sending: Batch | null = null

  function record(request: RecordedRequest): void {
    const now = Date.now()
    const figures = findFigures(minuteAt(now), request)
    if (figures) add(figures, request.durationMs)
    else options.onUnrecorded(1)
    if (request.durationMs > options.slowMs && slow.length < maxSlow)
      slow.push(slowOf(request, now))
    flusher.soon()
  }

  function minuteAt(now: number): Minute {
    const startsAtMs = now - (now % minuteMs)
    const latest = minutes.at(-1)
    if (latest?.startsAtMs === startsAtMs) return latest
    const minute = { startsAtMs, figures: new Map<string, Figures>() }
    minutes.push(minute)
    return minute
  }

  function findFigures({ figures }: Minute, request: RecordedRequest): Figures | null {
    const { route, status } = request
    const method = knownMethods.has(request.method) ? request.method : 'OTHER'
    const statusClass = status >= 100 && status <= 599 ? Math.floor(status / 100) : 0
    const key = `${statusClass}${method} ${route}`
    const found = figures.get(key)
    if (found) return found
    if (size >= maxFigures) return null
    size += 1
    const empty = { count: 0, sumMs: 0, minMs: Infinity, maxMs: 0, bins: new Map<number, number>() }
    const made = { method, route, statusClass, ...empty }
    figures.set(key, made)
    return made
  }

  async function flush(): Promise<void> {
    sending ??= takeBatch()
    if (sending === null) return
    const batch = sending
    await options.ctxFor().tx((tx) => store(tx, id, batch))
    size -= sizeOf(batch)
    sending = null
    // What came while an earlier batch could not be stored.
    if (minutes.length > 0) flusher.soon()
  }

  function takeBatch(): Batch | null {
    if (minutes.length === 0) return null
    flushes += 1
    const batch = { number: flushes, minutes, slow }
    minutes = []
    slow = []
    return batch
  }

  return { record, flush: flusher.now }
}

const sizeOf = ({ minutes }: Batch) => minutes.reduce((sum, { figures }) => sum + figures.size, 0)

function add(figures: Figures, ms: number): void {
  figures.count += 1
  figures.sumMs += ms
  if (ms < figures.minMs) figures.minMs = ms
  if (ms > figures.maxMs) figures.maxMs = ms
  const bin = binOf(ms)
  figures.bins.set(bin, (figures.bins.get(bin) ?? 0) + 1)
}

const slowOf = (
  { requestId, method, route, status, durationMs, userId }: RecordedRequest,
  now: number,
): SlowRequest => ({
  id: uuidv7(),
  requestId,
  method,
  route,
  status,
  durationMs,
  userId,
  at: new Date(now),
})

/** Adds a batch, unless it was added before and only the answer was lost. */
async function store(tx: TxCtx, id: string, { number, minutes, slow }: Batch): Promise<void> {
  const isNew = await tx.db
    .insert(recorders)
    .values({ id, flushes: number, at: sql`now()` })
    .onConflictDoUpdate({
      target: recorders.id,
      set: { flushes: number, at: sql`now()` },
      setWhere: lt(recorders.flushes, number),
    })
    .returning({ id: recorders.id })
  if (isNew.length === 0) return
  for (const rows of chunks([...rowsOf(minutes, minuteMs), ...rowsOf(minutes, hourMs)]))
    await addFigures(tx, rows)
  for (const rows of chunks(slow)) await tx.db.insert(slowRequests).values([...rows])
}

type Row = typeof requestFigures.$inferInsert

/** Minutes as rows of this span, in the order of their keys: who adds to the same rows never waits crosswise. */
function rowsOf(minutes: readonly Minute[], spanMs: number): Row[] {
  const merged = new Map<string, { startsAtMs: number; figures: Figures }>()
  for (const { startsAtMs: minuteStartsAtMs, figures: all } of minutes) {
    const startsAtMs = minuteStartsAtMs - (minuteStartsAtMs % spanMs)
    for (const [name, figures] of all) {
      const key = `${startsAtMs} ${name}`
      const known = merged.get(key)
      if (known) merge(known.figures, figures)
      else merged.set(key, { startsAtMs, figures: { ...figures, bins: new Map(figures.bins) } })
    }
  }
  return [...merged]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { startsAtMs, figures }]) => rowOf(figures, startsAtMs, spanMs))
}

function merge(into: Figures, from: Figures): void {
  into.count += from.count
  into.sumMs += from.sumMs
  into.minMs = Math.min(into.minMs, from.minMs)
  into.maxMs = Math.max(into.maxMs, from.maxMs)
  for (const [bin, count] of from.bins) into.bins.set(bin, (into.bins.get(bin) ?? 0) + count)
}

function rowOf({ bins, ...figures }: Figures, startsAtMs: number, spanMs: number): Row {
  const ordered = [...bins].toSorted(([one], [other]) => one - other)
  return {
    ...figures,
    spanSeconds: spanMs / 1000,
    startsAt: new Date(startsAtMs),
    bins: ordered.map(([bin]) => bin),
    counts: ordered.map(([, count]) => count),
  }
}

async function addFigures(tx: TxCtx, rows: readonly Row[]): Promise<void> {
  const known = requestFigures
  const added = sql`(
    select bin, sum(n)::integer as n
    from (
      select unnest(${known.bins}) as bin, unnest(${known.counts}) as n
      union all select unnest(excluded.bins), unnest(excluded.counts)
    ) as parts group by bin
  ) as added`
  await tx.db
    .insert(requestFigures)
    .values([...rows])
    .onConflictDoUpdate({
      target: [known.spanSeconds, known.startsAt, known.method, known.route, known.statusClass],
      set: {
        count: sql`${known.count} + excluded.count`,
        sumMs: sql`${known.sumMs} + excluded.sum_ms`,
        minMs: sql`least(${known.minMs}, excluded.min_ms)`,
        maxMs: sql`greatest(${known.maxMs}, excluded.max_ms)`,
        bins: sql`(select array_agg(bin order by bin) from ${added})`,
        counts: sql`(select array_agg(n order by bin) from ${added})`,
      },
    })
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += rowsAtOnce) yield all.slice(from, from + rowsAtOnce)
}
