/** When a call is tried again, and after how long: only what cannot have two effects, and not before the server says. */
import type { Definition } from './operation.ts'
import { ConnectionError, Problem, UnexpectedAnswer } from './problem.ts'

/** A first wait that people do not notice, doubled up to one that spares a server in trouble. */
const firstWaitMs = 250
const longestWaitMs = 8_000
/** RFC 9110, 9.2.2: sending these twice is as good as once. POST is when it has a key; PATCH never. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE'])
/** What proxies answer when the server behind them does not. */
const gatewayFailures: ReadonlySet<number> = new Set([502, 503, 504])

/** Milliseconds until the next try; null when there must be none. `retry` counts from 0. */
export function waitBefore(
  failure: unknown,
  retry: number,
  { method, isKeyed }: Definition,
  maxWaitSeconds: number,
): number | null {
  const isRepeatable = isKeyed || idempotent.has(method)
  if (!mayPass(failure, isRepeatable)) return null
  const backOff = Math.min(firstWaitMs * 2 ** retry, longestWaitMs)
  // Those who failed together do not come back together.
  const jittered = backOff * (0.5 + Math.random() / 2)
  const asked = failure instanceof Problem ? failure.retryAfterSeconds : null
  if (asked === null) return jittered
  return asked > maxWaitSeconds ? null : asked * 1000 + Math.random() * firstWaitMs
}

function mayPass(failure: unknown, isRepeatable: boolean): boolean {
  if (failure instanceof Problem)
    return (
      // Nothing is done for who comes too often, so this may be repeated whatever it is.
      failure.status === 429 || (isRepeatable && (failure.status === 503 || isBusy(failure)))
    )
  if (failure instanceof UnexpectedAnswer)
    return isRepeatable && gatewayFailures.has(failure.status)
  return isRepeatable && failure instanceof ConnectionError
}

/** Another try of the same key is still running. */
export const isBusy = (failure: unknown): boolean =>
  failure instanceof Problem && failure.code === 'http.idempotency_in_progress'

/** `Retry-After` as seconds from now: a number, or a date (RFC 9110, 10.2.3). Null for anything else. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null
  if (/^\d+$/.test(header)) return Number(header)
  // Of a date that is none `Date.parse` makes one, of "-1" for instance.
  const at = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / 1000))
}

/** Rejects with the signal's reason as soon as that is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout>
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  return orAbort(over, signal).finally(() => clearTimeout(timer))
}

/** Stops waiting for `work` when the signal is aborted; the work itself goes on, for others who wait for it. */
export async function orAbort<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work
  signal.throwIfAborted()
  let end = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    end = () => reject(signal.reason as Error)
    signal.addEventListener('abort', end)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', end)
  }
}
