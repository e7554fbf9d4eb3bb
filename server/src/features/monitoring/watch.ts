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
  const thresholds = new Map(
    (await listThresholds(tx)).map((threshold) => [threshold.type, threshold]),
  )
  const left = await countOn(tx, bySource(groups, thresholds))
  // Only now: what an alert about its source has counted is none of the whole type.
  await countOn(tx, asWhole(left, thresholds))
}

/** Counts each group on an alert, an old or a new one, and says which of them are on none. */
async function countOn(tx: TxCtx, candidates: Candidates): Promise<readonly Group[]> {
  const all = [...candidates.values()].flat()
  const ongoing = await findOngoing(
    tx,
    all.map(({ incident }) => incident),
  )
  const reached = await findReached(tx, all)
  const left: Group[] = []
  for (const [group, own] of candidates) {
    const standing = { ongoing, own, reached: own.filter((each) => reached.has(each)) }
    if (!(await countOne(tx, group, standing))) left.push(group)
  }
  return left
}

type Thresholds = ReadonlyMap<string, NamedThreshold>
type Candidates = ReadonlyMap<Group, readonly Candidate[]>

type Standing = {
  readonly ongoing: Ongoing
  /** What these events could be, in the order in which it is asked. */
  readonly own: readonly Candidate[]
  readonly reached: readonly Candidate[]
}

/** Each event is counted on one alert at most: that of its address or that of its subject. False: on none. */
async function countOne(
  tx: TxCtx,
  group: Group,
  { ongoing, own, reached }: Standing,
): Promise<boolean> {
  for (const { incident, threshold } of own) {
    const known = ongoing.at(incident, threshold, group.firstAt)
    if (!known) continue
    const total = known.count + (await takeOwn(tx, group, incident.by))
    const severity = severityOf(threshold, total)
    ongoing.put(await grow(tx, known, { ...group, count: total }, severity))
    return true
  }
  for (const candidate of reached) {
    const { incident, threshold } = candidate
    const taken = threshold.isEnabled ? await takeReached(tx, candidate) : null
    if (!taken) continue
    const firstAt = taken.since < group.firstAt ? taken.since : group.firstAt
    const occurrence = { ...group, count: taken.count, firstAt }
    const severity = severityOf(threshold, taken.count)
    ongoing.put(await raise(tx, incident, threshold, occurrence, severity))
    return true
  }
  return false
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

function bySource(groups: readonly Group[], thresholds: Thresholds): Candidates {
  return new Map(
    groups.map((group) => {
      const { type, ip, subjectId, minute } = group
      const threshold = thresholds.get(type)
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

/** Many sources of which none does much, as when many guess together: one question for all groups of a minute. */
function asWhole(groups: readonly Group[], thresholds: Thresholds): Candidates {
  const asked = new Map<string, Candidate>()
  const candidates = new Map<Group, readonly Candidate[]>()
  for (const group of groups) {
    const { type, minute } = group
    const threshold = thresholds.get(type)
    if (!threshold || threshold.totalThreshold === null) continue
    const name = `${type} ${minute.getTime()}`
    const candidate = asked.get(name) ?? {
      incident: { type, by: 'all', key: '' },
      threshold: { ...threshold, threshold: threshold.totalThreshold },
      minute,
    }
    asked.set(name, candidate)
    candidates.set(group, [candidate])
  }
  return candidates
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
