/** Payments as a part of one id's story: found by their own id, or by what the provider calls what was made for them. */
import { and, eq, getTableColumns, inArray, or } from 'drizzle-orm'
import { isUuid } from '../../platform/ids.ts'
import type { TraceSource } from '../../platform/trace-source.ts'
import { readAny, readWithin } from './reading.ts'
import { attempts, payments } from './tables.ts'

/** One payment has 25 attempts at most; nobody reads more than this of them. */
const most = 200

export const tracedPayments: TraceSource = {
  kind: 'payment',
  permission: readAny,
  find: async (ctx, ids) => {
    const { db } = ctx
    const isRead = readWithin(ctx)
    const own = ids.filter((id) => isUuid(id))
    const names = [...ids]
    const known = await db
      .select({ id: payments.id, ref: payments.providerRef })
      .from(payments)
      .where(and(isRead, or(inArray(payments.id, own), inArray(payments.providerRef, names))))
      .limit(most)
    const made = await db
      .select(getTableColumns(attempts))
      .from(attempts)
      .innerJoin(payments, eq(payments.id, attempts.paymentId))
      .where(
        and(
          isRead,
          or(
            inArray(attempts.paymentId, [...own, ...known.map(({ id }) => id)]),
            inArray(attempts.providerRef, names),
            inArray(attempts.collectionRef, names),
          ),
        ),
      )
      .limit(most)
    const refs = made.flatMap(({ paymentId, providerRef, collectionRef }) => [
      paymentId,
      providerRef,
      collectionRef,
    ])
    return {
      moments: made.map(({ createdAt, outcome, providerRef, paymentId, number, kind, detail }) => ({
        at: createdAt,
        source: 'attempt',
        name: outcome ?? 'sent',
        ref: providerRef,
        data: { paymentId, number, kind, detail },
      })),
      related: [...known.flatMap(({ id, ref }) => [id, ref]), ...refs].filter((id) => id !== null),
    }
  },
}
