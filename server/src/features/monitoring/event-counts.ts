/** Counting security events by the minute, and asking how many of them came within a while and are on no alert yet. */
import { type SQL, and, eq, gt, lte, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import type { Incident, Occurrence } from './alerts.ts'
import type { SecurityEvent } from './security-events.ts'
import { eventCounts } from './tables.ts'
import type { Threshold } from './thresholds.ts'

const minuteMs = 60_000

/** Events of one minute that have everything in common. */
export type Group = Pick<SecurityEvent, 'type' | 'ip' | 'subjectId'> &
  Occurrence & { readonly minute: Date }

/** What the events of an incident have in common; `all`: nothing but their type. */
type By = 'ip' | 'subject' | 'all'

/** A minute at which an incident may have become one. */
export type Candidate = {
  readonly incident: Incident & { readonly by: By }
  readonly threshold: Threshold
  readonly minute: Date
}

/** In the order in which they happened: an alert is raised at the events that make it one. */
export function groupsOf(events: readonly SecurityEvent[]): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const { type, ip, subjectId, at, eventId, count } of events) {
    const minute = new Date(at.getTime() - (at.getTime() % minuteMs))
    const key = JSON.stringify([minute, type, ip, subjectId])
    const known = groups.get(key)
    groups.set(key, {
      type,
      ip,
      subjectId,
      minute,
      count: count + (known?.count ?? 0),
      firstAt: known && known.firstAt < at ? known.firstAt : at,
      lastAt: known && known.lastAt > at ? known.lastAt : at,
      firstEventId: known?.firstEventId ?? eventId,
      lastEventId: eventId,
    })
  }
  return [...groups.values()].toSorted((a, b) => a.firstAt.getTime() - b.firstAt.getTime())
}

export async function addCounts(tx: TxCtx, groups: readonly Group[]): Promise<void> {
  const { minute, type, ip, subjectId } = eventCounts
  await tx.db
    .insert(eventCounts)
    .values(groups.map((group) => ({ ...group, unalerted: group.count, onNoAlert: group.count })))
    .onConflictDoUpdate({
      target: [minute, type, ip, subjectId],
      set: {
        count: sql`${eventCounts.count} + excluded.count`,
        unalerted: sql`${eventCounts.unalerted} + excluded.unalerted`,
        onNoAlert: sql`${eventCounts.onNoAlert} + excluded.on_no_alert`,
      },
    })
}

/** Those whose threshold is reached, as things are now; all are asked about at once. */
export async function findReached(
  tx: TxCtx,
  candidates: readonly Candidate[],
): Promise<ReadonlySet<Candidate>> {
  const reached = new Set<Candidate>()
  for (const by of ['ip', 'subject', 'all'] as const) {
    const own = [...new Set(candidates)].filter(({ incident }) => incident.by === by)
    if (own.length === 0) continue
    const asked = sql`lateral unnest(
      ${sql.param(own.map(({ incident }) => incident.type))}::text[],
      ${sql.param(own.map(({ incident }) => incident.key))}::text[],
      ${sql.param(own.map(({ minute }) => minute.toISOString()))}::timestamptz[],
      ${sql.param(own.map(({ threshold }) => threshold.windowSeconds))}::integer[]
    ) with ordinality as asked(type, key, minute, window_seconds, number)`
    const number = sql`asked.number`.mapWith(Number)
    const rows = await tx.db
      .select({ number, sum: sql`sum(${leftOf(by)})`.mapWith(Number) })
      .from(asked)
      .innerJoin(
        eventCounts,
        and(
          eq(eventCounts.type, sql`asked.type`),
          isOf(by, sql`asked.key`),
          gt(eventCounts.minute, sql`asked.minute - make_interval(secs => asked.window_seconds)`),
          lte(eventCounts.minute, sql`asked.minute`),
          gt(leftOf(by), 0),
        ),
      )
      .groupBy(number)
    for (const row of rows) {
      const candidate = own[row.number - 1]
      if (candidate && row.sum >= candidate.threshold.threshold) reached.add(candidate)
    }
  }
  return reached
}

/** Takes what is on no alert yet: null when it is less than the threshold. Of earlier minutes only the minute is known. */
export async function takeReached(
  tx: TxCtx,
  { incident, threshold, minute }: Candidate,
): Promise<{ count: number; since: Date } | null> {
  const within = and(
    eq(eventCounts.type, incident.type),
    isOf(incident.by, sql`${incident.key}`),
    gt(eventCounts.minute, new Date(minute.getTime() - threshold.windowSeconds * 1000)),
    lte(eventCounts.minute, minute),
    gt(leftOf(incident.by), 0),
  )
  const { count, since } = await sumOf(tx, incident.by, within)
  if (count < threshold.threshold || since === null) return null
  await tx.db.update(eventCounts).set(takenBy(incident.by)).where(within)
  return { count, since }
}

/** Takes what of these events is on no alert yet. */
export async function takeOwn(tx: TxCtx, group: Group, by: By): Promise<number> {
  const own = and(
    eq(eventCounts.minute, group.minute),
    eq(eventCounts.type, group.type),
    eq(eventCounts.ip, group.ip),
    eq(eventCounts.subjectId, group.subjectId),
  )
  const { count } = await sumOf(tx, by, own)
  if (count > 0) await tx.db.update(eventCounts).set(takenBy(by)).where(own)
  return count
}

const isOf = (by: By, key: SQL) =>
  by === 'all' ? undefined : eq(by === 'ip' ? eventCounts.ip : eventCounts.subjectId, key)

/** An alert about a source is the better one: it counts what one of the whole type has counted, never the other way round. */
const leftOf = (by: By) => (by === 'all' ? eventCounts.onNoAlert : eventCounts.unalerted)
const takenBy = (by: By) => (by === 'all' ? { onNoAlert: 0 } : { unalerted: 0, onNoAlert: 0 })

async function sumOf(tx: TxCtx, by: By, within: SQL | undefined) {
  return one(
    await tx.db
      .select({
        count: sql`coalesce(sum(${leftOf(by)}), 0)`.mapWith(Number),
        since: sql<Date | null>`min(${eventCounts.minute})`.mapWith({
          mapFromDriverValue: (value: string | null) => (value === null ? null : new Date(value)),
        }),
      })
      .from(eventCounts)
      .where(within),
  )
}
