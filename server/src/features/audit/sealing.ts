/** Sealing: what was recorded joins the chain, and the end of the chain is signed. */
import { desc, eq } from 'drizzle-orm'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import { lastSeal, sealFacts } from '../../platform/events/chain.ts'
import { lastSigned, shipHead, signHead } from '../../platform/events/heads.ts'
import { events } from '../../platform/tables.ts'
import { chainBroken } from './events.ts'
import { findWitness } from './verifications.ts'

/**
 * Seals all there is. A chain whose end is missing is left as it is: going on would close the gap, and the first numbers
 * after it would say that nothing was ever there.
 */
export async function seal(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const missing = await findMissingEnd(ctx)
  if (missing !== null) return tellOnce(ctx, missing)
  await sealFacts(ctx, signal)
  await signHead(ctx, ctx.settings.auditHeadInterval)
  if (ctx.settings.auditShipHeads) await shipHead(ctx)
}

/** The first seal that is missing at the end of the chain, by what was signed and by what was verified; null for none. */
async function findMissingEnd(ctx: ReadCtx): Promise<bigint | null> {
  const [signed, witness] = [await lastSigned(ctx.db), await findWitness(ctx)]
  // Last: what was signed or found whole was there before.
  const { number } = await lastSeal(ctx.db)
  return number < signed || number < (witness?.number ?? 0n) ? number + 1n : null
}

/** It stays so for many minutes: what was told last is not told again. */
async function tellOnce(ctx: Ctx, missing: bigint): Promise<void> {
  const problem = { kind: 'chain_cut_off', number: missing.toString(), eventId: null }
  const [told] = await ctx.db
    .select({ data: events.data })
    .from(events)
    .where(eq(events.name, chainBroken.name))
    .orderBy(desc(events.id))
    .limit(1)
  const last = told?.data as { kind?: unknown; number?: unknown } | undefined
  if (last?.kind === problem.kind && last.number === problem.number) return
  await ctx.tx((tx) => tx.record(chainBroken, null, problem))
}
