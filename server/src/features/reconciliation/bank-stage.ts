/**
 * What waits at a bank for days: the provider took the money when it was asked, and it is posted when the customer has it.
 * Until then it is on its way, and no difference.
 */
import { and, eq, inArray } from 'drizzle-orm'
import type { Movement } from '../../platform/payments/index.ts'
import { addItems, changesOfMovements } from './items.ts'
import { type Item, items } from './tables.ts'
import { type Stage, type Work, pageSize } from './work.ts'

/** Older than the window its movement was not listed, and is in the provider's balance all the same. */
export const withBank: Stage = async ({ ctx, run, listing, sources, keep }, cursor) => {
  const [kind = sources[0]?.kind, after = ''] = cursor?.split(' ') ?? []
  const index = sources.findIndex((source) => source.kind === kind)
  const source = sources[index]
  if (!source) return { next: null, scanned: 0, differences: [] }
  const rows = await source.listWithBank(ctx, {
    after: after === '' ? null : after,
    limit: pageSize,
  })
  const refs = rows.flatMap(({ ref }) => (ref === null ? [] : [ref]))
  const listed = await listedOf({ ctx, run }, refs)
  const moved: Movement[] = []
  for (const ref of refs) {
    if (listed.has(ref)) continue
    await keep()
    moved.push(...(await listing.movementsOf(ref)))
  }
  const last = rows.length === pageSize ? rows.at(-1) : undefined
  const following = sources[index + 1]
  const next = last
    ? `${source.kind} ${last.ourId}`
    : following === undefined
      ? null
      : `${following.kind} `
  return {
    next,
    scanned: rows.length,
    differences: [],
    save: (tx) => addItems(tx, run, changesOfMovements(moved)),
  }
}

/** Both say that a bank has it, and the provider moved what was asked for. Of a dispute money is posted as it moves. */
export async function isWithBank(
  { ctx, listing, sources, keep }: Work,
  { ref, asset }: Item,
  theirs: bigint,
): Promise<boolean> {
  for (const source of sources.filter(({ kind }) => kind === 'refund')) {
    const known = (await source.findByRefs(ctx, [ref])).get(ref)
    if (known?.phase !== 'open') continue
    if (known.price.asset !== asset || known.price.amount !== -theirs) return false
    await keep()
    return (await listing.find(source.kind, ref))?.phase === 'open'
  }
  return false
}

async function listedOf({ ctx, run }: Pick<Work, 'ctx' | 'run'>, refs: readonly string[]) {
  if (refs.length === 0) return new Set<string>()
  const rows = await ctx.db
    .select({ ref: items.ref })
    .from(items)
    .where(and(eq(items.runId, run.id), inArray(items.ref, [...refs])))
  return new Set(rows.map(({ ref }) => ref))
}
