/** The circuit breaker: nothing is paid out while the books are in doubt. */
import { and, eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { readLedgerFigures } from '../ledger/index.ts'
import { isBlocking } from './drifts.ts'
import { drifts } from './tables.ts'

export type ReleaseBlock = {
  /** `ledger`: its last check found it broken. `drift`: a grave difference to the provider that nobody has accepted. */
  readonly by: 'ledger' | 'drift'
  readonly class: string
  readonly ref: string
  readonly driftId: string | null
}
export type Releases = { readonly isAllowed: boolean; readonly blocks: readonly ReleaseBlock[] }

/** Enough to know where to begin. */
const maxBlocks = 20

/**
 * Whether money may leave. Asked inside the transaction that would let it go. What blocks it goes by a run that finds it
 * gone, by a check of the ledger that finds it well, or by somebody who accepts it (`acceptDrift`), which is a fact.
 */
export async function releasesAllowed(ctx: Pick<ReadCtx, 'db'>): Promise<Releases> {
  const open = await ctx.db.select().from(drifts).where(isBlocking).limit(maxBlocks)
  const accepted = await ctx.db
    .select({ ref: drifts.ref })
    .from(drifts)
    .where(and(eq(drifts.state, 'accepted'), eq(drifts.kind, 'invariant')))
  const isAccepted = new Set(accepted.map(({ ref }) => ref))
  const { invariants } = await readLedgerFigures(ctx)
  const broken = invariants.filter(({ id, isBroken }) => isBroken && !isAccepted.has(id))
  const blocks: readonly ReleaseBlock[] = [
    ...broken.map(({ id }) => ({
      by: 'ledger' as const,
      class: 'ledger_broken',
      ref: id,
      driftId: null,
    })),
    ...open.map((drift) => ({
      by: 'drift' as const,
      class: drift.class,
      ref: drift.ref,
      driftId: drift.id,
    })),
  ]
  return { isAllowed: blocks.length === 0, blocks }
}

/** Whether something grave is open about this row of ours: a payment, a refund. Then it is not touched further. */
export async function isFrozen(ctx: ReadCtx, ourId: string): Promise<boolean> {
  const [open] = await ctx.db
    .select({ id: drifts.id })
    .from(drifts)
    .where(and(eq(drifts.ourId, ourId), isBlocking))
    .limit(1)
  return open !== undefined
}
