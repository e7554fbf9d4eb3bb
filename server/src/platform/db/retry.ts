/** Transactions that run again when PostgreSQL chose them as the victim of a race. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Db, Tx } from './index.ts'
import { isRetryable } from './failures.ts'
import { transact, transactAtOnce } from './transaction.ts'

/** Runs in total; a fourth loss in a row means contention that waiting does not cure. */
const attempts = 3
const firstPauseMs = 20

/** Runs `work` in one transaction; serialization failures and deadlocks (40001, 40P01) are tried again, jittered. */
export const inTransaction = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> =>
  again(() => transact(db, work))

/** The same for `work` that asks one statement. */
export const inStatement = <T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> =>
  again(() => transactAtOnce(db, work))

async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (attempt === attempts || !isRetryable(error)) throw error
      await pause(firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()))
    }
  }
}
