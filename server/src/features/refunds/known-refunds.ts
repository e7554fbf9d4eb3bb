/** What we know of refunds, for whoever compares it with what the provider has. */
import { isUuid } from '../../platform/ids.ts'
import { type SQL, and, asc, eq, gt, gte, inArray, isNotNull, lt, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { firstIdAt } from '../../platform/db/columns.ts'
import { money } from '../../platform/money/index.ts'
import type { SightingPhase } from '../../platform/payments/index.ts'
import type { Known, Source } from '../reconciliation/index.ts'
import { type Refund, refunds } from './tables.ts'

/** The sweeper sends again for 23 hours; what is older than that waits for a person. */
const overdueAfter = sql`make_interval(hours => 24)`

const phases = {
  requested: 'open',
  sending: 'open',
  unknown: 'open',
  pending: 'open',
  succeeded: 'done',
  failed: 'ended',
  cancelled: 'ended',
  needs_review: 'open',
} as const satisfies Record<Refund['state'], SightingPhase>

export const knownRefunds: Source = {
  provider: 'stripe',
  kind: 'refund',
  metadataKey: 'refund_id',
  findByRefs: async (ctx, refs) => {
    if (refs.length === 0) return new Map()
    const rows = await find(ctx, inArray(refunds.providerRef, [...refs]))
    return new Map(rows.map((refund) => [refund.providerRef ?? '', shown(refund)]))
  },
  findByIds: async (ctx, ids) => {
    const own = ids.filter((id) => isUuid(id))
    if (own.length === 0) return new Map()
    const rows = await find(ctx, inArray(refunds.id, own))
    return new Map(rows.map((refund) => [refund.id, shown(refund)]))
  },
  listDone: async (ctx, { since, after, limit }) => {
    const rows = await find(
      ctx,
      and(
        eq(refunds.state, 'succeeded'),
        isNotNull(refunds.providerRef),
        gte(refunds.id, firstIdAt(since)),
        after === null ? undefined : gt(refunds.id, after),
      ),
    )
      .orderBy(asc(refunds.id))
      .limit(limit)
    return rows.map(shown)
  },
  listWithBank: async (ctx, { after, limit }) => {
    const rows = await find(
      ctx,
      and(eq(refunds.state, 'pending'), after === null ? undefined : gt(refunds.id, after)),
    )
      .orderBy(asc(refunds.id))
      .limit(limit)
    return rows.map(shown)
  },
  listOverdue: async (ctx, limit) => {
    const rows = await find(
      ctx,
      and(
        inArray(refunds.state, ['requested', 'sending', 'unknown', 'needs_review']),
        lt(refunds.createdAt, sql`now() - ${overdueAfter}`),
      ),
    )
      .orderBy(asc(refunds.id))
      .limit(limit)
    return rows.map(shown)
  },
}

const find = ({ db }: ReadCtx, condition: SQL | undefined) =>
  db.select().from(refunds).where(condition).$dynamic()

const shown = (refund: Refund): Known => ({
  ourId: refund.id,
  ref: refund.providerRef,
  price: money(refund.amount, refund.asset),
  phase: phases[refund.state],
  stage: null,
  createdAt: refund.createdAt,
  postedAs:
    refund.surplusId === null
      ? { type: 'payment', id: refund.paymentId }
      : { type: 'surplus', id: refund.surplusId },
})
