/** BullMQ on Redis: producers that fail fast, workers that wait for as long as it takes. */
import { Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { jobErrors } from './errors.ts'
import { assertKeepsEverything } from './redis-eviction.ts'
import {
  closeTimeoutMs,
  eventStreamLength,
  jobOptions,
  listen,
  maxStalledCount,
  storeTimeoutMs,
  type JobData,
  type JobStore,
  type StoreOptions,
} from './store.ts'
import { settlesWithin } from './time-limit.ts'

/** Prefix of every key, so that one Redis can serve other things too. */
const prefix = 'ashlar:jobs'
/** Longest wait between two attempts to connect. */
const reconnectMaxMs = 2_000
const drainDelaySeconds = 5
const retryDelayMs = 1_000

type RedisOptions = StoreOptions & { readonly redisUrl: string }

export function openRedisStore({ redisUrl, onError }: RedisOptions): JobStore {
  const retryStrategy = (times: number) => Math.min(times * 100, reconnectMaxMs)
  // No offline queue: what cannot be added now stays in the outbox, not in this process's memory.
  const producer = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: storeTimeoutMs / 2,
    commandTimeout: storeTimeoutMs / 2,
    retryStrategy,
  })
  producer.on('error', (error) => onError('job store connection', error))
  const consumers: Redis[] = []
  const queues = new Map<string, Queue<JobData, void>>()

  function assertReachable(): void {
    if (producer.status !== 'ready') throw jobErrors.store_unavailable()
  }

  function queueOf(name: string): Queue<JobData, void> {
    assertReachable()
    const known = queues.get(name)
    if (known) return known
    const queue = new Queue<JobData, void>(name, {
      connection: producer,
      prefix,
      skipWaitingForReady: true,
      streams: { events: { maxLen: eventStreamLength } },
    })
    queue.on('error', (error) => onError(`job queue ${name}`, error))
    queues.set(name, queue)
    return queue
  }

  /** One connection of all workers; BullMQ duplicates it for each one's blocking read. */
  function consumer(): Redis {
    const [open] = consumers
    if (open) return open
    const client = new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy })
    client.on('error', (error) => onError('job worker connection', error))
    consumers.push(client)
    return client
  }

  return {
    kind: 'redis',
    isReachable: () => producer.status === 'ready',
    queue: async (name) => queueOf(name),
    add: async (entries) => {
      const rows = entries.map((entry) => {
        const queue = queueOf(entry.policy.queue)
        const job = new Job(queue, entry.name, entry.data, jobOptions(entry), entry.id)
        return { queue, entry: job.toFlowEntry() }
      })
      const [first] = rows
      if (!first) return []
      const results = await first.queue.getBackend().addFlow(rows.map((row) => row.entry))
      return results.map(([error]) => error)
    },
    openWorker: async (name, events, settings) => {
      const connection = consumer()
      await assertKeepsEverything(connection)
      const worker = new Worker<JobData, void>(name, (job, token) => events.run(job, token ?? ''), {
        ...settings,
        connection,
        prefix,
        autorun: false,
        maxStalledCount,
        drainDelay: drainDelaySeconds,
        runRetryDelay: retryDelayMs,
      })
      worker.on('error', (error) => onError(`job worker ${name}`, error))
      listen(worker, events)
      return worker
    },
    check: async () => {
      assertReachable()
      await assertKeepsEverything(producer)
      return { status: 'pass' }
    },
    close: async () => {
      const closing = [...queues.values()].map((queue) => queue.close())
      await settlesWithin(Promise.allSettled(closing), closeTimeoutMs)
      for (const client of [producer, ...consumers]) client.disconnect()
    },
  }
}
