/** What we know of payments, for whoever compares it with what the provider has. */
import { isUuid } from '../../platform/ids.ts'
import { type SQL, and, asc, eq, gt, gte, inArray, isNotNull, lt, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { firstIdAt } from '../../platform/db/columns.ts'
import { money } from '../../platform/money/index.ts'
import type { CollectionStatus, SightingPhase } from '../../platform/payments/index.ts'
import type { Known, Source } from '../reconciliation/index.ts'
import { priceOf } from './payments.ts'
import { statesWithMoney } from './projection.ts'
import { type Attempt, type Payment, type Surplus, attempts, payments, surplus } from './tables.ts'

/** The sweeper sends again for 23 hours, and ends what is older with its next round. */
const overdueAfter = sql`make_interval(hours => 24)`

const phases = {
  created: 'open',
  requires_action: 'open',
  processing: 'open',
  failed: 'open',
  held: 'done',
  frozen: 'done',
  released: 'done',
  refunded: 'done',
  charged_back: 'done',
  cancelled: 'ended',
  amount_mismatch: 'open',
} as const satisfies Record<Payment['state'], SightingPhase>

/** What the provider calls it while it is open. */
const stages: Partial<Record<Payment['state'], CollectionStatus>> = {
  created: 'open',
  requires_action: 'action',
  processing: 'processing',
  failed: 'failed',
}

export const knownPayments: Source = {
  provider: 'stripe',
  kind: 'payment_intent',
  metadataKey: 'payment_id',
  findByRefs: async (ctx, refs) => {
    if (refs.length === 0) return new Map()
    const names = [...refs]
    const known = new Map<string, Known>()
    for (const payment of await find(ctx, inArray(payments.providerRef, names)))
      if (payment.providerRef !== null) known.set(payment.providerRef, shown(payment))
    for (const { payment, attempt } of await findTried(ctx, names)) {
      const ref = attempt.collectionRef ?? attempt.providerRef
      if (ref !== null) known.set(ref, ofAttempt(payment, attempt, ref))
    }
    const second = await ctx.db.select().from(surplus).where(inArray(surplus.collectionRef, names))
    for (const each of second) known.set(each.collectionRef, ofSurplus(each))
    return known
  },
  findByIds: async (ctx, ids) => {
    const own = ids.filter((id) => isUuid(id))
    if (own.length === 0) return new Map()
    const rows = await find(ctx, inArray(payments.id, own))
    return new Map(rows.map((payment) => [payment.id, shown(payment)]))
  },
  listDone: async (ctx, { since, after, limit }) => {
    const rows = await find(
      ctx,
      and(
        inArray(payments.state, [...statesWithMoney]),
        isNotNull(payments.providerRef),
        gte(payments.id, firstIdAt(since)),
        after === null ? undefined : gt(payments.id, after),
      ),
    )
      .orderBy(asc(payments.id))
      .limit(limit)
    return rows.map(shown)
  },
  // Of a payment nothing has moved until its bank has said yes.
  listWithBank: async () => [],
  listOverdue: async (ctx, limit) => {
    const rows = await ctx.db
      .select({ payment: payments })
      .from(attempts)
      .innerJoin(payments, eq(payments.id, attempts.paymentId))
      .where(
        and(
          sql`(${attempts.outcome} is null or ${attempts.outcome} = 'unknown')`,
          lt(attempts.createdAt, sql`now() - ${overdueAfter}`),
        ),
      )
      .orderBy(asc(attempts.createdAt))
      .limit(limit)
    return rows.map(({ payment }) => shown(payment))
  },
}

const find = ({ db }: ReadCtx, condition: SQL | undefined) =>
  db.select().from(payments).where(condition).$dynamic()

const findTried = ({ db }: ReadCtx, names: string[]) =>
  db
    .select({ payment: payments, attempt: attempts })
    .from(attempts)
    .innerJoin(payments, eq(payments.id, attempts.paymentId))
    .where(or(inArray(attempts.collectionRef, names), inArray(attempts.providerRef, names)))

const shown = (payment: Payment): Known => ({
  ourId: payment.id,
  ref: payment.providerRef,
  price: priceOf(payment),
  phase: phases[payment.state],
  stage: stages[payment.state] ?? null,
  createdAt: payment.createdAt,
  postedAs: { type: 'payment', id: payment.id },
})

/** One of several tries: until money came in, what the payment is says nothing about one that is over. */
const ofAttempt = (payment: Payment, attempt: Attempt, ref: string): Known => {
  const known = shown(payment)
  if (known.phase === 'done') return known
  const { kind, providerRef, closedAt, outcome } = attempt
  const isOver = closedAt !== null || outcome === 'rejected'
  return {
    ...known,
    ref,
    ...(isOver ? { phase: 'ended' } : {}),
    ...(kind === 'session' && providerRef !== null
      ? { belongsTo: { kind: 'checkout.session', ref: providerRef } }
      : {}),
  }
}

const ofSurplus = (given: Surplus): Known => ({
  ourId: given.paymentId,
  ref: given.collectionRef,
  price: money(given.amount, given.asset),
  phase: 'done',
  stage: null,
  createdAt: given.createdAt,
  postedAs: { type: 'surplus', id: given.id },
})
