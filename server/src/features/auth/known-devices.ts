/**
 * Known devices: browsers that somebody has signed in from, by a cookie of their own. A new one is told to the owner
 * by mail; a known one is not locked out when others guess. The cookie proves nothing and opens nothing.
 */
import { and, eq, sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { TxCtx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
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

/** Seen lately enough to be known. */
export const isRemembered = sql`${knownDevices.lastSeenAt} > now() - make_interval(days => ${literal(forgottenAfterDays)})`

const label = 'ash_d_'
const tokenPattern = /^ash_d_[\w-]{43}$/

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
  const [isKnown, earlier] = await Promise.all([
    hasCookie && rememberDevice(tx, userId, token),
    earlierSessions(tx.db, { id }),
  ])
  const { isFirst, isFamiliar } = one(earlier)
  const isNews = !isKnown && !isFirst && (hasCookie || !isFamiliar)
  if (isNews) await tx.enqueue(sendNewDevice, { userId, sessionId: id })
  return hasCookie ? token : null
}

/** Whoever held the account may have been here: no device is known any more. */
export async function forgetDevices(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.delete(knownDevices).where(eq(knownDevices.userId, userId))
}

/** Whether it was known already. */
async function rememberDevice(tx: TxCtx, userId: string, token: string): Promise<boolean> {
  const { isKnown } = one(
    await keepDevice(tx.db, { id: uuidv7(), userId, tokenHash: hashToken(token) }),
  )
  return isKnown
}

const keepDevice = statement<{ id: string; userId: string; tokenHash: Buffer }>()((
  db: Tx,
  given,
) => {
  const known = db.$with('known').as(
    db
      .select({ id: knownDevices.id })
      .from(knownDevices)
      .where(
        and(
          eq(knownDevices.userId, given('userId')),
          eq(knownDevices.tokenHash, given('tokenHash')),
          isRemembered,
        ),
      ),
  )
  return db
    .with(known)
    .insert(knownDevices)
    .values({ id: given('id'), userId: given('userId'), tokenHash: given('tokenHash') })
    .onConflictDoUpdate({
      target: [knownDevices.userId, knownDevices.tokenHash],
      set: { lastSeenAt: sql`now()` },
    })
    .returning({ isKnown: sql<boolean>`exists (select from ${known})` })
})

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
