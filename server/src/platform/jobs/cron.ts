/** Jobs started by the clock: one row per job holds its next start, and whoever moves it on enqueues the job. */
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Db } from '../db/index.ts'
import { transact } from '../db/transaction.ts'
import { jobOutbox } from '../tables.ts'
import { nextAfter, parseCron } from './cron-expression.ts'
import type { AnyJobType, JobOrigin, Tick } from './define.ts'
import { createWaker } from './waker.ts'

const pollMs = 1_000
/** How often a process says that it still knows its jobs. */
const registerEveryMs = 60_000
/** A row that no process has known for this long belongs to a removed job. */
const forgottenAfterMinutes = 10

export type Ticker = { start(): void; stop(): Promise<void> }

export type TickerOptions = {
  readonly db: Db
  readonly types: readonly AnyJobType[]
  /** Called after a commit that enqueued something. */
  readonly onEnqueued: () => void
  readonly onError: (kind: string, error: unknown) => void
}

export function createTicker(options: TickerOptions): Ticker {
  const { db, onEnqueued, onError } = options
  const types = options.types.filter((type) => type.cron !== null)
  const names = types.map((type) => type.name)
  const waker = createWaker()
  let running: Promise<void> | null = null
  let isStopping = false

  async function loop(): Promise<void> {
    let registerAt = 0
    while (!isStopping) {
      try {
        if (Date.now() >= registerAt) {
          await registerSchedules(db, types, registerAt === 0)
          registerAt = Date.now() + registerEveryMs
        }
        if (names.length > 0 && (await tick(db, names)) > 0) onEnqueued()
      } catch (error) {
        onError('job clock', error)
      }
      await waker.sleep(pollMs)
    }
  }

  return {
    start: () => {
      running ??= loop()
    },
    stop: async () => {
      isStopping = true
      waker.wake()
      await running
    },
  }
}

/**
 * Writes down the schedules this process knows. The first time, a changed expression replaces the stored one, and rows
 * that nobody knows any more are removed; a start that was missed while nothing ran is kept, and made up once.
 */
export async function registerSchedules(
  db: Db,
  types: readonly AnyJobType[],
  isFirst: boolean,
): Promise<void> {
  const { rows } = await db.execute<{ now: string }>(sql`select now()`)
  const now = new Date(rows[0]?.now ?? Date.now())
  for (const { name, cron } of types) {
    if (cron === null) continue
    const nextAt = nextAfter(parseCron(cron), now)
    await db.execute(sql`
      insert into platform_job_schedules as s (name, cron, next_at)
      values (${name}, ${cron}, ${nextAt.toISOString()}::timestamptz)
      on conflict (name) do update set
        seen_at = now(),
        cron = case when ${isFirst} then excluded.cron else s.cron end,
        next_at = case when ${isFirst} and s.cron <> excluded.cron
          then excluded.next_at else s.next_at end`)
  }
  await db.execute(sql`
    delete from platform_job_schedules
    where seen_at < now() - make_interval(mins => ${forgottenAfterMinutes})`)
}

/** Enqueues what is due, in the transaction that moves its next start on: exactly once, however many processes. */
export async function tick(db: Db, names: readonly string[]): Promise<number> {
  return transact(db, async (tx) => {
    // The stored expression counts, so that two versions side by side agree.
    const { rows } = await tx.execute<{ name: string; cron: string; at: string; now: string }>(sql`
      select name, cron, next_at as at, now() as now from platform_job_schedules
      where name = any(${sql.param(names)}) and next_at <= now()
      order by name for update skip locked`)
    for (const { name, cron, at, now } of rows) {
      const scheduledFor = new Date(at)
      const nextAt = nextAfter(parseCron(cron), new Date(now))
      await tx.insert(jobOutbox).values({
        name,
        payload: { scheduledFor: scheduledFor.toISOString() } satisfies Tick,
        origin: originOf(name),
        runAt: scheduledFor,
      })
      await tx.execute(sql`
        update platform_job_schedules
        set last_at = next_at, next_at = ${nextAt.toISOString()}::timestamptz, seen_at = now()
        where name = ${name}`)
    }
    return rows.length
  })
}

const originOf = (name: string): JobOrigin => ({
  kind: 'system',
  id: `clock:${name}`,
  onBehalfOf: null,
  requestId: uuidv7(),
})
