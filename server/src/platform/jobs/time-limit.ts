/** Gives work a limited time, and its signal the reason when the time is over. */

export class TimeLimitExceeded extends Error {
  override readonly name = 'TimeLimitExceeded'
}

/**
 * Runs `work` for at most `seconds`; then aborts the controller and throws TimeLimitExceeded, whether or not the work
 * obeys. `onLate` is called when abandoned work ends after all.
 */
export async function withinLimit<T>(
  seconds: number,
  controller: AbortController,
  work: (signal: AbortSignal) => Promise<T>,
  onLate: () => void,
): Promise<T> {
  let isOver = false
  const running = (async () => work(controller.signal))()
  const late = () => {
    if (isOver) onLate()
  }
  running.then(late, late)
  const { promise: limit, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    isOver = true
    const error = new TimeLimitExceeded(`took longer than ${seconds} s`)
    controller.abort(error)
    reject(error)
  }, seconds * 1000)
  try {
    return await Promise.race([running, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** True when the promise settles within `ms`, however it ends. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: limit, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, ms, false)
  try {
    const ended = () => true as const
    return await Promise.race([promise.then(ended, ended), limit])
  } finally {
    clearTimeout(timer)
  }
}
