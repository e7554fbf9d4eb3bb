/** Stages that go through objects: what the provider lists, what we believe to be there, and what was suspect before. */
import { and, asc, eq, gt, inArray, ne } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Sighting, type SightingKind, sightingKinds } from '../../platform/payments/index.ts'
import { compareSightings, textOf } from './comparison.ts'
import { type Difference, differenceOf } from './drift-classes.ts'
import { closeDrifts } from './drifts.ts'
import type { Known, Source } from './sources.ts'
import { drifts, seen } from './tables.ts'
import { type Stage, type Work, pageSize } from './work.ts'

/** What the provider lists, compared with what the rooms know. */
export const stageOf =
  (kind: SightingKind): Stage =>
  async ({ ctx, run, listing, sources, keep }, cursor) => {
    await keep()
    const { items, next } = await listing.list(kind, { since: run.since, after: cursor })
    const isAsked = sources.some((source) => source.kind === kind)
    return {
      next,
      scanned: items.length,
      differences: await compareSightings(ctx, sources, run.provider, items),
      save: async (tx) => {
        if (!isAsked || items.length === 0) return
        const rows = items.map(({ ref }) => ({ runId: run.id, kind, ref }))
        await tx.db.insert(seen).values(rows).onConflictDoNothing()
      },
    }
  }

/** What we believe to be done: what was not listed is asked for by name. The cursor is a kind and one of our ids. */
export const believed: Stage = async (work, cursor) => {
  const { ctx, run, sources } = work
  const [kind = sources[0]?.kind, after = ''] = cursor?.split(' ') ?? []
  const index = sources.findIndex((source) => source.kind === kind)
  const source = sources[index]
  if (!source) return { next: null, scanned: 0, differences: [] }
  const rows = await source.listDone(ctx, {
    since: run.since,
    after: after === '' ? null : after,
    limit: pageSize,
  })
  const listed = await listedOf(ctx, run.id, source.kind, rows)
  const differences: Difference[] = []
  for (const known of rows) {
    if (known.ref === null || listed.has(known.ref)) continue
    differences.push(...(await lookAt(work, source, known, known.ref)))
  }
  const last = rows.length === pageSize ? rows.at(-1) : undefined
  const following = sources[index + 1]
  const next = last
    ? `${source.kind} ${last.ourId}`
    : following === undefined
      ? null
      : `${following.kind} `
  return { next, scanned: rows.length, differences }
}

/** What was not there at the first look, in whatever window that was. */
export const suspected: Stage = async (work, cursor) => {
  const { ctx, run, sources } = work
  const rows = await ctx.db
    .select()
    .from(drifts)
    .where(
      and(
        eq(drifts.provider, run.provider),
        eq(drifts.class, 'missing_there'),
        inArray(drifts.state, ['suspected', 'open']),
        inArray(drifts.kind, [...sightingKinds]),
        ne(drifts.lastRunId, run.id),
        cursor === null ? undefined : gt(drifts.id, cursor),
      ),
    )
    .orderBy(asc(drifts.id))
    .limit(pageSize)
  const differences: Difference[] = []
  const gone: string[] = []
  for (const { id, kind, ref } of rows) {
    const source = sources.find((each) => each.kind === kind)
    const known = (await source?.findByRefs(ctx, [ref]))?.get(ref)
    const found = source && known?.phase === 'done' ? await lookAt(work, source, known, ref) : []
    differences.push(...found)
    if (found.length === 0) gone.push(id)
  }
  return {
    next: rows.length === pageSize ? (rows.at(-1)?.id ?? null) : null,
    scanned: rows.length,
    differences,
    save: (tx) => (run.isDryRun ? Promise.resolve() : closeDrifts(tx, gone)),
  }
}

/** By name: there is none, it came to something else, or it is only older than the window. */
async function lookAt(
  { ctx, run, listing, sources, keep }: Work,
  source: Source,
  known: Known,
  ref: string,
): Promise<readonly Difference[]> {
  await keep()
  const sighting: Sighting | null = await listing.find(source.kind, ref)
  if (sighting) return compareSightings(ctx, sources, run.provider, [sighting])
  return [
    differenceOf({
      class: 'missing_there',
      kind: source.kind,
      ref,
      ourId: known.ourId,
      expected: textOf(known.price),
      found: 'nothing',
      objectAt: known.createdAt,
    }),
  ]
}

async function listedOf(
  { db }: ReadCtx,
  runId: string,
  kind: string,
  rows: readonly Known[],
): Promise<ReadonlySet<string>> {
  const refs = rows.flatMap(({ ref }) => (ref === null ? [] : [ref]))
  if (refs.length === 0) return new Set()
  const listed = await db
    .select({ ref: seen.ref })
    .from(seen)
    .where(and(eq(seen.runId, runId), eq(seen.kind, kind), inArray(seen.ref, refs)))
  return new Set(listed.map(({ ref }) => ref))
}
