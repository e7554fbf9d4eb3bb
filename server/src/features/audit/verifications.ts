/** Verifications of the chain: made, remembered, and told of when something is wrong. */
import { and, desc, isNotNull, lt, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import { findShipped } from '../../platform/events/heads.ts'
import type { Witness } from '../../platform/events/problems.ts'
import { type Verdict, verifyFacts } from '../../platform/events/verification.ts'
import { chainBroken } from './events.ts'
import { verifications } from './tables.ts'

/** Nights, mostly: a year of them is more than anybody looks back. */
const keptDays = 400

export async function lastVerification(
  ctx: ReadCtx,
): Promise<(Verdict & { readonly at: string }) | null> {
  const [newest] = await ctx.db
    .select()
    .from(verifications)
    .orderBy(desc(verifications.at))
    .limit(1)
  return newest ? { ...newest.verdict, at: newest.at.toISOString() } : null
}

/** Where the chain ended when it was last found whole; null when it never was. */
export async function findWitness({ db }: ReadCtx): Promise<Witness | null> {
  const end = sql`${verifications.verdict} -> 'end' ->> 'number'`
  const [row] = await db
    .select()
    .from(verifications)
    .where(and(sql`(${verifications.verdict} ->> 'isGood')::boolean`, isNotNull(end)))
    .orderBy(desc(sql`(${end})::bigint`), desc(verifications.at))
    .limit(1)
  if (!row?.verdict.end) return null
  const { number, eventId, hash } = row.verdict.end
  return { number: BigInt(number), eventId, hash: Buffer.from(hash, 'hex'), at: row.at }
}

/**
 * Verifies all there is and remembers what was found. `heads` are from elsewhere; where heads are shipped to storage, the
 * newest one there is compared as well. What was found whole before is, too: a chain that ends before where it came to is not.
 */
export async function verify(
  ctx: Ctx,
  options: {
    readonly heads?: readonly { readonly name: string; readonly document: string }[]
    readonly onProgress?: (checked: number, total: number) => void
  } = {},
): Promise<Verdict> {
  const { heads = [], onProgress } = options
  const shipped = ctx.settings.auditShipHeads ? await findShipped(ctx.ports.storage) : null
  const verdict = await verifyFacts(ctx.db, {
    read: await ctx.ports.tokens.openDocuments(),
    witness: await findWitness(ctx),
    external: [
      ...heads,
      ...(shipped === null ? [] : [{ name: 'the newest head in storage', document: shipped }]),
    ],
    ...(onProgress ? { onProgress } : {}),
  })
  await ctx.tx(async (tx) => {
    await tx.db.insert(verifications).values({ verdict })
    await tx.db
      .delete(verifications)
      .where(lt(verifications.at, sql`now() - make_interval(days => ${keptDays})`))
    if (!verdict.problem) return
    const { kind, number, eventId } = verdict.problem
    await tx.record(chainBroken, eventId, { kind, number, eventId })
  })
  return verdict
}
