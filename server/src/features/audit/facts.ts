/** Facts, as the audit log shows them: found by what they say, page by page, and one's own. */
import {
  type SQL,
  and,
  asc,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  lt,
  lte,
  or,
  sql,
} from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { ReadCtx } from '../../platform/context.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { firstIdAt } from '../../platform/events/months.ts'
import type { Outcome } from '../../platform/events/index.ts'
import { type Page, idCursor, pageOf, sortingOf } from '../../platform/http/index.ts'
import { eventDetails, events } from '../../platform/tables.ts'
import { errors } from './errors.ts'

/** What is looked for. Each narrows the rest. */
export type FactFilter = {
  readonly action?: string | undefined
  readonly room?: string | undefined
  readonly status?: Outcome | undefined
  readonly actorUserId?: string | undefined
  readonly targetUserId?: string | undefined
  readonly subject?: string | undefined
  readonly onBehalfOf?: string | undefined
  readonly requestId?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

export type FactRow = Awaited<ReturnType<typeof selectFacts>>[number]

/** Between the clock that made an id and the database's, which says when. */
const clockLeewayMs = 3_600_000

export const sorting = sortingOf<{ readonly id: string }>()(events.id, { at: [] }, '-at')

/** Facts that match, newest first unless told otherwise. The total counts up to 10,000 and says so when there are more. */
export async function listFacts(
  ctx: ReadCtx,
  filter: FactFilter & Parameters<typeof sorting.by>[0],
): Promise<Page<FactRow>> {
  const matches = matching(filter)
  const order = sorting.by(filter)
  const rows = await selectFacts(ctx, and(matches, order.after))
    .orderBy(...order.orderBy)
    .limit(order.limit)
  return {
    ...order.page(rows),
    ...(await countFacts(ctx, matches)),
  }
}

export async function getFact(ctx: ReadCtx, id: string): Promise<FactRow> {
  const [found] = await selectFacts(ctx, eq(events.id, id))
  if (!found) throw errors.fact_not_found()
  return found
}

/**
 * What was done by, to, or in the name of the caller, newest first. Each of the three is read from its own index: asked
 * together they would all be read to the end.
 */
export async function listOwnFacts(
  ctx: ReadCtx,
  { limit, cursor: given }: { limit: number; cursor?: string | undefined },
): Promise<Page<FactRow>> {
  const userId = ctx.actor.id ?? ''
  const before = given === undefined ? sql`true` : lt(events.id, idCursor.decode(given))
  const newest = (which: SQL) =>
    sql`(select id from ${events} where ${which} and ${before} order by id desc limit ${limit + 1})`
  const ids = sql`(${sql.join(
    [
      newest(eq(events.actorId, userId)),
      newest(eq(events.subjectId, userId)),
      newest(and(isNotNull(events.onBehalfOf), eq(events.onBehalfOf, userId)) ?? sql`false`),
    ],
    sql` union all `,
  )})`
  const rows = await selectFacts(ctx, inArray(events.id, ids))
    .orderBy(desc(events.id))
    .limit(limit + 1)
  return pageOf(rows, limit, (last) => idCursor.encode(last.id))
}

/** One of them. Throws `audit.fact_not_found` (404) for what is about others alone, as for what is not there. */
export async function getOwnFact(ctx: ReadCtx, id: string): Promise<FactRow> {
  const userId = ctx.actor.id ?? ''
  const isOwn = or(
    eq(events.actorId, userId),
    eq(events.subjectId, userId),
    eq(events.onBehalfOf, userId),
  )
  const [found] = await selectFacts(ctx, and(eq(events.id, id), isOwn))
  if (!found) throw errors.fact_not_found()
  return found
}

/** The next facts that match, oldest first, after an id. For whoever reads them all. */
export function listFactsAfter(
  ctx: ReadCtx,
  filter: FactFilter,
  after: string | null,
  limit: number,
): Promise<FactRow[]> {
  return selectFacts(ctx, and(matching(filter), after === null ? undefined : gt(events.id, after)))
    .orderBy(asc(events.id))
    .limit(limit)
}

/** The newest facts of which something is true. */
export function listNewestFacts(
  ctx: ReadCtx,
  which: SQL | undefined,
  limit: number,
): Promise<FactRow[]> {
  return selectFacts(ctx, which).orderBy(desc(events.id)).limit(limit)
}

export const countFacts = ({ db }: ReadCtx, matches: SQL | undefined) =>
  countUpTo(db, events, matches)

export function matching(filter: FactFilter): SQL | undefined {
  const { action, room, status, actorUserId, targetUserId, subject } = filter
  const { onBehalfOf, requestId, from, to } = filter
  const is = (column: AnyPgColumn, value: string | undefined) =>
    value === undefined ? undefined : eq(column, value)
  return and(
    action === undefined ? undefined : eq(events.name, action),
    room === undefined ? undefined : isOfRoom(room),
    // Written out, so that the partial index is known to fit.
    status === undefined ? undefined : sql`${events.outcome} = ${sql.raw(`'${status}'`)}`,
    is(events.actorId, actorUserId),
    actorUserId === undefined ? undefined : eq(events.actorKind, 'user'),
    is(events.subjectId, targetUserId),
    is(events.subjectId, subject),
    is(events.onBehalfOf, onBehalfOf),
    requestId === undefined ? undefined : eq(events.requestId, requestId),
    from === undefined
      ? undefined
      : and(
          gte(events.at, from),
          gte(events.id, firstIdAt(new Date(from.getTime() - clockLeewayMs))),
        ),
    to === undefined
      ? undefined
      : and(lt(events.at, to), lte(events.id, firstIdAt(new Date(to.getTime() + clockLeewayMs)))),
  )
}

/** `users.` to `users/`, byte by byte, as the index is ordered: the slash comes next after the dot. */
const isOfRoom = (room: string) =>
  and(sql`${events.name} ~>=~ ${`${room}.`}`, sql`${events.name} ~<~ ${`${room}/`}`)

function selectFacts({ db }: ReadCtx, which: SQL | undefined) {
  return db
    .select({
      id: events.id,
      at: events.at,
      name: events.name,
      outcome: events.outcome,
      actorKind: events.actorKind,
      actorId: events.actorId,
      onBehalfOf: events.onBehalfOf,
      subjectId: events.subjectId,
      data: events.data,
      requestId: events.requestId,
      about: eventDetails.about,
      ip: eventDetails.ip,
      personalOf: eventDetails.personalOf,
      personal: eventDetails.personal,
    })
    .from(events)
    .leftJoin(eventDetails, eq(eventDetails.eventId, events.id))
    .where(which)
}
