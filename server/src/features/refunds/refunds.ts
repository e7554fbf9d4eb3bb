/** Refunds, to be read: what was asked for, and what became of it. */
import { and, eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Page, amountKeys, sortingOf } from '../../platform/http/index.ts'
import { type Money, money, presentMoney } from '../../platform/money/index.ts'
import { errors } from './errors.ts'
import { type Refund, refunds } from './tables.ts'

export type RefundFilter = {
  readonly paymentId?: string | undefined
  readonly userId?: string | undefined
  readonly state?: Refund['state'] | undefined
}
export const sorting = sortingOf<Refund>()(
  refunds.id,
  { createdAt: [], amount: amountKeys(refunds) },
  '-createdAt',
)
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

/** Newest first unless told otherwise. */
export async function listRefunds(
  ctx: ReadCtx,
  filter: RefundFilter & Parameters<typeof sorting.by>[0],
): Promise<Page<Refund>> {
  const { paymentId, userId, state } = filter
  const order = sorting.by(filter)
  const rows = await ctx.db
    .select()
    .from(refunds)
    .where(
      and(
        paymentId === undefined ? undefined : eq(refunds.paymentId, paymentId),
        userId === undefined ? undefined : eq(refunds.userId, userId),
        state === undefined ? undefined : eq(refunds.state, state),
        order.after,
      ),
    )
    .orderBy(...order.orderBy)
    .limit(order.limit)
  return order.page(rows)
}
