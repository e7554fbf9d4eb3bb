/** What became of a refund, once the provider has said it: the row, the ledger, and what people see of the payment. */
import { and, eq, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import type { RefundSnapshot } from '../../platform/payments/index.ts'
import { type Payment, project, reopenSurplus } from '../payments/index.ts'
import { refundFailed, refundSucceeded } from './events.ts'
import { release, settle } from './postings.ts'
import { aboutOf } from './refunds.ts'
import { type Refund, attempts, refunds } from './tables.ts'

/** A refund never becomes what it was before: an older answer, which comes later, changes nothing. */
const rank: Readonly<Record<Refund['state'], number>> = {
  requested: 0,
  sending: 0,
  unknown: 0,
  needs_review: 0,
  pending: 1,
  succeeded: 2,
  failed: 3,
  cancelled: 3,
}

/** Whether the provider has said anything of it. */
export const isAnswered = ({ state }: Refund): boolean => rank[state] > 0

/** The refund as the provider says it is, under the payment's lock. */
export async function applyTo(
  tx: TxCtx,
  payment: Payment,
  given: Refund,
  snapshot: RefundSnapshot,
): Promise<Refund> {
  const refund = await adopt(tx, given, snapshot)
  const { status, failure } = snapshot
  if (rank[status] <= rank[refund.state]) return refund
  if (status === 'failed' || status === 'cancelled')
    return fail(tx, payment, refund, { state: status, failure })
  if (status === 'succeeded') await settle(tx, refund)
  const changed = await change(tx, refund, {
    state: status,
    ...(status === 'succeeded' ? { succeededAt: tx.now } : {}),
  })
  await project(tx, payment)
  if (status === 'succeeded') await tx.record(refundSucceeded, refund.id, aboutOf(refund))
  return changed
}

/** The customer did not get it, which may turn out after it has succeeded: the money is there again. */
export async function fail(
  tx: TxCtx,
  payment: Payment,
  refund: Refund,
  { state, failure }: { state: 'failed' | 'cancelled'; failure: string | null },
): Promise<Refund> {
  if (rank[refund.state] >= rank[state]) return refund
  await release(tx, payment, refund)
  const changed = await change(tx, refund, { state, failure, succeededAt: null })
  await project(tx, payment)
  if (refund.surplusId !== null) await reopenSurplus(tx, refund.surplusId, failure ?? state)
  await tx.record(refundFailed, refund.id, {
    ...aboutOf(refund),
    origin: refund.origin,
    before: refund.state,
    after: state,
    failure,
  })
  return changed
}

/** The answer to the attempt was lost, or is on its way: what it made is known now. */
async function adopt(tx: TxCtx, refund: Refund, { ref }: RefundSnapshot): Promise<Refund> {
  if (refund.providerRef !== null) return refund
  await tx.db
    .update(attempts)
    .set({ outcome: 'created', detail: null, updatedAt: sql`now()` })
    .where(
      and(eq(attempts.refundId, refund.id), sql`${attempts.outcome} is distinct from 'rejected'`),
    )
  return change(tx, refund, { providerRef: ref })
}

const change = async (tx: TxCtx, { id }: Refund, changes: Partial<Refund>): Promise<Refund> =>
  one(
    await tx.db
      .update(refunds)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(eq(refunds.id, id))
      .returning(),
  )
