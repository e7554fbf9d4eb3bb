/** How the two mailboxes of a changed address prove themselves: one token each, computed from the row's id. */
import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { type EmailChange, emailChanges } from './tables.ts'

/** Two mailboxes have to be opened; the second may be that of an office. */
export const changeMinutes = 24 * 60

/** Which of the two mailboxes. */
export type Side = 'old' | 'new'

export async function findOpenChange(ctx: ReadCtx, id: string): Promise<EmailChange | null> {
  const [found] = await ctx.db
    .select()
    .from(emailChanges)
    .where(and(eq(emailChanges.id, id), isOpenChange()))
  return found ?? null
}

/** The change of somebody's address that waits; there is at most one. */
export async function findChangeOf(ctx: ReadCtx, userId: string): Promise<EmailChange | null> {
  const [found] = await ctx.db
    .select()
    .from(emailChanges)
    .where(and(eq(emailChanges.userId, userId), isOpenChange()))
    .orderBy(desc(emailChanges.createdAt))
    .limit(1)
  return found ?? null
}

export const changeTokenOf = (ctx: ReadCtx, id: string, side: Side) =>
  tokenOfRow(keyOf(ctx, side), id)

/** The change and the mailbox that a token was made for, or null when it is not a token of ours. */
export function readChangeToken(ctx: ReadCtx, token: string): { id: string; side: Side } | null {
  for (const side of ['old', 'new'] as const) {
    const id = rowOfToken(keyOf(ctx, side), token)
    if (id !== null) return { id, side }
  }
  return null
}

/** By the clock, not the transaction's start: who waited for a lock must see what ended meanwhile. */
export const isOpenChange = () =>
  and(isNull(emailChanges.endedAt), gt(emailChanges.expiresAt, sql`clock_timestamp()`))

const keyOf = (ctx: ReadCtx, side: Side) =>
  deriveKey(ctx.settings.secretKey, `email-change-${side}`)
