/** BullMQ on PostgreSQL: one pool for all queues, its tables in the schema `bullmq`. */
import {
  assertSchemaCompatibility,
  ConnectionClosedError,
  createPostgresBackend,
  isPgPool,
  Job,
  runMigrations,
  withBackend,
  type PgPool,
} from 'bullmq'
import { escapeIdentifier, Pool, type Client } from 'pg'
import { databaseErrors, databaseFailure } from '../db/failures.ts'
import {
  closeTimeoutMs,
  eventStreamLength,
  jobOptions,
  listen,
  maxStalledCount,
  storeTimeoutMs,
  type JobData,
  type JobEntry,
  type JobStore,
  type StoreOptions,
} from './store.ts'
import { settlesWithin } from './time-limit.ts'

const schema = 'bullmq'
/** Connections for statements, besides one per worker that waits to be woken. */
const statementConnections = 6
const statementTimeoutMs = 8_000

/** How long an idle worker waits for a notification before it looks by itself. */
const drainDelaySeconds = 5
/** Pause after a refused connection. */
const retryDelayMs = 1_000

const backend = withBackend(createPostgresBackend)
/**
 * After a failure BullMQ waits without an end, which it cuts to an hour: for a notification, and whoever could send one
 * may be gone. As everywhere else, an idle worker looks by itself.
 */
class PostgresWorker extends backend.Worker<JobData, void> {
  override get maximumBlockTimeout(): number {
    return drainDelaySeconds
  }
}
type PostgresQueue = InstanceType<typeof backend.Queue<JobData, void>>

/**
 * Brings BullMQ's own tables to the version of this package and lets the application role use them: part of the migrate
 * step, on a connection of the owner outside a transaction. The role must exist. Safe to run from many processes at
 * once: BullMQ takes an advisory lock.
 */
export async function migrateJobStore(owner: Client, appRole: string): Promise<void> {
  await runMigrations(owner, schema)
  const role = escapeIdentifier(appRole)
  await owner.query('begin')
  await owner.query(`grant usage on schema ${schema} to ${role}`)
  await owner.query(
    `grant select, insert, update, delete on all tables in schema ${schema} to ${role}`,
  )
  await owner.query(`grant usage, select on all sequences in schema ${schema} to ${role}`)
  // The application works in the tables; the record of migrations is not its business.
  await owner.query(`revoke insert, update, delete on ${schema}.migration from ${role}`)
  await owner.query('commit')
}

export function openPostgresStore(options: StoreOptions): JobStore {
  const { onError } = options
  const pool = openPool(options)
  const queues = new Map<string, Promise<PostgresQueue>>()

  async function openQueue(name: string): Promise<PostgresQueue> {
    // BullMQ remembers a failed first connection for ever, so it only gets to see a working one.
    await assertSchemaCompatibility(pool, schema)
    const queue = new backend.Queue<JobData, void>(name, {
      connection: pool,
      streams: { events: { maxLen: eventStreamLength } },
    })
    queue.on('error', (error) => onError(`job queue ${name}`, error))
    try {
      await queue.waitUntilReady()
    } catch (error) {
      await queue.close()
      throw error
    }
    return queue
  }

  function queueOf(name: string): Promise<PostgresQueue> {
    const known = queues.get(name)
    if (known) return known
    const opening = openQueue(name)
    queues.set(name, opening)
    opening.catch(() => queues.delete(name))
    return opening
  }

  return {
    kind: 'postgres',
    isReachable: () => true,
    queue: queueOf,
    add: async (entries) => addTogether(entries, queueOf),
    openWorker: async (name, events, settings) => {
      await assertSchemaCompatibility(pool, schema)
      const worker = new PostgresWorker(name, (job, token) => events.run(job, token ?? ''), {
        ...settings,
        connection: pool,
        autorun: false,
        maxStalledCount,
        drainDelay: drainDelaySeconds,
        runRetryDelay: retryDelayMs,
      })
      worker.on('error', (error) => onError(`job worker ${name}`, error))
      listen(worker, events)
      try {
        await worker.waitUntilReady()
      } catch (error) {
        await worker.close(true)
        throw error
      }
      return worker
    },
    check: async () => {
      await assertSchemaCompatibility(pool, schema)
      return { status: 'pass' }
    },
    close: async () => {
      const opened = await Promise.allSettled(queues.values())
      for (const queue of opened) if (queue.status === 'fulfilled') await queue.value.close()
      await settlesWithin(pool.end(), closeTimeoutMs)
    },
  }
}

/**
 * One statement for the whole batch. `Queue.addBulk` would need the right to create sequences and temporary tables, and
 * `FlowProducer.addBulk` swallows errors; the operation below it does neither.
 */
async function addTogether(
  entries: readonly JobEntry[],
  queueOf: (name: string) => Promise<PostgresQueue>,
): Promise<readonly (Error | null)[]> {
  const rows = await Promise.all(
    entries.map(async (entry) => {
      const queue = await queueOf(entry.policy.queue)
      const job = new Job(queue, entry.name, entry.data, jobOptions(entry), entry.id)
      return { queue, entry: job.toFlowEntry() }
    }),
  )
  const [first] = rows
  if (!first) return []
  const results = await first.queue.getBackend().addFlow(rows.map((row) => row.entry))
  return results.map(([error]) => error)
}

/**
 * Says in BullMQ's words that the server is away: then it asks again until it is back. Any other failure ends what was
 * being done, and a job whose end could not be noted would run again when its lock is over.
 */
class PatientPool extends Pool {
  override query(...args: unknown[]): never {
    const asked: unknown = Reflect.apply(super.query, this, args)
    return (asked instanceof Promise ? asked.catch(toBullmq) : asked) as never
  }
}

function toBullmq(error: unknown): never {
  const isAway = databaseFailure(error)?.code === databaseErrors.unavailable.code
  throw isAway && error instanceof Error ? new ConnectionClosedError(error.message, error) : error
}

function openPool({ databaseUrl, databaseRole, queueCount, onError }: StoreOptions): PgPool {
  const role = databaseRole ? ` -c role=${databaseRole}` : ''
  const pool = new PatientPool({
    connectionString: databaseUrl,
    max: queueCount + statementConnections,
    connectionTimeoutMillis: storeTimeoutMs / 2,
    query_timeout: storeTimeoutMs,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'ashlar-jobs',
    options: `-c search_path=${schema} -c TimeZone=UTC -c statement_timeout=${statementTimeoutMs}${role}`,
  })
  // Every queue and worker of BullMQ listens on the pool it is given.
  pool.setMaxListeners(0)
  pool.on('error', (error) => onError('job store connection', error))
  // The pool listens to idle connections only; a server that goes away between two statements would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  if (!isPgPool(pool)) throw new Error('this version of BullMQ does not accept a pool of pg')
  return pool
}
