/** Sessions that an identity opens: those behind a provider's access tokens, and the end of all that one has opened. */
import { and, eq, isNull } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { endPendingLogins, enrolments } from '../twofa/index.ts'
import { lockUser, markSignedIn } from '../users/index.ts'
import { sessionsEnded } from './events.ts'
import { type Device, startSession } from './sessions.ts'
import { sessions } from './tables.ts'

/**
 * Makes the row behind the tokens of one sign-in elsewhere. Null for a user who may not act, and for one with a second
 * factor: a token cannot be asked for a code, and must not be the way around it.
 */
export async function openExternalSession(
  tx: TxCtx,
  input: { userId: string; identityId: string; device: Device },
): Promise<string | null> {
  const { userId, identityId, device } = input
  const { status } = await lockUser(tx, userId)
  if (status !== 'active') return null
  const enrolled = await tx.db.select().from(enrolments).where(eq(enrolments.userId, userId))
  if (enrolled.length > 0) return null
  const shown = { firstFactor: 'oidc', credentialId: identityId } as const
  const { id } = await startSession(tx, { userId, kind: 'external', device, shown })
  await markSignedIn(tx, userId)
  return id
}

/**
 * Ends every session that a passkey or an identity has opened, and the user's sign-ins that wait for a second step.
 * The user's row must be locked.
 */
export async function endSessionsOf(
  tx: TxCtx,
  userId: string,
  credential: { readonly id: string; readonly reason: string },
): Promise<void> {
  await endPendingLogins(tx, userId)
  const ended = await tx.db
    .update(sessions)
    .set({ revokedAt: tx.now, revokedReason: credential.reason })
    .where(
      and(
        eq(sessions.userId, userId),
        eq(sessions.credentialId, credential.id),
        isNull(sessions.revokedAt),
      ),
    )
    .returning({ id: sessions.id })
  if (ended.length === 0) return
  await tx.record(sessionsEnded, userId, { count: ended.length })
  await tx.invalidate(`user:${userId}`)
}
