/** Something fetched and kept: renewed when old, asked for once however many want it, and trusted for so long only. */
import { IdentityFailure } from './failure.ts'

export type KeptOptions<T> = {
  readonly load: () => Promise<T>
  /** Younger than this it is used without asking. */
  readonly freshMs: number
  /** When asking fails it is used up to this age, and not a moment longer. */
  readonly trustedMs: number
  readonly clock: () => number
}

export type Kept<T> = {
  /** The kept value, or a fresh one; throws IdentityFailure when there is none that can be trusted. */
  get(): Promise<T>
  /** A newer one; null when the last was asked for less than `cooldownMs` ago, or cannot be had. */
  renew(cooldownMs: number): Promise<T | null>
}

/** After a failure nobody asks again for this long: a provider in trouble is not helped by more requests. */
const retryAfterMs = 1_000

export function keep<T>({ load, freshMs, trustedMs, clock }: KeptOptions<T>): Kept<T> {
  let kept: { readonly value: T; readonly at: number } | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  let failure: unknown = null
  let loading: Promise<T> | null = null

  const ask = (): Promise<T> => {
    if (loading) return loading
    askedAt = clock()
    loading = load()
      .then((value) => {
        kept = { value, at: clock() }
        failure = null
        return value
      })
      .catch((error: unknown) => {
        failure = error
        throw error
      })
      .finally(() => {
        loading = null
      })
    return loading
  }

  return {
    get: async () => {
      if (kept && clock() - kept.at < freshMs) return kept.value
      try {
        if (failure !== null && !loading && clock() - askedAt < retryAfterMs) throw failure
        return await ask()
      } catch (error) {
        if (kept && clock() - kept.at < trustedMs) return kept.value
        throw IdentityFailure.of(error)
      }
    },
    renew: async (cooldownMs) => {
      if (!loading && clock() - askedAt < cooldownMs) return null
      return ask().catch(() => null)
    },
  }
}
