/** The token of an invitation's link: computed from the id of its mail, so that a new mail makes the older one useless. */
import { and, eq, gt, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { type Invitation, invitations, shown } from './tables.ts'

export const tokenOf = (ctx: ReadCtx, mailId: string) => tokenOfRow(keyOf(ctx), mailId)

/** The id of the mail that a token was made for, or null when it is not a token of ours. */
export const mailIdOf = (ctx: ReadCtx, token: string) => rowOfToken(keyOf(ctx), token)

/** The invitation whose newest mail this is, if it can still be accepted. */
export async function findOpen(ctx: ReadCtx, mailId: string): Promise<Invitation | null> {
  const [found] = await ctx.db.select(shown).from(invitations).where(isOpen(mailId))
  return found ?? null
}

/** By the clock, not the transaction's start: who waited for a lock must see what ended meanwhile. */
export function isOpen(mailId: string) {
  return and(
    eq(invitations.mailId, mailId),
    eq(invitations.status, 'pending'),
    gt(invitations.expiresAt, sql`clock_timestamp()`),
  )
}

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'invitation')
