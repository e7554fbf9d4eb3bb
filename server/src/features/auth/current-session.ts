/** Who this request's session belongs to, what they may do in it, and for how long. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import type { Caller } from '../../platform/http/index.ts'
import { type User, getUser } from '../users/index.ts'
import { isEnrolmentDue } from './enrolment-duty.ts'
import { sessions } from './tables.ts'

export type CurrentSession = {
  readonly user: User
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  /** Null for a key, which stands by itself. */
  readonly expiresAt: Date | null
  /** Until then what asks for a factor shown lately is allowed; null while it is not. */
  readonly provenUntil: Date | null
  /** The same of administration, for who has an authenticator. */
  readonly elevatedUntil: Date | null
  readonly hasAuthenticator: boolean
  readonly isEnrolmentDue: boolean
  readonly impersonation: (NonNullable<Caller['impersonation']> & { name: string | null }) | null
}

/** Null for a stranger, and for programs that are nobody's. */
export async function findCurrentSession(
  ctx: ReadCtx,
  caller: Caller,
  allPermissions: readonly string[],
): Promise<CurrentSession | null> {
  const { actor, hasAuthenticator, impersonation } = caller
  if (actor.kind !== 'user' || actor.id === null) return null
  const { stepUpMaxAge, adminElevation } = ctx.settings
  const enrolledId = hasAuthenticator ? actor.id : null
  return {
    user: await getUser(ctx, actor.id),
    roles: actor.roles,
    permissions: allPermissions.filter((permission) => actor.can(permission)),
    expiresAt: impersonation?.expiresAt ?? (await endOfSession(ctx, actor.sessionId)),
    provenUntil: untilAfter(ctx, caller.provenAt, stepUpMaxAge),
    elevatedUntil: untilAfter(ctx, caller.elevatedAt, adminElevation),
    hasAuthenticator,
    isEnrolmentDue: isEnrolmentDue(ctx, { roles: actor.roles, enrolledId }),
    impersonation: impersonation && {
      ...impersonation,
      name: (await getUser(ctx, impersonation.by)).name,
    },
  }
}

async function endOfSession({ db }: ReadCtx, id: string | null): Promise<Date | null> {
  if (id === null) return null
  const [found] = await db
    .select({ expiresAt: sessions.expiresAt })
    .from(sessions)
    .where(eq(sessions.id, id))
  return found?.expiresAt ?? null
}

function untilAfter({ now }: ReadCtx, since: Date | null, seconds: number): Date | null {
  if (since === null) return null
  const until = new Date(since.getTime() + seconds * 1000)
  return until > now ? until : null
}
