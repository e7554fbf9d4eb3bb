/** What a rate limit is, and what it answers. */
import { createHash } from 'node:crypto'

export type LimitPolicy = {
  /** Lower case, digits, `_` and `-`; clients see it in the `RateLimit` field. */
  readonly name: string
  /** Hits allowed in the window: a whole number, at least 1. */
  readonly limit: number
  readonly windowSeconds: number
  /**
   * `exact`: one visit to the store per hit, never more than `limit` hits in any window.
   * `batched`: counted in the process and shared in batches; see `openBatched` for what it may overshoot.
   * `local`: counted in each process for itself, for what must cost less than a visit to the store, or work without one.
   */
  readonly kind: 'exact' | 'batched' | 'local'
}

export type Decision = {
  readonly isAllowed: boolean
  readonly limit: number
  /** Hits left, in whole numbers. */
  readonly remaining: number
  /** Allowed: seconds within which no more than `remaining` hits fit. Refused: seconds until a hit may fit again, at least 1. */
  readonly resetSeconds: number
  readonly windowSeconds: number
  /** The policy's name. */
  readonly policy: string
}

const policyName = /^[a-z][a-z0-9_-]{0,39}$/
/** All but batched policies keep the time of every hit, 8 bytes each, and rewrite them with every hit. */
export const maxExactLimit = 1_000
/** Keys of printable ASCII up to this length are stored as they are. */
const plainKey = /^[\x21\x22\x24-\x7e][\x21-\x7e]{0,127}$/

/** The policies by name. @throws Error when one of them cannot be enforced: a mistake of the programmer */
export function policiesByName(policies: readonly LimitPolicy[]): ReadonlyMap<string, LimitPolicy> {
  const byName = new Map<string, LimitPolicy>()
  for (const policy of policies) {
    const { name, limit, windowSeconds, kind } = policy
    if (!policyName.test(name)) throw new Error(`a rate limit policy cannot be named ${name}`)
    if (byName.has(name)) throw new Error(`two rate limit policies are named ${name}`)
    if (!isPositiveInteger(limit) || !isPositiveInteger(windowSeconds))
      throw new Error(`rate limit policy ${name}: limit and window are whole numbers from 1`)
    if (kind !== 'batched' && limit > maxExactLimit)
      throw new Error(`rate limit policy ${name}: above ${maxExactLimit} hits it has to be batched`)
    byName.set(name, policy)
  }
  return byName
}

/** The decision, of at least one, that limits a caller most: a refusal with the longest wait, else the fewest hits left. */
export function mostRestrictive(decisions: readonly Decision[]): Decision {
  return decisions.reduce((worst, next) => {
    if (worst.isAllowed !== next.isAllowed) return next.isAllowed ? worst : next
    if (worst.isAllowed && worst.remaining !== next.remaining)
      return next.remaining < worst.remaining ? next : worst
    return next.resetSeconds > worst.resetSeconds ? next : worst
  })
}

/**
 * The name under which a store counts `key`. Long or unusual keys come from callers: they are hashed, so that none of
 * them is refused by the store (which would look like its failure) or takes space without bound.
 */
export function storageKey(policy: string, key: string): string {
  return plainKey.test(key) ? `${policy}:${key}` : `${policy}:#${digest(key)}`
}

/** SHA-256 in base64url. */
export const digest = (text: string) => createHash('sha256').update(text).digest('base64url')

const isPositiveInteger = (value: number) => Number.isSafeInteger(value) && value >= 1
