/** Reading facts in the background: each reader is handed every fact once, however many processes read for it. */
import { eq, gt, sql } from 'drizzle-orm'
import type { TxCtx } from '../context.ts'
import { one } from '../db/one.ts'
import { eventDetails, eventReaders, events } from '../tables.ts'

/** A reader that starts on an old database begins with the facts of the last while. */
const startsBack = sql`interval '1 hour'`
/** What is missing after one of these, and after the next one still, was rolled back. No transaction takes so long. */
const gapsKept = sql`interval '1 hour'`

export type FollowedFact = Omit<typeof events.$inferSelect, 'detailsHash' | 'onBehalfOf'> & {
  readonly ip: string | null
}

const shown = {
  seq: events.seq,
  id: events.id,
  name: events.name,
  outcome: events.outcome,
  actorKind: events.actorKind,
  actorId: events.actorId,
  subjectId: events.subjectId,
  data: events.data,
  requestId: events.requestId,
  at: events.at,
  ip: eventDetails.ip,
}

/**
 * The next facts for a reader, oldest first, at most `limit` and some late ones. They count as read when this transaction
 * commits; whoever reads for the same reader meanwhile waits for it.
 */
export async function followFacts(
  tx: TxCtx,
  reader: string,
  limit: number,
): Promise<{ readonly facts: readonly FollowedFact[]; readonly hasMore: boolean }> {
  const { upto } = await lockReader(tx, reader)
  const late = await findLate(tx, reader)
  const fresh = await factsAfter(tx, upto, limit)
  const facts = [...late, ...fresh]
  if (facts.length > 0) await advance(tx, reader, facts, fresh.at(-1)?.seq ?? upto)
  return { facts, hasMore: fresh.length === limit }
}

async function lockReader(tx: TxCtx, name: string): Promise<{ upto: bigint }> {
  const start = sql`coalesce((
    select ${events.seq} from ${events} where ${events.at} < now() - ${startsBack} order by ${events.seq} desc limit 1
  ), 0)`
  await tx.db.insert(eventReaders).values({ name, upto: start }).onConflictDoNothing()
  await tx.db
    .select({ one: sql`1` })
    .from(eventReaders)
    .where(eq(eventReaders.name, name))
    .for('update')
  return one(
    await tx.db
      .update(eventReaders)
      .set({
        olderGaps: sql`case when ${isOld} then ${eventReaders.gaps} else ${eventReaders.olderGaps} end`,
        gaps: sql`case when ${isOld} then '{}' else ${eventReaders.gaps} end`,
        gapsSince: sql`case when ${isOld} then now() else ${eventReaders.gapsSince} end`,
      })
      .where(eq(eventReaders.name, name))
      .returning({ upto: eventReaders.upto }),
  )
}

const isOld = sql`${eventReaders.gapsSince} < now() - ${gapsKept}`

/** Facts that were missing when a reader passed their numbers. */
function findLate(tx: TxCtx, name: string): Promise<FollowedFact[]> {
  return tx.db
    .select(shown)
    .from(eventReaders)
    .innerJoin(
      sql`lateral unnest(${eventReaders.gaps} + ${eventReaders.olderGaps}) as gap`,
      sql`true`,
    )
    .innerJoin(events, sql`${events.seq} >= lower(gap) and ${events.seq} < upper(gap)`)
    .leftJoin(eventDetails, eq(eventDetails.eventId, events.id))
    .where(eq(eventReaders.name, name))
    .orderBy(events.seq)
}

function factsAfter(tx: TxCtx, upto: bigint, limit: number): Promise<FollowedFact[]> {
  return tx.db
    .select(shown)
    .from(events)
    .leftJoin(eventDetails, eq(eventDetails.eventId, events.id))
    .where(gt(events.seq, upto))
    .orderBy(events.seq)
    .limit(limit)
}

/** By the numbers that were handed out, and not by what the table holds by now. */
async function advance(
  tx: TxCtx,
  name: string,
  facts: readonly FollowedFact[],
  upto: bigint,
): Promise<void> {
  const seqs = sql.param(facts.map(({ seq }) => String(seq)))
  const seen = sql`(select range_agg(int8range(seq, seq, '[]')) from unnest(${seqs}::bigint[]) as seq)`
  await tx.db
    .update(eventReaders)
    .set({
      upto,
      gaps: sql`${eventReaders.gaps} + int8multirange(int8range(${eventReaders.upto}, ${upto}, '(]')) - ${seen}`,
      olderGaps: sql`${eventReaders.olderGaps} - ${seen}`,
    })
    .where(eq(eventReaders.name, name))
}
