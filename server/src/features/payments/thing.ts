/** A payment, as those ask of it who want to know who may do what with it. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { isUuid } from '../../platform/ids.ts'
import type { Thing } from '../../platform/rights/index.ts'
import { teams } from '../users/index.ts'
import { payments } from './tables.ts'

export async function findPaymentThing({ db }: ReadCtx, id: string): Promise<Thing | null> {
  if (!isUuid(id)) return null
  const [attributes] = await db
    .select({
      userId: payments.userId,
      state: payments.state,
      currency: payments.asset,
      provider: payments.provider,
      teams: teams.teams,
    })
    .from(payments)
    .innerJoin(teams, eq(teams.userId, payments.userId))
    .where(eq(payments.id, id))
  return attributes ? { ownerId: attributes.userId, attributes } : null
}
