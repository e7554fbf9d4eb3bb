/** Rate limits shared by all processes, on PostgreSQL or Redis. Knows addresses and header fields, but no HTTP framework. */
import type { Pool } from 'pg'
import { openBatched } from './batched.ts'
import { createStoreBreaker, StoreUnavailable } from './breaker.ts'
import { readTrustedProxies, type TrustedProxies } from './client-address.ts'
import { limitErrors } from './errors.ts'
import { createLocalLog } from './local-log.ts'
import {
  mostRestrictive,
  policiesByName,
  storageKey,
  type Decision,
  type LimitPolicy,
} from './policy.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openRedisStore } from './store-redis.ts'
import type { LogState } from './store.ts'

export { clientAddress } from './client-address.ts'
export { limitErrors } from './errors.ts'
export { rateLimitHeaders } from './headers.ts'
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
  /** A hit of a policy that a route names: as `takeExact`, or as `takeLocal`. */
  takeForRoute(policy: string, key: string): Decision | Promise<Decision>
  /** A hit of a local policy: counted in this process alone, without the store. @throws Error for an unknown policy */
  takeLocal(policy: string, key: string): Decision
  /** What `takeLocal` would answer, without a hit. */
  peekLocal(policy: string, key: string): Decision
  /**
   * Hits of several exact policies, in the order given, up to the first refusal; earlier hits stay counted. Put what an
   * attacker cannot choose first (the address, then the account): who is refused there cannot use up another's account.
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

  async function look(
    name: string,
    givenKey: string,
    isHit: boolean,
    ownLimit = Number.POSITIVE_INFINITY,
  ): Promise<Decision> {
    const common = policyOf(policies, name, 'exact')
    const policy = { ...common, limit: Math.min(common.limit, ownLimit) }
    const { limit, windowSeconds } = policy
    const key = storageKey(name, givenKey)
    try {
      const state = await breaker.run((signal) =>
        isHit
          ? store.take(key, limit, windowSeconds, signal)
          : store.peek(key, limit, windowSeconds, signal),
      )
      return decisionOf(policy, state)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      if (options.failClosed) throw limitErrors.store_unavailable({}, { cause: error })
      return decisionOf(policy, local.look(key, limit, windowSeconds, isHit))
    }
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
    takeExact: (policy, key, ownLimit) => look(policy, key, true, ownLimit),
    takeForRoute: (policy, key) =>
      policies.get(policy)?.kind === 'local'
        ? lookLocal(policy, key, true)
        : look(policy, key, true),
    takeLocal: (policy, key) => lookLocal(policy, key, true),
    peekLocal: (policy, key) => lookLocal(policy, key, false),
    takeEach: (hits) => takeInOrder(hits, (policy, key) => look(policy, key, true)),
    peek: (policy, key) => look(policy, key, false),
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
    takeForRoute: allow,
    takeLocal: allow,
    peekLocal: allow,
    takeEach: (hits) => takeInOrder(hits, async (policy) => allow(policy)),
    peek: async (policy) => allow(policy),
    reset: async () => {},
    check: async () => ({ status: 'pass' }),
    close: async () => {},
  }
}

async function takeInOrder(
  hits: readonly [Hit, ...Hit[]],
  take: (policy: string, key: string) => Promise<Decision>,
): Promise<Decision> {
  const [first, ...others] = hits
  let worst = await take(first.policy, first.key)
  for (const { policy, key } of others) {
    if (!worst.isAllowed) return worst
    worst = mostRestrictive([worst, await take(policy, key)])
  }
  return worst
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

function decisionOf(policy: LimitPolicy, state: LogState): Decision {
  const { name, limit, windowSeconds } = policy
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
