/** Disputes, to be read. What changes them is the provider alone. */
import { and, eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Page, amountKeys, sortingOf, timeKey } from '../../platform/http/index.ts'
import { type Money, money, presentMoney } from '../../platform/money/index.ts'
import { errors } from './errors.ts'
import { type Dispute, disputes } from './tables.ts'

export type DisputeFilter = {
  readonly paymentId?: string | undefined
  readonly userId?: string | undefined
  readonly state?: Dispute['state'] | undefined
}

export const sorting = sortingOf<Dispute>()(
  disputes.id,
  {
    openedAt: [timeKey(disputes.openedAt, ({ openedAt }) => openedAt)],
    dueAt: [timeKey(disputes.dueAt, ({ dueAt }) => dueAt)],
    amount: amountKeys(disputes),
  },
  '-openedAt',
)
export const amountOf = ({ amount, asset }: Dispute): Money => money(amount, asset)
export const aboutOf = (dispute: Dispute) => ({
  paymentId: dispute.paymentId,
  ...presentMoney(amountOf(dispute)),
})

const closedStates: readonly Dispute['state'][] = ['won', 'lost', 'inquiry_closed']
export const isClosed = ({ state }: Pick<Dispute, 'state'>): boolean => closedStates.includes(state)

/** Throws `disputes.dispute_not_found` (404). */
export async function getDispute(ctx: ReadCtx, id: string): Promise<Dispute> {
  const [found] = await ctx.db.select().from(disputes).where(eq(disputes.id, id))
  if (!found) throw errors.dispute_not_found()
  return found
}

/** Newest first unless told otherwise. */
export async function listDisputes(
  ctx: ReadCtx,
  filter: DisputeFilter & Parameters<typeof sorting.by>[0],
): Promise<Page<Dispute>> {
  const { paymentId, userId, state } = filter
  const order = sorting.by(filter)
  const rows = await ctx.db
    .select()
    .from(disputes)
    .where(
      and(
        paymentId === undefined ? undefined : eq(disputes.paymentId, paymentId),
        userId === undefined ? undefined : eq(disputes.userId, userId),
        state === undefined ? undefined : eq(disputes.state, state),
        order.after,
      ),
    )
    .orderBy(...order.orderBy)
    .limit(order.limit)
  return order.page(rows)
}
