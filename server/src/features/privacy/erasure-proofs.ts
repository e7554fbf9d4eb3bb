/** How the owner of a closed account proves to be it: the token of the mailed link, computed from the erasure's id. */
import { and, eq, isNull } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { type User, getUser } from '../users/index.ts'
import { type Erasure, erasures } from './tables.ts'

export type Withdrawable = {
  readonly erasure: Erasure
  readonly user: User
  readonly token: string
}

/** An erasure that has not begun, with its user and the token that withdraws it. */
export async function findWithdrawable(ctx: ReadCtx, id: string): Promise<Withdrawable | null> {
  const [erasure] = await ctx.db
    .select()
    .from(erasures)
    .where(and(eq(erasures.id, id), isNull(erasures.withdrawnAt), isNull(erasures.startedAt)))
  if (!erasure) return null
  return { erasure, user: await getUser(ctx, erasure.userId), token: tokenOfRow(keyOf(ctx), id) }
}

/** The erasure that a token was made for, or null when it is not a token of ours. */
export const erasureOfToken = (ctx: ReadCtx, token: string) => rowOfToken(keyOf(ctx), token)

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'restore-account')
