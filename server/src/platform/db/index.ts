/** The door to PostgreSQL: the pool, what readers and writers may do with it, and which failures are its own. */
import { drizzle, type NodePgDatabase, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres'
import type { ExtractTablesWithRelations } from 'drizzle-orm'
import type { PgTransaction } from 'drizzle-orm/pg-core'
import { type Client, Pool, type PoolConfig } from 'pg'
import { type OnQuery, clientClass } from './client.ts'

type Schema = Record<string, never>
export type Db = NodePgDatabase<Schema> & { readonly $client: Pool }
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
  readonly onQuery?: OnQuery
}

export type Database = { readonly db: Db; readonly pool: Pool; close(): Promise<void> }

/** A burst's extra connections are given back after this long without use. */
const idleTimeoutMs = 10_000
/** The client gives up this long after the server should have cancelled a statement: the server hangs. */
const hangMarginMs = 2_000

/** One connection, as commands see the database: for what runs before there is a pool. */
export const databaseOf = (client: Client): OneConnection => drizzle(client)
export type OneConnection = Omit<Db, '$client'>

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
  return {
    Client: clientClass(options.onQuery ?? (() => {})),
    // Statements that nobody waits for one by one are sent without waiting, too.
    pipeline: true,
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
}
