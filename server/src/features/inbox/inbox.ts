/** What providers have told us, for those who look into it: lists, one event, and the replay. */
import { type SQL, and, desc, eq, getTableColumns, isNotNull, isNull, or } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { anything, countRowsUpTo } from '../../platform/db/count-up-to.ts'
import { type Page, sortingOf } from '../../platform/http/index.ts'
import type { ObjectRef } from './appliers.ts'
import { errors } from './errors.ts'
import { eventReplayed } from './events.ts'
import { markChanged, revive } from './intake.ts'
import { type InboxEvent, type InboxObject, inboxEvents, inboxObjects } from './tables.ts'

/** `waiting`: for what it belongs to. `retrying`: asking the provider failed. `dead`: given up. */
export const shownStates = [
  'received',
  'waiting',
  'retrying',
  'dead',
  'processed',
  'ignored',
] as const
export type ShownState = (typeof shownStates)[number]

export type ShownEvent = Omit<InboxEvent, 'raw' | 'state'> & {
  readonly state: ShownState
  /** How its object does, while the event waits for it. */
  readonly object: Pick<InboxObject, 'attempts' | 'problem' | 'detail' | 'nextAt'> | null
}

export type InboxFilter = {
  readonly provider?: string
  readonly type?: string
  readonly objectId?: string
  readonly state?: ShownState
}

const { raw: _raw, ...columns } = getTableColumns(inboxEvents)
const ofEvent = and(
  eq(inboxObjects.provider, inboxEvents.provider),
  eq(inboxObjects.account, inboxEvents.account),
  eq(inboxObjects.kind, inboxEvents.kind),
  eq(inboxObjects.objectId, inboxEvents.objectId),
)

export const sorting = sortingOf<{ readonly id: string }>()(
  inboxEvents.id,
  { receivedAt: [] },
  '-receivedAt',
)

/** Newest first unless told otherwise. */
export async function listEvents(
  ctx: ReadCtx,
  filter: InboxFilter & Parameters<typeof sorting.by>[0],
): Promise<Page<ShownEvent>> {
  const { provider, type, objectId, state } = filter
  const order = sorting.by(filter)
  const matches = and(
    provider === undefined ? undefined : eq(inboxEvents.provider, provider),
    type === undefined ? undefined : eq(inboxEvents.type, type),
    objectId === undefined ? undefined : eq(inboxEvents.objectId, objectId),
    state === undefined ? undefined : isIn[state],
  )
  const rows = await selectEvents(ctx)
    .where(and(order.after, matches))
    .orderBy(...order.orderBy)
    .limit(order.limit)
  const counted = ctx.db
    .select({ one: anything })
    .from(inboxEvents)
    .leftJoin(inboxObjects, and(open, ofEvent))
    .where(matches)
    .$dynamic()
  return { ...order.page(rows.map(shown)), ...(await countRowsUpTo(ctx.db, counted)) }
}

/** Those about some objects, newest first. */
export async function listEventsAbout(
  ctx: ReadCtx,
  objects: readonly ObjectRef[],
  limit: number,
): Promise<readonly ShownEvent[]> {
  if (objects.length === 0) return []
  const rows = await selectEvents(ctx)
    .where(
      or(
        ...objects.map(({ provider, account, kind, objectId }) =>
          and(
            eq(inboxEvents.provider, provider),
            eq(inboxEvents.account, account),
            eq(inboxEvents.kind, kind),
            eq(inboxEvents.objectId, objectId),
          ),
        ),
      ),
    )
    .orderBy(desc(inboxEvents.id))
    .limit(limit)
  return rows.map(shown)
}

/** One event with its body as it came. Throws `inbox.event_not_found` (404). */
export async function getEvent(
  ctx: ReadCtx,
  id: string,
): Promise<ShownEvent & { readonly raw: Buffer }> {
  const [found] = await selectEvents(ctx).where(eq(inboxEvents.id, id))
  const [body] = await ctx.db
    .select({ raw: inboxEvents.raw })
    .from(inboxEvents)
    .where(eq(inboxEvents.id, id))
  if (!found || !body) throw errors.event_not_found()
  return { ...shown(found), raw: body.raw }
}

/**
 * Has the object of an event looked at again, dead or not: applying what it is now twice changes nothing.
 * Throws `inbox.event_not_found` (404) and `inbox.event_without_object` (409).
 */
export async function replayEvent(tx: TxCtx, id: string): Promise<void> {
  const [event] = await tx.db.select().from(inboxEvents).where(eq(inboxEvents.id, id)).for('update')
  if (!event) throw errors.event_not_found()
  const { provider, account, kind, objectId } = event
  if (objectId === null || event.ignoredFor === 'wrong_mode') throw errors.event_without_object()
  await tx.db
    .update(inboxEvents)
    .set({ state: 'received', ignoredFor: null, processedAt: null })
    .where(eq(inboxEvents.id, id))
  const about = { provider, account, kind, objectId }
  await revive(tx, about)
  await markChanged(tx, about)
  await tx.record(eventReplayed, id, { provider, kind, objectId })
}

const open = eq(inboxEvents.state, 'received')
const isIn: Readonly<Record<ShownState, SQL | undefined>> = {
  received: and(open, isNull(inboxObjects.problem)),
  waiting: and(open, isNull(inboxObjects.deadAt), eq(inboxObjects.problem, 'parent_missing')),
  retrying: and(open, isNull(inboxObjects.deadAt), eq(inboxObjects.problem, 'failed')),
  dead: and(open, isNotNull(inboxObjects.deadAt)),
  processed: eq(inboxEvents.state, 'processed'),
  ignored: eq(inboxEvents.state, 'ignored'),
}

const selectEvents = ({ db }: ReadCtx) =>
  db
    .select({
      event: columns,
      object: {
        attempts: inboxObjects.attempts,
        problem: inboxObjects.problem,
        detail: inboxObjects.detail,
        nextAt: inboxObjects.nextAt,
        deadAt: inboxObjects.deadAt,
      },
    })
    .from(inboxEvents)
    .leftJoin(inboxObjects, and(open, ofEvent))
    .$dynamic()

type Row = Awaited<ReturnType<typeof selectEvents>>[number]

function shown({ event, object }: Row): ShownEvent & { readonly id: string } {
  if (event.state !== 'received') return { ...event, state: event.state, object: null }
  if (!object) return { ...event, state: 'received', object: null }
  const { deadAt, ...rest } = object
  const troubled = rest.problem === 'parent_missing' ? 'waiting' : 'retrying'
  const state = deadAt !== null ? 'dead' : rest.problem === null ? 'received' : troubled
  return { ...event, state, object: rest }
}
