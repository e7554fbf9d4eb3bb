/** What the provider says of disputes, applied: the row, the money, and what the payment can still give. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { one } from '../../platform/db/one.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import type { DisputeSnapshot } from '../../platform/payments/index.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import {
  type Payment,
  findCollected,
  findSurplus,
  lockPayment,
  project,
  providerOf,
} from '../payments/index.ts'
import { aboutOf, isClosed } from './disputes.ts'
import { disputeChanged, disputeClosed, disputeOpened } from './events.ts'
import { remindOfEvidence, remindsAt } from './jobs.ts'
import { postDecision, postMovements } from './postings.ts'
import { type Dispute, disputes } from './tables.ts'

/** The way of a dispute. Only when money has moved again may it go back. */
const rank: Readonly<Record<Dispute['state'], number>> = {
  inquiry: 0,
  needs_response: 1,
  under_review: 2,
  won: 3,
  lost: 3,
  inquiry_closed: 3,
}

export const stripeDisputes: Applier = {
  provider: 'stripe',
  kind: 'dispute',
  look: async (ctx, { objectId }, signal) => {
    const snapshot = await providerOf(ctx).fetchDispute(objectId, signal)
    if (!snapshot) throw new PermanentFailure('the provider does not know it')
    return (tx) => applyDispute(tx, snapshot)
  },
}

/** Brings a dispute in step. Applied twice, or after a newer one, it changes nothing. */
export async function applyDispute(tx: TxCtx, snapshot: DisputeSnapshot): Promise<Applied> {
  const collected = await findCollected(tx, 'stripe', snapshot.collectionRef)
  const surplus = collected ? null : await findSurplus(tx, 'stripe', snapshot.collectionRef)
  const payment = surplus ? await lockPayment(tx, surplus.paymentId) : collected
  // Disputed before we have heard that it was paid: that comes first.
  if (!payment || (!surplus && payment.captured === 0n)) return 'parent_missing'
  const [known] = await tx.db
    .select()
    .from(disputes)
    .where(and(eq(disputes.provider, 'stripe'), eq(disputes.providerRef, snapshot.ref)))
  if (known && isLate(known, snapshot)) return 'applied'
  const before = known ?? (await insert(tx, payment, snapshot, surplus?.id ?? null))
  await postMovements(tx, payment, before, snapshot.movements)
  crashPoint('disputes.after_movements')
  const changed = await update(tx, before, fieldsOf(tx, snapshot))
  const undecided = await postDecision(tx, payment, changed)
  crashPoint('disputes.after_decision')
  const dispute = await update(tx, changed, { claims: claimsOf(changed, undecided.amount) })
  const { payment: after } = await project(tx, payment, await claimsOn(tx, payment))
  await tell(tx, { known: known ?? null, dispute, paymentState: after.state })
  return 'applied'
}

function isLate(known: Dispute, { status, movements }: DisputeSnapshot): boolean {
  if (movements.length !== known.movements) return movements.length < known.movements
  return isClosed(known) || rank[status] < rank[known.state]
}

async function insert(
  tx: TxCtx,
  payment: Payment,
  snapshot: DisputeSnapshot,
  surplusId: string | null,
): Promise<Dispute> {
  const { amount, asset } = snapshot.amount
  return one(
    await tx.db
      .insert(disputes)
      .values({
        ...fieldsOf(tx, snapshot),
        paymentId: payment.id,
        surplusId,
        userId: payment.userId,
        amount,
        asset,
        provider: 'stripe',
        providerRef: snapshot.ref,
        claims: 0n,
        openedAt: snapshot.openedAt,
        movements: 0,
      })
      .returning(),
  )
}

const fieldsOf = ({ now }: TxCtx, snapshot: DisputeSnapshot) => ({
  amount: snapshot.amount.amount,
  state: snapshot.status,
  reason: snapshot.reason,
  dueAt: snapshot.dueAt,
  hasEvidence: snapshot.hasEvidence,
  isWithdrawn: snapshot.movements.some(({ kind }) => kind === 'withdrawn'),
  isReinstated: snapshot.movements.some(({ kind }) => kind === 'reinstated'),
  movements: snapshot.movements.length,
  closedAt: isClosed({ state: snapshot.status }) ? now : null,
})

/** Until the bank has decided, all that it disputes; then what has not come back. An inquiry keeps nothing. */
function claimsOf({ state, amount }: Dispute, undecided: bigint): bigint {
  const isOpen = state === 'needs_response' || state === 'under_review'
  if (isOpen) return amount > undecided ? amount : undecided
  return undecided > 0n ? undecided : 0n
}

async function claimsOn(tx: TxCtx, { id }: Payment): Promise<bigint> {
  const { sum } = one(
    await tx.db
      .select({ sum: sql`coalesce(sum(${disputes.claims}), 0)`.mapWith(BigInt) })
      .from(disputes)
      // What disputes a second money claims nothing of the payment.
      .where(and(eq(disputes.paymentId, id), isNull(disputes.surplusId))),
  )
  return sum
}

async function tell(
  tx: TxCtx,
  told: {
    readonly known: Dispute | null
    readonly dispute: Dispute
    readonly paymentState: Payment['state']
  },
): Promise<void> {
  const { known, dispute, paymentState } = told
  const { id, state, reason, dueAt } = dispute
  const due = dueAt?.toISOString() ?? null
  const about = aboutOf(dispute)
  if (!known && !isClosed(dispute))
    await tx.record(disputeOpened, id, { ...about, state, reason, dueAt: due, paymentState })
  if (known?.state !== state && isClosed(dispute))
    await tx.record(disputeClosed, id, { ...about, outcome: state })
  else if (known && known.state !== state)
    await tx.record(disputeChanged, id, { ...about, before: known.state, after: state, dueAt: due })
  if (dueAt !== null && due !== null && due !== known?.dueAt?.toISOString())
    await tx.enqueue(
      remindOfEvidence,
      { disputeId: id, dueAt: due },
      { key: `${id}:${due}`, runAt: remindsAt(dueAt) },
    )
}

const update = async (tx: TxCtx, { id }: Dispute, changes: Partial<Dispute>): Promise<Dispute> =>
  one(
    await tx.db
      .update(disputes)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(eq(disputes.id, id))
      .returning(),
  )
