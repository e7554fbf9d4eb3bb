/**
 * Known devices: browsers that somebody has signed in from, by a cookie of their own. A new one is told to the owner
 * by mail; a known one is not locked out when others guess. The cookie proves nothing and opens nothing.
 */
import { and, eq, gt, ne, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { sendNewDevice } from './safety-jobs.ts'
import { knownDevices, sessions } from './tables.ts'

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
  const [row] = await ctx.db
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(
      and(
        eq(knownDevices.userId, userId),
        eq(knownDevices.tokenHash, hashToken(token ?? '')),
        gt(knownDevices.lastSeenAt, sql`now() - make_interval(days => ${forgottenAfterDays})`),
      ),
    )
  return row?.id ?? null
}

/**
 * Knows the device of a new session from now on, and tells the user by mail when it was not known; nobody is told of
 * their first. Returns the token for its cookie; null for a session that has none.
 */
export async function meetDevice(
  tx: TxCtx,
  session: { id: string; userId: string; kind: 'cookie' | 'token' },
  given: string | null,
): Promise<string | null> {
  const { userId } = session
  const hasCookie = session.kind === 'cookie'
  const token = given !== null && tokenPattern.test(given) ? given : newToken(label)
  const isKnown = hasCookie
    ? await rememberDevice(tx, userId, token)
    : await isFamiliar(tx, session.id)
  if (!isKnown && (await hasEarlierSession(tx, session)))
    await tx.enqueue(sendNewDevice, { userId, sessionId: session.id })
  return hasCookie ? token : null
}

/** Whoever held the account may have been here: no device is known any more. */
export async function forgetDevices(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.delete(knownDevices).where(eq(knownDevices.userId, userId))
}

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

/** Whether the user has lately had a session with the same user agent from the same network (/24, or /48 of IPv6). */
async function isFamiliar(tx: TxCtx, sessionId: string): Promise<boolean> {
  const { rows } = await tx.db.execute<{ found: boolean }>(sql`
    select exists (
      select 1 from auth_sessions earlier
      where earlier.user_id = this.user_id and earlier.id <> this.id
        and earlier.user_agent is not distinct from this.user_agent
        and earlier.created_at > now() - make_interval(days => ${familiarDays})
        and network(set_masklen(earlier.ip::inet, case family(earlier.ip::inet) when 4 then 24 else 48 end))
          = network(set_masklen(this.ip::inet, case family(this.ip::inet) when 4 then 24 else 48 end))
    ) as found
    from auth_sessions this where this.id = ${sessionId}`)
  return one(rows).found
}

async function hasEarlierSession(
  tx: TxCtx,
  { id, userId }: { id: string; userId: string },
): Promise<boolean> {
  const [row] = await tx.db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, id)))
    .limit(1)
  return row !== undefined
}
