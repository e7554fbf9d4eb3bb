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
import type { Started } from './sessions.ts'
import { type Session, knownDevices } from './tables.ts'

/** Browsers keep no cookie longer (RFC 6265bis). */
export const deviceCookieSeconds = 400 * 24 * 60 * 60
/** Unused for this long, a device counts as new again. */
export const forgottenAfterDays = 180

/** Seen lately enough to be known. */
export const isRemembered = sql`${knownDevices.lastSeenAt} > now() - make_interval(days => ${literal(forgottenAfterDays)})`

const label = 'ash_d_'
const tokenPattern = /^ash_d_[\w-]{43}$/

/**
 * Knows the browser of somebody who signs in from now on, and returns the token for its cookie. Programs have none:
 * `kind` is of their session.
 */
export async function meetDevice(
  tx: TxCtx,
  { userId, kind }: Pick<Session, 'userId' | 'kind'>,
  given: string | null,
): Promise<{ isKnown: boolean; token: string | null }> {
  if (kind !== 'cookie') return { isKnown: false, token: null }
  const token = given !== null && tokenPattern.test(given) ? given : newToken(label)
  const { isKnown } = one(
    await keepDevice(tx.db, { id: uuidv7(), userId, tokenHash: hashToken(token) }),
  )
  return { isKnown, token }
}

/** Tells the user by mail of a session on a device that is news to them; nobody is told of their first. */
export async function tellIfNew(
  tx: TxCtx,
  userId: string,
  { id, cookie, isFirst, isFamiliar }: Started,
  isKnown: boolean,
): Promise<void> {
  const isNews = !isKnown && !isFirst && (cookie !== null || !isFamiliar)
  if (isNews) await tx.enqueue(sendNewDevice, { userId, sessionId: id })
}

/** Whoever held the account may have been here: no device is known any more. */
export async function forgetDevices(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.delete(knownDevices).where(eq(knownDevices.userId, userId))
}

/** Whether it was known already. */
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
