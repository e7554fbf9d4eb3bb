/** Webhooks: which endpoint hears of an event, how it is signed, sent and sent again. */
import { createHmac } from 'node:crypto'
import type { Event } from './events.ts'
import { type EventFault, type Ordered, matches } from './faults.ts'
import { newId, randomText } from './ids.ts'
import type { WebhookEndpoint } from './webhook-endpoints.ts'
import type { Home } from './world.ts'

export type EndpointRecord = {
  readonly endpoint: WebhookEndpoint
  /** Hears of the connected accounts instead of the platform's own. */
  readonly isConnect: boolean
  /** The newest first; an older one signs as well until its time is over. */
  secrets: { secret: string; until: number | null }[]
  /** The last event that was sent, answered or not. */
  last: Promise<unknown>
}

export type Delivery = {
  event: string
  type: string
  endpoint: string
  attempt: number
  /** 0 when there was no answer. */
  status: number
}

export type Webhooks = {
  /** Which endpoints have not had an event yet. */
  readonly pending: Map<string, Set<string>>
  /** What is on its way now. */
  readonly inFlight: Set<Promise<void>>
  readonly deliveries: Delivery[]
  /** Sent after the next event, whatever that is. */
  readonly held: (() => void)[]
}

type Change = { version?: string; isLive?: boolean; isStale?: boolean; isForged?: boolean }

const timeoutMs = 10_000
const heldSeconds = 30
const staleSeconds = 301
const oldVersion = '2019-12-03'
/** Seconds between the attempts: growing pauses over three days, as for an endpoint in live mode. */
const pauses = [60, 300, 1800, 3600, 7200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000]

export function createWebhooks(): Webhooks {
  return { pending: new Map(), inFlight: new Set(), deliveries: [], held: [] }
}

export function publish(home: Home, event: Event, ordered: Ordered<EventFault> | null): void {
  const { clock, webhooks } = home.world
  const listeners = listenersOf(home, event)
  webhooks.pending.set(event.id, new Set(listeners.map(({ endpoint }) => endpoint.id)))
  event.pending_webhooks = listeners.length
  if (ordered?.fault === 'drop') return
  const now = clock.now()
  const copies = ordered?.fault === 'duplicate' ? ordered.amount + 1 : 1
  const due = ordered?.fault === 'delay' ? now + ordered.amount : now
  const change = changeOf(ordered?.fault)
  const start = () => {
    for (const record of listeners) {
      // One event after the other, so that only faults bring disorder; copies come at the same time.
      const before = record.last
      const sent = Array.from({ length: copies }, () =>
        send(home, event, record, 1, change, before),
      )
      record.last = Promise.all(sent)
    }
  }
  if (ordered?.fault !== 'reorder') {
    clock.at(due, () => {
      start()
      for (const each of webhooks.held.splice(0)) each()
    })
    return
  }
  webhooks.held.push(start)
  clock.at(now + heldSeconds, () => {
    const index = webhooks.held.indexOf(start)
    if (index === -1) return
    webhooks.held.splice(index, 1)
    start()
  })
}

/** Sends once more, as a person does from the dashboard. */
export function resend(home: Home, event: Event): void {
  for (const record of listenersOf(home, event)) void send(home, event, record, 1, {})
}

/** Until nothing is on its way any more, including what started in the meantime. */
export async function quiet({ inFlight }: Webhooks): Promise<void> {
  while (inFlight.size > 0) await Promise.all(inFlight)
}

/** What Stripe calls a signed payload: time, a point, and the bytes of the body. */
export function signatureOf(body: string, secrets: readonly string[], time: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`,
  )
  const nonsense = createHmac('sha256', 'v0').update(body).digest('hex')
  // In test mode there is a v0 as well, which proves nothing and must not be trusted.
  return [`t=${time}`, ...signatures, `v0=${nonsense}`].join(',')
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

function send(
  home: Home,
  event: Event,
  record: EndpointRecord,
  attempt: number,
  change: Change,
  after: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  const { webhooks } = home.world
  const deliver = () => attemptDelivery(home, event, record, attempt, change)
  const work = (attempt === 1 ? after.then(deliver) : deliver()).finally(() =>
    webhooks.inFlight.delete(work),
  )
  webhooks.inFlight.add(work)
  return work
}

async function attemptDelivery(
  home: Home,
  event: Event,
  record: EndpointRecord,
  attempt: number,
  change: Change,
): Promise<void> {
  const { clock, webhooks, platform } = home.world
  const { endpoint } = record
  if (platform.endpoints.get(endpoint.id) !== record || endpoint.status !== 'enabled') return
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
  const status = await post(endpoint.url, body, signatureOf(body, secrets, time))
  webhooks.deliveries.push({
    event: event.id,
    type: event.type,
    endpoint: endpoint.id,
    attempt,
    status,
  })
  if (status >= 200 && status < 300) {
    webhooks.pending.get(event.id)?.delete(endpoint.id)
    event.pending_webhooks = webhooks.pending.get(event.id)?.size ?? 0
    return
  }
  const pause = pauses[attempt - 1]
  if (pause !== undefined)
    clock.at(clock.now() + pause, () => void send(home, event, record, attempt + 1, change))
}

function activeSecrets(record: EndpointRecord, now: number): string[] {
  return record.secrets
    .filter(({ until }) => until === null || until > now)
    .map(({ secret }) => secret)
}

async function post(url: string, body: string, signature: string): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signature,
      },
      body,
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
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
