/** What providers have told, as a part of one id's story: found by the event's ids, or by what it is about. */
import { and, eq, inArray, or } from 'drizzle-orm'
import { isUuid } from '../../platform/ids.ts'
import type { TraceSource } from '../../platform/trace-source.ts'
import { inboxEvents } from './tables.ts'

const most = 200
/** Ids of the provider begin with what they are of: it is how the index by object finds them. */
const kinds = {
  pi: 'payment_intent',
  cs: 'checkout.session',
  ch: 'charge',
  py: 'charge',
  re: 'refund',
  pyr: 'refund',
  dp: 'dispute',
  du: 'dispute',
  cus: 'customer',
} as const

export const tracedEvents: TraceSource = {
  kind: 'event',
  permission: 'inbox.read',
  find: async ({ db }, ids) => {
    const own = ids.filter((id) => isUuid(id))
    const isOfStripe = eq(inboxEvents.provider, 'stripe')
    const isAbout = and(
      isOfStripe,
      eq(inboxEvents.account, ''),
      inArray(inboxEvents.kind, kindsOf(ids)),
      inArray(inboxEvents.objectId, [...ids]),
    )
    const isIt = and(isOfStripe, inArray(inboxEvents.providerEventId, [...ids]))
    const found = await db
      .select({
        id: inboxEvents.id,
        name: inboxEvents.type,
        ref: inboxEvents.objectId,
        providerEventId: inboxEvents.providerEventId,
        state: inboxEvents.state,
        at: inboxEvents.receivedAt,
      })
      .from(inboxEvents)
      .where(or(inArray(inboxEvents.id, own), isIt, isAbout))
      .limit(most)
    return {
      moments: found.map(({ at, name, ref, id, providerEventId, state }) => ({
        at,
        source: 'event',
        name,
        ref,
        data: { id, providerEventId, state },
      })),
      related: found.flatMap(({ id, ref, providerEventId }) => [
        id,
        providerEventId,
        ...(ref === null ? [] : [ref]),
      ]),
    }
  },
}

const kindsOf = (ids: readonly string[]): string[] =>
  Object.entries(kinds)
    .filter(([prefix]) => ids.some((id) => id.startsWith(`${prefix}_`)))
    .map(([, kind]) => kind)
