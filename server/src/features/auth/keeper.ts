/** What auth does for the twofa room, which cannot ask it: check the caller's password, end the user's other sessions. */
import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { type Keeper, endPendingLogins } from '../twofa/index.ts'
import { findPasswordHash } from './credentials.ts'
import { errors } from './errors.ts'
import { passwordRefused, sessionsEnded } from './events.ts'
import { sessions } from './tables.ts'

export const keeper: Keeper = {
  requirePassword,
  wrongPassword: errors.wrong_password,
  endOtherSessions,
}

/** Throws `auth.wrong_password` (403) unless this is the caller's password. */
async function requirePassword(ctx: Ctx, password: string): Promise<void> {
  const userId = ctx.actor.id ?? ''
  const stored = await findPasswordHash(ctx, userId)
  if (await ctx.ports.passwords.verify(stored, password)) return
  throw errors.wrong_password().recording(refused(passwordRefused, userId, {}))
}

/** Ends every session of a user but one, and every sign-in that waits for its second step. */
async function endOtherSessions(
  tx: TxCtx,
  userId: string,
  keptSessionId: string | null,
): Promise<void> {
  await endPendingLogins(tx, userId)
  const ended = await tx.db
    .update(sessions)
    .set({ revokedAt: tx.now, revokedReason: 'others_ended' })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        keptSessionId === null ? undefined : ne(sessions.id, keptSessionId),
      ),
    )
    .returning({ id: sessions.id })
  for (const { id } of ended) await tx.invalidate(`session:${id}`)
  if (ended.length > 0) await tx.record(sessionsEnded, userId, { count: ended.length })
}
