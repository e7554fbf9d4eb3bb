/** Runs: asked for, claimed by one process at a time, gone on with by another when that one dies, ended. */
import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { violatedConstraint } from '../../platform/db/failures.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { errors } from './errors.ts'
import { runAsked, runCutOff } from './events.ts'
import { type Finding, type Run, findings, items, runs, seen } from './tables.ts'

/** Longer than the provider's slowest answer, which may be asked for twice; it is renewed before each question. */
const leaseSeconds = 60
/** So often somebody begins it or goes on with it before it is given up. */
export const maxTries = 12
const rightLost = 'Whoever asked for it may not ask for it any more.'
const dayMs = 24 * 60 * 60 * 1000
const spanMs = { '24h': dayMs, '72h': 3 * dayMs, '35d': 35 * dayMs, full: null } as const

export type Wanted = Pick<Run, 'span' | 'isDryRun' | 'trigger'>
export type RunWithFindings = { readonly run: Run; readonly findings: readonly Finding[] }

/** Whoever asked for it may not any more. */
export class LostRight extends Error {
  override name = 'LostRight'
}

/** Another process goes on with it: whatever this one wanted to write is not written. */
export class LostRun extends Error {
  override name = 'LostRun'
}

/** Newest first. */
export async function listRuns(
  ctx: ReadCtx,
  { limit, ...filter }: { limit: number; state?: Run['state']; cursor?: string },
): Promise<Page<Run>> {
  const { state } = filter
  const rows = await ctx.db
    .select()
    .from(runs)
    .where(
      and(
        state === undefined ? undefined : eq(runs.state, state),
        filter.cursor === undefined ? undefined : lt(runs.id, idCursor.decode(filter.cursor)),
      ),
    )
    .orderBy(desc(runs.id))
    .limit(limit + 1)
  return pageOf(rows, limit, (last) => idCursor.encode(last.id))
}

/** Throws `reconciliation.run_not_found` (404). */
export async function getRun(ctx: ReadCtx, id: string): Promise<Run> {
  const [found] = await ctx.db.select().from(runs).where(eq(runs.id, id))
  if (!found) throw errors.run_not_found()
  return found
}

/** In the order in which they were found, so many at most. */
export async function findingsOf(ctx: ReadCtx, id: string, limit: number): Promise<Finding[]> {
  return ctx.db
    .select()
    .from(findings)
    .where(eq(findings.runId, id))
    .orderBy(asc(findings.id))
    .limit(limit)
}

/** How many findings of each outcome. */
export async function countOutcomes(
  ctx: ReadCtx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Partial<Record<Finding['outcome'], number>>>>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .select({
      runId: findings.runId,
      outcome: findings.outcome,
      count: sql`count(*)`.mapWith(Number),
    })
    .from(findings)
    .where(inArray(findings.runId, [...ids]))
    .groupBy(findings.runId, findings.outcome)
  const byRun = Map.groupBy(rows, ({ runId }) => runId)
  return new Map(
    [...byRun].map(([id, counts]) => [
      id,
      Object.fromEntries(counts.map(({ outcome, count }) => [outcome, count])),
    ]),
  )
}

/** Those that wait, or whose process has died. */
export async function findLeftBehind(ctx: ReadCtx): Promise<readonly Run[]> {
  return ctx.db
    .select()
    .from(runs)
    .where(and(inArray(runs.state, ['waiting', 'running']), isFree))
}

/**
 * A new run, or the one that was left behind: with the same wishes, or, by the clock, with any. One with other wishes that
 * nobody has gone on with for long is abandoned. Throws `reconciliation.under_way` (409) while somebody is at it, or will be.
 */
export async function askForRun(
  tx: TxCtx,
  provider: string,
  firstStage: string,
  wanted: Wanted,
): Promise<Run> {
  const askedBy = wanted.trigger === 'person' ? askerOf(tx.actor) : null
  const [unfinished] = await tx.db
    .select({ run: runs, isFree: sql<boolean>`${isFree}`, isStale: sql<boolean>`${isStale}` })
    .from(runs)
    .where(and(eq(runs.provider, provider), inArray(runs.state, ['waiting', 'running'])))
    .for('update')
  if (unfinished) {
    const { run } = unfinished
    const isSame = run.span === wanted.span && run.isDryRun === wanted.isDryRun
    if (unfinished.isFree && (isSame || wanted.trigger === 'clock'))
      return takeOver(tx, run, askedBy)
    if (!unfinished.isFree || !unfinished.isStale) throw errors.under_way({ runId: run.id })
    await tx.db
      .update(runs)
      .set({ state: 'abandoned', endedAt: tx.now, leaseUntil: null })
      .where(eq(runs.id, run.id))
    await forgetGathered(tx, run.id)
  }
  const back = spanMs[wanted.span]
  const run = one(
    await tx.db
      .insert(runs)
      .values({
        ...wanted,
        askedBy,
        provider,
        since: back === null ? new Date(0) : new Date(tx.now.getTime() - back),
        stage: firstStage,
      })
      .returning()
      .catch(refuseSecond),
  )
  await tx.record(runAsked, run.id, { span: run.span, isDryRun: run.isDryRun })
  return run
}

/** Mine for a minute; null while it is somebody else's, or has ended. */
export async function claimRun(tx: TxCtx, id: string): Promise<Run | null> {
  const [claimed] = await tx.db
    .update(runs)
    .set({
      state: 'running',
      fence: sql`${runs.fence} + 1`,
      leaseUntil: leaseEnd,
      startedAt: sql`coalesce(${runs.startedAt}, ${tx.now.toISOString()})`,
    })
    .where(and(eq(runs.id, id), inArray(runs.state, ['waiting', 'running']), isFree))
    .returning()
  return claimed ?? null
}

/** Mine for another minute. Throws `LostRun`. */
export async function keepRun(
  tx: TxCtx,
  { id, fence }: Run,
  changes: Partial<Pick<Run, 'stage' | 'cursor' | 'scanned' | 'balances'>> = {},
): Promise<Run> {
  const [kept] = await tx.db
    .update(runs)
    .set({ ...changes, leaseUntil: leaseEnd })
    .where(and(eq(runs.id, id), eq(runs.fence, fence), eq(runs.state, 'running')))
    .returning()
  if (!kept) throw new LostRun('another process goes on with this run')
  return kept
}

/** Somebody else may go on with it at once; after too many tries nobody does. */
export async function dropRun(tx: TxCtx, { id, fence }: Run, problem: string): Promise<void> {
  const isOver = fence >= maxTries
  await tx.db
    .update(runs)
    .set({
      leaseUntil: null,
      problem: problem.slice(0, 500),
      ...(isOver ? { state: 'failed' as const, endedAt: tx.now } : {}),
    })
    .where(and(eq(runs.id, id), eq(runs.fence, fence), eq(runs.state, 'running')))
  if (isOver) await forgetGathered(tx, id)
}

/** Ends it where it is, for want of whoever may ask for it; false when it was not this one's any more. */
export async function cutOffRun(tx: TxCtx, { id, fence, span }: Run): Promise<boolean> {
  const [ended] = await tx.db
    .update(runs)
    .set({ state: 'abandoned', leaseUntil: null, endedAt: tx.now, problem: rightLost })
    .where(and(eq(runs.id, id), eq(runs.fence, fence), eq(runs.state, 'running')))
    .returning({ stage: runs.stage })
  if (!ended) return false
  await forgetGathered(tx, id)
  await tx.record(runCutOff, id, { span, stage: ended.stage })
  return true
}

/** What is only of use until a run has ended. */
export async function forgetGathered(tx: TxCtx, id: string): Promise<void> {
  await tx.db.delete(seen).where(eq(seen.runId, id))
  await tx.db.delete(items).where(eq(items.runId, id))
}

/** Whoever wants it now answers for what is left of it. */
async function takeOver(tx: TxCtx, run: Run, askedBy: string | null): Promise<Run> {
  await tx.db.update(runs).set({ askedBy }).where(eq(runs.id, run.id))
  return { ...run, askedBy }
}

const askerOf = ({ kind, id }: TxCtx['actor']) =>
  kind === 'user' || kind === 'service' ? `${kind}:${id}` : null

const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`
const isFree = sql`(${runs.leaseUntil} is null or ${runs.leaseUntil} < clock_timestamp())`
/** The sweeper comes every five minutes: where no worker runs nobody will go on with it. */
const isStale = sql`coalesce(${runs.leaseUntil}, ${runs.startedAt}, ${runs.createdAt}) < clock_timestamp() - interval '15 minutes'`

/** Two that asked at once: one was faster. */
function refuseSecond(error: unknown): never {
  if (violatedConstraint(error) === 'reconciliation_runs_unfinished')
    throw errors.under_way({}, { cause: error })
  throw error
}
