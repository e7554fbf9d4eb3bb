/** Refunds, to be read: what was asked for, and what became of it. */
import { and, desc, eq, lt } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { type Money, money, presentMoney } from '../../platform/money/index.ts'
import { errors } from './errors.ts'
import { type Refund, refunds } from './tables.ts'

export type RefundFilter = {
  readonly paymentId?: string | undefined
  readonly userId?: string | undefined
  readonly state?: Refund['state'] | undefined
}
export const amountOf = ({ amount, asset }: Refund): Money => money(amount, asset)
export const aboutOf = (refund: Refund) => ({
  paymentId: refund.paymentId,
  ...presentMoney(amountOf(refund)),
})

/** Throws `refunds.refund_not_found` (404). */
export async function getRefund(ctx: ReadCtx, id: string): Promise<Refund> {
  const [found] = await ctx.db.select().from(refunds).where(eq(refunds.id, id))
  if (!found) throw errors.refund_not_found()
  return found
}

/** Newest first. */
export async function listRefunds(
  ctx: ReadCtx,
  { limit, ...filter }: RefundFilter & { limit: number; cursor?: string | undefined },
): Promise<Page<Refund>> {
  const { paymentId, userId, state } = filter
  const rows = await ctx.db
    .select()
    .from(refunds)
    .where(
      and(
        paymentId === undefined ? undefined : eq(refunds.paymentId, paymentId),
        userId === undefined ? undefined : eq(refunds.userId, userId),
        state === undefined ? undefined : eq(refunds.state, state),
        filter.cursor === undefined ? undefined : lt(refunds.id, idCursor.decode(filter.cursor)),
      ),
    )
    .orderBy(desc(refunds.id))
    .limit(limit + 1)
  return pageOf(rows, limit, (last) => idCursor.encode(last.id))
}
