/**
 * Facts in the order of the transactions that wrote them. Below the horizon the order is complete: whoever reads on from
 * where they were misses nothing, whatever commits late (docs/decisions/0027).
 */
import { type SQL, and, asc, eq, sql } from 'drizzle-orm'
import type { ReadDb } from '../db/index.ts'
import { eventDetails, events } from '../tables.ts'

/** Where a fact stands. Those of one transaction share its position and go by their ids. */
export type Place = { readonly position: bigint; readonly id: string }

/** Before all facts. */
export const beginning: Place = { position: -1n, id: '00000000-0000-0000-0000-000000000000' }

/** Positions from here on may still get facts. Of the whole server: a long transaction in another database counts too. */
export const horizon =
  sql<bigint>`platform_position(pg_snapshot_xmin(pg_current_snapshot()))`.mapWith(BigInt)

/** A fact as the chain proves it: every column, as text where a value could be read in two ways. */
export type ProvenFact = Awaited<ReturnType<typeof readFacts>>[number]

/** The next facts after a place, in order; `within` narrows them further. */
export function readFacts(db: ReadDb, after: Place, limit: number, within?: SQL) {
  return db
    .select({
      ...place,
      name: events.name,
      outcome: events.outcome,
      actorKind: events.actorKind,
      actorId: events.actorId,
      onBehalfOf: events.onBehalfOf,
      subjectId: events.subjectId,
      data: sql<string>`${events.data}::text`,
      detailsHash: events.detailsHash,
      requestId: events.requestId,
      microseconds: sql<string>`(extract(epoch from ${events.at}) * 1000000)::bigint::text`,
    })
    .from(events)
    .where(and(isAfter(after), within))
    .orderBy(asc(events.position), asc(events.id))
    .limit(limit)
}

/** What is left of the details of these facts. */
export function readDetails(db: ReadDb, first: string, last: string, ids: readonly string[]) {
  return db
    .select({
      eventId: eventDetails.eventId,
      ip: eventDetails.ip,
      personal: sql<string | null>`${eventDetails.personal}::text`,
      salt: eventDetails.salt,
    })
    .from(eventDetails)
    .where(
      and(
        // The bounds tell which months to look into.
        sql`${eventDetails.eventId} between ${first}::uuid and ${last}::uuid`,
        sql`${eventDetails.eventId} = any(${sql.param(ids)}::uuid[])`,
      ),
    )
}

/** The second line says the same to the index, which knows the position alone. */
export const isAfter = ({ position, id }: Place) =>
  and(
    sql`(${events.position}, ${events.id}) > (${position}::bigint, ${id}::uuid)`,
    sql`${events.position} >= ${position}::bigint`,
  )

export const isBelowHorizon = sql`${events.position} < ${horizon}`

export const isFact = (id: string) => eq(events.id, id)

const place = { position: events.position, id: events.id }
