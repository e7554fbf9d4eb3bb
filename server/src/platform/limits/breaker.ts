/** Stands between us and a store that fails or hangs, so that it costs a few requests half a second and not every one. */
import { storeTimeoutMs } from './store.ts'

/** Failures in a row after which the store is left alone. */
const failuresToOpen = 3
/** For how long it is left alone; then one call tries, and its success lets all others through again. */
const openMs = 1_000

/** The store failed, hung, or is being left alone; `cause` has the failure. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

export type Breaker = {
  /** Does the work within `storeTimeoutMs`; then the signal is aborted. @throws StoreUnavailable */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

/** `onError` is told of every failure, not of the calls that were then not even tried. */
export function createBreaker(onError: (error: unknown) => void): Breaker {
  let failures = 0
  let openUntil = 0
  let isTrying = false
  return {
    run: async (work) => {
      const isTrial = failures >= failuresToOpen
      if (isTrial && (isTrying || performance.now() < openUntil))
        throw new StoreUnavailable('the store of rate limits failed a moment ago')
      if (isTrial) isTrying = true
      try {
        const result = await withinTimeout(work)
        failures = 0
        return result
      } catch (error) {
        failures += 1
        openUntil = performance.now() + openMs
        onError(error)
        throw new StoreUnavailable('the store of rate limits does not answer', { cause: error })
      } finally {
        if (isTrial) isTrying = false
      }
    },
  }
}

async function withinTimeout<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the store of rate limits gave no answer in ${storeTimeoutMs} ms`))
      controller.abort()
    }, storeTimeoutMs)
  })
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
