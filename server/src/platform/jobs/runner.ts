/** Takes jobs from the store and runs them: identity, time limit, retries, and what happens to the ones that fail. */
import { setTimeout as pause } from 'node:timers/promises'
import { DelayedError, UnrecoverableError } from 'bullmq'
import type { Actor, Ctx } from '../context.ts'
import type { Db } from '../db/index.ts'
import { everything } from '../rights/index.ts'
import { pauseAfter } from './backoff.ts'
import { isKeyDone, markKeyDone } from './claim.ts'
import type { AnyJobType, JobOrigin } from './define.ts'
import type { JobLog } from './error-log.ts'
import { PermanentFailure } from './errors.ts'
import { createQuarantine } from './quarantine.ts'
import { createAside } from './step-aside.ts'
import { EvictingRedisError } from './redis-eviction.ts'
import { maxStalledCount, type JobStore, type StoredJob, type StoredWorker } from './store.ts'
import { settlesWithin, withinLimit } from './time-limit.ts'

/** Jobs of one queue that a process runs at a time, unless told otherwise. */
export const defaultConcurrency = 10
/** A killed worker's jobs run again after this long, and half of it more at most. */
const defaultLockSeconds = 30
/** A job that came while another one had to be alone, or during a shutdown, comes back after this long. */
const putBackMs = 250
/** A job of an unknown name waits this long for a process of the other version, again and again … */
const unknownPutBackMs = 1_000
/** … and is a dead letter when nobody has known it for this long. */
const unknownMaxAgeMs = 3_600_000
/** Pause before the store is asked again for a worker. */
const openRetryMs = 1_000
/** How long runs that were told to stop may take to do so. */
const abortGraceMs = 2_000

/** done: succeeded; failed: runs again later; dead: failed for the last time. */
export type JobOutcome = 'done' | 'failed' | 'dead'

export type RunnerOptions = {
  readonly db: Db
  readonly store: JobStore
  readonly types: ReadonlyMap<string, AnyJobType>
  /** Makes the context a job runs in: the system acts, on behalf of whoever wanted the job. */
  readonly ctxFor: (actor: Actor, requestId: string) => Ctx
  readonly log: JobLog
  readonly onError: (kind: string, error: unknown) => void
  readonly onFinished: (name: string, outcome: JobOutcome, seconds: number) => void
  readonly concurrency: Readonly<Record<string, number>>
  readonly lockSeconds?: number
}

export type Runner = {
  /** Starts a worker per queue; waits until the store can be reached. Throws EvictingRedisError. */
  start(queues: readonly string[]): Promise<void>
  /** Takes no more jobs and waits for the running ones; gives back how many were still running. */
  stop(timeoutSeconds: number): Promise<number>
}

export function createRunner(options: RunnerOptions): Runner {
  const { db, store, types, log, onError } = options
  const workers = new Map<string, StoredWorker>()
  const running = new Map<string, AbortController>()
  let isStopping = false
  const all = <T>(act: (worker: StoredWorker) => T): T[] => [...workers.values()].map(act)

  const quarantine = createQuarantine({
    running: () => running.size,
    closeIntake: async () => {
      await Promise.all(all((worker) => worker.pause(true)))
    },
    openIntake: async () => {
      if (!isStopping) await Promise.all(all((worker) => worker.resume()))
    },
  })

  const aside = createAside(
    () => !isStopping && !quarantine.isActive(),
    (error) => onError('job worker', error),
  )

  async function run(job: StoredJob, token: string): Promise<void> {
    const type = types.get(job.name)
    if (!type) return putBackUnknown(job, token)
    if (quarantine.isActive() || isStopping) return putBack(job, token, putBackMs)
    if (job.stalledCounter < maxStalledCount) return perform(type, job, token)
    log.warn(
      { job: job.id, name: job.name },
      'this job took its worker down twice; it runs alone now',
    )
    return quarantine.alone(() => perform(type, job, token))
  }

  async function perform(type: AnyJobType, job: StoredJob, token: string): Promise<void> {
    const id = idOf(job)
    const { payload, origin, key } = job.data
    const controller = new AbortController()
    running.set(id, controller)
    try {
      if (key !== null && (await isKeyDone(db, id))) return
      const ctx = options.ctxFor(actorOf(job.name, origin), origin.requestId)
      await withinLimit(
        type.policy.timeoutSeconds,
        controller,
        // What was enqueued under this name was checked against the type's payload by the compiler.
        (signal) => type.run(ctx, payload as never, signal, isLastRun(job)),
        () => log.warn({ job: id, name: job.name }, 'an abandoned job ended after its time limit'),
      )
      // The store knows for an hour that it is done; failing here would only run it again.
      if (key !== null) await markKeyDone(db, id).catch((error) => onError('job key', error))
    } catch (error) {
      // Told to stop by a shutdown: that is not the job's failure and costs no attempt.
      if (isStopping && controller.signal.aborted) return await putBack(job, token, 0)
      throw toFailure(error)
    } finally {
      running.delete(id)
    }
  }

  async function putBackUnknown(job: StoredJob, token: string): Promise<void> {
    if (Date.now() - job.timestamp > unknownMaxAgeMs)
      throw new UnrecoverableError(`no version that is running knows jobs named ${job.name}`)
    const worker = workers.get(job.queueName)
    if (worker) await aside.step(job.queueName, worker)
    return putBack(job, token, unknownPutBackMs)
  }

  function report(job: StoredJob, error: Error | null): void {
    const seconds = Math.max(0, Date.now() - (job.processedOn ?? Date.now())) / 1000
    if (error === null) return options.onFinished(job.name, 'done', seconds)
    const isDead = job.finishedOn !== undefined
    const fields = { job: job.id, name: job.name, attempt: job.attemptsMade, err: error }
    if (isDead) log.error(fields, 'job failed for the last time and is a dead letter')
    else log.warn(fields, 'job failed and will run again')
    options.onFinished(job.name, isDead ? 'dead' : 'failed', seconds)
  }

  async function openWorker(queue: string): Promise<void> {
    const lockMs = (options.lockSeconds ?? defaultLockSeconds) * 1000
    while (!isStopping) {
      try {
        const worker = await store.openWorker(
          queue,
          {
            run,
            onCompleted: (job) => report(job, null),
            onFailed: report,
            onStalled: (id) => log.warn({ job: id, queue }, 'a job lost its worker and runs again'),
            onLocksLost: (ids) => {
              for (const id of ids) running.get(id)?.abort(new Error('another worker has this job'))
            },
          },
          {
            concurrency: options.concurrency[queue] ?? defaultConcurrency,
            lockDuration: lockMs,
            stalledInterval: lockMs / 2,
            settings: {
              backoffStrategy: (failures, _type, _error, job) => {
                const policy = job && types.get(job.name)?.policy
                return policy ? pauseAfter(policy, failures) : unknownPutBackMs
              },
            },
          },
        )
        workers.set(queue, worker)
        worker.run().catch((error) => onError(`job worker ${queue}`, error))
        return
      } catch (error) {
        if (error instanceof EvictingRedisError) throw error
        onError(`job worker ${queue}`, error)
        await pause(openRetryMs)
      }
    }
  }

  return {
    start: async (queues) => {
      await Promise.all(queues.map(openWorker))
    },
    stop: async (timeoutSeconds) => {
      isStopping = true
      aside.stop()
      const closing = Promise.all(all((worker) => worker.close()))
      if (await settlesWithin(closing, timeoutSeconds * 1000)) return 0
      for (const controller of running.values()) controller.abort(new Error('shutting down'))
      if (await settlesWithin(closing, abortGraceMs)) return 0
      // Cut off, so that the locks of what still runs expire and another process takes it.
      const cut = Promise.allSettled(all((worker) => worker.disconnect()))
      await settlesWithin(cut, abortGraceMs)
      return running.size
    },
  }
}

/** The system acts; on behalf of the user who wanted the job, or in whose name it was wanted. */
function actorOf(name: string, { kind, id, onBehalfOf }: JobOrigin): Actor {
  return {
    kind: 'system',
    id: `job:${name}`,
    impersonatorId: null,
    onBehalfOf: onBehalfOf ?? (kind === 'user' ? id : null),
    sessionId: null,
    ip: null,
    roles: [],
    ...everything,
  }
}

/** Back into the store for a while, without counting a run. */
async function putBack(job: StoredJob, token: string, ms: number): Promise<never> {
  await job.moveToDelayed(Date.now() + ms, token)
  throw new DelayedError()
}

function toFailure(error: unknown): Error {
  const failure = error instanceof Error ? error : new Error(String(error))
  if (!(failure instanceof PermanentFailure)) return failure
  const final = new UnrecoverableError(failure.message)
  if (failure.stack) final.stack = failure.stack
  return final
}

const isLastRun = ({ attemptsMade, opts }: StoredJob) => attemptsMade + 1 >= (opts.attempts ?? 1)

function idOf(job: StoredJob): string {
  if (!job.id) throw new Error('a stored job has no id')
  return job.id
}
