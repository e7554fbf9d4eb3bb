/** Stages that go through money: what moved at the provider, what the ledger posted, and where the two differ. */
import { and, eq, inArray, or } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { Asset } from '../../platform/money/index.ts'
import type { SightingKind } from '../../platform/payments/index.ts'
import { type ClearingPlace, listClearing } from '../ledger/index.ts'
import type { ObjectRef } from '../inbox/index.ts'
import { isWithBank } from './bank-stage.ts'
import { objectOf } from './comparison.ts'
import { type Difference, type DriftClassName, differenceOf } from './drift-classes.ts'
import { explain } from './drifts.ts'
import { isOfHouse } from './house-movements.ts'
import {
  type Standing,
  addItems,
  changesOfMovements,
  changesOfPostings,
  listUnequal,
  standingOf,
} from './items.ts'
import { type Finding, type Item, findings, items } from './tables.ts'
import { type Stage, type Work, pageSize } from './work.ts'

/** Of the ledger at a time: it is read from an index. */
const postingsAtOnce = 500

/** The provider's truth about money. */
export const movements: Stage = async ({ run, listing, keep }, cursor) => {
  await keep()
  const from = { since: run.since, after: cursor }
  const { items: moved, strange, next } = await listing.listMovements(from)
  return {
    next,
    scanned: moved.length + strange.length,
    // Nobody here can count in its currency: all that can be done is to say so.
    differences: strange.map(({ ref, net, createdAt }) =>
      differenceOf({
        class: 'unposted',
        kind: 'movement',
        ref,
        expected: net,
        found: 'nothing',
        objectAt: createdAt,
      }),
    ),
    save: (tx) => addItems(tx, run, changesOfMovements(moved)),
  }
}

/** Ours. */
export const postings: Stage = async ({ ctx, run }, cursor) => {
  const { rows, next } = await listClearing(ctx, {
    provider: run.provider,
    since: run.since,
    after: placeIn(cursor),
    limit: postingsAtOnce,
  })
  return {
    next: next && `${next.transactionId} ${next.postingId}`,
    scanned: rows.length,
    differences: [],
    save: (tx) => addItems(tx, run, changesOfPostings(rows)),
  }
}

/** Where the sums differ each thing is looked at by itself: all that it ever moved, whatever the window is. */
export const differing: Stage = async (work, cursor) => {
  const [ref, asset] = cursor?.split(' ') ?? []
  const after = ref === undefined || asset === undefined ? null : ([ref, asset] as const)
  const rows = await listUnequal(work.ctx, work.run, after, pageSize)
  const differences: Difference[] = []
  const saves: ((tx: TxCtx) => Promise<void>)[] = []
  for (const item of rows) {
    const judged = await judge(work, item)
    if (judged.kind === 'differs') differences.push(judged.difference)
    if (judged.kind === 'told')
      saves.push((tx) =>
        explain(tx, work.run, judged.told, { asset: item.asset, delta: judged.delta }),
      )
    if (judged.kind === 'in_flight') saves.push((tx) => noteInFlight(tx, item, judged.delta))
  }
  const last = rows.length === pageSize ? rows.at(-1) : undefined
  return {
    next: last ? `${last.ref} ${last.asset}` : null,
    scanned: rows.length,
    differences,
    save: async (tx) => {
      for (const save of saves) await save(tx)
    },
  }
}

export type Judged =
  | { readonly kind: 'same' }
  | { readonly kind: 'in_flight'; readonly delta: bigint }
  /** An earlier stage has said what is wrong with it. */
  | { readonly kind: 'told'; readonly told: Finding; readonly delta: bigint }
  | { readonly kind: 'differs'; readonly difference: Difference }

export async function judge(work: Work, item: Item): Promise<Judged> {
  const { ctx, run } = work
  const standing = await standingOf(work, item)
  const theirs = standing.theirs.get(item.asset) ?? 0n
  const ours = standing.ours.get(item.asset) ?? 0n
  const delta = theirs - ours
  if (delta === 0n) return { kind: 'same' }
  const told = await findTold(ctx, run.id, item)
  if (told) return { kind: 'told', told, delta }
  if (theirs === 0n && standing.movements.length === 0 && (await isOnItsWay(work, item.ref)))
    return { kind: 'in_flight', delta }
  if (ours === 0n && (await isWithBank(work, item, theirs))) return { kind: 'in_flight', delta }
  return { kind: 'differs', difference: differenceIn(run.provider, item, standing, theirs, ours) }
}

function differenceIn(
  provider: string,
  item: Item,
  standing: Standing,
  theirs: bigint,
  ours: bigint,
): Difference {
  const { ref, asset, objectAt } = item
  const name: DriftClassName =
    ours === 0n ? 'unposted' : standing.movements.length === 0 ? 'posted_alone' : 'amount_differs'
  return differenceOf({
    class: name,
    kind: 'movement',
    ref,
    ourId: item.refId,
    expected: inWords(theirs, asset),
    found: inWords(ours, asset),
    asset,
    delta: theirs - ours,
    objectAt,
    heal: name === 'posted_alone' ? [] : healOf(provider, item, standing),
  })
}

/** Which objects' appliers post what the ledger does not have. */
function healOf(provider: string, item: Item, { movements: moved }: Standing): ObjectRef[] {
  const house = moved.filter(isOfHouse)
  if (house.length > 0)
    return house.map(({ ref }) => objectOf(provider, 'balance_transaction', ref))
  const kind = kindOf(item.ref)
  if (kind === null) return []
  const parent = item.parentRef ?? moved.find(({ parentRef }) => parentRef !== null)?.parentRef
  if (kind === 'charge') return parent ? [objectOf(provider, 'payment_intent', parent)] : []
  return [objectOf(provider, kind, item.ref)]
}

/** It is there and has succeeded; the provider's balance does not have it yet. */
async function isOnItsWay({ listing, keep }: Work, ref: string): Promise<boolean> {
  const kind = kindOf(ref)
  if (kind === null) return false
  await keep()
  const sighting = await listing.find(kind, ref)
  return sighting !== null && sighting.phase === 'done' && !sighting.isSettled
}

function kindOf(ref: string): SightingKind | null {
  const prefix = ref.slice(0, ref.indexOf('_'))
  return kindsByPrefix[prefix] ?? null
}

const kindsByPrefix: Readonly<Record<string, SightingKind>> = {
  ch: 'charge',
  py: 'charge',
  pi: 'payment_intent',
  re: 'refund',
  pyr: 'refund',
  du: 'dispute',
  dp: 'dispute',
}

/** What this run has told already of the thing, or of what it belongs to. */
async function findTold({ db }: ReadCtx, runId: string, item: Item): Promise<Finding | null> {
  const names = item.parentRef === null ? [item.ref] : [item.ref, item.parentRef]
  const [told] = await db
    .select()
    .from(findings)
    .where(
      and(
        eq(findings.runId, runId),
        or(
          inArray(findings.ref, names),
          item.refId === null ? undefined : eq(findings.ourId, item.refId),
        ),
        inArray(findings.kind, ['payment_intent', 'charge', 'refund', 'dispute']),
        inArray(findings.outcome, ['open', 'suspected', 'accepted', 'would_heal']),
      ),
    )
    .orderBy(findings.id)
    .limit(1)
  return told ?? null
}

async function noteInFlight(tx: TxCtx, item: Item, delta: bigint): Promise<void> {
  await tx.db
    .update(items)
    .set({ inFlight: delta })
    .where(and(eq(items.runId, item.runId), eq(items.ref, item.ref), eq(items.asset, item.asset)))
}

export function placeIn(cursor: string | null): ClearingPlace | null {
  const [transactionId, postingId] = cursor?.split(' ') ?? []
  return transactionId === undefined || postingId === undefined
    ? null
    : { transactionId, postingId }
}

const inWords = (amount: bigint, asset: Asset): string =>
  amount === 0n ? 'nothing' : `${amount} ${asset}`
