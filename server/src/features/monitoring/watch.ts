/**
 * Watching: facts are counted as security events, each exactly once, and requests as failed or not; where there are too many
 * of them an alert is raised, or the one that goes on grows.
 */
import { and, eq, gte, notInArray, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { followFacts } from '../../platform/events/follow.ts'
import { type Ongoing, addToTotals, findOngoing, grow, lockRaising, raise } from './alerts.ts'
import {
  type Candidate,
  type Group,
  addCounts,
  findReached,
  groupsOf,
  takeOwn,
  takeReached,
} from './event-counts.ts'
import { securityEventsOf } from './security-events.ts'
import { requestFigures } from './tables.ts'
import {
  type NamedThreshold,
  type SecurityEventType,
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
  const groups = groupsOf(facts.flatMap(securityEventsOf))
  if (groups.length > 0) await count(tx, groups)
  return hasMore
}

async function count(tx: TxCtx, groups: readonly Group[]): Promise<void> {
  await addToTotals(tx, 'event', groups)
  await addCounts(tx, groups)
  const candidates = candidatesOf(groups, await listThresholds(tx))
  const all = [...candidates.values()].flat()
  const ongoing = await findOngoing(
    tx,
    all.map(({ incident }) => incident),
  )
  const reached = await findReached(tx, all)
  for (const [group, own] of candidates)
    await countOne(tx, group, { ongoing, own, reached: own.filter((each) => reached.has(each)) })
}

type Standing = {
  readonly ongoing: Ongoing
  /** What these events could be, in the order in which it is asked. */
  readonly own: readonly Candidate[]
  readonly reached: readonly Candidate[]
}

/** Each event is counted on one alert at most: that of its address or that of its subject. */
async function countOne(tx: TxCtx, group: Group, { ongoing, own, reached }: Standing) {
  const known = own
    .map(({ incident, threshold }) => ongoing.at(incident, threshold, group.firstAt))
    .find((alert) => alert !== null)
  const threshold = own[0]?.threshold
  if (known && threshold) {
    const more = await takeOwn(tx, group)
    const total = known.count + more
    return ongoing.put(
      await grow(tx, known, { ...group, count: total }, severityOf(threshold, total)),
    )
  }
  for (const candidate of reached) {
    const taken = candidate.threshold.isEnabled ? await takeReached(tx, candidate) : null
    if (!taken) continue
    const firstAt = taken.since < group.firstAt ? taken.since : group.firstAt
    const occurrence = { ...group, count: taken.count, firstAt }
    const severity = severityOf(candidate.threshold, taken.count)
    return ongoing.put(
      await raise(tx, candidate.incident, candidate.threshold, occurrence, severity),
    )
  }
}

/** These are about somebody, whom they happen to from wherever; of the others one source counts first. */
const bySubjectFirst: ReadonlySet<SecurityEventType> = new Set([
  'failed_second_factor',
  'lock_out',
  'reused_refresh_token',
  'cloned_passkey',
  'broken_chain',
  'refused_access',
  'impersonation',
  'broken_ledger',
  'troubled_refund',
  'dispute',
  'paid_twice',
])

function candidatesOf(
  groups: readonly Group[],
  thresholds: readonly NamedThreshold[],
): ReadonlyMap<Group, readonly Candidate[]> {
  const byType = new Map(thresholds.map((threshold) => [threshold.type, threshold]))
  return new Map(
    groups.map((group) => {
      const { type, ip, subjectId, minute } = group
      const threshold = byType.get(type)
      const sources = [
        { type, by: 'ip', key: ip },
        { type, by: 'subject', key: subjectId },
      ] as const
      const inOrder = bySubjectFirst.has(type) ? sources.toReversed() : sources
      const known = inOrder.filter(({ key }) => key !== '')
      return [
        group,
        threshold ? known.map((incident) => ({ incident, threshold, minute })) : [],
      ] as const
    }),
  )
}

/** The share of requests that failed by our fault, all routes together: what is broken is seldom one route. */
async function watchErrorRate(tx: TxCtx): Promise<void> {
  await lockRaising(tx)
  const threshold = await getThreshold(tx, 'error_rate')
  const windowStart = new Date(tx.now.getTime() - threshold.windowSeconds * 1000)
  const { requests, failed } = await countRequests(tx, windowStart)
  const percent = requests === 0 ? 0 : (failed / requests) * 100
  if (!threshold.isEnabled || requests < (threshold.minRequests ?? 1)) return
  if (percent < threshold.threshold) return
  const severity = severityOf(threshold, percent)
  const incident = { type: 'error_rate', by: 'all', key: '' } as const
  const noFact = { firstEventId: null, lastEventId: null }
  const occurrence = { count: failed, firstAt: windowStart, lastAt: tx.now, ...noFact }
  const ongoing = (await findOngoing(tx, [incident])).at(incident, threshold, tx.now)
  if (!ongoing) return void (await raise(tx, incident, threshold, occurrence, severity))
  const sinceThen = await countRequests(tx, ongoing.firstAt)
  await grow(tx, ongoing, { ...occurrence, count: sinceThen.failed }, severity)
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
