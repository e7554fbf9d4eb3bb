/** What the impersonation room knows of a person, and how it forgets them. */
import { and, eq, isNotNull } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { impersonations } from './tables.ts'

const moments = {
  begunAt: impersonations.begunAt,
  endsAt: impersonations.endsAt,
  endedAt: impersonations.endedAt,
}

export const personalData: PersonalData = {
  room: 'impersonation',
  tables: ['impersonation_impersonations'],
  // Few by nature. Who acted, and in whose account, is somebody else's.
  collect: ({ db }, { id }) => [
    {
      name: 'impersonations-of-you',
      rows: rowsOf(() =>
        db
          .select({ reason: impersonations.reason, ...moments })
          .from(impersonations)
          .where(and(eq(impersonations.userId, id), isNotNull(impersonations.begunAt))),
      ),
    },
    {
      name: 'impersonations-by-you',
      rows: rowsOf(() =>
        db.select(moments).from(impersonations).where(eq(impersonations.impersonatorId, id)),
      ),
    },
  ],
  /** What they did in others' accounts stays: those may see it. */
  erase: async (ctx, { id }) => {
    await deleteInBatches(ctx, impersonations, eq(impersonations.userId, id))
  },
}
