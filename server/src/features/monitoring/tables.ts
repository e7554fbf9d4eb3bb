/** Everything the monitoring room stores. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, id } from '../../platform/db/columns.ts'

/**
 * Durations of requests: one histogram per route, class of status and while. Every while is kept twice, by the minute
 * and by the hour. Of two processes that add to one row none is lost: histograms add up bin by bin.
 */
export const requestFigures = pgTable(
  'monitoring_request_figures',
  {
    spanSeconds: integer('span_seconds').notNull(),
    startsAt: at('starts_at').notNull(),
    method: text('method').notNull(),
    route: text('route').notNull(),
    /** 2 for 200 to 299; 0 for what is no status. */
    statusClass: smallint('status_class').notNull(),
    count: integer('count').notNull(),
    sumMs: doublePrecision('sum_ms').notNull(),
    minMs: doublePrecision('min_ms').notNull(),
    maxMs: doublePrecision('max_ms').notNull(),
    /** histogram.ts says what each stands for; only those that are not empty, in order. */
    bins: smallint('bins').array().notNull(),
    counts: integer('counts').array().notNull(),
  },
  (t) => [
    primaryKey({
      name: 'monitoring_request_figures_pk',
      columns: [t.spanSeconds, t.startsAt, t.method, t.route, t.statusClass],
    }),
    check(
      'monitoring_request_figures_bins',
      sql`cardinality(${t.bins}) = cardinality(${t.counts})`,
    ),
  ],
)

/** How often each recorder has stored its figures: what it sends again after a lost answer is not added twice. */
export const recorders = pgTable(
  'monitoring_recorders',
  {
    id: uuid('id').primaryKey(),
    flushes: integer('flushes').notNull(),
    at: at('at').notNull(),
  },
  (t) => [index('monitoring_recorders_at').on(t.at)],
)

export const slowRequests = pgTable(
  'monitoring_slow_requests',
  {
    id: id(),
    requestId: text('request_id').notNull(),
    method: text('method').notNull(),
    route: text('route').notNull(),
    status: smallint('status').notNull(),
    durationMs: doublePrecision('duration_ms').notNull(),
    userId: uuid('user_id'),
    /** When it was answered. */
    at: at('at').notNull(),
  },
  (t) => [
    index('monitoring_slow_requests_route').on(t.route, t.id),
    index('monitoring_slow_requests_slowest').on(t.durationMs, t.id),
    index('monitoring_slow_requests_user').on(t.userId),
    index('monitoring_slow_requests_at').on(t.at),
    index('monitoring_slow_requests_request').on(t.requestId),
  ],
)

/** Security events by the minute, and how many of them are on an alert. Empty texts: unknown, or nobody. */
export const eventCounts = pgTable(
  'monitoring_event_counts',
  {
    minute: at('minute').notNull(),
    type: text('type').notNull(),
    /** The address, or the network that one IPv6 customer has to itself. */
    ip: text('ip').notNull(),
    /** Whom it was tried on, or who tried. */
    subjectId: text('subject_id').notNull(),
    count: integer('count').notNull(),
    /** On no alert about an address or a subject. */
    unalerted: integer('unalerted').notNull(),
    /** On no alert at all, not even one of the whole type. */
    onNoAlert: integer('on_no_alert').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.minute, t.type, t.ip, t.subjectId] }),
    index('monitoring_event_counts_ip').on(t.type, t.ip, t.minute),
    index('monitoring_event_counts_subject').on(t.type, t.subjectId, t.minute),
    index('monitoring_event_counts_about').on(t.subjectId),
  ],
)

/** What was ever counted and raised: what Prometheus reads. The severity of events is empty. */
export const totals = pgTable(
  'monitoring_totals',
  {
    kind: text('kind', { enum: ['event', 'alert'] }).notNull(),
    type: text('type').notNull(),
    severity: text('severity').notNull(),
    total: bigint('total', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.type, t.severity] })],
)

export const severities = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** Thresholds that were set by API, in place of those of the settings and the defaults. */
export const thresholds = pgTable(
  'monitoring_thresholds',
  {
    type: text('type').primaryKey(),
    isEnabled: boolean('is_enabled').notNull(),
    threshold: integer('threshold').notNull(),
    totalThreshold: integer('total_threshold'),
    windowSeconds: integer('window_seconds').notNull(),
    severity: text('severity', { enum: severities }).notNull(),
    coolDownSeconds: integer('cool_down_seconds').notNull(),
    minRequests: integer('min_requests'),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [
    check('monitoring_thresholds_positive', sql`${t.threshold} > 0`),
    check('monitoring_thresholds_total_positive', sql`${t.totalThreshold} > 0`),
  ],
)

export const statuses = ['open', 'acknowledged'] as const

/** One incident each, however long it goes on. */
export const alerts = pgTable(
  'monitoring_alerts',
  {
    id: id(),
    type: text('type').notNull(),
    severity: text('severity', { enum: severities }).notNull(),
    /** What its events have in common: an address, a subject, or nothing. */
    by: text('by', { enum: ['ip', 'subject', 'all'] }).notNull(),
    key: text('key').notNull(),
    count: integer('count').notNull(),
    /** Those it was raised by: later changes of the threshold do not rewrite it. */
    threshold: integer('threshold').notNull(),
    windowSeconds: integer('window_seconds').notNull(),
    firstAt: at('first_at').notNull(),
    lastAt: at('last_at').notNull(),
    /** The fact that raised it, and the newest: where to look in the audit log. */
    firstEventId: uuid('first_event_id'),
    lastEventId: uuid('last_event_id'),
    status: text('status', { enum: statuses }).notNull().default('open'),
    acknowledgedAt: at('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    note: text('note'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('monitoring_alerts_key').on(t.type, t.by, t.key, t.lastAt),
    index('monitoring_alerts_type').on(t.type, t.id),
    index('monitoring_alerts_severity').on(t.severity, t.id),
    index('monitoring_alerts_status').on(t.status, t.id),
    index('monitoring_alerts_about').on(t.key),
    index('monitoring_alerts_last').on(t.lastAt),
    check(
      'monitoring_alerts_acknowledged',
      sql`(${t.status} = 'acknowledged') = (${t.acknowledgedAt} is not null)`,
    ),
  ],
)
export type Alert = typeof alerts.$inferSelect
