/** What a store of rate limits does. Its clock is the one clock of all processes. */

/** Longest wait for a store's answer. */
export const storeTimeoutMs = 2_000

/** The log of one key. */
export type LogState = {
  readonly isAllowed: boolean
  /** Hits in the window that ends now, the new one included. */
  readonly used: number
  /** Allowed: until the oldest hit leaves the window. Refused: until enough have left for another one. */
  readonly resetMs: number
}

/** A key of an exact policy, and how often it may be hit. */
export type Limited = {
  readonly key: string
  readonly limit: number
  readonly windowSeconds: number
}

/** Hits of one key in one window that the other processes do not know of yet. */
export type Unsent = {
  readonly key: string
  /** Start of the window, in seconds since 1970; a multiple of `windowSeconds`. */
  readonly windowStart: number
  readonly windowSeconds: number
  readonly hits: number
}

/** What all processes together have counted in the window and in the one before it. */
export type Totals = { readonly current: number; readonly previous: number }

export type LimitStore = {
  /**
   * Appends a hit to each log in turn in which fewer than `limit` lie in the window; at the first that refuses it stops,
   * and nothing is recorded there. Atomic for each. The keys differ. Returns what it found, up to the refusal.
   */
  take(hits: readonly Limited[], signal: AbortSignal): Promise<readonly LogState[]>
  /** What `take` would answer for one, without a hit. */
  peek(limited: Limited, signal: AbortSignal): Promise<LogState>
  forget(key: string, signal: AbortSignal): Promise<void>
  /** Adds hits and returns the totals in the order given, with the store's time in milliseconds since 1970. */
  add(
    unsent: readonly Unsent[],
    signal: AbortSignal,
  ): Promise<{ readonly nowMs: number; readonly totals: readonly Totals[] }>
  ping(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Counts are needed for their own window and as the previous one of the next; then a margin for clocks. */
export const keptWindows = 2
export const keptMarginSeconds = 60
