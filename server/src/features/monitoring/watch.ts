/**
 * Watching: facts are counted as security events, each exactly once, and requests as failed or not; where there are too many
 * of them an alert is raised, or the one that goes on grows.
 */
import { type SQL, and, eq, gt, gte, lte, notInArray, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { followFacts } from '../../platform/events/follow.ts'
import {
  type Incident,
  type Occurrence,
  addToTotal,
  findOngoing,
  grow,
  lockRaising,
  raise,
} from './alerts.ts'
import { type SecurityEvent, securityEventsOf } from './security-events.ts'
import { eventCounts, requestFigures } from './tables.ts'
import {
  type SecurityEventType,
  type Threshold,
  getThreshold,
  listThresholds,
  severityOf,
} from './thresholds.ts'

/** Facts of one transaction: it holds a lock that others wait for. */
const factsAtOnce = 500
const minuteMs = 60_000
/** They are asked all day and fail on purpose while a server drains. */
const probes = ['/livez', '/readyz', '/health']

/** Counts everything that was recorded since the last time. Of several at once each waits for the one before. */
export async function watch(ctx: Ctx, signal: AbortSignal): Promise<void> {
  for (let hasMore = true; hasMore && !signal.aborted;) hasMore = await ctx.tx(countFacts)
  await ctx.tx(watchErrorRate)
}

async function countFacts(tx: TxCtx): Promise<boolean> {
  await lockRaising(tx)
  const { facts, hasMore } = await followFacts(tx, 'monitoring', factsAtOnce)
  const thresholds = new Map((await listThresholds(tx)).map((each) => [each.type, each]))
  for (const group of groupsOf(facts.flatMap(securityEventsOf))) {
    const threshold = thresholds.get(group.type)
    if (threshold) await count(tx, group, threshold)
  }
  return hasMore
}

/** Events of one minute that have everything in common. */
type Group = Pick<SecurityEvent, 'type' | 'ip' | 'subjectId'> &
  Occurrence & { readonly minute: Date }

/** In the order in which they happened: an alert is raised at the event that makes it one. */
function groupsOf(events: readonly SecurityEvent[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const { type, ip, subjectId, at, eventId, count: times } of events) {
    const minute = new Date(at.getTime() - (at.getTime() % minuteMs))
    const key = JSON.stringify([minute, type, ip, subjectId])
    const known = groups.get(key)
    const [first, last] =
      known && known.firstAt <= at ? [known.firstAt, at] : [at, known?.lastAt ?? at]
    groups.set(key, {
      type,
      ip,
      subjectId,
      minute,
      count: times + (known?.count ?? 0),
      firstAt: first,
      lastAt: known && known.lastAt > last ? known.lastAt : last,
      firstEventId: known?.firstEventId ?? eventId,
      lastEventId: eventId,
    })
  }
  return [...groups.values()].toSorted((a, b) => a.firstAt.getTime() - b.firstAt.getTime())
}

/** Each event is counted on one alert at most: that of its address or that of its subject. */
async function count(tx: TxCtx, group: Group, threshold: Threshold): Promise<void> {
  await addToTotal(tx, { kind: 'event', type: group.type, severity: '' }, group.count)
  const incidents = incidentsOf(group)
  const ongoing =
    incidents.length > 0 ? await findOngoing(tx, incidents, threshold, group.firstAt) : null
  await addCounts(tx, group, ongoing !== null)
  if (ongoing) {
    const total = ongoing.count + group.count
    return grow(tx, ongoing, { ...group, count: total }, severityOf(threshold, total))
  }
  if (!threshold.isEnabled) return
  for (const incident of incidents) {
    const within = unalertedWithin(incident, threshold, group.minute)
    const occurrence = await occurrenceOf(tx, within, group)
    if (occurrence.count < threshold.threshold) continue
    await tx.db.update(eventCounts).set({ unalerted: 0 }).where(within)
    return raise(tx, incident, threshold, occurrence, severityOf(threshold, occurrence.count))
  }
}

/** These are about somebody, whom they happen to from wherever; of the others one source counts first. */
const bySubjectFirst: ReadonlySet<SecurityEventType> = new Set([
  'failed_second_factor',
  'lock_out',
  'reused_refresh_token',
  'cloned_passkey',
  'refused_access',
  'impersonation',
])

function incidentsOf({ type, ip, subjectId }: Group): readonly Incident[] {
  const byAddress = { type, by: 'ip', key: ip } as const
  const bySubject = { type, by: 'subject', key: subjectId } as const
  const both = bySubjectFirst.has(type) ? [bySubject, byAddress] : [byAddress, bySubject]
  return both.filter(({ key }) => key !== '')
}

async function addCounts(tx: TxCtx, group: Group, isAlerted: boolean): Promise<void> {
  const { type, ip, subjectId, minute, count: times } = group
  const unalerted = isAlerted ? 0 : times
  await tx.db
    .insert(eventCounts)
    .values({ minute, type, ip, subjectId, count: times, unalerted })
    .onConflictDoUpdate({
      target: [eventCounts.minute, eventCounts.type, eventCounts.ip, eventCounts.subjectId],
      set: {
        count: sql`${eventCounts.count} + ${times}`,
        unalerted: sql`${eventCounts.unalerted} + ${unalerted}`,
      },
    })
}

function unalertedWithin(
  { type, by, key }: Incident,
  { windowSeconds }: Threshold,
  minute: Date,
): SQL | undefined {
  return and(
    eq(eventCounts.type, type),
    eq(by === 'ip' ? eventCounts.ip : eventCounts.subjectId, key),
    gt(eventCounts.minute, new Date(minute.getTime() - windowSeconds * 1000)),
    lte(eventCounts.minute, minute),
    gt(eventCounts.unalerted, 0),
  )
}

async function occurrenceOf(
  tx: TxCtx,
  within: SQL | undefined,
  { firstAt, lastAt, firstEventId, lastEventId }: Group,
): Promise<Occurrence> {
  const { unalerted, since } = one(
    await tx.db
      .select({
        unalerted: sql`coalesce(sum(${eventCounts.unalerted}), 0)`.mapWith(Number),
        since: sql`min(${eventCounts.minute})`.mapWith(eventCounts.minute),
      })
      .from(eventCounts)
      .where(within),
  )
  // Of earlier minutes only the minute is known.
  return {
    count: unalerted,
    firstAt: since < firstAt ? since : firstAt,
    lastAt,
    firstEventId,
    lastEventId,
  }
}

/** The share of requests that failed by our fault, all routes together: what is broken is seldom one route. */
async function watchErrorRate(tx: TxCtx): Promise<void> {
  await lockRaising(tx)
  const threshold = await getThreshold(tx, 'error_rate')
  const windowStart = tx.now.getTime() - threshold.windowSeconds * 1000
  const { requests, failed } = await countRequests(tx, new Date(windowStart))
  const percent = requests === 0 ? 0 : (failed / requests) * 100
  if (!threshold.isEnabled || requests < (threshold.minRequests ?? 1)) return
  if (percent < threshold.threshold) return
  const severity = severityOf(threshold, percent)
  const incident = { type: 'error_rate', by: 'all', key: '' } as const
  const occurrence = {
    count: failed,
    firstAt: new Date(windowStart),
    lastAt: tx.now,
    firstEventId: null,
    lastEventId: null,
  }
  const ongoing = await findOngoing(tx, [incident], threshold, tx.now)
  if (!ongoing) return raise(tx, incident, threshold, occurrence, severity)
  const sinceThen = await countRequests(tx, ongoing.firstAt)
  return grow(tx, ongoing, { ...occurrence, count: sinceThen.failed }, severity)
}

async function countRequests(tx: TxCtx, from: Date) {
  const { count: requests, statusClass, spanSeconds, startsAt, route } = requestFigures
  return one(
    await tx.db
      .select({
        requests: sql`coalesce(sum(${requests}), 0)`.mapWith(Number),
        failed: sql`coalesce(sum(${requests}) filter (where ${statusClass} = 5), 0)`.mapWith(
          Number,
        ),
      })
      .from(requestFigures)
      .where(
        and(
          eq(spanSeconds, minuteMs / 1000),
          gte(startsAt, new Date(from.getTime() - (from.getTime() % minuteMs))),
          notInArray(route, probes),
        ),
      ),
  )
}
