/** Everything the reconciliation room stores. */
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { at, id } from '../../platform/db/columns.ts'
import type { Asset } from '../../platform/money/index.ts'

/** How far back a run looks. */
export const spans = ['24h', '72h', '35d', 'full'] as const
/** `abandoned`: died, and another one with other wishes came; or whoever asked for it lost the right to. */
export const runStates = ['waiting', 'running', 'clean', 'drift', 'failed', 'abandoned'] as const
export const triggers = ['clock', 'person', 'command'] as const
/** `found`: not told to anybody yet. `would_heal`: a dry run changes nothing. */
export const outcomes = ['found', 'healed', 'would_heal', 'open', 'suspected', 'accepted'] as const
/** `suspected`: seen once, and worth a second look. `accepted`: somebody has said that it may be so. */
export const driftStates = ['suspected', 'open', 'accepted', 'gone'] as const
export const severities = ['warning', 'critical'] as const

/** What a provider owes us by its word and by ours, in the currency's smallest unit. */
export type BalanceDelta = {
  readonly currency: Asset
  readonly provider: string
  readonly ledger: string
  /** Known to be on its way, or told as a drift of its own. */
  readonly explained: string
  readonly unexplained: string
}

/** One comparison of all that a provider has in a window with all that we have. */
export const runs = pgTable(
  'reconciliation_runs',
  {
    id: id(),
    provider: text('provider').notNull(),
    span: text('span', { enum: spans }).notNull(),
    trigger: text('trigger', { enum: triggers }).notNull(),
    isDryRun: boolean('is_dry_run').notNull(),
    /** With whose rights it stands and falls, `user:ID` or `service:ID`; null where the house itself wants it. */
    askedBy: text('asked_by'),
    state: text('state', { enum: runStates }).notNull().default('waiting'),
    /** What the provider made before that is not looked at. */
    since: at('since').notNull(),
    /** Where it goes on when its process has died. */
    stage: text('stage').notNull(),
    cursor: text('cursor'),
    /** How often somebody has begun it or gone on with it; only the newest may write. */
    fence: integer('fence').notNull().default(0),
    leaseUntil: at('lease_until'),
    scanned: jsonb('scanned').$type<Readonly<Record<string, number>>>().notNull().default({}),
    balances: jsonb('balances').$type<readonly BalanceDelta[]>().notNull().default([]),
    /** Of the last try that failed. */
    problem: text('problem'),
    createdAt: at('created_at').notNull().defaultNow(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    // One at a time: two would look at what the other is mending.
    uniqueIndex('reconciliation_runs_unfinished')
      .on(t.provider)
      .where(sql`${t.state} in ('waiting', 'running')`),
    index('reconciliation_runs_state').on(t.state, t.id),
    check(
      'reconciliation_runs_ended',
      sql`(${t.state} in ('waiting', 'running')) = (${t.endedAt} is null)`,
    ),
  ],
)
export type Run = typeof runs.$inferSelect

const about = {
  class: text('class').notNull(),
  severity: text('severity', { enum: severities }).notNull(),
  /** What kind of thing, and what it is called: an object of the provider, an invariant, a currency. */
  kind: text('kind').notNull(),
  ref: text('ref').notNull(),
  /** Our own row, where there is one. */
  ourId: text('our_id'),
  expected: text('expected').notNull(),
  found: text('found').notNull(),
  /** What it makes the provider's balance more than our account. */
  asset: text('asset').$type<Asset>(),
  delta: bigint('delta', { mode: 'bigint' }),
}

/** What a run has found, healed or not. */
export const findings = pgTable(
  'reconciliation_findings',
  {
    id: id(),
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    ...about,
    outcome: text('outcome', { enum: outcomes }).notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('reconciliation_findings_once').on(t.runId, t.class, t.kind, t.ref),
    index('reconciliation_findings_run').on(t.runId, t.id),
  ],
)
export type Finding = typeof findings.$inferSelect

/** What is not as it should be, from the run that first saw it until one that sees it no more. */
export const drifts = pgTable(
  'reconciliation_drifts',
  {
    id: id(),
    provider: text('provider').notNull(),
    ...about,
    state: text('state', { enum: driftStates }).notNull(),
    /** When the provider made it: a run that begins later says nothing about it. Null: every run looks at it. */
    objectAt: at('object_at'),
    firstSeenAt: at('first_seen_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    lastRunId: uuid('last_run_id').notNull(),
    /** Why somebody has accepted it. */
    note: text('note'),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('reconciliation_drifts_once').on(t.provider, t.class, t.kind, t.ref),
    index('reconciliation_drifts_state').on(t.state, t.id),
    index('reconciliation_drifts_ours')
      .on(t.ourId)
      .where(sql`${t.state} = 'open'`),
    check('reconciliation_drifts_accepted', sql`${t.state} <> 'accepted' or ${t.note} is not null`),
  ],
)
export type Drift = typeof drifts.$inferSelect

/** What a run that is not finished has seen the provider to have. */
export const seen = pgTable(
  'reconciliation_seen',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    ref: text('ref').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.kind, t.ref] })],
)

/** What moved money in the window of a run that is not finished, by the provider and by the ledger. */
export const items = pgTable(
  'reconciliation_items',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** What moved it, by the provider's name. */
    ref: text('ref').notNull(),
    asset: text('asset').$type<Asset>().notNull(),
    theirs: bigint('theirs', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    ours: bigint('ours', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    /** On its way: known to both, and not booked by one of them yet. */
    inFlight: bigint('in_flight', { mode: 'bigint' })
      .notNull()
      .default(sql`0`),
    type: text('type'),
    parentRef: text('parent_ref'),
    refType: text('ref_type'),
    refId: text('ref_id'),
    objectAt: at('object_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.ref, t.asset] })],
)
export type Item = typeof items.$inferSelect
