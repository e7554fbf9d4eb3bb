/** What is not as it should be: noted by runs, gone by itself, or accepted by somebody. */
import { type SQL, and, desc, eq, gte, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import type { Asset } from '../../platform/money/index.ts'
import {
  type Difference,
  type DriftClassName,
  driftClasses,
  secondLookMs,
} from './drift-classes.ts'
import { errors } from './errors.ts'
import { driftAccepted, driftFound, driftGone } from './events.ts'
import { type Drift, type Finding, type Run, drifts, findings } from './tables.ts'

export type DriftFilter = {
  readonly state?: Drift['state'] | undefined
  readonly severity?: Drift['severity'] | undefined
  readonly class?: DriftClassName | undefined
}

/** Newest first. */
export async function listDrifts(
  ctx: ReadCtx,
  { limit, ...filter }: DriftFilter & { limit: number; cursor?: string | undefined },
): Promise<Page<Drift>> {
  const { state, severity, class: name } = filter
  const rows = await ctx.db
    .select()
    .from(drifts)
    .where(
      and(
        state === undefined ? undefined : eq(drifts.state, state),
        severity === undefined ? undefined : eq(drifts.severity, severity),
        name === undefined ? undefined : eq(drifts.class, name),
        filter.cursor === undefined ? undefined : lt(drifts.id, idCursor.decode(filter.cursor)),
      ),
    )
    .orderBy(desc(drifts.id))
    .limit(limit + 1)
  return pageOf(rows, limit, (last) => idCursor.encode(last.id))
}

/** Throws `reconciliation.drift_not_found` (404). */
export async function getDrift({ db }: ReadCtx, id: string): Promise<Drift> {
  const [found] = await db.select().from(drifts).where(eq(drifts.id, id))
  if (!found) throw errors.drift_not_found()
  return found
}

/** What keeps money from being paid out. */
export const isBlocking: SQL | undefined = and(
  eq(drifts.state, 'open'),
  eq(drifts.severity, 'critical'),
)

/**
 * Says that it may be as it is. It is told again when it changes, and blocks nothing until then.
 * Throws `reconciliation.drift_not_found` (404) and `reconciliation.not_open` (409).
 */
export async function acceptDrift(tx: TxCtx, id: string, note: string): Promise<Drift> {
  const [found] = await tx.db.select().from(drifts).where(eq(drifts.id, id)).for('update')
  if (!found) throw errors.drift_not_found()
  if (found.state !== 'open' && found.state !== 'suspected') throw errors.not_open()
  const accepted = one(
    await tx.db
      .update(drifts)
      .set({ state: 'accepted', note, updatedAt: sql`now()` })
      .where(eq(drifts.id, id))
      .returning(),
  )
  await tx.record(driftAccepted, id, { ...aboutOf(found), found: found.found, note })
  return accepted
}

/** Notes that a run has seen it; returns what that makes of it. */
export async function noteDrift(
  tx: TxCtx,
  run: Pick<Run, 'id' | 'provider' | 'isDryRun'>,
  given: Difference,
): Promise<Finding['outcome']> {
  const { heal, ...difference } = given
  const { severity, looks } = driftClasses[given.class]
  const isIt = and(
    eq(drifts.provider, run.provider),
    eq(drifts.class, given.class),
    eq(drifts.kind, given.kind),
    eq(drifts.ref, given.ref),
  )
  const [before] = await tx.db.select().from(drifts).where(isIt).for('update')
  const state = nextState(tx.now, before, given, looks)
  if (run.isDryRun) return heal.length > 0 && state !== 'accepted' ? 'would_heal' : state
  const isNew = !before || before.state === 'gone'
  const values = {
    ...difference,
    severity: state === 'suspected' ? ('warning' as const) : severity,
    state,
    note: state === 'accepted' ? (before?.note ?? null) : null,
    lastSeenAt: tx.now,
    lastRunId: run.id,
    updatedAt: sql`now()`,
    ...(isNew ? { firstSeenAt: tx.now } : {}),
  }
  const [noted] = before
    ? await tx.db.update(drifts).set(values).where(isIt).returning()
    : await tx.db
        .insert(drifts)
        .values({ ...values, provider: run.provider, firstSeenAt: tx.now, updatedAt: tx.now })
        .returning()
  const hasChanged = before?.state !== state || before.found !== given.found
  if (noted && state === 'open' && hasChanged)
    await tx.record(driftFound, noted.id, {
      ...aboutOf(noted),
      expected: noted.expected,
      found: noted.found,
    })
  return state
}

/** What was told of a thing is also why the balance differs by so much. */
export async function explain(
  tx: TxCtx,
  run: Pick<Run, 'provider' | 'isDryRun'>,
  told: Finding,
  item: { readonly asset: Asset; readonly delta: bigint },
): Promise<void> {
  // Of two currencies the first is told; the other stays unexplained, which is a difference of its own.
  if (told.asset !== null && told.asset !== item.asset) return
  const set = {
    asset: item.asset,
    delta: sql`coalesce(${findings.delta}, 0) + ${item.delta}::bigint`,
  }
  const { delta } = one(
    await tx.db
      .update(findings)
      .set(set)
      .where(eq(findings.id, told.id))
      .returning({ delta: findings.delta }),
  )
  if (run.isDryRun) return
  await tx.db
    .update(drifts)
    .set({ asset: item.asset, delta })
    .where(
      and(
        eq(drifts.provider, run.provider),
        eq(drifts.class, told.class),
        eq(drifts.kind, told.kind),
        eq(drifts.ref, told.ref),
      ),
    )
}

/** A run that has looked at all of its window knows that what it has not seen there is gone. */
export async function closeGone(
  tx: TxCtx,
  run: Pick<Run, 'id' | 'provider' | 'since' | 'scanned'>,
): Promise<void> {
  const isLookedAt = or(isNull(drifts.objectAt), gte(drifts.objectAt, run.since))
  // A balance that never stood still was not compared.
  const hasCompared = (run.scanned['balances'] ?? 0) > 0
  await close(
    tx,
    and(
      eq(drifts.provider, run.provider),
      ne(drifts.lastRunId, run.id),
      isLookedAt,
      hasCompared ? undefined : ne(drifts.class, 'clearing_differs'),
    ),
  )
}

/** These were looked at one by one, and are right. */
export async function closeDrifts(tx: TxCtx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await close(tx, inArray(drifts.id, [...ids]))
}

async function close(tx: TxCtx, condition: SQL | undefined): Promise<void> {
  const gone = await tx.db
    .update(drifts)
    .set({ state: 'gone', note: null, updatedAt: sql`now()` })
    .where(and(condition, ne(drifts.state, 'gone')))
    .returning()
  for (const drift of gone) await tx.record(driftGone, drift.id, aboutOf(drift))
}

function nextState(
  now: Date,
  before: Drift | undefined,
  given: Difference,
  looks: 'one' | 'two',
): Exclude<Drift['state'], 'gone'> {
  const isSame = before?.expected === given.expected && before.found === given.found
  if (before?.state === 'accepted' && isSame) return 'accepted'
  if (looks === 'one') return 'open'
  const firstAt = before && before.state !== 'gone' ? before.firstSeenAt : now
  return now.getTime() - firstAt.getTime() >= secondLookMs ? 'open' : 'suspected'
}

export const aboutOf = ({ class: name, severity, kind, ref, ourId }: Drift | Finding) => ({
  class: name,
  severity,
  kind,
  ref,
  ourId,
})
