/** What the disputes room knows of a person: nothing that names them. It stays, under an id that is nobody's any more. */
import { and, eq, gt } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Part, type PersonalData, inPages } from '../../platform/personal-data.ts'
import { disputes } from './tables.ts'

export const personalData: PersonalData = {
  room: 'disputes',
  tables: ['disputes_disputes'],
  collect: (ctx, { id }) => [disputesOf(ctx, id)],
  erase: async () => {},
}

function disputesOf({ db }: ReadCtx, userId: string): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({
        id: disputes.id,
        paymentId: disputes.paymentId,
        amount: disputes.amount,
        currency: disputes.asset,
        reason: disputes.reason,
        state: disputes.state,
        openedAt: disputes.openedAt,
      })
      .from(disputes)
      .where(and(eq(disputes.userId, userId), after === null ? undefined : gt(disputes.id, after)))
      .orderBy(disputes.id)
      .limit(limit)
      .then((rows) => rows.map((row) => ({ ...row, amount: row.amount.toString() })))
  return { name: 'disputes', rows: inPages(page, ({ id }) => id) }
}
