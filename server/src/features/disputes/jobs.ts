/** Jobs of the disputes room. */
import { defineJob } from '../../platform/jobs/define.ts'
import { aboutOf, getDispute } from './disputes.ts'
import { evidenceDue } from './events.ts'

/** Before the bank's patience ends: enough for somebody to find out what there is to say. */
const leadMs = 48 * 60 * 60 * 1000

export const remindsAt = (dueAt: Date): Date => new Date(dueAt.getTime() - leadMs)

/** Alerts those who watch when nobody has told the bank anything yet. */
export const remindOfEvidence = defineJob(
  'disputes.remind_of_evidence',
  { timeoutSeconds: 30 },
  async (ctx, { disputeId, dueAt }: { disputeId: string; dueAt: string }) => {
    await ctx.tx(async (tx) => {
      const dispute = await getDispute(tx, disputeId)
      const isWaiting = dispute.state === 'needs_response' || dispute.state === 'inquiry'
      if (!isWaiting || dispute.hasEvidence || dispute.dueAt?.toISOString() !== dueAt) return
      await tx.record(evidenceDue, disputeId, { ...aboutOf(dispute), dueAt })
    })
  },
)
