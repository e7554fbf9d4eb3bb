/** What the clock starts, with what became of it; and starting it by hand. */
import { eq, sql } from 'drizzle-orm'
import { type Ctx, type ReadCtx, whoActs } from '../../platform/context.ts'
import { type JobSystem, type ScheduleView, startSchedule } from '../../platform/jobs/index.ts'
import { events } from '../../platform/tables.ts'
import { errors } from './errors.ts'
import { jobDiscarded, startedByHand } from './events.ts'

export const outcomes = ['done', 'failed', 'discarded', 'running', 'waiting'] as const

export type Schedule = Omit<ScheduleView, 'last'> & {
  /** Of the newest start; null before there was one. */
  readonly lastOutcome: (typeof outcomes)[number] | null
  /** What it failed with, also while it is tried again. */
  readonly lastError: string | null
  readonly lastJobId: string | null
}

export async function listSchedules(
  ctx: ReadCtx,
  jobs: Pick<JobSystem, 'schedules'>,
): Promise<readonly Schedule[]> {
  const discarded = await discardedStarts(ctx)
  return (await jobs.schedules()).map(({ last, ...schedule }) => {
    const { name, lastAt } = schedule
    if (last !== null && last !== 'done')
      return {
        ...schedule,
        lastOutcome: outcomeOf(last.state),
        lastError: last.error,
        lastJobId: last.id,
      }
    const isDiscarded = lastAt !== null && discarded.get(name) === lastAt.toISOString()
    const lastOutcome = isDiscarded ? 'discarded' : last
    return { ...schedule, lastOutcome, lastError: null, lastJobId: null }
  })
}

/** Throws `jobs.schedule_not_found` (404) and `jobs.waits_already` (409). */
export async function runNow(
  ctx: Ctx,
  { wake }: Pick<JobSystem, 'wake'>,
  name: string,
): Promise<void> {
  await ctx.tx(async (tx) => {
    const origin = { ...whoActs(tx.actor), requestId: tx.requestId }
    const outcome = await startSchedule(tx.db, name, origin)
    if (outcome === 'unknown') throw errors.schedule_not_found()
    if (outcome === 'waiting') throw errors.waits_already()
    await tx.record(startedByHand, null, { name })
  })
  wake()
}

function outcomeOf(state: string): (typeof outcomes)[number] {
  if (state === 'failed') return 'failed'
  return state === 'active' ? 'running' : 'waiting'
}

/** The newest start of each kind that was thrown away. */
async function discardedStarts({ db }: ReadCtx): Promise<ReadonlyMap<string, string | null>> {
  const name = sql<string>`${events.data}->>'name'`
  const rows = await db
    .select({ name, start: sql<string | null>`max(${events.data}->>'scheduledFor')` })
    .from(events)
    .where(eq(events.name, jobDiscarded.name))
    .groupBy(name)
  return new Map(rows.map((row) => [row.name, row.start]))
}
