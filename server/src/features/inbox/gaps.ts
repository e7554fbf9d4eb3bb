/** Filling gaps: what a provider has told, and what never arrived here, is fetched and taken in like a webhook. */
import { eq, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { ListedNotice } from '../../platform/payments/index.ts'
import type { Applier } from './appliers.ts'
import { gapsFilled } from './events.ts'
import { store } from './intake.ts'
import { inboxCursors } from './tables.ts'

const hourMs = 60 * 60 * 1000
/** The provider lists no more than this. */
const listedForMs = 30 * 24 * hourMs
/** Events may appear in the list later than others that are newer. */
const overlapMs = 2 * hourMs
/** For so long the provider goes on sending by itself; what it gave up is known after that. */
const resentForMs = 4 * 24 * hourMs

export type Filled = { readonly listed: number; readonly added: number }

/** Null where payments are not set up. Run again it adds nothing; killed in the middle it begins where it began before. */
export async function fillGaps(
  ctx: Ctx,
  appliers: readonly Applier[],
  signal: AbortSignal,
): Promise<Filled | null> {
  const provider = ctx.ports.payments
  if (!provider) return null
  const [cursor] = await ctx.db
    .select()
    .from(inboxCursors)
    .where(eq(inboxCursors.provider, provider.id))
  const oldest = ctx.now.getTime() - listedForMs
  const reached = cursor?.reachedAt.getTime() ?? oldest
  const since = new Date(Math.max(oldest, reached - overlapMs))
  const kinds = appliers.filter((each) => each.provider === provider.id).map(({ kind }) => kind)
  const sources = [
    {
      about: 'undelivered' as const,
      since: new Date(Math.max(oldest, reached - resentForMs)),
    },
    ...kinds.map((kind) => ({ about: { kind }, since })),
  ]
  const filled = { listed: 0, added: 0, newest: reached }
  for (const source of sources) {
    for (let after: string | null = null, isFirst = true; isFirst || after !== null;) {
      signal.throwIfAborted()
      isFirst = false
      const page = await provider.listing.listNotices({ ...source, after })
      filled.listed += page.items.length
      filled.added += await takeIn(ctx, provider.id, appliers, page.items)
      for (const { notice } of page.items)
        filled.newest = Math.max(filled.newest, notice.occurredAt.getTime())
      after = page.next
    }
  }
  const { listed, added, newest } = filled
  await ctx.tx(async (tx) => {
    const values = { reachedAt: new Date(newest), updatedAt: sql`now()` }
    await tx.db
      .insert(inboxCursors)
      .values({ provider: provider.id, ...values })
      .onConflictDoUpdate({ target: inboxCursors.provider, set: values })
    if (added > 0) await tx.record(gapsFilled, provider.id, { added })
  })
  return { listed, added }
}

/** A page in one transaction: each is stored once, and looked at when it was new. */
async function takeIn(
  ctx: Ctx,
  provider: string,
  appliers: readonly Applier[],
  notices: readonly ListedNotice[],
): Promise<number> {
  if (notices.length === 0) return 0
  return ctx.tx(async (tx) => {
    let added = 0
    // In one order: two that take in the same events at once wait for each other, and not in a circle.
    for (const { raw, notice } of notices.toSorted(byObject))
      if (await store(tx, { provider, raw, appliers }, notice)) added += 1
    return added
  })
}

const byObject = ({ notice: one }: ListedNotice, { notice: other }: ListedNotice): number =>
  keyOf(one) < keyOf(other) ? -1 : 1
const keyOf = ({ kind, objectId, eventId }: ListedNotice['notice']): string =>
  `${kind} ${objectId ?? ''} ${eventId}`
