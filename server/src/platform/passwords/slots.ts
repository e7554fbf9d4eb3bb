/** A bounded number of costly things at once, and a bounded queue before them. */
import { passwordErrors } from './errors.ts'

const longestWaitMs = 10_000

/**
 * Runs at most `size` at once; at most `queueLimit` wait, none longer than ten seconds. Throws `passwords.busy` (503)
 * for the rest.
 */
export function openSlots(
  size: number,
  queueLimit: number,
): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: { start: () => void; refuse: () => void; timer: NodeJS.Timeout }[] = []
  let running = 0
  const acquire = () => {
    if (running < size) {
      running += 1
      return Promise.resolve()
    }
    if (waiting.length >= queueLimit) return Promise.reject(passwordErrors.busy())
    return new Promise<void>((start, reject) => {
      const entry = {
        start,
        refuse: () => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(passwordErrors.busy())
        },
        timer: setTimeout(() => entry.refuse(), longestWaitMs),
      }
      waiting.push(entry)
    })
  }
  const release = () => {
    const next = waiting.shift()
    if (!next) {
      running -= 1
      return
    }
    clearTimeout(next.timer)
    next.start()
  }
  return async (work) => {
    await acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}
