/** What the admin room knows of a person, and how it forgets them. No token is handed out. */
import { eq } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { interventions, serviceTokens } from './tables.ts'

export const personalData: PersonalData = {
  room: 'admin',
  tables: ['admin_interventions', 'admin_service_tokens'],
  // Few by nature. Who intervened is somebody else's.
  collect: ({ db }, { id }) => [
    {
      name: 'interventions',
      rows: rowsOf(() =>
        db
          .select({
            kind: interventions.kind,
            reason: interventions.reason,
            until: interventions.until,
            liftedAt: interventions.liftedAt,
            createdAt: interventions.createdAt,
          })
          .from(interventions)
          .where(eq(interventions.userId, id)),
      ),
    },
    {
      name: 'service-tokens',
      rows: rowsOf(() =>
        db
          .select({
            name: serviceTokens.name,
            hint: serviceTokens.hint,
            scopes: serviceTokens.scopes,
            createdAt: serviceTokens.createdAt,
            rotatedAt: serviceTokens.rotatedAt,
            lastUsedAt: serviceTokens.lastUsedAt,
            expiresAt: serviceTokens.expiresAt,
            revokedAt: serviceTokens.revokedAt,
          })
          .from(serviceTokens)
          .where(eq(serviceTokens.backedBy, id)),
      ),
    },
  ],
  /** Tokens they answered for have been dead since the account was closed. */
  erase: async (ctx, { id }) => {
    await deleteInBatches(ctx, interventions, eq(interventions.userId, id))
    await deleteInBatches(ctx, serviceTokens, eq(serviceTokens.backedBy, id))
  },
}
