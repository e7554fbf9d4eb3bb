/** The reconciliation room's jobs, complete: app/ brings what the rooms know, which it alone knows. */
import { and, inArray, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { AppError } from '../../platform/errors.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { errors } from './errors.ts'
import { runNow } from './jobs.ts'
import { type Parts, goOn, reconcile } from './reconcile.ts'
import { findLeftBehind } from './runs.ts'
import { type Run, runs } from './tables.ts'

/** Of the hourly ones there are nine thousand a year. */
const keptFor = sql`interval '400 days'`
const policy = { ...runNow.policy, attempts: 1 }

export function reconciliationJobs(parts: Parts) {
  const byClock =
    (span: Run['span']) =>
    async (ctx: Ctx, _tick: Tick, signal: AbortSignal): Promise<void> => {
      if (ctx.ports.payments) await runUnlessBusy(ctx, parts, span, signal)
    }
  return [
    {
      ...runNow,
      run: async (ctx, { runId }, signal) => {
        await goOn(ctx, parts, runId, { signal })
      },
    } satisfies typeof runNow,
    defineJob('reconciliation.hourly', { ...policy, cron: '7 * * * *' }, byClock('72h')),
    defineJob('reconciliation.daily', { ...policy, cron: '37 2 * * *' }, byClock('35d')),
    defineJob('reconciliation.weekly', { ...policy, cron: '37 4 * * 0' }, byClock('full')),
    defineJob(
      'reconciliation.resume',
      { ...policy, cron: '*/5 * * * *' },
      async (ctx, _tick: Tick, signal) => {
        if (!ctx.ports.payments) return
        for (const { id } of await findLeftBehind(ctx)) await goOn(ctx, parts, id, { signal })
      },
    ),
    defineJob(
      'reconciliation.forget_runs',
      { cron: '51 3 * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 300 },
      async (ctx, _tick: Tick) => {
        await deleteInBatches(
          ctx,
          runs,
          and(
            lt(runs.endedAt, sql`now() - ${keptFor}`),
            inArray(runs.state, ['clean', 'drift', 'failed', 'abandoned']),
          ),
        )
      },
    ),
  ] as const
}

/** One that is under way looks at what this one would have looked at, or the next hour does. */
async function runUnlessBusy(ctx: Ctx, parts: Parts, span: Run['span'], signal: AbortSignal) {
  try {
    await reconcile(ctx, parts, { span, isDryRun: false, trigger: 'clock' }, { signal })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== errors.under_way.code) throw error
  }
}
