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

/** As many writes as a transaction sends ahead before it waits for their answers. */
const aheadMax = 100

/** Of an open transaction: the writes that nobody has waited for. */
const writesAhead = new WeakMap<Tx, Promise<unknown>[]>()

/**
 * Leaves a write that was asked for to the end of its transaction: `commit` goes along with it, and the transaction fails
 * with it. Whoever waits for this waits for nothing, unless too many are on their way.
 */
export async function ahead(tx: Tx, writing: Promise<unknown>): Promise<void> {
  const writes = writesAhead.get(tx)
  if (!writes) return void (await writing)
  // Behind another failure it fails too, and then nobody waits for it.
  writing.catch(() => {})
  writes.push(writing)
  if (writes.length >= aheadMax) await Promise.all(writes.splice(0))
}

/**
 * Runs `work` in a transaction, and commits what it did. Statements that it does not wait for one by one travel together,
 * in the order in which they are asked; a query of Drizzle is asked one step late, a prepared `statement` at once. Reads
 * travel with the `begin` before them, and `commit` with what was left to it (`ahead`).
 * @throws what `work` throws, and of several failed statements the first; Error when `work` went on after a failure
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.$client.connect()
  let isInOrder = false
  let isOver = false
  try {
    const begun = client.query('begin')
    begun.catch(() => {})
    const tx = openTx(closable(client, () => isOver))
    const writes: Promise<unknown>[] = []
    writesAhead.set(tx, writes)
    const result = await work(tx)
    await begun
    isOver = true
    const [{ command }] = await Promise.all([client.query('commit'), ...writes])
    isInOrder = true
    if (command !== 'COMMIT') throw new Error('a statement failed and its transaction went on')
    return result
  } catch (error) {
    isOver = true
    if (!isInOrder) isInOrder = await rollBack(client)
    throw sqlState(error) === behindFailure ? (firstFailure(client) ?? error) : error
  } finally {
    // A connection that cannot even roll back is of no use to anybody.
    client.release(!isInOrder)
  }
}

/**
 * Runs `work`, which asks one statement: PostgreSQL makes a transaction of it by itself, and there is no `begin` and no
 * `commit` to wait for. What it did stands when it is answered, whatever `work` does then.
 * @throws what `work` throws; Error at a second statement, which is not asked
 */
export async function transactAtOnce<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await db.$client.connect()
  let isInOrder = false
  try {
    const result = await work(openTx(oneStatement(client)))
    isInOrder = true
    return result
  } finally {
    // What went wrong may still be going on there: a statement that nobody waits for any more.
    client.release(!isInOrder)
  }
}

/** A statement that comes behind `commit` or `rollback` would stand for itself. */
function closable(client: PoolClient, isOver: () => boolean): PoolClient {
  const query = (...args: unknown[]): unknown => {
    if (isOver()) throw new Error('this transaction is over: ask for every write before you return')
    return Reflect.apply(client.query, client, args)
  }
  return Object.assign(Object.create(client) as PoolClient, { query })
}

function oneStatement(client: PoolClient): PoolClient {
  let isAsked = false
  const query = (...args: unknown[]): unknown => {
    if (isAsked) throw new Error('this transaction is one statement, and that has been asked')
    isAsked = true
    return Reflect.apply(client.query, client, args)
  }
  return Object.assign(Object.create(client) as PoolClient, { query })
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
