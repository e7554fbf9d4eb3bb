/**
 * The limit of wrong codes: per account, over every door, kept in the database. A right password clears nothing, or who
 * has it could guess without end; a right second factor does.
 */
import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { wrongCodes } from './tables.ts'

const perQuarterHour = { count: 10, seconds: 15 * 60 }
/** At most 50 guesses a day at two codes of a million: one chance in 10,000 a day, for who knows the password. */
const perDay = { count: 50, seconds: 24 * 60 * 60 }

/** Seconds until this account may try a code again; null when it may now. */
export async function findBlockSeconds(ctx: ReadCtx, userId: string): Promise<number | null> {
  const rows = await ctx.db
    .select({
      ageSeconds: sql`extract(epoch from clock_timestamp() - ${wrongCodes.at})`.mapWith(Number),
    })
    .from(wrongCodes)
    .where(
      and(
        eq(wrongCodes.userId, userId),
        gt(wrongCodes.at, sql`clock_timestamp() - make_interval(secs => ${perDay.seconds})`),
      ),
    )
    .orderBy(desc(wrongCodes.at))
    .limit(perDay.count)
  const waits = [perQuarterHour, perDay].map(({ count, seconds }) => {
    // It frees a try when the oldest of the last `count` has left the window.
    const oldest = rows[count - 1]
    return oldest ? seconds - oldest.ageSeconds : 0
  })
  const wait = Math.ceil(Math.max(...waits))
  return wait > 0 ? wait : null
}

/** The user's row must be locked, so that guesses at once are counted one after the other. */
export async function countWrongCode(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.insert(wrongCodes).values({ userId })
}

export async function forgetWrongCodes(tx: TxCtx, userId: string): Promise<void> {
  await tx.db.delete(wrongCodes).where(eq(wrongCodes.userId, userId))
}
