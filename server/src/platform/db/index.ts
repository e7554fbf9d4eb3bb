/** The door to PostgreSQL: the pool, what readers and writers may do with it, and which failures are its own. */
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgTransaction } from 'drizzle-orm/pg-core'
import { Client, Pool, type PoolConfig } from 'pg'

type Schema = Record<string, never>
export type Db = NodePgDatabase<Schema>
export type Tx = PgTransaction<NodePgQueryResultHKT, Schema, ExtractTablesWithRelations<Schema>>
/** What a reader may do. Both the pool and an open transaction satisfy it. */
export type ReadDb = Pick<Db, 'select' | 'selectDistinct' | '$count' | '$with' | 'with'>

export type PoolOptions = {
  readonly url: string
  /** Role to become on every connection (`SET ROLE`); null when the login role is already the right one. */
  readonly role: string | null
  /** Connections kept, and how many more a burst may open for a short time. */
  readonly size: number
  readonly overflow: number
  /** How long a caller waits for a connection before the answer is 503. */
  readonly acquireTimeoutSeconds: number
  /** Age at which a connection is replaced, so that a failover or a new role setting reaches every one. */
  readonly recycleSeconds: number
  readonly statementTimeoutSeconds: number
  readonly lockTimeoutSeconds: number
  readonly idleInTransactionTimeoutSeconds: number
  readonly applicationName: string
  readonly onError: (error: Error) => void
  /** Called once per statement with how long it took. */
  readonly onQuery?: (text: string, seconds: number, error: Error | null) => void
}

export type Database = { readonly db: Db; readonly pool: Pool; close(): Promise<void> }

/** A burst's extra connections are given back after this long without use. */
const idleTimeoutMs = 10_000
/** The client gives up this long after the server should have cancelled a statement: the server hangs. */
const hangMarginMs = 2_000

/** One connection, as commands see the database: for what runs before there is a pool. */
export const databaseOf = (client: Client): Db => drizzle(client)

/** Opens a pool. Nothing is connected until the first query; errors of idle connections never end the process. */
export function connect(options: PoolOptions): Database {
  const pool = new Pool(poolConfig(options))
  pool.on('error', options.onError)
  // The pool listens to idle connections only. One that is lost while a transaction holds it and nothing is being
  // asked would end the process; the transaction's next statement fails with the reason anyway.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = drizzle(pool)
  return { db, pool, close: () => pool.end() }
}

function poolConfig(options: PoolOptions): PoolConfig {
  const serverSettings = [
    `-c statement_timeout=${options.statementTimeoutSeconds * 1000}`,
    `-c lock_timeout=${options.lockTimeoutSeconds * 1000}`,
    `-c idle_in_transaction_session_timeout=${options.idleInTransactionTimeoutSeconds * 1000}`,
    '-c TimeZone=UTC',
    ...(options.role ? [`-c role=${options.role}`] : []),
  ]
  const config: PoolConfig = {
    connectionString: options.url,
    max: options.size + options.overflow,
    min: Math.min(2, options.size),
    idleTimeoutMillis: idleTimeoutMs,
    connectionTimeoutMillis: options.acquireTimeoutSeconds * 1000,
    maxLifetimeSeconds: options.recycleSeconds,
    query_timeout: options.statementTimeoutSeconds * 1000 + hangMarginMs,
    application_name: options.applicationName,
    keepAlive: true,
    options: serverSettings.join(' '),
  }
  if (options.onQuery) config.Client = meteredClient(options.onQuery)
  return config
}

/** A client that reports the duration of every statement, whoever sent it. */
function meteredClient(onQuery: NonNullable<PoolOptions['onQuery']>): typeof Client {
  class MeteredClient extends Client {
    override query(...args: unknown[]): never {
      const started = performance.now()
      const [first] = args
      const text = typeof first === 'string' ? first : ((first as { text?: string })?.text ?? '')
      const report = (error: Error | null) =>
        onQuery(text, (performance.now() - started) / 1000, error)
      const last = args.at(-1)
      if (typeof last === 'function') {
        args[args.length - 1] = (error: Error | null, ...rest: unknown[]) => {
          report(error)
          ;(last as (...values: unknown[]) => void)(error, ...rest)
        }
        return Reflect.apply(super.query, this, args) as never
      }
      const result: unknown = Reflect.apply(super.query, this, args)
      if (result instanceof Promise) {
        result.then(
          () => report(null),
          (error: Error) => report(error),
        )
      }
      return result as never
    }
  }
  return MeteredClient
}
