/** How the twin misbehaves: rules a test orders one by one, and a plan drawn from a seed. */

export const requestFaults = [
  /** The connection is lost before anything happens. */
  'drop_before',
  /** It happens, and then the connection is lost. */
  'drop_after',
  'conflict',
  'rate_limit',
  /** 500, and nothing happened. */
  'error_before',
  /** 500, although it happened; the 500 is kept under the idempotency key. */
  'error_after',
  'delay',
] as const
export type RequestFault = (typeof requestFaults)[number]

export const eventFaults = [
  'duplicate',
  /** Sent after the event that follows it. */
  'reorder',
  'delay',
  /** Happened and can be listed, but is not sent. */
  'drop',
  /** Cannot even be listed. */
  'never',
  /** A second event with another id tells the same fact. */
  'twin',
  'old_version',
  'wrong_livemode',
  /** Signed well, 301 seconds ago. */
  'stale',
  /** Signed with another secret. */
  'forged',
] as const
export type EventFault = (typeof eventFaults)[number]

/** `on` is compared with `POST /v1/transfers` or an event's type: equal, or the beginning up to a `*`. */
export type Rule<Fault> = {
  fault: Fault
  on?: string
  count?: number
  amount?: number
  /** A delayed request waits for what this answers when it has come, however long that is, and not for `amount`. */
  until?: () => Promise<unknown>
}
export type Odds<Fault extends string> = Partial<Record<Fault, number>>
export type Ordered<Fault> = {
  fault: Fault
  amount: number
  until?: (() => Promise<unknown>) | undefined
}

export type Faults = {
  /** The next `count` requests (1 by default). `amount` is the milliseconds of a delay. */
  request(rule: Rule<RequestFault>): void
  /** The next `count` events. `amount` is the seconds of a delay or the number of duplicates. */
  event(rule: Rule<EventFault>): void
  /** From now on faults happen by chance, the same ones for the same seed and order of requests. */
  seed(seed: number, requests: Odds<RequestFault>, events: Odds<EventFault>): void
  /** Back to health. */
  clear(): void
}

/** The twin's side of the plan. */
export type FaultPlan = {
  ofRequest(name: string): Ordered<RequestFault> | null
  ofEvent(type: string): Ordered<EventFault> | null
}

const defaultAmount = 1

export function createFaultPlan(): { faults: Faults; plan: FaultPlan } {
  let requests: Rule<RequestFault>[] = []
  let events: Rule<EventFault>[] = []
  let chance: (() => number) | null = null
  let odds: { requests: Odds<RequestFault>; events: Odds<EventFault> } = {
    requests: {},
    events: {},
  }
  return {
    faults: {
      request: (rule) => void requests.push({ ...rule }),
      event: (rule) => void events.push({ ...rule }),
      seed(seed, ofRequests, ofEvents) {
        chance = randomFrom(seed)
        odds = { requests: ofRequests, events: ofEvents }
      },
      clear() {
        requests = []
        events = []
        chance = null
      },
    },
    plan: {
      ofRequest: (name) => take(requests, name) ?? draw(chance, odds.requests),
      ofEvent: (type) => take(events, type) ?? draw(chance, odds.events),
    },
  }
}

function take<Fault>(rules: Rule<Fault>[], name: string): Ordered<Fault> | null {
  const rule = rules.find((each) => (each.count ?? 1) > 0 && matches(each.on, name))
  if (!rule) return null
  rule.count = (rule.count ?? 1) - 1
  return { fault: rule.fault, amount: rule.amount ?? defaultAmount, until: rule.until }
}

export function matches(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined || pattern === '*') return true
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function draw<Fault extends string>(
  chance: (() => number) | null,
  odds: Odds<Fault>,
): Ordered<Fault> | null {
  if (!chance) return null
  let rest = chance()
  for (const [fault, share] of Object.entries(odds) as [Fault, number][]) {
    if (rest < share) return { fault, amount: defaultAmount }
    rest -= share
  }
  return null
}

/** mulberry32: small, good enough, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
