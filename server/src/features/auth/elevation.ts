/** Elevation: a session in which a code of the authenticator was shown lately, as administration asks for. */
import { and, eq, sql } from 'drizzle-orm'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { proveSecondFactor } from '../twofa/index.ts'
import { elevated } from './events.ts'
import { isAlive } from './sessions.ts'
import { sessions } from './tables.ts'

/**
 * Spends a code and elevates the caller's session; it counts as a step-up, too. Throws `access.session_required` (403)
 * for a key, `access.unauthenticated` (401) for a session that ended meanwhile, and what `proveSecondFactor` does.
 */
export async function elevate(ctx: Ctx, code: string): Promise<Date> {
  const { id: userId, sessionId } = ctx.actor
  if (sessionId === null) throw accessErrors.session_required()
  await proveSecondFactor(ctx, { code }, 'elevation')
  const elevatedAt = await ctx.tx(async (tx) => {
    const [found] = await tx.db
      .update(sessions)
      .set({ elevatedAt: sql`clock_timestamp()`, provenAt: sql`clock_timestamp()` })
      .where(and(eq(sessions.id, sessionId), isAlive(tx)))
      .returning({ elevatedAt: sessions.elevatedAt })
    if (!found) return null
    await tx.record(elevated, userId, { sessionId })
    await tx.invalidate(`session:${sessionId}`)
    return found.elevatedAt
  })
  if (elevatedAt === null) throw accessErrors.unauthenticated()
  return elevatedAt
}

/** For when the authenticator is another one from now on: a window that the old one opened is shut. */
export async function endElevation(tx: TxCtx, sessionId: string): Promise<void> {
  await tx.db.update(sessions).set({ elevatedAt: null }).where(eq(sessions.id, sessionId))
  await tx.invalidate(`session:${sessionId}`)
}
