/**
 * The last stage, I7: the provider's balance is what our account of it says, less what is known to be on its way and what
 * was told as a difference of its own.
 */
import { and, eq, inArray, isNotNull, max, ne, notInArray, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Asset, money } from '../../platform/money/index.ts'
import { listClearing, readClearing } from '../ledger/index.ts'
import { differenceOf } from './drift-classes.ts'
import { changesOfMovements, changesOfPostings, sumOf } from './items.ts'
import { type Judged, judge } from './money-stages.ts'
import { type BalanceDelta, type Item, type Run, drifts, findings, items } from './tables.ts'
import type { Stage, Work } from './work.ts'

/** Somebody may pay between two of our questions: what is still unexplained after so many looks is not that. */
const maxLooks = 3
/** Newer than the run itself: few, or a run has taken very long and the next one tells more. */
const freshAtOnce = 500

export const balances: Stage = async (work) => {
  let deltas = await compare(work)
  for (let look = 1; look < maxLooks && deltas?.some(isUnexplained); look += 1)
    deltas = await compare(work)
  // Money moved at every look: the next run compares again.
  if (deltas === null) return { next: null, scanned: 0, differences: [] }
  return {
    next: null,
    scanned: deltas.length,
    balances: deltas,
    differences: deltas.filter(isUnexplained).map(({ currency, unexplained }) =>
      differenceOf({
        class: 'clearing_differs',
        kind: 'balance',
        ref: currency,
        expected: '0',
        found: unexplained,
        asset: currency,
      }),
    ),
  }
}

const isUnexplained = ({ unexplained }: BalanceDelta) => unexplained !== '0'

async function compare(work: Work): Promise<readonly BalanceDelta[] | null> {
  const { ctx, run, listing, keep } = work
  await keep()
  const total = await listing.readBalance()
  if (total === null) return null
  const theirs = sumOf(total)
  const explained = await explainedIn(work)
  const ours = sumOf(await readClearing(ctx, run.provider))
  const assets = new Set([...theirs.keys(), ...ours.keys()])
  return [...assets].toSorted().map((currency) => {
    const provider = theirs.get(currency) ?? 0n
    const account = ours.get(currency) ?? 0n
    const known = explained.get(currency) ?? 0n
    return {
      currency,
      provider: provider.toString(),
      ledger: account.toString(),
      explained: known.toString(),
      unexplained: (provider - account - known).toString(),
    }
  })
}

async function explainedIn(work: Work): Promise<ReadonlyMap<Asset, bigint>> {
  const { ctx, run } = work
  const fresh = await freshOf(work)
  const parts = [
    ...(await inFlightOf(ctx, run)),
    ...(await toldBy(ctx, run)),
    ...(await toldBefore(ctx, run)),
  ]
  for (const item of fresh) {
    const judged = await judge(work, item)
    const delta = deltaOf(judged)
    if (delta !== null) parts.push({ asset: item.asset, delta })
  }
  return sumOf(parts.map(({ asset, delta }) => money(delta, asset)))
}

/** What is new is on its way, or the next run's to tell. */
function deltaOf(judged: Judged): bigint | null {
  switch (judged.kind) {
    case 'same':
      return null
    case 'differs':
      return judged.difference.delta
    case 'in_flight':
      return judged.delta
    case 'told':
      return judged.told.delta === null ? judged.delta : null
  }
}

type Part = { readonly asset: Asset; readonly delta: bigint }

async function inFlightOf({ db }: ReadCtx, run: Run): Promise<readonly Part[]> {
  return db
    .select({ asset: items.asset, delta: items.inFlight })
    .from(items)
    .where(and(eq(items.runId, run.id), ne(items.inFlight, sql`0`)))
}

/** Told in this run, and not mended. */
async function toldBy({ db }: ReadCtx, run: Run): Promise<readonly Part[]> {
  const rows = await db
    .select({ asset: findings.asset, delta: findings.delta })
    .from(findings)
    .where(
      and(
        eq(findings.runId, run.id),
        inArray(findings.outcome, ['open', 'suspected', 'accepted', 'would_heal']),
        isNotNull(findings.delta),
        ne(findings.class, 'clearing_differs'),
      ),
    )
  return partsOf(rows)
}

/** Told by earlier ones, of things that are older than this run's window. */
async function toldBefore({ db }: ReadCtx, run: Run): Promise<readonly Part[]> {
  const now = db.select({ ref: findings.ref }).from(findings).where(eq(findings.runId, run.id))
  const rows = await db
    .select({ asset: drifts.asset, delta: drifts.delta })
    .from(drifts)
    .where(
      and(
        eq(drifts.provider, run.provider),
        inArray(drifts.state, ['suspected', 'open', 'accepted']),
        isNotNull(drifts.delta),
        ne(drifts.class, 'clearing_differs'),
        sql`${drifts.objectAt} < ${run.since.toISOString()}`,
        notInArray(drifts.ref, now),
      ),
    )
  return partsOf(rows)
}

const partsOf = (rows: readonly { asset: Asset | null; delta: bigint | null }[]): Part[] =>
  rows.flatMap(({ asset, delta }) => (asset === null || delta === null ? [] : [{ asset, delta }]))

/** What moved or was posted since the stages that gather it, and they have not seen. */
async function freshOf({ ctx, run, listing, sources, keep }: Work): Promise<readonly Item[]> {
  const [last] = await ctx.db
    .select({ at: max(items.objectAt) })
    .from(items)
    .where(eq(items.runId, run.id))
  const since = new Date((last?.at ?? run.since).getTime() - 1000)
  await keep()
  const moved = await listing.listMovements({ since, after: null })
  const posted = await listClearing(ctx, {
    provider: run.provider,
    since,
    after: null,
    limit: freshAtOnce,
  })
  const changes = [
    ...changesOfMovements(moved.items),
    ...(await changesOfPostings(ctx, sources, posted.rows)),
  ]
  const known = await ctx.db
    .select({ ref: items.ref, asset: items.asset })
    .from(items)
    .where(and(eq(items.runId, run.id), inArray(items.ref, ['', ...changes.map(({ ref }) => ref)])))
  const isKnown = new Set(known.map(({ ref, asset }) => `${ref} ${asset}`))
  const fresh = new Map(changes.map((change) => [`${change.ref} ${change.asset}`, change]))
  return [...fresh]
    .filter(([key]) => !isKnown.has(key))
    .map(([, change]) => ({ ...blank, ...change, runId: run.id }))
}

const blank = {
  theirs: 0n,
  ours: 0n,
  inFlight: 0n,
  type: null,
  parentRef: null,
  refType: null,
  refId: null,
} as const
