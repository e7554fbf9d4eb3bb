/** Transactions: one connection each, given back whatever happens. */
import { PgDialect } from 'drizzle-orm/pg-core'
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres'
import type { PoolClient } from 'pg'
import { firstFailure } from './client.ts'
import { sqlState } from './failures.ts'
import type { Db, Tx } from './index.ts'

const dialect = new PgDialect()

/** "Commands ignored until end of transaction block": what statements behind a failure are told. */
const behindFailure = '25P02'

/**
 * Runs `work` in a transaction, and commits what it did. Statements that it does not wait for one by one travel together,
 * in the order in which they are asked; a query of Drizzle is asked one step late, a prepared `statement` at once. Reads
 * travel with the `begin` before them.
 * @throws what `work` throws, and of several failed statements the first; Error when `work` went on after a failure
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.$client.connect()
  let isInOrder = false
  try {
    const begun = client.query('begin')
    begun.catch(() => {})
    const result = await work(openTx(client))
    await begun
    const { command } = await client.query('commit')
    isInOrder = true
    if (command !== 'COMMIT') throw new Error('a statement failed and its transaction went on')
    return result
  } catch (error) {
    if (!isInOrder) isInOrder = await rollBack(client)
    throw sqlState(error) === behindFailure ? (firstFailure(client) ?? error) : error
  } finally {
    // A connection that cannot even roll back is of no use to anybody.
    client.release(!isInOrder)
  }
}

function openTx(client: PoolClient): Tx {
  return new NodePgTransaction(dialect, new NodePgSession(client, dialect, undefined), undefined)
}

async function rollBack(client: PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  )
}
