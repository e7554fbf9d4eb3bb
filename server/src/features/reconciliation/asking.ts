/** Asking for a run that a worker does. */
import type { Ctx } from '../../platform/context.ts'
import { runNow } from './jobs.ts'
import { firstStage, providerOf } from './reconcile.ts'
import { type Wanted, askForRun } from './runs.ts'
import type { Run } from './tables.ts'

/** Throws `reconciliation.not_configured` (503) and `reconciliation.under_way` (409). */
export async function askToRun(ctx: Ctx, wanted: Wanted): Promise<Run> {
  const { id: provider } = providerOf(ctx)
  return ctx.tx(async (tx) => {
    const run = await askForRun(tx, provider, firstStage, wanted)
    await tx.enqueue(runNow, { runId: run.id })
    return run
  })
}
