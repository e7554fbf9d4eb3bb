/** Retention: months that are over are dropped, and what is left of the chain stays provable. */
import type { Ctx } from '../../platform/context.ts'
import { dropFacts, findDroppable } from '../../platform/events/retention.ts'
import { factsDropped } from './events.ts'
import { verify } from './verifications.ts'

/** Drops whole months older than `AUDIT_RETENTION`. A chain that is not whole is left as it is, for whoever looks into it. */
export async function dropOldFacts(ctx: Ctx, ownerUrl: string): Promise<void> {
  const before = new Date(ctx.now.getTime() - ctx.settings.auditRetention * 1000)
  const found = await findDroppable(ownerUrl, before)
  if (!found) return
  // What is signed as the new beginning is believed from now on, and what could contradict it goes.
  const { problem } = await verify(ctx)
  if (problem)
    throw new Error(`nothing is dropped from a log that is not whole: ${problem.message}`)
  await dropFacts(ctx, ownerUrl, found)
  await ctx.tx((tx) =>
    tx.record(factsDropped, null, {
      before: found.until.toISOString(),
      lastNumber: found.seal.number.toString(),
    }),
  )
}
