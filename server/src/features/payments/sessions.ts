/** What the provider says of a page on which a payment is paid, applied: which payment it led to, or that it is over. */
import { eq } from 'drizzle-orm'
import type { TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import type {
  CollectionSnapshot,
  CollectionStatus,
  SessionSnapshot,
} from '../../platform/payments/index.ts'
import type { Applied, Applier } from '../inbox/index.ts'
import { closeAttempt, getAttempt, isLatest, know, setPayment } from './attempts.ts'
import { applyCollection, findNamedAttempt } from './collections.ts'
import { paymentChanged } from './events.ts'
import { lockPayment, providerOf } from './payments.ts'
import { type Attempt, type Payment, attempts } from './tables.ts'

/** A page of Stripe Checkout. */
export const stripeSessions: Applier = {
  provider: 'stripe',
  kind: 'checkout.session',
  look: async (ctx, { objectId }, signal) => {
    const provider = providerOf(ctx)
    const session = await provider.fetchSession(objectId, signal)
    if (!session) throw new PermanentFailure('the provider does not know it')
    const { collectionRef } = session
    const collection =
      collectionRef === null ? null : await provider.fetchCollection(collectionRef, signal)
    return (tx) => applySession(tx, session, collection)
  },
}

/** Brings the attempt in step, and with it the payment, by the same way as an event of the payment itself would. */
async function applySession(
  tx: TxCtx,
  session: SessionSnapshot,
  collection: CollectionSnapshot | null,
): Promise<Applied> {
  const found = await findAttempt(tx, session)
  if (found === null) return 'parent_missing'
  const locked = await lockPayment(tx, found.paymentId)
  const attempt = await getAttempt(tx, found.id)
  const { ref, collectionRef } = session
  const payment = await know(tx, locked, attempt, {
    providerRef: ref,
    collectionRef: collectionRef ?? attempt.collectionRef,
  })
  if (collection) {
    const applied = await applyCollection(tx, collection, ref)
    if (applied !== 'applied') return applied
  }
  crashPoint('payments.after_page')
  if (session.status === 'expired' || isOver(session, collection?.status))
    await end(tx, payment, attempt)
  return 'applied'
}

async function findAttempt(tx: TxCtx, session: SessionSnapshot): Promise<Attempt | null> {
  const [known] = await tx.db.select().from(attempts).where(eq(attempts.providerRef, session.ref))
  if (known) return known
  const named = await findNamedAttempt(tx, session)
  return named?.kind === 'session' ? named : null
}

/** Done with, and the bank has said no afterwards: nobody tries again on this page. */
const isOver = ({ status }: SessionSnapshot, paid: CollectionStatus | undefined) =>
  status === 'complete' && (paid === 'failed' || paid === 'cancelled')

/** The payment may be paid another way, unless somebody wanted it to be over. */
async function end(tx: TxCtx, { id }: Payment, attempt: Attempt): Promise<void> {
  await closeAttempt(tx, attempt.id)
  const payment = await lockPayment(tx, id)
  if (payment.heldAt !== null || !(await isLatest(tx, attempt))) return
  const isCancelled = payment.state === 'cancelled' || payment.cancelWantedAt !== null
  const state = isCancelled ? 'cancelled' : 'failed'
  const failure = isCancelled ? null : (payment.failure ?? 'page_expired')
  if (payment.state === state && payment.failure === failure) return
  await setPayment(tx, id, { state, failure })
  if (payment.state !== state)
    await tx.record(paymentChanged, id, { before: payment.state, after: state, failure })
}
