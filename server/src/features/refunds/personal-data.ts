/** What the refunds room knows of a person. What was given back stays, under an id that is nobody's any more. */
import { and, eq, gt, isNotNull } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Part, type PersonalData, inPages } from '../../platform/personal-data.ts'
import { refunds } from './tables.ts'

export const personalData: PersonalData = {
  room: 'refunds',
  tables: ['refunds_refunds'],
  collect: (ctx, { id }) => [refundsOf(ctx, id)],
  erase: async (ctx, { id }) => {
    await ctx.tx((tx) =>
      tx.db
        .update(refunds)
        .set({ reason: null })
        .where(and(eq(refunds.userId, id), isNotNull(refunds.reason))),
    )
  },
}

function refundsOf({ db }: ReadCtx, userId: string): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({
        id: refunds.id,
        paymentId: refunds.paymentId,
        amount: refunds.amount,
        currency: refunds.asset,
        reason: refunds.reason,
        state: refunds.state,
        createdAt: refunds.createdAt,
      })
      .from(refunds)
      .where(and(eq(refunds.userId, userId), after === null ? undefined : gt(refunds.id, after)))
      .orderBy(refunds.id)
      .limit(limit)
      .then((rows) => rows.map((row) => ({ ...row, amount: row.amount.toString() })))
  return { name: 'refunds', rows: inPages(page, ({ id }) => id) }
}
