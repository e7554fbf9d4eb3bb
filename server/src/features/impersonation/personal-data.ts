/** What the impersonation room knows of a person, and how it forgets them. */
import { and, eq, isNotNull } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import type { ReadCtx } from '../../platform/context.ts'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { withEnds } from './endings.ts'
import { type Impersonation, impersonations } from './tables.ts'

const moments = {
  sessionId: impersonations.sessionId,
  begunAt: impersonations.begunAt,
  endsAt: impersonations.endsAt,
  endedAt: impersonations.endedAt,
}

export const personalData: PersonalData = {
  room: 'impersonation',
  tables: ['impersonation_impersonations'],
  // Few by nature. Who acted, and in whose account, is somebody else's.
  collect: (ctx, { id }) => {
    const of = ctx.db
      .select({ reason: impersonations.reason, ...moments })
      .from(impersonations)
      .where(and(eq(impersonations.userId, id), isNotNull(impersonations.begunAt)))
    const by = ctx.db
      .select(moments)
      .from(impersonations)
      .where(eq(impersonations.impersonatorId, id))
    return [
      { name: 'impersonations-of-you', rows: rowsOf(async () => told(ctx, await of)) },
      { name: 'impersonations-by-you', rows: rowsOf(async () => told(ctx, await by)) },
    ]
  },
  /** What they did in others' accounts stays: those may see it. */
  erase: async (ctx, { id }) => {
    await deleteInBatches(ctx, impersonations, eq(impersonations.userId, id))
  },
}

type Moments = Pick<Impersonation, 'sessionId' | 'begunAt' | 'endsAt' | 'endedAt'>

/** The session is how its end is found, and is listed by the room that has it. */
async function told(ctx: ReadCtx, rows: readonly Moments[]): Promise<readonly object[]> {
  return (await withEnds(ctx, rows)).map(({ sessionId: _sessionId, ...row }) => row)
}
