/** How the owner of a closed account proves to be it: the token of the mailed link, computed from the erasure's id. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { isSuspended } from '../admin/index.ts'
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

/** Where the owner of a closed account has it back, and until when; null for an account that is in use, suspended or gone. */
export async function findRestoreLink(
  ctx: ReadCtx,
  userId: string,
): Promise<{ link: string; until: Date } | null> {
  const [open] = await ctx.db
    .select({ id: erasures.id })
    .from(erasures)
    .where(
      and(
        eq(erasures.userId, userId),
        isNull(erasures.withdrawnAt),
        isNull(erasures.startedAt),
        sql`${erasures.dueAt} > clock_timestamp()`,
      ),
    )
  const found =
    open && !(await isSuspended(ctx, userId)) ? await findWithdrawable(ctx, open.id) : null
  return found && { link: restoreLinkOf(ctx, found), until: found.erasure.dueAt }
}

export const restoreLinkOf = (ctx: ReadCtx, { user, token }: Withdrawable): string =>
  `${pageAddress(ctx.settings.publicUrl, '/restore-account', user.locale)}#token=${token}`

/** The erasure that a token was made for, or null when it is not a token of ours. */
export const erasureOfToken = (ctx: ReadCtx, token: string) => rowOfToken(keyOf(ctx), token)

const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'restore-account')
