/** Sending counted hits to the store: a batch every second, and at once when somebody waits for it. */
import type { Breaker } from '../breaker.ts'
import type { LimitStore, Totals } from './store.ts'

/** Time between two batches when nobody waits. */
const tickMs = 1_000
/** Rows of one statement; a longer batch takes several. */
const maxRows = 2_000
/** A smaller change of the clock is drift, or the inaccuracy of measuring it. */
const clockStepMs = 1_000

/** The counts of one key, in the window that has begun last and in the one before it. */
export type Counted = {
  readonly storageKey: string
  readonly windowSeconds: number
  /** Number of the window: seconds since 1970 at its start, divided by its length. */
  window: number
  /** All hits known of, whoever sent them, the unsent ones included. */
  current: number
  previous: number
  unsent: number
  unsentBefore: number
  /** Sent, and not yet in a total that the store returned. */
  inFlight: number
  /** Waits for the next batch. */
  isListed: boolean
  /** False once forgotten to save memory: then its hits are sent once and not again. */
  isTracked: boolean
}

export type Sync = {
  /** Milliseconds since 1970 by the store's clock, as of its last answer. */
  now(): number
  /** True after a batch that failed, until one succeeds: nobody waits for the store then. */
  isDegraded(): boolean
  markUnsent(counted: Counted): void
  /** Resolves when everything counted so far has been sent: false when that failed. Never rejects. */
  sent(counted?: Counted): Promise<boolean>
  close(): Promise<void>
}

type Part = { readonly counted: Counted; readonly window: number; readonly hits: number }

export function createSync(options: {
  readonly store: LimitStore
  readonly breaker: Breaker
  readonly onTick: () => void
  /** The clock was set by more than a little: what was counted so far lies in windows of the wrong time. */
  readonly onClockStep: () => void
}): Sync {
  const { store, breaker, onTick, onClockStep } = options
  let listed: Counted[] = []
  let running: Promise<boolean> | null = null
  let next: Promise<boolean> | null = null
  let offsetMs = 0
  let isDegraded = false
  const timer = setInterval(() => {
    onTick()
    void sent()
  }, tickMs)
  timer.unref()

  /** One batch at a time: what is counted meanwhile makes up the next one. */
  function sent(counted?: Counted): Promise<boolean> {
    if (!running) {
      running = sendThenNext()
      return running
    }
    if (counted?.unsent === 0) return running
    next ??= running.then(sendThenNext)
    return next
  }

  /**
   * Hands over to the batch that is waited for in the same step in which it ends. In between, nobody could see one
   * running, and whoever asked would send a batch beside the other: an empty one, so that its hits seem to be sent.
   */
  async function sendThenNext(): Promise<boolean> {
    try {
      return await send()
    } finally {
      running = next
      next = null
    }
  }

  async function send(): Promise<boolean> {
    const parts = listed.flatMap(takeParts)
    listed = []
    isDegraded &&= parts.length > 0
    for (let from = 0; from < parts.length; from += maxRows) {
      const isStored = await save(parts.slice(from, from + maxRows))
      if (!isStored) {
        for (const part of parts.slice(from)) putBack(part)
        isDegraded = true
        return false
      }
    }
    isDegraded = false
    return true
  }

  async function save(parts: readonly Part[]): Promise<boolean> {
    const rows = parts.map(({ counted, window, hits }) => ({
      key: counted.storageKey,
      windowStart: window * counted.windowSeconds,
      windowSeconds: counted.windowSeconds,
      hits,
    }))
    const startedAt = Date.now()
    const answer = await breaker.run((signal) => store.add(rows, signal)).catch(() => null)
    if (!answer) return false
    setClock(answer.nowMs - (startedAt + Date.now()) / 2)
    for (const [index, part] of parts.entries()) settle(part, answer.totals[index])
    return true
  }

  function setClock(measuredMs: number): void {
    const isStep = Math.abs(measuredMs - offsetMs) > clockStepMs
    offsetMs = measuredMs
    if (isStep) onClockStep()
  }

  function putBack({ counted, window, hits }: Part): void {
    counted.inFlight -= hits
    if (!counted.isTracked) return
    if (window === counted.window) counted.unsent += hits
    else if (window === counted.window - 1) counted.unsentBefore += hits
    markUnsent(counted)
  }

  function markUnsent(counted: Counted): void {
    if (counted.isListed) return
    counted.isListed = true
    listed.push(counted)
  }

  return {
    now: () => Date.now() + offsetMs,
    isDegraded: () => isDegraded,
    markUnsent,
    sent,
    close: async () => {
      clearInterval(timer)
      await sent()
    },
  }
}

function takeParts(counted: Counted): Part[] {
  const { window, unsent, unsentBefore } = counted
  counted.isListed = false
  counted.inFlight += unsent + unsentBefore
  counted.unsent = 0
  counted.unsentBefore = 0
  return [
    { counted, window: window - 1, hits: unsentBefore },
    { counted, window, hits: unsent },
  ].filter(({ hits }) => hits > 0)
}

/** The totals hold what was sent; what was counted since is not in them. */
function settle({ counted, window, hits }: Part, totals: Totals | undefined): void {
  counted.inFlight -= hits
  if (!totals) return
  if (window === counted.window) {
    counted.current = totals.current + counted.unsent
    counted.previous = Math.max(counted.previous, totals.previous + counted.unsentBefore)
  } else if (window === counted.window - 1) {
    counted.previous = Math.max(counted.previous, totals.current + counted.unsentBefore)
  }
}
