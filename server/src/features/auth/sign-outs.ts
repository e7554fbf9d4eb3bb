/**
 * Ending what somebody is signed in with. Every event that makes older credentials doubtful (a new password, factor or
 * address, a thief, "sign me out everywhere") ends here, so that no kind of credential is forgotten.
 */
import { and, eq, isNull, ne } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { endPendingLogins } from '../twofa/index.ts'
import { apiKeys, sessions } from './tables.ts'

export type SignOut = {
  /** Kept in the session's row, for whoever reads it later. */
  readonly reason: string
  /** The session that goes on: the one in which its owner made the change. */
  readonly except?: string | null
  /** API keys end as well: for when somebody else may have made some. */
  readonly keys?: boolean
}

/**
 * Ends a user's sessions with their refresh tokens, their sign-ins that wait for a second step and, if wanted, their
 * API keys; everywhere within a second. The user's row must be locked: a session that starts meanwhile comes before or
 * after.
 */
export async function signOutEverywhere(
  tx: TxCtx,
  userId: string,
  { reason, except = null, keys = false }: SignOut,
): Promise<{ sessionsEnded: number; keysRevoked: number }> {
  await endPendingLogins(tx, userId)
  const ended = await tx.db
    .update(sessions)
    .set({ revokedAt: tx.now, revokedReason: reason })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        except === null ? undefined : ne(sessions.id, except),
      ),
    )
    .returning({ id: sessions.id })
  const keysRevoked = keys ? await revokeKeys(tx, userId) : 0
  await tx.invalidate(`user:${userId}`)
  return { sessionsEnded: ended.length, keysRevoked }
}

/** Ends the sessions that a passkey or an external identity opened, and returns which they were. */
export async function endSessionsBy(
  tx: TxCtx,
  userId: string,
  credentialId: string,
  reason: string,
): Promise<readonly string[]> {
  const ended = await tx.db
    .update(sessions)
    .set({ revokedAt: tx.now, revokedReason: reason })
    .where(
      and(
        eq(sessions.userId, userId),
        eq(sessions.credentialId, credentialId),
        isNull(sessions.revokedAt),
      ),
    )
    .returning({ id: sessions.id })
  await tx.invalidate(`user:${userId}`)
  return ended.map(({ id }) => id)
}

async function revokeKeys(tx: TxCtx, userId: string): Promise<number> {
  const revoked = await tx.db
    .update(apiKeys)
    .set({ revokedAt: tx.now })
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id })
  return revoked.length
}
