/** What we know of disputes, for whoever compares it with what the provider has. */
import { type SQL, and, asc, eq, gt, gte, inArray } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { firstIdAt } from '../../platform/db/columns.ts'
import { money } from '../../platform/money/index.ts'
import type { SightingPhase } from '../../platform/payments/index.ts'
import type { Known, Source } from '../reconciliation/index.ts'
import { postedAs } from './postings.ts'
import { type Dispute, disputes } from './tables.ts'

const phases = {
  inquiry: 'open',
  needs_response: 'open',
  under_review: 'open',
  won: 'ended',
  lost: 'done',
  inquiry_closed: 'ended',
} as const satisfies Record<Dispute['state'], SightingPhase>

/** They come from the provider, so that each is known by its name there, or not at all. */
export const knownDisputes: Source = {
  provider: 'stripe',
  kind: 'dispute',
  metadataKey: 'dispute_id',
  findByRefs: async (ctx, refs) => {
    if (refs.length === 0) return new Map()
    const rows = await find(ctx, inArray(disputes.providerRef, [...refs]))
    return new Map(rows.map((dispute) => [dispute.providerRef, shown(dispute)]))
  },
  findByIds: async () => new Map(),
  listDone: async (ctx, { since, after, limit }) => {
    const rows = await find(
      ctx,
      and(
        eq(disputes.state, 'lost'),
        gte(disputes.id, firstIdAt(since)),
        after === null ? undefined : gt(disputes.id, after),
      ),
    )
      .orderBy(asc(disputes.id))
      .limit(limit)
    return rows.map(shown)
  },
  listWithBank: async () => [],
  listOverdue: async () => [],
}

const find = ({ db }: ReadCtx, condition: SQL | undefined) =>
  db.select().from(disputes).where(condition).$dynamic()

const shown = (dispute: Dispute): Known => ({
  ourId: dispute.id,
  ref: dispute.providerRef,
  price: money(dispute.amount, dispute.asset),
  phase: phases[dispute.state],
  stage: dispute.state,
  createdAt: dispute.createdAt,
  postedAs: postedAs(dispute),
})
