/** Sessions: the one row behind every credential, from sign-in to revocation. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { subjects } from '../access/index.ts'
import { enrolments } from '../twofa/index.ts'
import { type Rights, type Rule, rulesFor } from '../../platform/rights/index.ts'
import { rightsUnderPolicy } from './enrolment-duty.ts'
import { signedIn, signedOut } from './events.ts'
import { successorOf } from './successions.ts'
import { type FirstFactor, type Session, refreshTokens, sessions } from './tables.ts'

/** Who a live session belongs to and what they may do: all that a request needs to know of its caller. */
export type Identity = Rights & {
  readonly sessionId: string
  readonly userId: string
  readonly roles: readonly string[]
  /** By what they mean for this user. */
  readonly rules: readonly Rule[]
  readonly lastSeenAt: Date
  readonly provenAt: Date
  readonly elevatedAt: Date | null
  readonly hasAuthenticator: boolean
  readonly expiresAt: Date
  /** Who acts in this account, from which session of theirs, and why; null for its owner. */
  readonly impersonator: (Identity & { readonly reason: string }) | null
}

/** What somebody has shown of themselves by the time their session starts. */
export type Shown = {
  readonly firstFactor: FirstFactor
  /** The passkey or external identity it was, if it was one. */
  readonly credentialId?: string | null
  readonly secondFactor?: string | null
}

/** The device a session is made on, as far as it tells. */
export type Device = { readonly ip: string | null; readonly userAgent: string | null }

export type Started = {
  readonly id: string
  /** The secret of a cookie session; only its hash is stored. */
  readonly cookie: string | null
  /** Whether the user never had a session before. */
  readonly isFirst: boolean
  /** Whether there was one lately with the same user agent from the same network (/24, or /48 of IPv6). */
  readonly isFamiliar: boolean
}

/** Programs have no cookie: one that looks the same in the same network, within this time, is no news. */
const familiarDays = 90
/** A user agent says what it likes; this much of it is kept. */
const maxUserAgentLength = 400

export async function findIdentityByCookie(
  ctx: ReadCtx,
  cookieHash: Buffer,
): Promise<Identity | null> {
  return findIdentity(ctx, eq(sessions.cookieHash, cookieHash))
}

export async function findIdentityBySession(
  ctx: ReadCtx,
  sessionId: string,
): Promise<Identity | null> {
  return findIdentity(ctx, eq(sessions.id, sessionId))
}

/** Who a session belongs to under whatever id it goes on: one that is renewed between the two questions is followed. */
export async function findIdentityThatGoesOn(
  ctx: ReadCtx,
  sessionId: string,
): Promise<Identity | null> {
  for (let id = await successorOf(ctx, sessionId); ;) {
    const identity = await findIdentityBySession(ctx, id)
    const next = identity ? id : await successorOf(ctx, id)
    if (next === id) return identity
    id = next
  }
}

export async function countSessions(ctx: ReadCtx, userId: string): Promise<number> {
  return ctx.db.$count(sessions, and(eq(sessions.userId, userId), isAlive(ctx)))
}

/**
 * Starts a session. In one statement with it stand the row of its first refresh token, if it is to have one, and the
 * look at the sessions that the user had before.
 */
export async function startSession(
  tx: TxCtx,
  input: {
    userId: string
    kind: Session['kind']
    device: Device
    shown: Shown
    impersonator?: { readonly sessionId: string; readonly reason: string; readonly seconds: number }
    refreshTokenId?: string | null
  },
): Promise<Started> {
  const { userId, kind, device, shown, impersonator, refreshTokenId = null } = input
  const id = uuidv7()
  const cookie = kind === 'cookie' ? newToken('ash_s_') : null
  const { firstFactor, secondFactor = null, credentialId = null } = shown
  const [earlier] = await Promise.all([
    insertSession(tx.db, {
      id,
      userId,
      kind,
      cookieHash: cookie === null ? null : hashToken(cookie),
      firstFactor,
      secondFactor,
      credentialId,
      ip: device.ip,
      userAgent: device.userAgent?.slice(0, maxUserAgentLength) ?? null,
      impersonatorSessionId: impersonator?.sessionId ?? null,
      impersonationReason: impersonator?.reason ?? null,
      lastsSeconds: impersonator?.seconds ?? tx.settings.sessionAbsoluteExpiry,
      refreshTokenId,
      refreshSeconds: tx.settings.refreshTokenExpiry,
    }),
    // Who acts in somebody's account has not signed them in, and is recorded by the room that lets them.
    impersonator
      ? null
      : tx.record(
          signedIn,
          userId,
          { sessionId: id, kind, firstFactor, secondFactor },
          { by: { userId } },
        ),
  ])
  return { id, cookie, ...one(earlier) }
}

/**
 * Ends a session and with it every credential that stands on it, under whatever id it goes on meanwhile. Ending it twice
 * changes nothing.
 */
export async function revokeSession(
  tx: TxCtx,
  sessionId: string,
  reason: string,
): Promise<boolean> {
  const [revoked] = await tx.db
    .update(sessions)
    .set({ revokedAt: tx.now, revokedReason: reason })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
    .returning({ userId: sessions.userId })
  if (!revoked) {
    const [old] = await tx.db
      .select({ renewedAs: sessions.renewedAs })
      .from(sessions)
      .where(eq(sessions.id, sessionId))
    return old?.renewedAs ? revokeSession(tx, old.renewedAs, reason) : false
  }
  await tx.invalidate(`session:${sessionId}`)
  if (reason === 'signed_out') await tx.record(signedOut, revoked.userId, { sessionId })
  return true
}

/**
 * Notes that a session is in use, and from where; asked rarely, so that reading writes nothing. False when it has ended meanwhile: a
 * dead session is not brought back by using it.
 */
export async function touchSession(tx: TxCtx, sessionId: string): Promise<boolean> {
  // Where an impersonator sits is none of the owner's business.
  const ip = sql`case when ${sessions.impersonatorSessionId} is null then ${tx.actor.ip} end`
  const touched = await tx.db
    .update(sessions)
    .set({ lastSeenAt: sql`now()`, ...(tx.actor.ip === null ? {} : { ip }) })
    .where(and(eq(sessions.id, sessionId), isAlive(tx)))
    .returning({ id: sessions.id })
  return touched.length === 1
}

/** Not revoked, not too old, and not unused for too long. */
export function isAlive(ctx: ReadCtx) {
  return and(
    isNull(sessions.revokedAt),
    gt(sessions.expiresAt, sql`now()`),
    gt(sessions.lastSeenAt, sql`now() - make_interval(secs => ${ctx.settings.sessionIdleExpiry})`),
  )
}

/** One joined statement: the session stands, its user may act, in which roles, and whether with a second factor. */
async function findIdentity(ctx: ReadCtx, isIt: ReturnType<typeof eq>): Promise<Identity | null> {
  const [row] = await ctx.db
    .select({
      sessionId: sessions.id,
      userId: sessions.userId,
      lastSeenAt: sessions.lastSeenAt,
      provenAt: sessions.provenAt,
      elevatedAt: sessions.elevatedAt,
      expiresAt: sessions.expiresAt,
      teams: subjects.teams,
      impersonatorSessionId: sessions.impersonatorSessionId,
      impersonationReason: sessions.impersonationReason,
      roles: subjects.roles,
      rules: subjects.rules,
      enrolledId: enrolments.userId,
    })
    .from(sessions)
    .innerJoin(subjects, eq(subjects.userId, sessions.userId))
    .leftJoin(enrolments, eq(enrolments.userId, sessions.userId))
    .where(and(isIt, isAlive(ctx), eq(subjects.status, 'active')))
  if (!row) return null
  const { enrolledId, teams, impersonatorSessionId, impersonationReason, ...identity } = row
  const found = {
    ...identity,
    ...rightsUnderPolicy(ctx, row),
    rules: rulesFor(row.rules, { id: row.userId, teams }),
    hasAuthenticator: enrolledId !== null,
  }
  if (impersonatorSessionId === null) return { ...found, impersonator: null }
  const behind = await findIdentityThatGoesOn(ctx, impersonatorSessionId)
  if (!behind) return null
  return {
    ...found,
    expiresAt: behind.expiresAt < row.expiresAt ? behind.expiresAt : row.expiresAt,
    impersonator: { ...behind, reason: impersonationReason ?? '' },
  }
}

type NewSession = Pick<
  Session,
  | 'id'
  | 'userId'
  | 'kind'
  | 'cookieHash'
  | 'firstFactor'
  | 'secondFactor'
  | 'credentialId'
  | 'ip'
  | 'userAgent'
  | 'impersonatorSessionId'
  | 'impersonationReason'
> & { lastsSeconds: number; refreshTokenId: string | null; refreshSeconds: number }

/** Written by hand: of a statement on one table Drizzle drops the tables' names, and here they are what matters. */
const earlierSession = 'select 1 from auth_sessions earlier where earlier.user_id = session.user_id'
const networkOf = (session: 'earlier' | 'session') =>
  `network(set_masklen(${session}.ip::inet, case family(${session}.ip::inet) when 4 then 24 else 48 end))`
const isFirst = sql.raw(`not exists (${earlierSession})`)
const isFamiliar = sql.raw(`exists (${earlierSession}
  and earlier.user_agent is not distinct from session.user_agent
  and earlier.created_at > now() - make_interval(days => ${familiarDays})
  and ${networkOf('earlier')} = ${networkOf('session')})`)

/** The statement sees what was there before it: not the session that it makes. */
const insertSession = statement<NewSession>()((db: Tx, given) => {
  const session = db.$with('session').as(
    db
      .insert(sessions)
      .values({
        id: given('id'),
        userId: given('userId'),
        kind: given('kind'),
        cookieHash: given('cookieHash'),
        firstFactor: given('firstFactor'),
        secondFactor: given('secondFactor'),
        credentialId: given('credentialId'),
        ip: given('ip'),
        userAgent: given('userAgent'),
        impersonatorSessionId: given('impersonatorSessionId'),
        impersonationReason: given('impersonationReason'),
        expiresAt: sql`now() + make_interval(secs => ${given('lastsSeconds')})`,
      })
      .returning({ userId: sessions.userId, ip: sessions.ip, userAgent: sessions.userAgent }),
  )
  const token = db.$with('token').as(
    db
      .insert(refreshTokens)
      .select(
        sql`select ${given('refreshTokenId')}::uuid, ${given('id')}::uuid, null, null,
          now() + make_interval(secs => ${given('refreshSeconds')}), now()
          where ${given('refreshTokenId')}::uuid is not null`,
      )
      .returning({ id: refreshTokens.id }),
  )
  return db
    .with(session, token)
    .select({ isFirst: sql<boolean>`${isFirst}`, isFamiliar: sql<boolean>`${isFamiliar}` })
    .from(session)
})
