/** Refunds at Stripe. */
import type { Stripe } from 'stripe'
import { money } from '../money/index.ts'
import { fromStripe, toStripe } from '../money/stripe.ts'
import type {
  RefundProvider,
  RefundRequest,
  RefundSnapshot,
  RefundStatus,
} from './refund-provider.ts'
import { found, idOf, outcomeOf } from './stripe-outcome.ts'

/** Of one payment: as many as Stripe lists at once. */
const pageSize = 100

export const openRefunds = (client: () => Promise<Stripe>): RefundProvider => ({
  refund: async ({ key, body }) => {
    const { refunds } = await client()
    const { amount } = toStripe(money(body.amount, body.currency))
    const { refundId, paymentId, of, reason } = body
    const metadata = { refund_id: refundId, payment_id: paymentId }
    const given = { amount, ...namedBy(of), metadata, ...(reason === null ? {} : { reason }) }
    return outcomeOf(
      async () => snapshotOf(await refunds.create(given, { idempotencyKey: key })),
      async () => {
        const listed = refunds.list({ ...namedBy(of), limit: pageSize })
        for await (const refund of listed)
          if (refund.metadata?.['refund_id'] === refundId) return snapshotOf(refund)
        return null
      },
    )
  },
  fetchRefund: async (ref, signal) => {
    signal?.throwIfAborted()
    const { refunds } = await client()
    const refund = await found(() => refunds.retrieve(ref))
    return refund && snapshotOf(refund)
  },
  listRefunds: async (of, signal) => {
    const all: RefundSnapshot[] = []
    const { refunds } = await client()
    for await (const refund of refunds.list({ ...namedBy(of), limit: pageSize })) {
      signal?.throwIfAborted()
      all.push(snapshotOf(refund))
    }
    return all
  },
})

const namedBy = (of: RefundRequest['of']) =>
  'charge' in of ? { charge: of.charge } : { payment_intent: of.collection }

const snapshotOf = (refund: Stripe.Refund): RefundSnapshot => ({
  ref: refund.id,
  status: statusOf(refund),
  amount: fromStripe(refund),
  chargeRef: idOf(refund.charge),
  collectionRef: idOf(refund.payment_intent),
  failure: refund.failure_reason ?? null,
  refundId: refund.metadata?.['refund_id'] ?? null,
})

function statusOf({ status }: Stripe.Refund): RefundStatus {
  switch (status) {
    case 'succeeded':
    case 'failed':
      return status
    case 'canceled':
      return 'cancelled'
    default:
      return 'pending'
  }
}
