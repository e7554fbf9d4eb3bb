/** What is said to the customer's bank: evidence, or that it is right. The provider passes it on, once. */
import { v7 as uuidv7 } from 'uuid'
import type { Ctx } from '../../platform/context.ts'
import { crashPoint } from '../../platform/crash-points.ts'
import type { Attempt, DisputeSnapshot, Outcome } from '../../platform/payments/index.ts'
import { providerOf } from '../payments/index.ts'
import { applyDispute } from './applying.ts'
import { aboutOf, getDispute, isClosed } from './disputes.ts'
import { errors } from './errors.ts'
import { disputeAnswered } from './events.ts'
import type { Dispute } from './tables.ts'

type Answer = 'evidence' | 'acceptance'

/**
 * Sends evidence, for good. Throws `disputes.dispute_not_found` (404), `disputes.dispute_closed` (409),
 * `disputes.refused_by_provider` (422), `payments.not_configured` and `disputes.provider_unavailable` (503).
 */
export async function sendEvidence(ctx: Ctx, id: string, text: string): Promise<Dispute> {
  const provider = providerOf(ctx)
  return answer(ctx, id, 'evidence', ({ key, body }) =>
    provider.submitEvidence({ key, body: { disputeRef: body, text } }),
  )
}

/** Gives up. Throws as `sendEvidence`, and `disputes.inquiry_not_accepted` (409). */
export async function acceptDispute(ctx: Ctx, id: string): Promise<Dispute> {
  const provider = providerOf(ctx)
  return answer(ctx, id, 'acceptance', ({ key, body }) =>
    provider.acceptDispute({ key, body: { disputeRef: body } }),
  )
}

/** A request that is sent again under its Idempotency-Key goes on where it was, under the same key at the provider. */
async function answer(
  ctx: Ctx,
  id: string,
  kind: Answer,
  tell: (attempt: Attempt<string>) => Promise<Outcome<DisputeSnapshot>>,
): Promise<Dispute> {
  const attempt = await ctx.tx(async (tx) => {
    const dispute = await getDispute(tx, id)
    if (isClosed(dispute)) throw errors.dispute_closed({ state: dispute.state })
    if (kind === 'acceptance' && dispute.state === 'inquiry') throw errors.inquiry_not_accepted()
    await tx.record(disputeAnswered, id, { ...aboutOf(dispute), answer: kind })
    return { key: `dispute_${id}_${uuidv7()}`, body: dispute.providerRef }
  })
  crashPoint('disputes.after_keep')
  const outcome = await tell(attempt)
  crashPoint('disputes.after_call')
  if (outcome.kind === 'unknown') throw errors.provider_unavailable({ reason: outcome.reason })
  if (outcome.kind === 'rejected') throw errors.refused_by_provider({ reason: outcome.code })
  await ctx.tx((tx) => applyDispute(tx, outcome.value))
  return getDispute(ctx, id)
}
