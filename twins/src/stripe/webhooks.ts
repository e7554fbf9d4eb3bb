/** Webhooks: which endpoint hears of an event, how it is signed, sent and sent again. */
import type { Event } from './events.ts'
import { type EventFault, type Ordered, matches } from './faults.ts'
import { newId, randomText } from './ids.ts'
import { untilListening } from './listening.ts'
import type { Memory } from './memory.ts'
import type { WebhookEndpoint } from './webhook-endpoints.ts'
import { post, signatureOf } from './webhook-requests.ts'
import { later, work } from './work.ts'
import { type Home, type World, homeOf, take } from './world.ts'

export type EndpointRecord = {
  readonly endpoint: WebhookEndpoint
  /** Hears of the connected accounts instead of the platform's own. */
  readonly isConnect: boolean
  /** Which of those it is that are known from the start; null when it was made through the API. */
  readonly place: number | null
  /** The newest first; an older one signs as well until its time is over. */
  secrets: { secret: string; until: number | null }[]
}

export type Delivery = {
  event: string
  type: string
  endpoint: string
  attempt: number
  /** 0 when there was no answer. */
  status: number
}

/** On its way, until there is an answer or none. */
export type Sending = {
  home: string
  event: string
  endpoint: string
  attempt: number
  change: Change
}

/** An event that is to be sent. */
type Publication = { event: string; endpoints: string[]; copies: number; change: Change }

export type Webhooks = {
  /** Which endpoints have not had an event yet. */
  readonly pending: Map<string, string[]>
  /** What is on its way now, as it is written down: whoever ends in the middle sends it once more. */
  readonly underway: Map<string, Sending>
  /** Sent after the next event, whatever that is. */
  readonly held: Map<string, Publication & { home: string }>
  readonly inFlight: Set<Promise<void>>
  readonly deliveries: Delivery[]
  /** The last event that was sent to an endpoint, answered or not. */
  readonly last: Map<string, Promise<unknown>>
  /** Endpoints of which nobody has asked yet whether anybody listens there, after a start. */
  readonly unopened: Set<string>
  /** Those that are asked now. */
  readonly opening: Map<string, Promise<unknown>>
  /** Nothing is sent any more. */
  readonly ended: AbortController
}

type Change = { version?: string; isLive?: boolean; isStale?: boolean; isForged?: boolean }

const heldSeconds = 30
const staleSeconds = 301
const oldVersion = '2019-12-03'
/** Seconds between the attempts: growing pauses over three days, as for an endpoint in live mode. */
const pauses = [60, 300, 1800, 3600, 7200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000]

export function createWebhooks({ shelf }: Memory): Webhooks {
  return {
    pending: shelf('webhooks.pending'),
    underway: shelf('webhooks.underway'),
    held: shelf('webhooks.held'),
    inFlight: new Set(),
    deliveries: [],
    last: new Map(),
    unopened: new Set(),
    opening: new Map(),
    ended: new AbortController(),
  }
}

export function publish(home: Home, event: Event, ordered: Ordered<EventFault> | null): void {
  const { clock, webhooks } = home.world
  const endpoints = listenersOf(home, event).map(({ endpoint }) => endpoint.id)
  if (endpoints.length > 0) webhooks.pending.set(event.id, endpoints)
  event.pending_webhooks = endpoints.length
  if (ordered?.fault === 'drop') return
  const now = clock.now()
  const publication: Publication = {
    event: event.id,
    endpoints,
    copies: ordered?.fault === 'duplicate' ? ordered.amount + 1 : 1,
    change: changeOf(ordered?.fault),
  }
  if (ordered?.fault !== 'reorder') {
    const due = ordered?.fault === 'delay' ? now + ordered.amount : now
    later(home, due, sendPublished, publication)
    return
  }
  webhooks.held.set(event.id, { home: home.accountId, ...publication })
  later(home, now + heldSeconds, sendHeld, { event: event.id })
}

const sendPublished = work('webhooks.send', (home, publication: Publication) => {
  const { webhooks } = home.world
  start(home, publication)
  for (const event of webhooks.held.keys()) release(home.world, event)
})

const sendHeld = work('webhooks.send_held', (home, { event }: { event: string }) =>
  release(home.world, event),
)

const sendAgain = work('webhooks.send_again', (home, sending: Sending) => void send(home, sending))

export const webhookWork = [sendPublished, sendHeld, sendAgain]

function release(world: World, event: string): void {
  const { held } = world.webhooks
  const publication = held.get(event)
  held.delete(event)
  if (publication) start(homeOf(world, publication.home), publication)
}

/** One event after the other, so that only faults bring disorder; copies come at the same time. */
function start(home: Home, { event, endpoints, copies, change }: Publication): void {
  const { last } = home.world.webhooks
  for (const endpoint of endpoints) {
    const before = last.get(endpoint)
    const sent = Array.from({ length: copies }, () =>
      send(home, { home: home.accountId, event, endpoint, attempt: 1, change }, before),
    )
    last.set(endpoint, Promise.all(sent))
  }
}

/** Sends once more, as a person does from the dashboard. */
export function resend(home: Home, event: Event): void {
  for (const { endpoint } of listenersOf(home, event))
    void send(home, {
      home: home.accountId,
      event: event.id,
      endpoint: endpoint.id,
      attempt: 1,
      change: {},
    })
}

/** What was on its way at the end of the last process comes once more, before all else, as soon as somebody listens. */
export function resumeSending(world: World): void {
  const { last, underway, unopened } = world.webhooks
  for (const id of world.platform.endpoints.keys()) unopened.add(id)
  for (const [id, sending] of underway) {
    const { endpoint, home } = sending
    last.set(endpoint, deliver(homeOf(world, home), id, sending, last.get(endpoint)))
  }
}

/** Until somebody listens there, when that is not known since the start. */
function openingOf(world: World, id: string): Promise<unknown> | undefined {
  const { ended, opening, unopened } = world.webhooks
  const record = world.platform.endpoints.get(id)
  if (unopened.delete(id) && record) {
    const open = untilListening(record.endpoint.url, ended.signal).then(() => opening.delete(id))
    opening.set(id, open)
  }
  return opening.get(id)
}

/** Until nothing is on its way any more, including what started in the meantime. */
export async function quiet({ inFlight }: Webhooks): Promise<void> {
  while (inFlight.size > 0) await Promise.all(inFlight)
}

function listenersOf(home: Home, event: Event): EndpointRecord[] {
  const isConnect = home !== home.world.platform
  return [...home.world.platform.endpoints.values()].filter(
    (record) =>
      record.isConnect === isConnect &&
      record.endpoint.status === 'enabled' &&
      record.endpoint.enabled_events.some((pattern) => matches(pattern, event.type)),
  )
}

function send(home: Home, sending: Sending, after?: Promise<unknown>): Promise<void> {
  const id = newId('sending')
  home.world.webhooks.underway.set(id, sending)
  return deliver(home, id, sending, after)
}

function deliver(
  home: Home,
  id: string,
  sending: Sending,
  after?: Promise<unknown>,
): Promise<void> {
  const { webhooks } = home.world
  const open = openingOf(home.world, sending.endpoint)
  const before = sending.attempt === 1 ? (after ?? open ?? Promise.resolve()) : open
  const attempt = () => attemptDelivery(home, id, sending)
  const sent = (before ? before.then(attempt) : attempt()).finally(() =>
    webhooks.inFlight.delete(sent),
  )
  webhooks.inFlight.add(sent)
  return sent
}

async function attemptDelivery(home: Home, id: string, sending: Sending): Promise<void> {
  const { memory, webhooks } = home.world
  const request = requestOf(home, sending)
  const status = request && (await post(request, webhooks.ended.signal))
  // Whoever ends in the middle does not know whether it has arrived: it comes again.
  if (webhooks.ended.signal.aborted) return
  webhooks.underway.delete(id)
  if (status !== null) conclude(home, sending, status)
  memory.commit()
}

/** Null when nobody wants it any more. */
function requestOf(home: Home, { event: eventId, endpoint: endpointId, change }: Sending) {
  const { clock, platform } = home.world
  const record = platform.endpoints.get(endpointId)
  const event = home.events.get(eventId)
  if (record?.endpoint.status !== 'enabled' || !event) return null
  const body = JSON.stringify(
    {
      ...event,
      ...(change.version !== undefined && { api_version: change.version }),
      ...(change.isLive === true && { livemode: true }),
    },
    null,
    2,
  )
  // Receivers compare with their own clock, which knows nothing of ours.
  const time = Math.floor(Date.now() / 1000) - (change.isStale === true ? staleSeconds : 0)
  const secrets =
    change.isForged === true ? [`whsec_${randomText(32)}`] : activeSecrets(record, clock.now())
  return { url: record.endpoint.url, body, signature: signatureOf(body, secrets, time) }
}

function conclude(home: Home, sending: Sending, status: number): void {
  const { clock, webhooks } = home.world
  const { attempt, endpoint } = sending
  const event = take(home.events, sending.event, 'event')
  webhooks.deliveries.push({ event: event.id, type: event.type, endpoint, attempt, status })
  if (status >= 200 && status < 300) {
    const left = webhooks.pending.get(event.id)?.filter((each) => each !== endpoint) ?? []
    if (left.length > 0) webhooks.pending.set(event.id, left)
    else webhooks.pending.delete(event.id)
    event.pending_webhooks = left.length
    return
  }
  const pause = pauses[attempt - 1]
  if (pause !== undefined)
    later(home, clock.now() + pause, sendAgain, { ...sending, attempt: attempt + 1 })
}

function activeSecrets(record: EndpointRecord, now: number): string[] {
  return record.secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ secret }) => secret)
}

function changeOf(fault: EventFault | undefined): Change {
  if (fault === 'old_version') return { version: oldVersion }
  if (fault === 'wrong_livemode') return { isLive: true }
  if (fault === 'stale') return { isStale: true }
  return fault === 'forged' ? { isForged: true } : {}
}

export function newSecret(): string {
  return newId('whsec', 32)
}
