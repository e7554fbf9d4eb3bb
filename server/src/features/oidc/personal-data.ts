/** What the oidc room knows of a person, and how it forgets them. */
import { eq, inArray, or } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { attempts, identities, tokenSessions } from './tables.ts'

export const personalData: PersonalData = {
  room: 'oidc',
  tables: ['oidc_identities', 'oidc_attempts', 'oidc_token_sessions'],
  // Few by nature: the providers somebody signs in with, and attempts of the last minutes.
  collect: ({ db }, { id }) => [
    {
      name: 'identities-elsewhere',
      rows: rowsOf(() =>
        db
          .select({
            issuer: identities.issuer,
            subject: identities.subject,
            email: identities.email,
            createdAt: identities.createdAt,
            lastUsedAt: identities.lastUsedAt,
            removedAt: identities.removedAt,
          })
          .from(identities)
          .where(eq(identities.userId, id)),
      ),
    },
    {
      name: 'sign-ins-elsewhere',
      rows: rowsOf(() =>
        db
          .select({ sessionId: tokenSessions.sessionId, createdAt: tokenSessions.createdAt })
          .from(tokenSessions)
          .innerJoin(identities, eq(identities.id, tokenSessions.identityId))
          .where(eq(identities.userId, id)),
      ),
    },
    {
      name: 'visits-to-providers',
      rows: rowsOf(() =>
        db
          .select({
            providerId: attempts.providerId,
            purpose: attempts.purpose,
            createdAt: attempts.createdAt,
          })
          .from(attempts)
          .leftJoin(identities, eq(identities.id, attempts.identityId))
          .where(or(eq(attempts.userId, id), eq(identities.userId, id))),
      ),
    },
  ],
  erase: async (ctx, { id }) => {
    const own = ctx.db
      .select({ id: identities.id })
      .from(identities)
      .where(eq(identities.userId, id))
    const isOwnAttempt = or(eq(attempts.userId, id), inArray(attempts.identityId, own))
    await deleteInBatches(ctx, tokenSessions, inArray(tokenSessions.identityId, own))
    await deleteInBatches(ctx, attempts, isOwnAttempt)
    await deleteInBatches(ctx, identities, eq(identities.userId, id))
  },
}
