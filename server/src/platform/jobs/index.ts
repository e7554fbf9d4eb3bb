/** Background jobs: `tx.enqueue` writes to the outbox, the relay hands over to the queue, workers run. See README.md. */
import type { Actor, Ctx } from '../context.ts'
import type { Db } from '../db/index.ts'
import { createTicker } from './cron.ts'
import { parseCron } from './cron-expression.ts'
import type { AnyJobType } from './define.ts'
import { createErrorLog, type JobLog } from './error-log.ts'
import {
  countJobs,
  countOutbox,
  findJob,
  listJobs,
  traceJobs,
  type Inspected,
  type JobCounts,
  type JobFilter,
  type JobView,
} from './inspect.ts'
import { type DeadLetter, getDeadLetter, retryJob } from './dead-letters.ts'
import { type After, type JobPage, type PageFilter, pageJobs } from './pages.ts'
import { createRelay } from './relay.ts'
import { createRunner, defaultConcurrency, type JobOutcome } from './runner.ts'
import { listSchedules, type ScheduleView } from './schedules.ts'
import type { StoreHealth } from './store.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openRedisStore } from './store-redis.ts'
import { settlesWithin } from './time-limit.ts'

export type { JobLog } from './error-log.ts'
export { jobErrors, PermanentFailure } from './errors.ts'
export type { JobCounts, JobFilter, JobState, JobView } from './inspect.ts'
export { startHeartbeat } from './heartbeat.ts'
export { EvictingRedisError, lookAtRedis, unusableStoreExitCode } from './redis-eviction.ts'
export type { DeadLetter } from './dead-letters.ts'
export { afterOf } from './pages.ts'
export { type ScheduleView, startOf, startSchedule } from './schedules.ts'
export type { JobOutcome } from './runner.ts'
export { migrateJobStore } from './store-postgres.ts'
export { superviseWorker, type SuperviseOptions, type Supervised } from './supervise.ts'

/** A committed job that nobody relayed for this long deserves a warning. */
const outboxWarningSeconds = 60
/** How long closing waits for relay and clock to finish what they are at. */
const closeTimeoutMs = 5_000

export type JobSystem = {
  /** Looks at the outbox now: a transaction of this process committed a job. */
  wake(): void
  /** Starts carrying jobs from the outbox to the queue. */
  startRelay(): void
  /**
   * Starts running jobs, and the clock for those with a cron expression. Waits until the queue store can be reached;
   * throws EvictingRedisError when it is a Redis that would drop jobs.
   */
  startWorkers(options?: { readonly queues?: readonly string[] }): Promise<void>
  list(filter: JobFilter): Promise<readonly JobView[]>
  /** One page of them, newest first. */
  page(filter: PageFilter & { limit: number; after: After | null }): Promise<JobPage>
  /** One job, wherever it is; null when nobody knows it any more. */
  find(id: string): Promise<JobView | null>
  /** Jobs that have to do with an id, oldest first, as far as they are still known. */
  trace(id: string): Promise<readonly JobView[]>
  /** Sends a dead letter back. Throws `jobs.not_found`, `jobs.not_a_dead_letter`. */
  retry(id: string): Promise<void>
  /** To be retried or thrown away by hand. Throws `jobs.not_found`, `jobs.not_a_dead_letter`. */
  deadLetter(id: string): Promise<DeadLetter>
  /** What the clock starts. */
  schedules(): Promise<readonly ScheduleView[]>
  /** How many jobs of a queue one process runs at a time. */
  concurrencyOf(queue: string): number
  counts(): Promise<JobCounts>
  /** Takes no more jobs and waits for the running ones. Those that do not end in time run again elsewhere. */
  drain(timeoutSeconds: number): Promise<{ readonly isDrained: boolean; readonly left: number }>
  check(): Promise<StoreHealth>
  /** Ends everything at once; call `drain` first. The database stays open. */
  close(): Promise<void>
}

export type JobSystemOptions = {
  readonly db: Db
  /** For BullMQ's own connections: the same database and role as `db`. LISTEN must work, so no transaction pooling. */
  readonly databaseUrl: string
  readonly databaseRole?: string | null
  /** Null: the queue lives in PostgreSQL. */
  readonly redisUrl: string | null
  readonly types: readonly AnyJobType[]
  /** Makes the context a job runs in: the system acts, on behalf of whoever wanted the job. */
  readonly ctxFor: (actor: Actor, requestId: string) => Ctx
  readonly log: JobLog
  /** Jobs at a time per queue and process; 10 unless named. */
  readonly concurrency?: Readonly<Record<string, number>>
  /** How long after a worker's sudden death its jobs run again; 30 unless given. */
  readonly lockSeconds?: number
  readonly onFinished?: (name: string, outcome: JobOutcome, seconds: number) => void
}

/** Opens the job system. Connects when first used; throws when two jobs share a name or a cron expression is wrong. */
export function openJobs(options: JobSystemOptions): JobSystem {
  const { db, log } = options
  const types = byName(options.types)
  const queues = [...new Set(options.types.map((type) => type.policy.queue))]
  const onError = createErrorLog(log)
  const { databaseUrl, redisUrl, databaseRole = null } = options
  const storeOptions = { databaseUrl, databaseRole, redisUrl, queueCount: queues.length, onError }
  const store = redisUrl
    ? openRedisStore({ ...storeOptions, redisUrl })
    : openPostgresStore(storeOptions)
  const relay = createRelay({ db, store, types, onError })
  const ticker = createTicker({ db, types: options.types, onEnqueued: relay.wake, onError })
  const runner = createRunner({
    db,
    store,
    types,
    ctxFor: options.ctxFor,
    log,
    onError,
    onFinished: options.onFinished ?? (() => {}),
    concurrency: options.concurrency ?? {},
    ...(options.lockSeconds === undefined ? {} : { lockSeconds: options.lockSeconds }),
  })
  const inspected: Inspected = {
    db,
    store,
    queues,
    queueOf: (name) => types.get(name)?.policy.queue ?? null,
  }

  let closing: Promise<void> | null = null

  return {
    wake: relay.wake,
    startRelay: relay.start,
    startWorkers: async ({ queues: chosen = queues } = {}) => {
      await runner.start(queues.filter((queue) => chosen.includes(queue)))
      ticker.start()
    },
    list: (filter) => listJobs(inspected, filter),
    page: (filter) => pageJobs(inspected, filter),
    find: (id) => findJob(inspected, id),
    trace: (id) => traceJobs(inspected, id),
    retry: async (id) => {
      await retryJob(inspected, id)
      relay.wake()
    },
    deadLetter: (id) => getDeadLetter(inspected, id),
    schedules: () => listSchedules(inspected),
    concurrencyOf: (queue) => options.concurrency?.[queue] ?? defaultConcurrency,
    counts: () => countJobs(inspected),
    drain: async (timeoutSeconds) => {
      const stopped = Promise.all([ticker.stop(), relay.stop()])
      const left = await runner.stop(timeoutSeconds)
      await settlesWithin(stopped, closeTimeoutMs)
      return { isDrained: left === 0, left }
    },
    check: async () => {
      try {
        const health = await store.check()
        const { waiting, oldestSeconds } = await countOutbox(db)
        if (health.status !== 'pass' || oldestSeconds < outboxWarningSeconds) return health
        const age = Math.round(oldestSeconds)
        return { status: 'warn', detail: `${waiting} jobs wait in the outbox, since ${age} s` }
      } catch (error) {
        return { status: 'fail', detail: error instanceof Error ? error.message : String(error) }
      }
    },
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    await settlesWithin(Promise.all([ticker.stop(), relay.stop()]), closeTimeoutMs)
    await runner.stop(0)
    await store.close()
  }
}

function byName(types: readonly AnyJobType[]): ReadonlyMap<string, AnyJobType> {
  const known = new Map<string, AnyJobType>()
  for (const type of types) {
    if (known.has(type.name)) throw new Error(`two jobs are named ${type.name}`)
    if (type.policy.queue.includes(':')) throw new Error(`job ${type.name}: a queue has no ":"`)
    if (type.cron !== null) parseCron(type.cron)
    known.set(type.name, type)
  }
  return known
}
