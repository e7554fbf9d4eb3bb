/** Reading facts in the background: each reader is handed every fact once, however many processes read for it. */
import { and, eq, sql } from 'drizzle-orm'
import type { TxCtx } from '../context.ts'
import { one } from '../db/one.ts'
import { eventDetails, eventReaders, events } from '../tables.ts'
import { type Place, beginning, isAfter, isBelowHorizon } from './order.ts'

/** A reader that starts on an old database begins with the facts of the last while. */
const startsBack = sql`interval '1 hour'`

export type FollowedFact = Omit<typeof events.$inferSelect, 'detailsHash' | 'onBehalfOf'> & {
  readonly ip: string | null
}

/**
 * The next facts for a reader, in the order of their transactions, at most `limit`. They count as read when this
 * transaction commits; whoever reads for the same reader meanwhile waits for it.
 */
export async function followFacts(
  tx: TxCtx,
  reader: string,
  limit: number,
): Promise<{ readonly facts: readonly FollowedFact[]; readonly hasMore: boolean }> {
  const place = await lockReader(tx, reader)
  const facts = await factsAfter(tx, place, limit)
  const last = facts.at(-1)
  if (last)
    await tx.db
      .update(eventReaders)
      .set({ position: last.position, eventId: last.id })
      .where(eq(eventReaders.name, reader))
  return { facts, hasMore: facts.length === limit }
}

async function lockReader(tx: TxCtx, name: string): Promise<Place> {
  const start = sql`coalesce((
    select max(${events.position}) from ${events} where ${events.at} < now() - ${startsBack}
  ), ${beginning.position}::bigint)`
  await tx.db
    .insert(eventReaders)
    .values({ name, position: start, eventId: beginning.id })
    .onConflictDoNothing()
  const reader = one(
    await tx.db.select().from(eventReaders).where(eq(eventReaders.name, name)).for('update'),
  )
  return { position: reader.position, id: reader.eventId }
}

function factsAfter(tx: TxCtx, place: Place, limit: number): Promise<FollowedFact[]> {
  return tx.db
    .select({
      position: events.position,
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
    })
    .from(events)
    .leftJoin(eventDetails, eq(eventDetails.eventId, events.id))
    .where(and(isAfter(place), isBelowHorizon))
    .orderBy(events.position, events.id)
    .limit(limit)
}
