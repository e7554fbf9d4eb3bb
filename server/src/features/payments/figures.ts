/** For Prometheus: how the payments of a day do. */
import { count, gte } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { firstIdAt } from '../../platform/db/columns.ts'
import { payments } from './tables.ts'

const dayMs = 24 * 60 * 60 * 1000

export async function readRecentPayments({ db }: Pick<ReadCtx, 'db'>) {
  return db
    .select({ state: payments.state, count: count() })
    .from(payments)
    .where(gte(payments.id, firstIdAt(new Date(Date.now() - dayMs))))
    .groupBy(payments.state)
}
