/** A refund, as those ask of it who want to know who may do what with it. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { isUuid } from '../../platform/ids.ts'
import type { Thing } from '../../platform/rights/index.ts'
import { refunds } from './tables.ts'

export async function findRefundThing({ db }: ReadCtx, id: string): Promise<Thing | null> {
  if (!isUuid(id)) return null
  const [found] = await db
    .select({ ownerId: refunds.userId })
    .from(refunds)
    .where(eq(refunds.id, id))
  return found ? { ...found, attributes: {} } : null
}
