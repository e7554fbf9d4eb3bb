/** The last resort: what nobody caught is logged, the process drains and ends, and its supervisor starts a new one. */
import type { Log } from './log.ts'

export type GuardOptions = {
  readonly log: Log
  /** Stops accepting work and finishes what is under way; also the place to report the error. */
  readonly onFatal: (error: unknown) => Promise<void> | void
  /** The process ends after this long, drained or not. */
  readonly drainTimeoutMs?: number
}

const exitCode = 1

/**
 * Handles `uncaughtException` and `unhandledRejection` until the returned function is called. After either of them
 * the state of the process is unknown, so it never carries on (Node.js, "Warning: using 'uncaughtException'
 * correctly").
 */
export function guardProcess(options: GuardOptions): () => void {
  const { log, onFatal, drainTimeoutMs = 10_000 } = options
  let isEnding = false

  function end(): void {
    log.flush()
    process.exit(exitCode)
  }

  function fail(kind: string, error: unknown): void {
    log.fatal(`${kind}: the process ends`, { error, is_first: !isEnding })
    if (isEnding) return
    isEnding = true
    log.flush()
    // Not unreferenced: an empty event loop must not end the process with code 0.
    setTimeout(() => {
      log.fatal('draining took too long', { timeout_ms: drainTimeoutMs })
      end()
    }, drainTimeoutMs)
    drain(onFatal, error, log).then(end, end)
  }

  const onException = (error: unknown) => fail('uncaught exception', error)
  const onRejection = (reason: unknown) => fail('unhandled rejection', reason)
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  return () => {
    process.off('uncaughtException', onException)
    process.off('unhandledRejection', onRejection)
  }
}

async function drain(onFatal: GuardOptions['onFatal'], error: unknown, log: Log): Promise<void> {
  try {
    await onFatal(error)
  } catch (failure) {
    log.fatal('draining failed', { error: failure })
  }
}
