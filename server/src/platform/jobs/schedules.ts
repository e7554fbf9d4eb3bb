/** What the clock starts: when it did last, how that ended, when it does again; and starting it by hand. */
import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { jobOutbox } from '../tables.ts'
import type { JobOrigin, Tick } from './define.ts'
import { listJobs, type Inspected, type JobState, type JobView } from './inspect.ts'
import { jobSchedules } from './tables.ts'

/** Of each queue and state so many are looked through for the newest start of each job. */
const depth = 500
const unfinished: readonly JobState[] = ['outbox', 'waiting', 'active', 'delayed', 'failed']

export type ScheduleView = {
  readonly name: string
  /** Five fields, in UTC. */
  readonly cron: string
  readonly nextAt: Date
  readonly lastAt: Date | null
  /** What became of the newest start; null before there was one. */
  readonly last: JobView | 'done' | null
}

/**
 * The schedules that some process knows. A start that has ended well is forgotten after an hour, one that has not is
 * kept: what is not there any more has ended well, unless somebody has thrown it away.
 */
export async function listSchedules(of: Inspected): Promise<readonly ScheduleView[]> {
  const rows = await of.db.select().from(jobSchedules).orderBy(jobSchedules.name)
  const open = new Map<string, JobView>()
  for (const state of unfinished)
    for (const job of await listJobs(of, { state, depth }))
      open.set(`${job.name} ${startOf(job.payload)}`, job)
  return rows.map(({ name, cron, nextAt, lastAt }) => ({
    name,
    cron,
    nextAt,
    lastAt,
    last: lastAt && (open.get(`${name} ${lastAt.toISOString()}`) ?? 'done'),
  }))
}

/** Starts one now, beside its schedule; two who ask at once start it once. */
export async function startSchedule(
  db: Tx,
  name: string,
  origin: JobOrigin,
): Promise<'started' | 'waiting' | 'unknown'> {
  const [known] = await db
    .select({ name: jobSchedules.name, now: sql`clock_timestamp()`.mapWith(jobSchedules.nextAt) })
    .from(jobSchedules)
    .where(eq(jobSchedules.name, name))
    .for('update')
  if (!known) return 'unknown'
  if ((await db.$count(jobOutbox, eq(jobOutbox.name, name))) > 0) return 'waiting'
  const payload: Tick = { scheduledFor: known.now.toISOString() }
  await db.insert(jobOutbox).values({ name, payload, origin, runAt: known.now })
  return 'started'
}

/** The minute that the clock meant, as `Tick` says it. */
export function startOf(payload: unknown): string | null {
  const isTick = typeof payload === 'object' && payload !== null && 'scheduledFor' in payload
  return isTick ? String(payload.scheduledFor) : null
}
