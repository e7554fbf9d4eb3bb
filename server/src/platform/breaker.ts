/** Stands between us and a service that fails or hangs, so that it costs a few callers a wait and not every one. */

export type BreakerOptions = {
  /** What stands behind it, in the words of an error: `the store of rate limits`. */
  readonly name: string
  /** Longest wait for an answer. */
  readonly timeoutMs: number
  /** Failures in a row after which it is left alone. */
  readonly failuresToOpen: number
  /** For how long it is left alone; then one call tries, and its success lets all others through again. */
  readonly openMs: number
  /** What callers catch; `cause` is the failure, where this call was one. */
  readonly toError: (message: string, cause?: unknown) => Error
  /** Told of every failure, not of the calls that were then not even tried. */
  readonly onError?: (error: unknown) => void
}

export type Breaker = {
  /** Does the work within `timeoutMs`; then the signal is aborted. Throws what `toError` makes of a failure. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { name, timeoutMs, failuresToOpen, openMs, toError, onError } = options
  let failures = 0
  let openUntil = 0
  let isTrying = false

  return {
    run: async (work) => {
      const isTrial = failures >= failuresToOpen
      if (isTrial && (isTrying || performance.now() < openUntil))
        throw toError(`${name} failed a moment ago`)
      if (isTrial) isTrying = true
      try {
        const result = await within(timeoutMs, name, work)
        failures = 0
        return result
      } catch (error) {
        failures += 1
        openUntil = performance.now() + openMs
        onError?.(error)
        throw toError(`${name} does not answer`, error)
      } finally {
        if (isTrial) isTrying = false
      }
    },
  }
}

async function within<T>(
  timeoutMs: number,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${name} gave no answer in ${timeoutMs} ms`))
      controller.abort()
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
