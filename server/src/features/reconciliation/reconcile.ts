/**
 * A run: page after page of every stage, what is found noted, healed by the inbox's appliers, and looked at again. Where it
 * is is kept with what it has found, so that whoever goes on after a crash ends with the same report.
 */
import { and, eq, notInArray, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import type { PaymentProvider } from '../../platform/payments/index.ts'
import { type Applier, bringInStep, isOf } from '../inbox/index.ts'
import { balances } from './balance-stage.ts'
import { withBank } from './bank-stage.ts'
import { type Difference, driftClasses, keyOf } from './drift-classes.ts'
import { aboutOf, closeGone, noteDrift } from './drifts.ts'
import { errors } from './errors.ts'
import { driftHealed, runEnded } from './events.ts'
import { differing, movements, postings } from './money-stages.ts'
import { believed, stageOf, suspected } from './object-stages.ts'
import { lagging, ledger, overdue } from './own-stages.ts'
import {
  type Wanted,
  askForRun,
  claimRun,
  countOutcomes,
  cutOffRun,
  dropRun,
  forgetGathered,
  getRun,
  keepRun,
  LostRight,
  LostRun,
} from './runs.ts'
import type { Source } from './sources.ts'
import { type Run, findings, runs } from './tables.ts'
import type { Stage, Step, Work } from './work.ts'

/** In this order: what is missing here is brought in before money is compared. */
const stages = {
  payment_intent: stageOf('payment_intent'),
  charge: stageOf('charge'),
  refund: stageOf('refund'),
  dispute: stageOf('dispute'),
  believed,
  suspected,
  movements,
  postings,
  withBank,
  differing,
  overdue,
  lagging,
  ledger,
  balances,
} as const satisfies Record<string, Stage>
const stageNames = Object.keys(stages)
export const firstStage = stageNames[0] ?? ''

/** Mending one thing may show the next. */
const maxPasses = 4

export type Parts = {
  readonly sources: readonly Source[]
  readonly appliers: readonly Applier[]
  /** Whether somebody, `user:ID` or `service:ID`, may act and has a permission, at this moment. */
  readonly mayStillAsk: (ctx: ReadCtx, asker: string, permission: string) => Promise<boolean>
}
export type Progress = (stage: string, scanned: number) => void

/** Throws `reconciliation.not_configured` (503). */
export function providerOf({ ports }: Ctx): PaymentProvider {
  if (!ports.payments) throw errors.not_configured()
  return ports.payments
}

/**
 * Asks for a run, or finds the one that was left behind, and does it here.
 * Throws `reconciliation.under_way` (409) while somebody else is at it, and whatever the provider fails with.
 */
export async function reconcile(
  ctx: Ctx,
  parts: Parts,
  wanted: Wanted,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: Progress },
): Promise<Run> {
  const { id: provider } = providerOf(ctx)
  const { id } = await ctx.tx((tx) => askForRun(tx, provider, firstStage, wanted))
  const run = await goOn(ctx, parts, id, { signal, ...(onProgress ? { onProgress } : {}) })
  if (!run) throw errors.under_way({ runId: id })
  return run
}

/**
 * Goes on with a run where it is; null when somebody else has it, or it has ended. Before each page and each question to
 * the provider it is asked whether whoever wanted it may still want it: if not, it ends where it is.
 */
export async function goOn(
  ctx: Ctx,
  parts: Parts,
  id: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: Progress },
): Promise<Run | null> {
  const { listing } = providerOf(ctx)
  let run = await ctx.tx((tx) => claimRun(tx, id))
  if (!run) return null
  const claimed = run
  const goesOn = async () => {
    signal.throwIfAborted()
    const { askedBy } = claimed
    if (askedBy !== null && !(await parts.mayStillAsk(ctx, askedBy, 'reconciliation.run')))
      throw new LostRight()
  }
  try {
    while (run.stage !== '') {
      await goesOn()
      const work: Work = {
        ctx,
        run,
        listing,
        sources: parts.sources.filter(({ provider }) => provider === claimed.provider),
        keep: async () => {
          await goesOn()
          await ctx.tx((tx) => keepRun(tx, claimed))
        },
      }
      run = await advance(work, parts.appliers, signal)
      onProgress?.(run.stage, sumOf(run.scanned))
    }
    const done = run
    crashPoint('reconciliation.before_end')
    return await ctx.tx((tx) => end(tx, done))
  } catch (error) {
    if (error instanceof LostRun) return null
    if (error instanceof LostRight) {
      await ctx.tx((tx) => cutOffRun(tx, claimed))
      return null
    }
    const problem = error instanceof Error ? error.message : String(error)
    await ctx.tx((tx) => dropRun(tx, claimed, problem))
    throw error
  }
}

/** One page: looked at, told, mended, looked at again, kept. */
async function advance(work: Work, appliers: readonly Applier[], signal: AbortSignal) {
  const { ctx, run } = work
  const stage: Stage = stages[run.stage as keyof typeof stages]
  const look = async () => withCures(await stage(work, run.cursor), appliers)
  let step = await look()
  const tried = new Set<string>()
  for (let pass = 0; pass < maxPasses && !run.isDryRun; pass += 1) {
    const curable = step.differences.filter(
      (each) => each.heal.length > 0 && !tried.has(keyOf(each)),
    )
    if (curable.length === 0) break
    // Told before it is mended: whoever goes on after a crash finds it mended, and does not know by whom.
    await ctx.tx((tx) => tell(tx, run, curable))
    crashPoint('reconciliation.after_found')
    for (const difference of curable) {
      tried.add(keyOf(difference))
      for (const object of difference.heal)
        await bringInStep(ctx, appliers, object, { signal, onWait: work.keep })
    }
    crashPoint('reconciliation.after_mended')
    step = await look()
  }
  const last = step
  return ctx.tx((tx) => keepStep(tx, run, last))
}

/** Where nobody applies an object, looking at it again would only give it up. */
const withCures = (step: Step, appliers: readonly Applier[]): Step => ({
  ...step,
  differences: step.differences.map((each) => ({
    ...each,
    heal: each.heal.filter((object) => appliers.some(isOf(object))),
  })),
})

async function keepStep(tx: TxCtx, run: Run, step: Step): Promise<Run> {
  const following = stageNames[stageNames.indexOf(run.stage) + 1] ?? ''
  const scanned = { ...run.scanned, [run.stage]: (run.scanned[run.stage] ?? 0) + step.scanned }
  const kept = await keepRun(tx, run, {
    stage: step.next === null ? following : run.stage,
    cursor: step.next,
    scanned,
    ...(step.balances ? { balances: step.balances } : {}),
  })
  await tell(tx, run, step.differences)
  const left: string[] = []
  for (const difference of step.differences) {
    const outcome = await noteDrift(tx, run, difference)
    const [told] = await tx.db
      .update(findings)
      .set({ ...valuesOf(difference), outcome })
      .where(isFinding(run, difference))
      .returning({ id: findings.id })
    if (told) left.push(told.id)
  }
  // What was told on this page and is not different any more was mended.
  const healed = await tx.db
    .update(findings)
    .set({ outcome: 'healed', asset: null, delta: null })
    .where(
      and(
        eq(findings.runId, run.id),
        eq(findings.outcome, 'found'),
        left.length === 0 ? undefined : notInArray(findings.id, left),
      ),
    )
    .returning()
  for (const finding of healed) await tx.record(driftHealed, finding.id, aboutOf(finding))
  await step.save?.(tx)
  return kept
}

async function tell(tx: TxCtx, run: Run, differences: readonly Difference[]): Promise<void> {
  if (differences.length === 0) return
  await keepRun(tx, run)
  await tx.db
    .insert(findings)
    .values(
      differences.map((each) => ({
        ...valuesOf(each),
        runId: run.id,
        outcome: 'found' as const,
      })),
    )
    .onConflictDoNothing()
}

async function end(tx: TxCtx, run: Run): Promise<Run> {
  await keepRun(tx, run)
  if (!run.isDryRun) await closeGone(tx, run)
  const counts = (await countOutcomes(tx, [run.id])).get(run.id) ?? {}
  const { healed = 0, open = 0, suspected: maybe = 0, would_heal: wouldHeal = 0 } = counts
  const unresolved = open + maybe + wouldHeal
  await forgetGathered(tx, run.id)
  const state = unresolved === 0 ? 'clean' : 'drift'
  await tx.db
    .update(runs)
    .set({ state, leaseUntil: null, endedAt: sql`clock_timestamp()`, problem: null })
    .where(eq(runs.id, run.id))
  await tx.record(runEnded, run.id, { span: run.span, state, healed, unresolved })
  return getRun(tx, run.id)
}

const isFinding = (run: Run, given: Difference) =>
  and(
    eq(findings.runId, run.id),
    eq(findings.class, given.class),
    eq(findings.kind, given.kind),
    eq(findings.ref, given.ref),
  )

const valuesOf = ({ heal: _heal, objectAt: _at, ...rest }: Difference) => ({
  ...rest,
  severity: driftClasses[rest.class].severity,
})

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)
