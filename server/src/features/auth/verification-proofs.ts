/** How a verification is proven: the link token and the code, computed from the row's id instead of stored. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { codeFor, deriveKey, isSame, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { verifications } from './tables.ts'

/** A mail may lie a while before it is read. */
export const verificationMinutes = 60

export type Proof = {
  readonly userId: string
  readonly email: string
  readonly token: string
  readonly code: string
}

/** The link token and the code of a verification that is still open; null once it is used or has expired. */
export async function findProof(ctx: ReadCtx, id: string): Promise<Proof | null> {
  const [row] = await ctx.db
    .select()
    .from(verifications)
    .where(and(eq(verifications.id, id), isOpen()))
  if (!row) return null
  const key = keyOf(ctx)
  return {
    userId: row.userId,
    email: row.email,
    token: tokenOfRow(key, row.id),
    code: codeFor(key, row.id),
  }
}

/** The id of the verification that a token was made for, or null when it is not a token of ours. */
export function verifiedIdOf(ctx: ReadCtx, token: string): string | null {
  return rowOfToken(keyOf(ctx), token)
}

export function isCodeOf(ctx: ReadCtx, id: string, code: string): boolean {
  return isSame(Buffer.from(codeFor(keyOf(ctx), id)), Buffer.from(code))
}

/** By the clock, not the transaction's start: who waited for a lock must see what ended meanwhile. */
export const isOpen = () =>
  and(isNull(verifications.usedAt), gt(verifications.expiresAt, sql`clock_timestamp()`))

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'verification')
