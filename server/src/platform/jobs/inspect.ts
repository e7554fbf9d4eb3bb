/** Looking at jobs from outside: lists, counts, and a second life for dead letters. */
import { asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import { jobOutbox } from '../tables.ts'
import type { JobOrigin } from './define.ts'
import type { JobStore, StoredJob, StoredQueue } from './store.ts'

const states = {
  waiting: ['waiting', 'prioritized'],
  active: ['active'],
  delayed: ['delayed'],
  failed: ['failed'],
  completed: ['completed'],
} as const

export type StoredState = keyof typeof states
/** `outbox`: committed and not yet in the queue store. `failed`: a dead letter. */
export type JobState = StoredState | 'outbox'

export type JobView = {
  readonly id: string
  readonly name: string
  /** Null for a job in the outbox that this version does not know. */
  readonly queue: string | null
  readonly state: JobState
  readonly attempts: number
  readonly maxAttempts: number | null
  readonly payload: unknown
  /** Who wanted it, and in which request. */
  readonly origin: JobOrigin
  readonly error: string | null
  readonly createdAt: Date
  readonly runAt: Date
  /** Of the run that is the newest. */
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

export type JobFilter = {
  readonly state?: JobState
  readonly name?: string
  readonly queue?: string
  /** 50 unless given, 500 at most. */
  readonly limit?: number
  /** Instead of a limit on all: so many of each queue and state. */
  readonly depth?: number
}

export type QueueCounts = Readonly<Record<StoredState, number>> & {
  /** How long the longest waiting job has been due; 0 when none waits. */
  readonly oldestWaitingSeconds: number
}

export type JobCounts = {
  readonly queues: Readonly<Record<string, QueueCounts>>
  readonly outbox: { readonly waiting: number; readonly oldestSeconds: number }
}

const defaultLimit = 50
const limitMax = 500
/** A name is looked for among this many of the newest jobs of a queue and state. */
const searchDepth = 2_000

/** What a lookup needs: the queues of all known jobs, and which queue a name belongs to. */
export type Inspected = {
  readonly db: Db
  readonly store: JobStore
  readonly queues: readonly string[]
  readonly queueOf: (name: string) => string | null
}

/** The newest jobs that fit, of all states unless one is named. */
export async function listJobs(of: Inspected, filter: JobFilter): Promise<readonly JobView[]> {
  const limit = filter.depth ?? Math.min(filter.limit ?? defaultLimit, limitMax)
  const found: JobView[] = []
  if (!filter.state || filter.state === 'outbox')
    found.push(...(await listOutbox(of, filter, limit)))
  const wanted = (Object.keys(states) as StoredState[]).filter(
    (state) => !filter.state || filter.state === state,
  )
  const queues = of.queues.filter((queue) => !filter.queue || filter.queue === queue)
  for (const name of wanted.length > 0 ? queues : []) {
    const queue = await of.store.queue(name)
    for (const state of wanted) found.push(...(await listStored(queue, state, filter, limit)))
  }
  const sorted = found.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  return filter.depth === undefined ? sorted.slice(0, limit) : sorted
}

/** Of each queue and state so many of the newest jobs are looked through: nothing finds them by who wanted them. */
const traceDepth = 500

/**
 * Jobs that have to do with an id, oldest first: that have it, were wanted in that request, by that user or in their name,
 * or name it in their payload. Those that are done are known for an hour.
 */
export async function traceJobs(of: Inspected, id: string): Promise<readonly JobView[]> {
  const all = await listJobs(of, { depth: traceDepth })
  const named = all.some((job) => job.id === id) ? null : await findStored(of, id)
  const found = named
    ? [...all, viewOf(named, named.queueName, stateOf(await named.getState()))]
    : all
  return found
    .filter((job) => concerns(job, id))
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

function concerns({ id: jobId, origin, payload }: JobView, id: string): boolean {
  const { requestId, onBehalfOf } = origin
  const payloadValues =
    typeof payload === 'object' && payload !== null ? Object.values(payload) : []
  return [jobId, requestId, origin.id, onBehalfOf, ...payloadValues].includes(id)
}

/** One job, wherever it is; null when nobody knows it any more. */
export async function findJob(of: Inspected, id: string): Promise<JobView | null> {
  const [row] = await of.db.select().from(jobOutbox).where(eq(jobOutbox.id, id))
  if (row) return outboxView(of, row)
  const job = await findStored(of, id)
  return job && viewOf(job, job.queueName, stateOf(await job.getState()))
}

const stateOf = (state: string): StoredState =>
  (Object.keys(states) as StoredState[]).find((name) =>
    (states[name] as readonly string[]).includes(state),
  ) ?? 'waiting'

async function listStored(
  queue: StoredQueue,
  state: StoredState,
  filter: JobFilter,
  limit: number,
): Promise<readonly JobView[]> {
  const depth = filter.name ? searchDepth : limit
  const jobs = await queue.getJobs([...states[state]], 0, depth - 1, false)
  return jobs
    .filter((job) => job && (!filter.name || job.name === filter.name))
    .slice(0, limit)
    .map((job) => viewOf(job, queue.name, state))
}

async function listOutbox(of: Inspected, filter: JobFilter, limit: number): Promise<JobView[]> {
  const rows = await of.db
    .select()
    .from(jobOutbox)
    .where(filter.name ? eq(jobOutbox.name, filter.name) : undefined)
    .orderBy(asc(jobOutbox.nextAt))
    .limit(limit)
  return rows
    .map((row) => outboxView(of, row))
    .filter((view) => !filter.queue || view.queue === filter.queue)
}

const outboxView = (of: Inspected, row: typeof jobOutbox.$inferSelect): JobView => ({
  id: row.id,
  name: row.name,
  queue: of.queueOf(row.name),
  state: 'outbox',
  attempts: 0,
  maxAttempts: null,
  payload: row.payload,
  origin: row.origin as JobOrigin,
  error: null,
  createdAt: row.createdAt,
  runAt: row.runAt,
  startedAt: null,
  finishedAt: null,
})

export function viewOf(job: StoredJob, queue: string, state: StoredState): JobView {
  return {
    id: job.id ?? '',
    name: job.name,
    queue,
    state,
    attempts: job.attemptsMade,
    maxAttempts: job.opts.attempts ?? 1,
    payload: job.data.payload,
    origin: job.data.origin,
    error: job.failedReason ?? null,
    createdAt: new Date(job.data.createdAt),
    runAt: new Date(job.data.runAt),
    startedAt: job.processedOn ? new Date(job.processedOn) : null,
    finishedAt: job.finishedOn ? new Date(job.finishedOn) : null,
  }
}

export async function countJobs(of: Inspected): Promise<JobCounts> {
  const queues: Record<string, QueueCounts> = {}
  for (const name of of.queues) queues[name] = await countQueue(await of.store.queue(name))
  return { queues, outbox: await countOutbox(of.db) }
}

async function countQueue(queue: StoredQueue): Promise<QueueCounts> {
  const counts = await queue.getJobCounts(...Object.values(states).flat())
  const sum = (state: StoredState) =>
    states[state].reduce((total, part) => total + (counts[part] ?? 0), 0)
  return {
    waiting: sum('waiting'),
    active: sum('active'),
    delayed: sum('delayed'),
    failed: sum('failed'),
    completed: sum('completed'),
    oldestWaitingSeconds: await findOldestSeconds(queue),
  }
}

async function findOldestSeconds(queue: StoredQueue): Promise<number> {
  const heads = await Promise.all(states.waiting.map((state) => queue.getJobs([state], 0, 0, true)))
  const ages = heads
    .flat()
    .filter((job) => job)
    .map((job) => (Date.now() - Date.parse(job.data.runAt)) / 1000)
  return Math.max(0, ...ages)
}

/** Jobs due and not relayed. Reads one small index; cheap enough for a health check. */
export async function countOutbox(db: Db): Promise<JobCounts['outbox']> {
  const { rows } = await db.execute<{ waiting: string; seconds: string | null }>(sql`
    select count(*) as waiting, extract(epoch from now() - min(created_at)) as seconds
    from platform_job_outbox`)
  return { waiting: Number(rows[0]?.waiting ?? 0), oldestSeconds: Number(rows[0]?.seconds ?? 0) }
}

export async function findStored(of: Inspected, id: string): Promise<StoredJob | null> {
  for (const name of of.queues) {
    const queue = await of.store.queue(name)
    const job = await queue.getJob(id)
    if (job) return job
  }
  return null
}
