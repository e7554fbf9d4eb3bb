/** Rate limits shared by all processes, on PostgreSQL or Redis. Knows addresses and header fields, but no HTTP framework. */
import type { Pool } from 'pg'
import { openBatched } from './batched.ts'
import { createStoreBreaker, StoreUnavailable } from './breaker.ts'
import { readTrustedProxies, type TrustedProxies } from './client-address.ts'
import { limitErrors } from './errors.ts'
import { createLocalLog, type LocalLog } from './local-log.ts'
import {
  mostRestrictive,
  policiesByName,
  storageKey,
  type Decision,
  type LimitPolicy,
} from './policy.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openRedisStore } from './store-redis.ts'
import type { Limited, LogState } from './store.ts'

export { clientAddress } from './client-address.ts'
export { limitErrors } from './errors.ts'
export { rateLimitHeaders } from './headers.ts'
export { networkOf } from './ip-address.ts'
export { openRedisPing, type RedisPing } from './redis-ping.ts'
export { type Decision, type LimitPolicy, maxExactLimit, mostRestrictive } from './policy.ts'

export type LimitsOptions = {
  /** `pool` is borrowed: a connection for as long as one statement takes. */
  readonly store:
    | { readonly kind: 'postgres'; readonly pool: Pool }
    | { readonly kind: 'redis'; readonly url: string }
  readonly policies: readonly LimitPolicy[]
  /** Default true. False allows everything and touches no store. */
  readonly isEnabled?: boolean
  /** While the store is down: true refuses what an exact policy guards, false counts it in this process alone. */
  readonly failClosed: boolean
  /** Addresses and CIDR networks whose X-Forwarded-For is believed. Default none. */
  readonly trustedProxies?: readonly string[]
  /** Told of every failure of the store; not of the calls spared it while it is left alone. */
  readonly onStoreError: (error: unknown) => void
}

export type Limits = {
  /** What `clientAddress` needs. */
  readonly trustedProxies: TrustedProxies
  /** Names of the exact and local policies: all that a route may name. */
  readonly routePolicies: ReadonlySet<string>
  /** A hit of the batched policy `default`; null when there is none, or limits are off. */
  takeGeneral(key: string): Decision | Promise<Decision> | null
  /** A hit of a batched policy. Never fails because of the store. @throws Error for an unknown policy */
  takeBatched(policy: string, key: string): Decision | Promise<Decision>
  /**
   * A hit of an exact policy: however many processes, never more than `limit` in any window. Refused hits don't count.
   * `ownLimit` stands for the policy's limit where the key has a lower one of its own.
   * @throws AppError `rate_limit.store_unavailable` when the store is down and `failClosed`; Error for an unknown policy
   */
  takeExact(policy: string, key: string, ownLimit?: number): Promise<Decision>
  /** Hits of the policies that a route names: local ones as `takeLocal`, then the exact ones as `takeEach`. Null for none. */
  takeForRoute(hits: readonly Hit[]): Promise<Decision | null>
  /** A hit of a local policy: counted in this process alone, without the store. @throws Error for an unknown policy */
  takeLocal(policy: string, key: string): Decision
  /** What `takeLocal` would answer, without a hit. */
  peekLocal(policy: string, key: string): Decision
  /**
   * Hits of several exact policies, in the order given, up to the first refusal; earlier hits stay counted. Put what an
   * attacker cannot choose first (the address, then the account): who is refused there cannot use up another's account.
   * One visit to the store, however many.
   * @returns the most restrictive decision @throws as `takeExact`
   */
  takeEach(hits: readonly [Hit, ...Hit[]]): Promise<Decision>
  /** What `takeExact` would answer, without a hit. Two that look may both be let through: take, where that matters. */
  peek(policy: string, key: string): Promise<Decision>
  /** Forgets the hits of a key of an exact policy. A failure is reported to `onStoreError` and leaves them in force. */
  reset(policy: string, key: string): Promise<void>
  /** Resolves when the store answers. @throws StoreUnavailable */
  check(): Promise<{ readonly status: 'pass' }>
  /** Sends what is not sent yet and closes the connection to Redis; the pool stays open. */
  close(): Promise<void>
}

export type Hit = { readonly policy: string; readonly key: string }

const generalPolicy = 'default'

/** Opens the limits; returns before the store is reached. @throws Error when a policy or a proxy cannot be understood */
export function openLimits(options: LimitsOptions): Limits {
  const policies = policiesByName(options.policies)
  const trustedProxies = readTrustedProxies(options.trustedProxies ?? [])
  return options.isEnabled === false
    ? openUnlimited(policies, trustedProxies)
    : openLimited(options, policies, trustedProxies)
}

type Policies = ReadonlyMap<string, LimitPolicy>
/** A key of an exact policy as a store counts it, with the policy's name. */
type Log = Limited & Pick<LimitPolicy, 'name'>

function openLimited(
  options: LimitsOptions,
  policies: Policies,
  trustedProxies: TrustedProxies,
): Limits {
  const store =
    options.store.kind === 'postgres'
      ? openPostgresStore(options.store.pool)
      : openRedisStore(options.store.url)
  const breaker = createStoreBreaker(options.onStoreError)
  const batched = openBatched({ store, breaker, policies: policies.values() })
  /** Exact policies while the store is down, and the local ones. */
  const [local, counted] = [createLocalLog(), createLocalLog()]
  const hasGeneral = policies.has(generalPolicy)

  const logOf = ({ policy, key }: Hit, ownLimit = Number.POSITIVE_INFINITY): Log => {
    const { name, limit, windowSeconds } = policyOf(policies, policy, 'exact')
    return { name, key: storageKey(name, key), limit: Math.min(limit, ownLimit), windowSeconds }
  }

  /** The store's answer; while it is down that of this process, or a refusal. */
  async function ask<T>(
    theStore: (signal: AbortSignal) => Promise<T>,
    thisProcess: () => T,
  ): Promise<T> {
    try {
      return await breaker.run(theStore)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      if (options.failClosed) throw limitErrors.store_unavailable({}, { cause: error })
      return thisProcess()
    }
  }

  async function take(hits: readonly Log[]): Promise<Decision> {
    const states = await ask(
      (signal) => store.take(hits, signal),
      () => takeHere(local, hits),
    )
    const decisions = hits.flatMap((log, place) => {
      const state = states[place]
      return state ? [decisionOf(log, state)] : []
    })
    return mostRestrictive(decisions)
  }

  const lookLocal = (name: string, givenKey: string, isHit: boolean): Decision => {
    const policy = policyOf(policies, name, 'local')
    const { limit, windowSeconds } = policy
    const state = counted.look(storageKey(name, givenKey), limit, windowSeconds, isHit)
    return decisionOf(policy, state)
  }

  return {
    trustedProxies,
    routePolicies: routePolicies(policies),
    takeGeneral: (key) => (hasGeneral ? batched.take(generalPolicy, key) : null),
    takeBatched: (policy, key) => batched.take(policy, key),
    takeExact: async (policy, key, ownLimit) => take([logOf({ policy, key }, ownLimit)]),
    takeForRoute: async (hits) => {
      const isLocal = ({ policy }: Hit) => policies.get(policy)?.kind === 'local'
      const exact = hits.filter((hit) => !isLocal(hit))
      const decisions = hits.filter(isLocal).map(({ policy, key }) => lookLocal(policy, key, true))
      if (exact.length > 0 && decisions.every(({ isAllowed }) => isAllowed))
        decisions.push(await take(exact.map((hit) => logOf(hit))))
      return decisions.length === 0 ? null : mostRestrictive(decisions)
    },
    takeLocal: (policy, key) => lookLocal(policy, key, true),
    peekLocal: (policy, key) => lookLocal(policy, key, false),
    takeEach: async (hits) => take(hits.map((hit) => logOf(hit))),
    peek: async (policy, key) => {
      const log = logOf({ policy, key })
      const { limit, windowSeconds } = log
      const state = await ask(
        (signal) => store.peek(log, signal),
        () => local.look(log.key, limit, windowSeconds, false),
      )
      return decisionOf(log, state)
    },
    reset: async (policy, givenKey) => {
      const key = storageKey(policyOf(policies, policy, 'exact').name, givenKey)
      local.forget(key)
      try {
        await breaker.run((signal) => store.forget(key, signal))
      } catch (error) {
        // The breaker has reported it. Who resets has just succeeded at something, and keeps that.
        if (!(error instanceof StoreUnavailable)) throw error
      }
    },
    check: async () => {
      await breaker.run((signal) => store.ping(signal))
      return { status: 'pass' }
    },
    close: async () => {
      await batched.close()
      await store.close()
    },
  }
}

function openUnlimited(policies: Policies, trustedProxies: TrustedProxies): Limits {
  const allow = (name: string): Decision => {
    const policy = policies.get(name)
    if (!policy) throw new Error(`there is no rate limit policy ${name}`)
    return decisionOf(policy, { isAllowed: true, used: 0, resetMs: 0 })
  }
  return {
    trustedProxies,
    routePolicies: routePolicies(policies),
    takeGeneral: () => null,
    takeBatched: allow,
    takeExact: async (policy) => allow(policy),
    takeForRoute: async (hits) =>
      hits.length === 0 ? null : mostRestrictive(hits.map(({ policy }) => allow(policy))),
    takeLocal: allow,
    peekLocal: allow,
    takeEach: async (hits) => mostRestrictive(hits.map(({ policy }) => allow(policy))),
    peek: async (policy) => allow(policy),
    reset: async () => {},
    check: async () => ({ status: 'pass' }),
    close: async () => {},
  }
}

function takeHere(local: LocalLog, hits: readonly Log[]): readonly LogState[] {
  const states: LogState[] = []
  for (const { key, limit, windowSeconds } of hits) {
    const state = local.look(key, limit, windowSeconds, true)
    states.push(state)
    if (!state.isAllowed) break
  }
  return states
}

function routePolicies(policies: Policies): ReadonlySet<string> {
  const usable = [...policies.values()].filter(({ kind }) => kind !== 'batched')
  return new Set(usable.map(({ name }) => name))
}

function policyOf(policies: Policies, name: string, kind: LimitPolicy['kind']): LimitPolicy {
  const policy = policies.get(name)
  if (policy?.kind !== kind) throw new Error(`there is no ${kind} rate limit policy ${name}`)
  return policy
}

function decisionOf(
  { name, limit, windowSeconds }: Omit<LimitPolicy, 'kind'>,
  state: LogState,
): Decision {
  const seconds = Math.ceil(state.resetMs / 1000)
  return {
    isAllowed: state.isAllowed,
    limit,
    remaining: Math.max(0, limit - state.used),
    resetSeconds: Math.max(state.isAllowed ? 0 : 1, seconds),
    windowSeconds,
    policy: name,
  }
}
