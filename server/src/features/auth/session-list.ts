/** Sessions as a list: where somebody is signed in, and ending it there. */
import { and, desc, eq } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { sessionsEnded } from './events.ts'
import { isAlive, revokeSession } from './sessions.ts'
import { signOutEverywhere } from './sign-outs.ts'
import { type Session, sessions } from './tables.ts'

/** Most sessions one answer lists; who has more signs out everywhere. */
const maxListed = 200

/** A user's live sessions, the one used last first. */
export async function listSessions(ctx: ReadCtx, userId: string): Promise<Session[]> {
  return ctx.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isAlive(ctx)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(maxListed)
}

/** Ends one of the caller's sessions, with the fact that they signed out; throws `auth.session_not_found` (404) for anybody else's and for an ended one. */
export const endSession = (tx: TxCtx, id: string): Promise<void> =>
  endSessionOf(tx, { id, userId: tx.actor.id ?? '' }, 'signed_out')

/** Ends one of a user's sessions. Throws `auth.session_not_found` (404). */
export async function endSessionOf(
  tx: TxCtx,
  { id, userId }: Pick<Session, 'id' | 'userId'>,
  reason: string,
): Promise<void> {
  const [found] = await tx.db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), isAlive(tx)))
  if (!found || !(await revokeSession(tx, id, reason))) throw errors.session_not_found()
}

/**
 * Ends the caller's sessions: all of them, or all but this one. Returns how many. A key has no session that could be
 * spared, and signs nobody out.
 */
export async function signOutSelf(tx: TxCtx, scope: 'all' | 'others'): Promise<number> {
  const { id, sessionId } = tx.actor
  if (id === null || sessionId === null) throw accessErrors.session_required()
  await lockUser(tx, id)
  const ended = await signOutEverywhere(tx, id, {
    reason: 'signed_out_everywhere',
    except: scope === 'others' ? sessionId : null,
  })
  await tx.record(sessionsEnded, id, { count: ended.sessionsEnded })
  return ended.sessionsEnded
}
