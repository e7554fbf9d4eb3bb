/** Limits that are counted in the process and shared in batches: the general limit, which every request meets. */
import { createSync, type Counted } from './batched-sync.ts'
import type { Breaker } from '../breaker.ts'
import { digest, storageKey, type Decision, type LimitPolicy } from './policy.ts'
import type { LimitStore } from './store.ts'

/** Keys tracked per policy; beyond it the one whose window began first is forgotten. About 30 MB when full. */
const usualTrackedKeys = 100_000
/** A longer key is tracked by its hash. */
const maxKeyLength = 128

export type Batched = {
  /**
   * Counts a hit of `key`. The answer comes at once, or with the next batch when the process already holds as many hits
   * as it may keep to itself. Refused hits are not counted. @throws Error for an unknown policy
   */
  take(policy: string, key: string): Decision | Promise<Decision>
  /** Sends what is not sent yet, and ends the timer. */
  close(): Promise<void>
}

type BatchedPolicy = {
  readonly name: string
  readonly limit: number
  readonly windowSeconds: number
  readonly windowMs: number
  /** Hits of one key that may be unsent at any moment. */
  readonly batch: number
  /** In the order in which their present windows were first seen. */
  readonly keys: Map<string, Counted>
  readonly maxTrackedKeys: number
}

/**
 * A sliding window counter: hits of this window, and those of the one before weighted by how much of it still lies
 * within the last `windowSeconds`. Windows are cut by the store's clock, so they are the same in every process.
 *
 * Each process may hold `ceil(limit / 10)` hits of a key that the others do not know of: at that many, it sends them
 * before it lets another one through. So all processes together let at most
 * `limit + (processes - 1) * ceil(limit / 10)` hits through. (Take the last batch after which the total was still within
 * the limit: its sender knows the total, and every other process has at most one batch it has yet to send, after which it
 * knows a total beyond the limit.) A process that forgets a key, for want of room or because its clock was set, counts as
 * one more process.
 *
 * While the store is down, each process goes on by what it knows and its own hits. A batch whose fate is unknown, because
 * the answer was lost, is sent again: such hits may count twice, and never not at all.
 */
export function openBatched(options: {
  readonly store: LimitStore
  readonly breaker: Breaker
  readonly policies: Iterable<LimitPolicy>
  readonly maxTrackedKeys?: number
}): Batched {
  const { maxTrackedKeys = usualTrackedKeys } = options
  const policies = new Map<string, BatchedPolicy>()
  for (const { name, limit, windowSeconds, kind } of options.policies) {
    const batch = Math.max(1, Math.ceil(limit / 10))
    const windowMs = windowSeconds * 1000
    if (kind === 'batched')
      policies.set(name, {
        name,
        limit,
        windowSeconds,
        windowMs,
        batch,
        keys: new Map(),
        maxTrackedKeys,
      })
  }
  const sync = createSync({
    store: options.store,
    breaker: options.breaker,
    onTick: () => policies.forEach((policy) => forgetOld(policy, sync.now())),
    onClockStep: () => policies.forEach(forgetAll),
  })

  function take(name: string, givenKey: string): Decision | Promise<Decision> {
    const policy = policies.get(name)
    if (!policy) throw new Error(`there is no batched rate limit policy ${name}`)
    const key = givenKey.length > maxKeyLength ? digest(givenKey) : givenKey
    const found = decide(policy, key, false)
    return isDecision(found) ? found : takeAfterBatch(policy, key, found)
  }

  /** The counts instead of a decision when the hit has to wait for the batch before it. */
  function decide(policy: BatchedPolicy, key: string, isForced: boolean): Decision | Counted {
    const now = sync.now()
    const counted = track(policy, key, Math.floor(now / policy.windowMs))
    const elapsedMs = Math.max(0, now - counted.window * policy.windowMs)
    const used = counted.current + counted.previous * Math.max(0, 1 - elapsedMs / policy.windowMs)
    if (used + 1 > policy.limit) return refusal(policy, counted, elapsedMs)
    const mustWait = counted.unsent + counted.inFlight >= policy.batch
    if (mustWait && !isForced && !sync.isDegraded()) return counted
    counted.current += 1
    counted.unsent += 1
    sync.markUnsent(counted)
    // Sent ahead of the hit that would have to wait for it.
    if (counted.unsent === policy.batch && !sync.isDegraded()) void sync.sent()
    return {
      isAllowed: true,
      limit: policy.limit,
      remaining: Math.floor(policy.limit - used - 1),
      resetSeconds: Math.ceil((policy.windowMs - elapsedMs) / 1000),
      windowSeconds: policy.windowSeconds,
      policy: policy.name,
    }
  }

  async function takeAfterBatch(
    policy: BatchedPolicy,
    key: string,
    counted: Counted,
  ): Promise<Decision> {
    const isSent = await sync.sent(counted)
    // Others that waited for the same batch may have filled the next one before us: then we wait for that.
    const found = decide(policy, key, !isSent)
    return isDecision(found) ? found : takeAfterBatch(policy, key, found)
  }

  return { take, close: () => sync.close() }
}

const isDecision = (found: Decision | Counted): found is Decision => 'isAllowed' in found

/** The counts of a key, moved on to the present window. */
function track(policy: BatchedPolicy, key: string, window: number): Counted {
  const { keys } = policy
  const known = keys.get(key)
  // The clock may be set back by a little; a window that has begun stays.
  if (known && known.window >= window) return known
  const counted = known ?? started(policy, key, window)
  if (counted.window < window) {
    moveTo(counted, window)
    keys.delete(key)
  }
  keys.set(key, counted)
  if (keys.size > policy.maxTrackedKeys) {
    const [oldest] = keys.entries()
    if (oldest) forget(policy, ...oldest)
  }
  return counted
}

function moveTo(counted: Counted, window: number): void {
  const isNext = counted.window === window - 1
  counted.previous = isNext ? counted.current : 0
  counted.unsentBefore = isNext ? counted.unsent : 0
  counted.current = 0
  counted.unsent = 0
  counted.window = window
}

function started(policy: BatchedPolicy, key: string, window: number): Counted {
  return {
    storageKey: storageKey(policy.name, key),
    windowSeconds: policy.windowSeconds,
    window,
    current: 0,
    previous: 0,
    unsent: 0,
    unsentBefore: 0,
    inFlight: 0,
    isListed: false,
    isTracked: true,
  }
}

function forget(policy: BatchedPolicy, key: string, counted: Counted): void {
  counted.isTracked = false
  policy.keys.delete(key)
}

/** Keys whose windows have no weight any more. They stand at the front, in the order in which they were last moved. */
function forgetOld(policy: BatchedPolicy, now: number): void {
  const oldest = Math.floor(now / policy.windowMs) - 1
  for (const [key, counted] of policy.keys) {
    if (counted.window >= oldest) return
    forget(policy, key, counted)
  }
}

function forgetAll(policy: BatchedPolicy): void {
  for (const [key, counted] of policy.keys) forget(policy, key, counted)
}

function refusal(policy: BatchedPolicy, counted: Counted, elapsedMs: number): Decision {
  const { limit, windowMs } = policy
  const waitMs = waitOf(limit, windowMs, counted, elapsedMs)
  return {
    isAllowed: false,
    limit,
    remaining: 0,
    resetSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    windowSeconds: policy.windowSeconds,
    policy: policy.name,
  }
}

/** Until the weighted sum leaves room for one hit, if nobody else comes first. */
function waitOf(limit: number, windowMs: number, counted: Counted, elapsedMs: number): number {
  const { current, previous } = counted
  // The share of the window at which the weight of the older window has shrunk enough.
  if (current + 1 <= limit) return (1 - (limit - 1 - current) / previous) * windowMs - elapsedMs
  return windowMs - elapsedMs + (1 - (limit - 1) / current) * windowMs
}
