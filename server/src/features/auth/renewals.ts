/**
 * Renewal: a session that may do more from now on goes on under a new id, cookie and tokens (OWASP ASVS 5.0, 7.2.4).
 * Whoever else knew the old ones is out, and does not share what its owner has just earned.
 */
import { type SQL, and, eq, isNull } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Ctx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { sessionRenewed } from './events.ts'
import { issueRefreshToken } from './refresh-tokens.ts'
import { type Tokens, signAccessToken, tokensOf } from './sign-in.ts'
import { isAlive } from './sessions.ts'
import { type Session, emailChanges, sessions } from './tables.ts'

export type Renewed = {
  readonly sessionId: string
  /** The cookie's secret; null for a session that lives on tokens. */
  readonly cookie: string | null
  readonly tokens: Tokens | null
  readonly provenAt: Date
  readonly expiresAt: Date
}

/** To be run in the transaction that changes what the session may do. Throws `access.unauthenticated` (401) when it has ended. */
export type Renewal = (tx: TxCtx, change?: { provenAt: SQL }) => Promise<Renewed>

/**
 * Prepares the renewal of the caller's session. The access token is signed here, ahead of the change: what cannot be
 * signed changes nothing. Null for a session behind the tokens of an identity provider, which nobody here can replace.
 */
export async function prepareRenewal(ctx: Ctx): Promise<Renewal | null> {
  const { sessionId, id: userId } = ctx.actor
  if (sessionId === null || userId === null) throw accessErrors.session_required()
  const [current] = await ctx.db
    .select({ kind: sessions.kind })
    .from(sessions)
    .where(eq(sessions.id, sessionId))
  if (!current) throw accessErrors.unauthenticated()
  if (current.kind === 'external') return null
  const id = uuidv7()
  const accessToken =
    current.kind === 'token' ? await signAccessToken(ctx, { userId, sessionId: id }) : null
  return async (tx, change) => {
    const { session, cookie } = await replaceSession(tx, sessionId, { id, ...change })
    const { provenAt, expiresAt } = session
    const tokens =
      accessToken === null ? null : tokensOf(tx, accessToken, await issueRefreshToken(tx, id))
    return { sessionId: id, cookie, tokens, provenAt, expiresAt }
  }
}

/** It ends when the old one would have, was opened by the same factors, and no longer ago than it was. */
async function replaceSession(
  tx: TxCtx,
  replaces: string,
  { id, ...change }: { id: string; provenAt?: SQL },
): Promise<{ session: Session; cookie: string | null }> {
  const [old] = await tx.db
    .update(sessions)
    .set({ revokedAt: tx.now, revokedReason: 'renewed', renewedAs: id })
    .where(and(eq(sessions.id, replaces), isAlive(tx)))
    .returning()
  if (!old) throw accessErrors.unauthenticated()
  const cookie = old.kind === 'cookie' ? newToken('ash_s_') : null
  const session = {
    ...old,
    ...change,
    id,
    lastSeenAt: tx.now,
    revokedAt: null,
    revokedReason: null,
    renewedAs: null,
  }
  const renewed = one(
    await tx.db
      .insert(sessions)
      .values({ ...session, cookieHash: cookie === null ? null : hashToken(cookie) })
      .returning(),
  )
  // A change of address spares the session that asked for it.
  await tx.db
    .update(emailChanges)
    .set({ sessionId: id })
    .where(and(eq(emailChanges.sessionId, replaces), isNull(emailChanges.endedAt)))
  await tx.record(sessionRenewed, old.userId, { sessionId: id, replaces })
  await tx.invalidate(`session:${replaces}`)
  return { session: renewed, cookie }
}
