/** A dispute, as those ask of it who want to know who may do what with it. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { isUuid } from '../../platform/ids.ts'
import type { Thing } from '../../platform/rights/index.ts'
import { disputes } from './tables.ts'

export async function findDisputeThing({ db }: ReadCtx, id: string): Promise<Thing | null> {
  if (!isUuid(id)) return null
  const [found] = await db
    .select({ ownerId: disputes.userId })
    .from(disputes)
    .where(eq(disputes.id, id))
  return found ? { ...found, attributes: {} } : null
}
