/** How a reset is proven: the token of its link, computed from the row's id instead of stored. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { mailRequests } from './tables.ts'

/** OWASP and the Copenhagen Book: no longer than an hour. */
export const resetMinutes = 60

export type Reset = { readonly id: string; readonly userId: string; readonly email: string }

/** A reset that can still be used, of an address that was somebody's. */
export async function findReset(ctx: ReadCtx, id: string): Promise<Reset | null> {
  const [row] = await ctx.db
    .select({ id: mailRequests.id, userId: mailRequests.userId, email: mailRequests.email })
    .from(mailRequests)
    .where(isOpenReset(id))
  return row?.userId ? { ...row, userId: row.userId } : null
}

export const resetTokenOf = (ctx: ReadCtx, id: string) => tokenOfRow(keyOf(ctx), id)

/** The id of the reset that a token was made for, or null when it is not a token of ours. */
export const resetIdOf = (ctx: ReadCtx, token: string) => rowOfToken(keyOf(ctx), token)

/** By the clock, not the transaction's start: who waited for a lock must see what ended meanwhile. */
export function isOpenReset(id: string) {
  return and(
    eq(mailRequests.id, id),
    eq(mailRequests.purpose, 'password_reset'),
    isNull(mailRequests.usedAt),
    gt(mailRequests.expiresAt, sql`clock_timestamp()`),
  )
}

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'password-reset')
