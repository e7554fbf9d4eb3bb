/** Events: what happened, kept for thirty days and sent to whoever asked for it. */
import { fillAbsent } from './absent.ts'
import { missing } from './errors.ts'
import { matches } from './faults.ts'
import { newId } from './ids.ts'
import { isWithin, moment, page, pageParameters } from './listing.ts'
import { flag, listOf, text } from './parameters.ts'
import { operation } from './operation.ts'
import { publish } from './webhooks.ts'
import type { Home } from './world.ts'

export type Event = {
  id: string
  object: 'event'
  account?: string
  api_version: string
  created: number
  data: { object: object; previous_attributes?: object }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}

export const keptSeconds = 30 * 24 * 3600

/** States a fact. The object is copied: later changes are other facts. */
export function emit(home: Home, type: string, object: object, previous?: object): void {
  const { world } = home
  const ordered = world.plan.ofEvent(type)
  if (ordered?.fault === 'never') return
  const event: Event = {
    id: newId('evt'),
    object: 'event',
    ...(home !== world.platform && { account: home.accountId }),
    api_version: world.apiVersion,
    created: world.clock.now(),
    data: {
      object: structuredClone(object),
      ...(previous && { previous_attributes: structuredClone(previous) }),
    },
    livemode: false,
    pending_webhooks: 0,
    request: {
      id: world.request?.id ?? null,
      idempotency_key: world.request?.idempotencyKey ?? null,
    },
    type,
  }
  fillAbsent(event.data.object)
  home.events.set(event.id, event)
  publish(home, event, ordered)
  if (ordered?.fault !== 'twin') return
  const second = { ...structuredClone(event), id: newId('evt'), pending_webhooks: 0 }
  home.events.set(second.id, second)
  publish(home, second, null)
}

/** The old values of what changed, as events of updates bring them. */
export function previousOf(before: object, after: object): object {
  const changed = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(after, name)),
  )
  return Object.fromEntries(changed)
}

function recent(home: Home): Event[] {
  const oldest = home.world.clock.now() - keptSeconds
  return [...home.events.values()].filter(({ created }) => created >= oldest)
}

export const eventOperations = [
  operation('GET /v1/events', {
    parameters: {
      ...pageParameters,
      created: moment,
      type: text,
      types: listOf(text),
      delivery_success: flag,
    },
    answers: 'event',
    isList: true,
    run({ home, values }) {
      const { created, type, types, delivery_success: isDelivered } = values
      const found = recent(home)
        .filter((event) => isWithin(created, event.created))
        .filter((event) => type === undefined || matches(type, event.type))
        .filter((event) => types === undefined || types.includes(event.type))
        .filter(
          (event) => isDelivered === undefined || isDelivered === (event.pending_webhooks === 0),
        )
      return page('/v1/events', found, values)
    },
  }),
  operation('GET /v1/events/:id', {
    answers: 'event',
    run({ home, part }) {
      const found = recent(home).find(({ id }) => id === part('id'))
      if (!found) throw missing('event', part('id'))
      return found
    },
  }),
]
