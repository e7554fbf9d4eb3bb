/** The inbox room's jobs, complete: app/ brings the appliers of the rooms, which it alone knows. */
import { and, lt, ne, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import type { Applier } from './appliers.ts'
import { fillGaps } from './gaps.ts'
import { syncObject } from './jobs.ts'
import { isBehind, sync } from './sync.ts'
import { inboxEvents, inboxObjects } from './tables.ts'

/** Providers send an event again for three days, and list it for thirty. */
const keptFor = sql`interval '90 days'`
/** Objects that one sweep wakes; the next one is a minute later. */
const sweepSize = 1_000

export function inboxJobs(appliers: readonly Applier[]) {
  return [
    {
      ...syncObject,
      run: (ctx, { objectId }, signal) => sync(ctx, appliers, objectId, signal),
    } satisfies typeof syncObject,
    defineJob(
      'inbox.sweep',
      { cron: '* * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 50 },
      async (ctx, _tick: Tick) => sweep(ctx),
    ),
    defineJob(
      'inbox.fill_gaps',
      { cron: '13 * * * *', queue: 'maintenance', attempts: 3, timeoutSeconds: 1800 },
      async (ctx, _tick: Tick, signal) => {
        await fillGaps(ctx, appliers, signal)
      },
    ),
    defineJob(
      'inbox.forget_events',
      { cron: '41 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 600 },
      async (ctx, _tick: Tick) => {
        await deleteInBatches(
          ctx,
          inboxEvents,
          and(
            lt(inboxEvents.receivedAt, sql`now() - ${keptFor}`),
            ne(inboxEvents.state, 'received'),
          ),
        )
      },
    ),
  ] as const
}

/** Wakes what is due and nobody works on: its job was lost, or the process that had it. */
async function sweep(ctx: Ctx): Promise<void> {
  const due = await ctx.db
    .select({ id: inboxObjects.id })
    .from(inboxObjects)
    .where(isBehind)
    .orderBy(inboxObjects.nextAt)
    .limit(sweepSize)
  await ctx.tx(async (tx) => {
    for (const { id } of due) await tx.enqueue(syncObject, { objectId: id })
  })
}
