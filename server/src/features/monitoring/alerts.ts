/** Alerts: one for each incident, which grows for as long as it goes on; raised, looked at, acknowledged. */
import { type SQL, and, desc, eq, gt, lt, or, sql } from 'drizzle-orm'
import { Type } from 'typebox'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, cursorOf, pageOf } from '../../platform/http/index.ts'
import { errors } from './errors.ts'
import { alertAcknowledged, alertRaised } from './events.ts'
import { enqueueDeliveries } from './deliveries.ts'
import { type AlertType, type Threshold, worseOf } from './thresholds.ts'
import { type Alert, type Severity, type statuses, alerts, totals } from './tables.ts'

/** Ids tell when a row was made, so they order the list. */
const cursor = cursorOf(Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }))
/** The advisory lock of whoever raises alerts; any number that no other lock uses. */
const raisingLock = 47_074

export type AlertFilter = {
  readonly type?: AlertType
  readonly severity?: Severity
  readonly status?: (typeof statuses)[number]
}

/** What the events of an incident have in common. */
export type Incident = {
  readonly type: AlertType
  readonly by: Alert['by']
  readonly key: string
}

/** What has happened: how often, when, and the facts that say so. */
export type Occurrence = {
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  readonly firstEventId: string | null
  readonly lastEventId: string | null
}

/** Throws `monitoring.alert_not_found` (404). */
export async function getAlert(ctx: ReadCtx, id: string): Promise<Alert> {
  const [found] = await ctx.db.select().from(alerts).where(eq(alerts.id, id))
  if (!found) throw errors.alert_not_found()
  return found
}

/** Newest first. */
export async function listAlerts(
  ctx: ReadCtx,
  {
    limit,
    withTotal,
    ...filter
  }: AlertFilter & {
    limit: number
    cursor?: string
    withTotal: boolean
  },
): Promise<Page<Alert>> {
  const after =
    filter.cursor === undefined ? undefined : lt(alerts.id, cursor.decode(filter.cursor))
  const matches = matching(filter)
  const rows = await ctx.db
    .select()
    .from(alerts)
    .where(and(matches, after))
    .orderBy(desc(alerts.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => cursor.encode(last.id))
  return withTotal ? { ...page, total: await ctx.db.$count(alerts, matches) } : page
}

/** The alert that an occurrence belongs to: its incident is not over yet. */
export async function findOngoing(
  tx: TxCtx,
  incidents: readonly Incident[],
  { coolDownSeconds }: Threshold,
  at: Date,
): Promise<Alert | null> {
  const since = new Date(at.getTime() - coolDownSeconds * 1000)
  const [found] = await tx.db
    .select()
    .from(alerts)
    .where(and(or(...incidents.map(isOf)), gt(alerts.lastAt, since)))
    .orderBy(desc(alerts.lastAt))
    .limit(1)
  return found ?? null
}

/** From here to the end of the transaction nobody else raises an alert. */
export async function lockRaising(tx: TxCtx): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(${raisingLock})`)
}

/** Raises an alert and has it sent. Call `lockRaising` before looking whether there is one. */
export async function raise(
  tx: TxCtx,
  incident: Incident,
  threshold: Threshold,
  occurrence: Occurrence,
  severity: Severity,
): Promise<void> {
  const { type } = incident
  const { id } = one(
    await tx.db
      .insert(alerts)
      .values({
        ...incident,
        ...occurrence,
        severity,
        threshold: threshold.threshold,
        windowSeconds: threshold.windowSeconds,
      })
      .returning({ id: alerts.id }),
  )
  await addToTotal(tx, { kind: 'alert', type, severity }, 1)
  await tx.record(alertRaised, id, { type, severity, count: occurrence.count })
  await enqueueDeliveries(tx, id)
}

/** More of the same incident: the alert says so, and nobody is told again. `count` is of all of it. */
export async function grow(
  tx: TxCtx,
  alert: Alert,
  { count, lastAt, lastEventId }: Occurrence,
  severity: Severity,
): Promise<void> {
  const isNewer = lastAt >= alert.lastAt
  await tx.db
    .update(alerts)
    .set({
      count: Math.max(alert.count, count),
      severity: worseOf(alert.severity, severity),
      ...(isNewer ? { lastAt, lastEventId } : {}),
    })
    .where(eq(alerts.id, alert.id))
}

/** Somebody has seen it. Throws `monitoring.alert_not_found` (404), `monitoring.already_acknowledged` (409). */
export async function acknowledge(tx: TxCtx, id: string, note: string | null): Promise<Alert> {
  const [acknowledged] = await tx.db
    .update(alerts)
    .set({ status: 'acknowledged', acknowledgedAt: tx.now, acknowledgedBy: tx.actor.id, note })
    .where(and(eq(alerts.id, id), eq(alerts.status, 'open')))
    .returning()
  if (!acknowledged) {
    await getAlert(tx, id)
    throw errors.already_acknowledged()
  }
  await tx.record(alertAcknowledged, id, { type: acknowledged.type })
  return acknowledged
}

export async function addToTotal(
  tx: TxCtx,
  key: Pick<typeof totals.$inferInsert, 'kind' | 'type' | 'severity'>,
  count: number,
): Promise<void> {
  await tx.db
    .insert(totals)
    .values({ ...key, total: count })
    .onConflictDoUpdate({
      target: [totals.kind, totals.type, totals.severity],
      set: { total: sql`${totals.total} + ${count}` },
    })
}

function matching({ type, severity, status }: AlertFilter): SQL | undefined {
  return and(
    type === undefined ? undefined : eq(alerts.type, type),
    severity === undefined ? undefined : eq(alerts.severity, severity),
    status === undefined ? undefined : eq(alerts.status, status),
  )
}

const isOf = ({ type, by, key }: Incident) =>
  and(eq(alerts.type, type), eq(alerts.by, by), eq(alerts.key, key))
