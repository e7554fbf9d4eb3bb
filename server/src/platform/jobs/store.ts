/** Where relayed jobs wait and run: BullMQ, on PostgreSQL unless a Redis is given. What both offer, and the numbers both share. */
import type { Job, JobsOptions, Queue, Worker, WorkerOptions } from 'bullmq'
import type { JobOrigin, JobPolicy } from './define.ts'

/** What the store keeps of a job; enough to run it, show it and put it back into the outbox. */
export type JobData = {
  readonly payload: unknown
  readonly origin: JobOrigin
  readonly key: string | null
  readonly createdAt: string
  readonly runAt: string
}

export type StoredJob = Job<JobData, void>
export type StoredQueue = Pick<
  Queue<JobData, void>,
  'name' | 'getJob' | 'getJobs' | 'getJobCounts' | 'close'
>
export type StoredWorker = Pick<
  Worker<JobData, void>,
  'run' | 'pause' | 'resume' | 'close' | 'disconnect'
>

export type JobEntry = {
  readonly id: string
  readonly name: string
  readonly policy: JobPolicy
  readonly data: JobData
}

export type WorkerSettings = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'settings'
>

export type WorkerEvents = {
  readonly run: (job: StoredJob, token: string) => Promise<void>
  readonly onCompleted: (job: StoredJob) => void
  readonly onFailed: (job: StoredJob, error: Error) => void
  /** A job lost its worker and waits again. */
  readonly onStalled: (id: string) => void
  /** The store gave these jobs to somebody else meanwhile. */
  readonly onLocksLost: (ids: readonly string[]) => void
}

export type StoreHealth = {
  readonly status: 'pass' | 'warn' | 'fail'
  readonly detail?: string
}

export type JobStore = {
  readonly kind: 'postgres' | 'redis'
  /** False while adding is known to be pointless; then nothing is claimed from the outbox. */
  isReachable(): boolean
  /** Adds all entries in one round trip; one error or null per entry. An id that exists is left as it is. */
  add(entries: readonly JobEntry[]): Promise<readonly (Error | null)[]>
  queue(name: string): Promise<StoredQueue>
  /** Opens a worker that does not take jobs before `run()`. Throws when the store cannot be used as it is. */
  openWorker(queue: string, events: WorkerEvents, settings: WorkerSettings): Promise<StoredWorker>
  check(): Promise<StoreHealth>
  /** Closes the connections, whether or not the server is there. */
  close(): Promise<void>
}

export type StoreOptions = {
  readonly databaseUrl: string
  readonly databaseRole: string | null
  readonly redisUrl: string | null
  /** How many queues exist: on PostgreSQL each worker keeps one connection to be woken. */
  readonly queueCount: number
  readonly onError: (kind: string, error: unknown) => void
}

/** A finished job's id blocks a second run for this long: far longer than a crashed relay's lease. */
const doneMemorySeconds = 3600
/** Dead letters stay this long, to be looked at and started again. */
const deadLetterDays = 90
/** Nobody reads BullMQ's event stream here; BullMQ has no way to switch it off. */
export const eventStreamLength = 100
/** How long closing waits for a server that may not be there. */
export const closeTimeoutMs = 2_000
/** Waiting for the store longer than this counts as "not there"; less than a relay's lease. */
export const storeTimeoutMs = 10_000

/**
 * Times a job may lose its worker (killed, spinning, out of memory) before it is a dead letter. The third loss is
 * its own fault: after the second it only runs alone (see quarantine.ts).
 */
export const maxStalledCount = 2

// BullMQ runs jobs without a priority before all others, and lower numbers before higher ones.
const priorities = { high: 0, normal: 10, low: 20 } as const

/** BullMQ's options for an entry. The delay is counted from now; a time that has passed means at once. */
export function jobOptions({ policy, data }: JobEntry): JobsOptions {
  return {
    attempts: policy.attempts,
    backoff: { type: 'policy' },
    delay: Math.max(0, Date.parse(data.runAt) - Date.now()),
    priority: priorities[policy.priority],
    removeOnComplete: { age: doneMemorySeconds },
    removeOnFail: { age: deadLetterDays * 86_400 },
    // The last error is what is looked at; a line or two of each earlier one would only fill the row.
    stackTraceLimit: 1,
  }
}

type Emitter = {
  on(event: 'completed', listener: (job: StoredJob) => void): unknown
  on(event: 'failed', listener: (job: StoredJob | undefined, error: Error) => void): unknown
  on(event: 'stalled', listener: (id: string) => void): unknown
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown
}

/** Connects a BullMQ worker's events. */
export function listen(worker: Emitter, events: WorkerEvents): void {
  worker.on('completed', events.onCompleted)
  worker.on('failed', (job, error) => {
    if (job) events.onFailed(job, error)
  })
  worker.on('stalled', events.onStalled)
  worker.on('lockRenewalFailed', events.onLocksLost)
}
