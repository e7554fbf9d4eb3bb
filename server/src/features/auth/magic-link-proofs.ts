/** How a mailed sign-in is proven: the link's token and the code, computed from the row's id instead of stored. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { codeFor, deriveKey, isSame, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { mailRequests } from './tables.ts'

/** Long enough for a slow mail server, and short for whoever finds the mail later. */
export const signInLinkMinutes = 15

export type SignInProof = {
  readonly userId: string
  readonly email: string
  readonly token: string
  readonly code: string
}

/** What is mailed for a request that is still open, of an address that was somebody's; null otherwise. */
export async function findSignInProof(ctx: ReadCtx, id: string): Promise<SignInProof | null> {
  const [row] = await ctx.db
    .select({ userId: mailRequests.userId, email: mailRequests.email })
    .from(mailRequests)
    .where(isOpenSignIn(id))
  if (!row?.userId) return null
  const key = keyOf(ctx)
  return {
    userId: row.userId,
    email: row.email,
    token: tokenOfRow(key, id),
    code: codeFor(key, id),
  }
}

/** The id of the request that a token was made for, or null when it is not a token of ours. */
export const signInIdOf = (ctx: ReadCtx, token: string) => rowOfToken(keyOf(ctx), token)

export const isSignInCode = (ctx: ReadCtx, id: string, code: string) =>
  isSame(Buffer.from(codeFor(keyOf(ctx), id)), Buffer.from(code))

/** By the clock, not the transaction's start: who waited for a lock must see what ended meanwhile. */
export const isOpenSignIn = (id: string) =>
  and(
    eq(mailRequests.id, id),
    eq(mailRequests.purpose, 'sign_in'),
    isNull(mailRequests.usedAt),
    gt(mailRequests.expiresAt, sql`clock_timestamp()`),
  )

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'sign-in-link')
