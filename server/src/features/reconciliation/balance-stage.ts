/**
 * The last stage, I7: the provider's balance is what our account of it says, less what is known to be on its way and what
 * was told as a difference of its own.
 */
import { and, eq, inArray, isNotNull, ne, notInArray, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Asset, money } from '../../platform/money/index.ts'
import type { Listed, Movement } from '../../platform/payments/index.ts'
import {
  type ClearingPlace,
  type ClearingPosting,
  listClearing,
  readClearing,
} from '../ledger/index.ts'
import { differenceOf } from './drift-classes.ts'
import {
  changesOfMovements,
  changesOfPostings,
  isMovementName,
  nameOfMovement,
  sumOf,
} from './items.ts'
import { judge } from './money-stages.ts'
import { type BalanceDelta, type Run, drifts, findings, items } from './tables.ts'
import type { Stage, Work } from './work.ts'

/** Somebody may pay between two of our questions: what is still unexplained after so many looks is not that. */
const maxLooks = 3
/** Between the provider's clock and ours, and more. */
const clockSkewMs = 10 * 60 * 1000
const postingsAtOnce = 500
/** Of what is newer than the run: where there is more, the next one compares. */
const maxPages = 50

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

/**
 * Ours is read before the provider's, and of both is known what is in them: so what was paid meanwhile is either in
 * neither, or on the side where it is counted as on its way.
 */
async function compare(work: Work): Promise<readonly BalanceDelta[] | null> {
  const { run, listing, keep } = work
  const account = await readAccount(work)
  await keep()
  const balance = await listing.readBalance()
  if (account === null || balance === null) return null
  const moved = await movedUntil(work, balance.newest)
  if (moved === null) return null
  const explained = sumOf(
    [
      ...(await freshOf(work, moved, account.posted)),
      ...(await inFlightOf(work)),
      ...(await toldBy(work.ctx, run)),
      ...(await toldBefore(work.ctx, run)),
    ].map(({ asset, delta }) => money(delta, asset)),
  )
  const theirs = sumOf(balance.total)
  const ours = sumOf(account.total)
  const assets = new Set([...theirs.keys(), ...ours.keys()])
  return [...assets].toSorted().map((currency) => {
    const provider = theirs.get(currency) ?? 0n
    const ledger = ours.get(currency) ?? 0n
    const known = explained.get(currency) ?? 0n
    return {
      currency,
      provider: provider.toString(),
      ledger: ledger.toString(),
      explained: known.toString(),
      unexplained: (provider - ledger - known).toString(),
    }
  })
}

/** What the stages that gather may not have seen yet. */
const freshSince = ({ since, startedAt }: Run): Date =>
  new Date(Math.max(since.getTime(), (startedAt?.getTime() ?? 0) - clockSkewMs))

/** The account and the newest postings in it: none was added while they were read. */
async function readAccount({ ctx, run }: Work) {
  let before = await postedSince(ctx, run)
  for (let look = 0; look < maxLooks; look += 1) {
    const total = await readClearing(ctx, run.provider)
    const posted = await postedSince(ctx, run)
    if (posted === null || before === null) return null
    if (posted.length === before.length) return { total, posted }
    before = posted
  }
  return null
}

async function postedSince(ctx: ReadCtx, run: Run): Promise<readonly ClearingPosting[] | null> {
  const posted: ClearingPosting[] = []
  let after: ClearingPlace | null = null
  for (let page = 0; page < maxPages; page += 1) {
    const read: Awaited<ReturnType<typeof listClearing>> = await listClearing(ctx, {
      provider: run.provider,
      since: freshSince(run),
      after,
      limit: postingsAtOnce,
    })
    posted.push(...read.rows)
    if (read.next === null) return posted
    after = read.next
  }
  return null
}

/** Those that are in the balance. */
async function movedUntil(
  { run, listing, keep }: Work,
  newest: string | null,
): Promise<readonly Movement[] | null> {
  const moved: Movement[] = []
  let after: string | null = null
  for (let page = 0; page < maxPages; page += 1) {
    await keep()
    const read: Listed<Movement> = await listing.listMovements({ since: freshSince(run), after })
    moved.push(...read.items)
    if (read.next === null) {
      const first = moved.findIndex(({ ref }) => ref === newest)
      return first === -1 ? [] : moved.slice(first)
    }
    after = read.next
  }
  return null
}

type Part = { readonly asset: Asset; readonly delta: bigint }

/** What moved or was posted since the stages that gather it: on its way, or the next run's to tell. */
async function freshOf(
  work: Work,
  moved: readonly Movement[],
  posted: readonly ClearingPosting[],
): Promise<readonly Part[]> {
  const { ctx, run } = work
  const changes = [...changesOfMovements(moved), ...changesOfPostings(posted)]
  const names = new Map<string, string>()
  for (const { ref } of changes) if (!names.has(ref)) names.set(ref, await sourceOf(work, ref))
  if (names.size === 0) return []
  const known = await ctx.db
    .select({ ref: items.ref })
    .from(items)
    .where(and(eq(items.runId, run.id), inArray(items.ref, [...names.keys(), ...names.values()])))
  const isKnown = new Set(known.map(({ ref }) => ref))
  return changes
    .filter(({ ref }) => !isKnown.has(ref) && !isKnown.has(names.get(ref) ?? ref))
    .map(({ asset, theirs = 0n, ours = 0n }) => ({ asset, delta: theirs - ours }))
}

/** Some postings name the movement and not what moved it. */
async function sourceOf({ listing, keep }: Work, name: string): Promise<string> {
  if (!isMovementName(name)) return name
  await keep()
  const movement = await listing.findMovement(name)
  return movement ? nameOfMovement(movement) : name
}

/** It may have arrived since it was looked at. */
async function inFlightOf(work: Work): Promise<readonly Part[]> {
  const rows = await work.ctx.db
    .select()
    .from(items)
    .where(and(eq(items.runId, work.run.id), ne(items.inFlight, sql`0`)))
  const parts: Part[] = []
  for (const item of rows) {
    const judged = await judge(work, item)
    if (judged.kind === 'in_flight') parts.push({ asset: item.asset, delta: judged.delta })
  }
  return parts
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
