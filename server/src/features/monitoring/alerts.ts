/** Alerts: one for each incident, which grows for as long as it goes on; raised, looked at, acknowledged. */
import { type SQL, and, desc, eq, lt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { errors } from './errors.ts'
import { alertAcknowledged, alertRaised } from './events.ts'
import { enqueueDeliveries } from './deliveries.ts'
import { type AlertType, type Threshold, worseOf } from './thresholds.ts'
import { type Alert, type Severity, type statuses, alerts, totals } from './tables.ts'

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

/** Alerts whose incidents may go on. */
export type Ongoing = {
  /** The alert that something at this time belongs to: its incident is not over yet. */
  at(incident: Incident, threshold: Threshold, at: Date): Alert | null
  /** One that was raised, or has grown. */
  put(alert: Alert): void
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
    ...filter
  }: AlertFilter & {
    limit: number
    cursor?: string
  },
): Promise<Page<Alert>> {
  const after =
    filter.cursor === undefined ? undefined : lt(alerts.id, idCursor.decode(filter.cursor))
  const matches = matching(filter)
  const rows = await ctx.db
    .select()
    .from(alerts)
    .where(and(matches, after))
    .orderBy(desc(alerts.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => idCursor.encode(last.id))
  return { ...page, ...(await countUpTo(ctx.db, alerts, matches)) }
}

/** The newest alert of each of these incidents. */
export async function findOngoing(tx: TxCtx, incidents: readonly Incident[]): Promise<Ongoing> {
  const newest = new Map<string, Alert>()
  const put = (alert: Alert) => void newest.set(nameOf(alert), alert)
  const rows = incidents.length === 0 ? [] : await newestOf(tx, incidents)
  for (const row of rows) put(row)
  return {
    put,
    at: (incident, { coolDownSeconds }, at) => {
      const alert = newest.get(nameOf(incident))
      const isGoingOn = alert && alert.lastAt.getTime() + coolDownSeconds * 1000 > at.getTime()
      return isGoingOn ? alert : null
    },
  }
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
): Promise<Alert> {
  const { type, by, key } = incident
  const { count, firstAt, lastAt, firstEventId, lastEventId } = occurrence
  const alert = one(
    await tx.db
      .insert(alerts)
      .values({
        type,
        by,
        key,
        severity,
        count,
        firstAt,
        lastAt,
        firstEventId,
        lastEventId,
        threshold: threshold.threshold,
        windowSeconds: threshold.windowSeconds,
      })
      .returning(),
  )
  await addToTotals(tx, 'alert', [{ type, severity, count: 1 }])
  await tx.record(alertRaised, alert.id, { type, severity, count })
  await enqueueDeliveries(tx, alert.id)
  return alert
}

/** More of the same incident: the alert says so, and nobody is told again. `count` is of all of it. */
export async function grow(
  tx: TxCtx,
  alert: Alert,
  { count, lastAt, lastEventId }: Occurrence,
  severity: Severity,
): Promise<Alert> {
  const isNewer = lastAt >= alert.lastAt
  return one(
    await tx.db
      .update(alerts)
      .set({
        count: Math.max(alert.count, count),
        severity: worseOf(alert.severity, severity),
        ...(isNewer ? { lastAt, lastEventId } : {}),
      })
      .where(eq(alerts.id, alert.id))
      .returning(),
  )
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

/** What was ever counted, by type and, for alerts, severity. */
export async function addToTotals(
  tx: TxCtx,
  kind: 'event' | 'alert',
  counted: readonly {
    readonly type: string
    readonly severity?: Severity
    readonly count: number
  }[],
): Promise<void> {
  const sums = new Map<string, { type: string; severity: string; total: number }>()
  for (const { type, severity = '', count } of counted) {
    const total = (sums.get(`${type} ${severity}`)?.total ?? 0) + count
    sums.set(`${type} ${severity}`, { type, severity, total })
  }
  await tx.db
    .insert(totals)
    .values([...sums.values()].map((sum) => ({ kind, ...sum })))
    .onConflictDoUpdate({
      target: [totals.kind, totals.type, totals.severity],
      set: { total: sql`${totals.total} + excluded.total` },
    })
}

function newestOf(tx: TxCtx, incidents: readonly Incident[]): Promise<Alert[]> {
  const wanted = sql`(${alerts.type}, ${alerts.by}, ${alerts.key}) in (
    select * from unnest(
      ${sql.param(incidents.map(({ type }) => type))}::text[],
      ${sql.param(incidents.map(({ by }) => by))}::text[],
      ${sql.param(incidents.map(({ key }) => key))}::text[]
    )
  )`
  return tx.db
    .selectDistinctOn([alerts.type, alerts.by, alerts.key])
    .from(alerts)
    .where(wanted)
    .orderBy(alerts.type, alerts.by, alerts.key, desc(alerts.lastAt))
}

const nameOf = ({ type, by, key }: Pick<Alert, 'type' | 'by' | 'key'>) => `${type} ${by} ${key}`

function matching({ type, severity, status }: AlertFilter): SQL | undefined {
  return and(
    type === undefined ? undefined : eq(alerts.type, type),
    severity === undefined ? undefined : eq(alerts.severity, severity),
    status === undefined ? undefined : eq(alerts.status, status),
  )
}
