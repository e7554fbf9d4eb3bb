/** What moved money, by the provider and by the ledger: gathered over a window, then looked at one by one. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Asset, Money } from '../../platform/money/index.ts'
import type { Movement } from '../../platform/payments/index.ts'
import { type ClearingPosting, findClearing } from '../ledger/index.ts'
import { houseKeyOf, isOfHouse } from './house-movements.ts'
import type { Source } from './sources.ts'
import { type Item, type Run, items } from './tables.ts'
import type { Work } from './work.ts'

/** As providers name things: `ch_3PqX…`. Our own ids and words of ours look different. */
const providersName = /^[a-z]{2,8}_[A-Za-z0-9]{6,255}$/
export const isMovementName = (name: string) => name.startsWith('txn_')

type Change = Pick<Item, 'ref' | 'asset'> & Partial<Item> & Pick<Item, 'objectAt'>

/** What moved it; what is nobody's, or the house's, stands for itself. */
export const nameOfMovement = (movement: Movement): string =>
  isOfHouse(movement) ? movement.ref : (movement.sourceRef ?? movement.ref)

export const changesOfMovements = (movements: readonly Movement[]): readonly Change[] =>
  movements.map((movement) => ({
    ref: nameOfMovement(movement),
    asset: movement.net.asset,
    theirs: movement.net.amount,
    type: movement.type,
    parentRef: movement.parentRef,
    objectAt: movement.createdAt,
  }))

/** Postings with what the provider calls the thing that they are about. */
export const changesOfPostings = (postings: readonly ClearingPosting[]): readonly Change[] =>
  postings.map((posting) => ({
    ref: nameOfPosting(posting),
    asset: posting.amount.asset,
    ours: posting.amount.amount,
    refType: posting.ref?.type ?? null,
    refId: posting.ref?.id ?? null,
    objectAt: posting.createdAt,
  }))

/** Adds up; in one order, though only one process writes. */
export async function addItems(tx: TxCtx, run: Run, changes: readonly Change[]): Promise<void> {
  const sums = new Map<string, Change>()
  for (const change of changes) {
    const key = `${change.ref} ${change.asset}`
    const before = sums.get(key)
    sums.set(key, before ? merged(before, change) : change)
  }
  if (sums.size === 0) return
  await tx.db
    .insert(items)
    .values([...sums.values()].map((change) => ({ ...change, runId: run.id })))
    .onConflictDoUpdate({
      target: [items.runId, items.ref, items.asset],
      set: {
        theirs: sql`${items.theirs} + excluded.theirs`,
        ours: sql`${items.ours} + excluded.ours`,
        type: sql`coalesce(${items.type}, excluded.type)`,
        parentRef: sql`coalesce(${items.parentRef}, excluded.parent_ref)`,
        refType: sql`coalesce(${items.refType}, excluded.ref_type)`,
        refId: sql`coalesce(${items.refId}, excluded.ref_id)`,
        objectAt: sql`least(${items.objectAt}, excluded.object_at)`,
      },
    })
}

/** Those of which the two say different things, after one of them: its name and currency. */
export async function listUnequal(
  { db }: ReadCtx,
  run: Run,
  after: readonly [ref: string, asset: string] | null,
  limit: number,
): Promise<readonly Item[]> {
  return db
    .select()
    .from(items)
    .where(
      and(
        eq(items.runId, run.id),
        sql`${items.theirs} <> ${items.ours}`,
        after === null
          ? undefined
          : sql`(${items.ref}, ${items.asset}) > (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(asc(items.ref), asc(items.asset))
    .limit(limit)
}

export type Standing = {
  /** All that the provider ever moved because of it. */
  readonly movements: readonly Movement[]
  readonly theirs: ReadonlyMap<Asset, bigint>
  readonly ours: ReadonlyMap<Asset, bigint>
}

/** All that ever moved because of one thing, by the provider’s word and by ours, whatever the window is. */
export async function standingOf(work: Work, item: Item): Promise<Standing> {
  const { listing, keep } = work
  await keep()
  const alone = isMovementName(item.ref) ? await listing.findMovement(item.ref) : null
  const source = alone ? sourceOf(alone) : item.ref
  await keep()
  const movements =
    source === null ? [alone].filter((each) => each !== null) : await movementsOf(work, source)
  return {
    movements,
    theirs: sumOf(movements.map(({ net }) => net)),
    ours: await ourSums(work, item, source, movements),
  }
}

const sourceOf = (movement: Movement): string | null =>
  isOfHouse(movement) ? null : movement.sourceRef

async function movementsOf({ listing }: Work, source: string): Promise<readonly Movement[]> {
  return providersName.test(source) ? listing.movementsOf(source) : []
}

async function ourSums(
  { ctx, run, sources }: Work,
  item: Item,
  source: string | null,
  movements: readonly Movement[],
): Promise<ReadonlyMap<Asset, bigint>> {
  const names = new Set([item.ref, ...(source === null ? [] : [source])])
  for (const { ref } of movements) names.add(ref)
  const refs = await refsOf(ctx, sources, run, item, names)
  if (refs.size === 0) return new Map([[item.asset, item.ours]])
  const found: ClearingPosting[] = []
  for (const ref of refs.values())
    found.push(...(await findClearing(ctx, { provider: run.provider, ref })))
  const own = found.filter((posting) => names.has(nameOfPosting(posting)))
  return sumOf(own.map(({ amount }) => amount))
}

/** What our transactions about it may say that they are about: what was seen in them, and what rooms know. */
async function refsOf(
  ctx: ReadCtx,
  sources: readonly Source[],
  run: Run,
  item: Item,
  names: ReadonlySet<string>,
) {
  const refs = new Map<string, { readonly type: string; readonly id: string }>()
  const add = (type: string, id: string) => refs.set(`${type} ${id}`, { type, id })
  const rows = await ctx.db
    .select({ type: items.refType, id: items.refId })
    .from(items)
    .where(and(eq(items.runId, run.id), inArray(items.ref, [...names])))
  for (const { type, id } of rows) if (type !== null && id !== null) add(type, id)
  const asked = [...names, ...(item.parentRef === null ? [] : [item.parentRef])]
  for (const source of sources)
    for (const { postedAs } of (await source.findByRefs(ctx, asked)).values())
      add(postedAs.type, postedAs.id)
  for (const name of names) if (isMovementName(name)) add(...houseKeyOf(name))
  return refs
}

/** By the provider's name at the end of its key; what has none stands for itself. */
const nameOfPosting = ({ name, transactionId }: ClearingPosting): string =>
  providersName.test(name) ? name : transactionId

export function sumOf(amounts: readonly Money[]): ReadonlyMap<Asset, bigint> {
  const sums = new Map<Asset, bigint>()
  for (const { asset, amount } of amounts) sums.set(asset, (sums.get(asset) ?? 0n) + amount)
  return sums
}

const merged = (one: Change, other: Change): Change => ({
  ...other,
  ...one,
  theirs: (one.theirs ?? 0n) + (other.theirs ?? 0n),
  ours: (one.ours ?? 0n) + (other.ours ?? 0n),
  objectAt: one.objectAt < other.objectAt ? one.objectAt : other.objectAt,
})
