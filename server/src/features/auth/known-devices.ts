/**
 * Known devices: browsers that somebody has signed in from, by a cookie of their own. A new one is told to the owner
 * by mail; a known one is not locked out when others guess. The cookie proves nothing and opens nothing.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ReadDb, Tx } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { literal, statement } from '../../platform/db/prepared.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { sendNewDevice } from './safety-jobs.ts'
import { type Session, knownDevices, sessions } from './tables.ts'

/** Browsers keep no cookie longer (RFC 6265bis). */
export const deviceCookieSeconds = 400 * 24 * 60 * 60
/** Unused for this long, a device counts as new again. */
export const forgottenAfterDays = 180
/** Programs have no cookie: one that looks the same in the same network, within this time, is no news. */
const familiarDays = 90

const label = 'ash_d_'
const tokenPattern = /^ash_d_[\w-]{43}$/

/** The row of a browser that this user has signed in from before; null for any other. */
export async function findKnownDevice(
  ctx: ReadCtx,
  userId: string,
  token: string | null,
): Promise<string | null> {
  if (token === null) return null
  const [row] = await deviceByToken(ctx.db, { userId, tokenHash: hashToken(token) })
  return row?.id ?? null
}

/**
 * Knows the device of a new session from now on, and tells the user by mail when it was not known; nobody is told of
 * their first. Returns the token for its cookie; null for a session that has none.
 */
export async function meetDevice(
  tx: TxCtx,
  session: Pick<Session, 'id' | 'userId' | 'kind'>,
  given: string | null,
): Promise<string | null> {
  const { id, userId } = session
  const hasCookie = session.kind === 'cookie'
  const token = given !== null && tokenPattern.test(given) ? given : newToken(label)
  const isRemembered = hasCookie && (await rememberDevice(tx, userId, token))
  if (!isRemembered) {
    const { isFirst, isFamiliar } = one(await earlierSessions(tx.db, { id }))
    const isNews = !isFirst && (hasCookie || !isFamiliar)
    if (isNews) await tx.enqueue(sendNewDevice, { userId, sessionId: id })
  }
  return hasCookie ? token : null
}

/** Whoever held the account may have been here: no device is known any more. */
export async function forgetDevices(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.delete(knownDevices).where(eq(knownDevices.userId, userId))
}

/** Whether it was known already. */
async function rememberDevice(tx: TxCtx, userId: string, token: string): Promise<boolean> {
  const isKnown = (await findKnownDevice(tx, userId, token)) !== null
  await tx.db
    .insert(knownDevices)
    .values({ userId, tokenHash: hashToken(token) })
    .onConflictDoUpdate({
      target: [knownDevices.userId, knownDevices.tokenHash],
      set: { lastSeenAt: sql`now()` },
    })
  return isKnown
}

const deviceByToken = statement<{ userId: string; tokenHash: Buffer }>()((db: ReadDb, given) =>
  db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(
      and(
        eq(knownDevices.userId, given('userId')),
        eq(knownDevices.tokenHash, given('tokenHash')),
        sql`${knownDevices.lastSeenAt} > now() - make_interval(days => ${literal(forgottenAfterDays)})`,
      ),
    ),
)

/** Written by hand: of a statement on one table Drizzle drops the tables' names, and here they are what matters. */
const isBefore = sql`earlier.user_id = auth_sessions.user_id and earlier.id <> auth_sessions.id`
const networkOf = (session: 'earlier' | 'auth_sessions') =>
  sql.raw(
    `network(set_masklen(${session}.ip::inet, case family(${session}.ip::inet) when 4 then 24 else 48 end))`,
  )

/**
 * What a user's other sessions say of a new one: whether it is the first, and whether there was one lately with the
 * same user agent from the same network (/24, or /48 of IPv6).
 */
const earlierSessions = statement<{ id: string }>()((db: Tx, given) =>
  db
    .select({
      isFirst: sql<boolean>`not exists (select 1 from auth_sessions earlier where ${isBefore})`,
      isFamiliar: sql<boolean>`exists (select 1 from auth_sessions earlier where ${isBefore}
        and earlier.user_agent is not distinct from auth_sessions.user_agent
        and earlier.created_at > now() - make_interval(days => ${literal(familiarDays)})
        and ${networkOf('earlier')} = ${networkOf('auth_sessions')})`,
    })
    .from(sessions)
    .where(eq(sessions.id, given('id'))),
)
