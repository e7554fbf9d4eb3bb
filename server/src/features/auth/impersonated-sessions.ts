/**
 * Sessions in which somebody acts in another's account. Such a session stands on the one of the impersonator: it lives
 * as long as that lives, under whatever id that goes on, and as long as they may impersonate and stand above the user,
 * asked with every request.
 */
import { inArray } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Rule } from '../../platform/rights/index.ts'
import { isAbove, rolesOf, rulesOfUser } from '../access/index.ts'
import { type User, lockUser } from '../users/index.ts'
import { type Identity, findIdentityThatGoesOn, revokeSession, startSession } from './sessions.ts'
import { findSuccessors } from './successions.ts'
import { type Session, sessions } from './tables.ts'

export const impersonate = 'impersonation.begin'

export type Impersonated = {
  readonly user: User
  readonly roles: readonly string[]
  readonly sessionId: string
  readonly expiresAt: Date
  /** The cookie's secret in cookie mode; null in token mode. */
  readonly cookie: string | null
  readonly accessToken: string | null
}

/** When and why a session was over. */
export type End = { readonly at: Date; readonly reason: string }

/** Nobody impersonates a peer or somebody above, and nobody does it from within an impersonation. */
export function mayImpersonate(
  { can, rules, impersonator }: Pick<Identity, 'can' | 'rules' | 'impersonator'>,
  userRules: readonly Rule[],
): boolean {
  return impersonator === null && can(impersonate) && isAbove(rules, userRules)
}

/** Whether the session that an impersonation was asked for in may still begin it. */
export async function isBackedBy(
  ctx: ReadCtx,
  sessionId: string,
  userId: string,
): Promise<boolean> {
  const behind = await findIdentityThatGoesOn(ctx, sessionId)
  return behind !== null && mayImpersonate(behind, await rulesOfUser(ctx, userId))
}

/** Which of these sessions are over, and by what: their own end, or that of the session on which they stand. */
export async function findEnds(
  ctx: ReadCtx,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, End>> {
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(inArray(sessions.id, [...sessionIds]))
  const standOn = rows.flatMap(({ impersonatorSessionId: id }) => (id === null ? [] : [id]))
  const behind = await findSuccessors(ctx, standOn)
  const ends = new Map<string, End>()
  for (const own of rows) {
    const [first] = [own, behind.get(own.impersonatorSessionId ?? '')]
      .flatMap((session) => (session ? endsOf(ctx, session) : []))
      .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    if (first) ends.set(own.id, first)
  }
  return ends
}

/**
 * Starts a session in a user's account for somebody else. It is no sign-in of the user's: no second factor, no device,
 * no refresh token. Null for a user who may not act, or whom the impersonator may not be.
 */
export async function startImpersonated(
  tx: TxCtx,
  input: {
    userId: string
    kind: 'cookie' | 'token'
    impersonator: { sessionId: string; reason: string; seconds: number }
  },
): Promise<Omit<Impersonated, 'accessToken'> | null> {
  const user = await lockUser(tx, input.userId)
  const isBacked = await isBackedBy(tx, input.impersonator.sessionId, user.id)
  if (user.status !== 'active' || !isBacked) return null
  const { id: sessionId, cookie } = await startSession(tx, {
    ...input,
    device: { ip: null, userAgent: null },
    shown: { firstFactor: 'impersonation' },
  })
  const roles = await rolesOf(tx, user.id)
  const expiresAt = new Date(tx.now.getTime() + input.impersonator.seconds * 1000)
  return { user, roles, sessionId, expiresAt, cookie }
}

/** Signs its access token, which lasts as long as the session: nothing refreshes it. */
export async function withAccessToken(
  ctx: Ctx,
  started: Omit<Impersonated, 'accessToken'>,
  seconds: number,
): Promise<Impersonated> {
  if (started.cookie !== null) return { ...started, accessToken: null }
  const claims = { userId: started.user.id, sessionId: started.sessionId }
  try {
    return { ...started, accessToken: await ctx.ports.tokens.sign(claims, seconds) }
  } catch (error) {
    await ctx.tx((tx) => revokeSession(tx, started.sessionId, 'token_unsigned'))
    throw error
  }
}

function endsOf(ctx: ReadCtx, session: Session): readonly End[] {
  const { revokedAt, revokedReason, expiresAt, lastSeenAt } = session
  const unusedAt = new Date(lastSeenAt.getTime() + ctx.settings.sessionIdleExpiry * 1000)
  return [
    ...(revokedAt ? [{ at: revokedAt, reason: revokedReason ?? 'revoked' }] : []),
    ...[expiresAt, unusedAt].map((at) => ({ at, reason: 'expired' })),
  ].filter(({ at }) => at <= ctx.now)
}
