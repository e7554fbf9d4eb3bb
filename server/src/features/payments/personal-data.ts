/** What the payments room knows of a person. What was paid stays, under an id that is nobody's any more. */
import { and, eq, gt, isNotNull } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Part, type PersonalData, inPages } from '../../platform/personal-data.ts'
import { payments } from './tables.ts'

export const personalData: PersonalData = {
  room: 'payments',
  tables: ['payments_payments'],
  collect: (ctx, { id }) => [paymentsOf(ctx, id)],
  erase: async (ctx, { id }) => {
    await ctx.tx((tx) =>
      tx.db
        .update(payments)
        .set({ description: null })
        .where(and(eq(payments.userId, id), isNotNull(payments.description))),
    )
  },
}

function paymentsOf({ db }: ReadCtx, userId: string): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({
        id: payments.id,
        amount: payments.amount,
        currency: payments.asset,
        description: payments.description,
        state: payments.state,
        createdAt: payments.createdAt,
        heldAt: payments.heldAt,
      })
      .from(payments)
      .where(and(eq(payments.userId, userId), after === null ? undefined : gt(payments.id, after)))
      .orderBy(payments.id)
      .limit(limit)
      .then((rows) => rows.map((row) => ({ ...row, amount: row.amount.toString() })))
  return { name: 'payments', rows: inPages(page, ({ id }) => id) }
}
