/** What refunds do in the ledger: claimed before anybody is asked, gone when the customer has it, or given back. */
import type { TxCtx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import { chart, post, readFlows } from '../ledger/index.ts'
import {
  type Books,
  type Payment,
  coverLoss,
  coverSurplusLoss,
  giveBack,
  leftOf,
  lossesIn,
  readBooks,
  takeFrom,
} from '../payments/index.ts'
import { amountOf } from './refunds.ts'
import type { Refund } from './tables.ts'

/** A second money has books of its own, and is no part of the payment's. */
const about = ({ paymentId, surplusId }: Refund) =>
  surplusId === null ? { type: 'payment', id: paymentId } : { type: 'surplus', id: surplusId }
/** What was taken from what the provider owes us is found by what it calls the refund. */
const nameOf = ({ id, providerRef }: Refund) => providerRef ?? id
const transitOf = ({ id, asset }: Refund) => chart.refundInTransit(id, asset)

/** Takes the money from whoever has it: from then on it is nobody's but the customer's. */
export async function claim(
  tx: TxCtx,
  payment: Payment,
  books: Books,
  refund: Refund,
): Promise<void> {
  // What the provider has sent already cannot be kept for a dispute.
  const spare = refund.origin === 'provider' ? 0n : books.amounts.disputed.amount
  const postings = await takeFrom(tx, payment, books, {
    amount: amountOf(refund),
    into: transitOf(refund),
    spare,
    hasPayable: true,
  })
  await post(tx, {
    idemKey: `refunds.claimed:${refund.id}`,
    reason: 'refunds.claimed',
    postings,
    ref: about(refund),
  })
  crashPoint('refunds.after_claim')
}

/** As `claim`, of money that came in a second time: all of that is nobody else's. */
export async function claimSurplus(tx: TxCtx, refund: Refund): Promise<void> {
  await post(tx, {
    idemKey: `refunds.claimed:${refund.id}`,
    reason: 'refunds.claimed',
    postings: [
      {
        debit: chart.escrow(refund.surplusId ?? '', refund.asset),
        credit: transitOf(refund),
        amount: amountOf(refund),
      },
    ],
    ref: about(refund),
  })
}

/** The customer has it, and the provider took it from what it owes us. */
export async function settle(tx: TxCtx, refund: Refund): Promise<void> {
  await post(tx, {
    idemKey: `refunds.succeeded:${nameOf(refund)}`,
    reason: 'refunds.succeeded',
    postings: [
      {
        debit: transitOf(refund),
        credit: chart.pspClearing(refund.provider, refund.asset),
        amount: amountOf(refund),
      },
    ],
    ref: about(refund),
  })
  crashPoint('refunds.after_settle')
}

/** The customer did not get it: it goes back to where it was taken from. */
export async function release(tx: TxCtx, payment: Payment, refund: Refund): Promise<void> {
  const ref = about(refund)
  if (refund.state === 'succeeded')
    await post(tx, {
      idemKey: `refunds.returned:${nameOf(refund)}`,
      reason: 'refunds.returned',
      postings: [
        {
          debit: chart.pspClearing(refund.provider, refund.asset),
          credit: transitOf(refund),
          amount: amountOf(refund),
        },
      ],
      ref,
    })
  const postings =
    refund.surplusId === null
      ? await giveBack(tx, await readBooks(tx, payment), transitOf(refund))
      : [
          {
            debit: transitOf(refund),
            credit: chart.escrow(refund.surplusId, refund.asset),
            amount: amountOf(refund),
          },
        ]
  await post(tx, {
    idemKey: `refunds.released:${refund.id}`,
    reason: 'refunds.released',
    postings,
    ref,
  })
  await coverLosses(tx, payment, refund)
}

/** A dispute was lost meanwhile, and the house bore what was on its way: it is here now. */
async function coverLosses(tx: TxCtx, payment: Payment, refund: Refund): Promise<void> {
  for (const loss of lossesIn(await flowsOf(tx, payment, refund))) {
    const postings =
      refund.surplusId === null
        ? await coverLoss(tx, payment, await readBooks(tx, payment), loss)
        : coverSurplusLoss(
            refund.surplusId,
            loss,
            await leftOf(tx, { ...refund, id: refund.surplusId }),
          )
    if (postings.length > 0)
      await post(tx, {
        idemKey: `refunds.loss_covered:${refund.id}:${loss.disputeId}`,
        reason: 'refunds.loss_covered',
        postings,
        ref: about(refund),
      })
  }
}

async function flowsOf(tx: TxCtx, payment: Payment, { surplusId, asset }: Refund) {
  if (surplusId === null) return (await readBooks(tx, payment)).flows
  const account = chart.escrow(surplusId, asset)
  return readFlows(tx, { ref: { type: 'surplus', id: surplusId }, account })
}
