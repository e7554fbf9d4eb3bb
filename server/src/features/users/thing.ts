/** An account, as those ask of it who want to know who may do what with it. */
import { eq, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { isUuid } from '../../platform/ids.ts'
import type { Thing } from '../../platform/rights/index.ts'
import { statusNow, users } from './tables.ts'

export async function findUserThing({ db }: ReadCtx, id: string): Promise<Thing | null> {
  if (!isUuid(id)) return null
  const [attributes] = await db
    .select({
      id: users.id,
      status: statusNow,
      emailVerified: sql<boolean>`(${users.emailVerifiedAt} is not null)`,
      teams: users.teams,
    })
    .from(users)
    .where(eq(users.id, id))
  return attributes ? { ownerId: attributes.id, attributes } : null
}
