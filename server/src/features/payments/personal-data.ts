/** What the payments room knows of a person. What was paid stays, under an id that is nobody's any more. */
import { and, eq, gt, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Part, type PersonalData, inPages, rowsOf } from '../../platform/personal-data.ts'
import { forgetCustomers } from './customers.ts'
import { attempts, customers, payments } from './tables.ts'

export const personalData: PersonalData = {
  room: 'payments',
  tables: ['payments_payments', 'payments_customers'],
  collect: (ctx, { id }) => [paymentsOf(ctx, id), customersOf(ctx, id)],
  erase: async (ctx, { id }) => {
    // First: until the provider has forgotten them it is not done, and is tried again.
    await forgetCustomers(ctx, id)
    await ctx.tx(async (tx) => {
      const own = tx.db.select({ id: payments.id }).from(payments).where(eq(payments.userId, id))
      // What was asked of the provider is kept as it was sent, with the same words.
      await tx.db
        .update(attempts)
        .set({ request: sql`${attempts.request} - 'description' - 'name' - 'customerRef'` })
        .where(inArray(attempts.paymentId, own))
      await tx.db
        .update(payments)
        .set({ description: null, reference: null })
        .where(
          and(
            eq(payments.userId, id),
            or(isNotNull(payments.description), isNotNull(payments.reference)),
          ),
        )
    })
  },
}

const customersOf = ({ db }: ReadCtx, userId: string): Part => ({
  name: 'payment-customers',
  rows: rowsOf(() =>
    db
      .select({
        provider: customers.provider,
        ref: customers.ref,
        createdAt: customers.createdAt,
        goneAt: customers.goneAt,
      })
      .from(customers)
      .where(eq(customers.userId, userId)),
  ),
})

function paymentsOf({ db }: ReadCtx, userId: string): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({
        id: payments.id,
        amount: payments.amount,
        currency: payments.asset,
        description: payments.description,
        reference: payments.reference,
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
