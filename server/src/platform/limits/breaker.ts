/** Stands between us and a store of rate limits that fails or hangs, so that it costs a few requests and not every one. */
import { type Breaker, createBreaker } from '../breaker.ts'
import { storeTimeoutMs } from './store.ts'

const failuresToOpen = 3
/** Short: requests are counted by each process for itself meanwhile. */
const openMs = 1_000

/** The store failed, hung, or is being left alone; `cause` has the failure. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** @throws StoreUnavailable from `run`; `onError` is told of every failure, not of the calls that were not even tried. */
export const createStoreBreaker = (onError: (error: unknown) => void): Breaker =>
  createBreaker({
    name: 'the store of rate limits',
    timeoutMs: storeTimeoutMs,
    failuresToOpen,
    openMs,
    toError: (message, cause) => new StoreUnavailable(message, { cause }),
    onError,
  })
