/** A payment, as those ask of it who want to know who may do what with it. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { isUuid } from '../../platform/ids.ts'
import type { Thing } from '../../platform/rights/index.ts'
import { payments } from './tables.ts'

export async function findPaymentThing({ db }: ReadCtx, id: string): Promise<Thing | null> {
  if (!isUuid(id)) return null
  const [found] = await db
    .select({ ownerId: payments.userId })
    .from(payments)
    .where(eq(payments.id, id))
  return found ? { ...found, attributes: {} } : null
}
