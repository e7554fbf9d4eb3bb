/** Keeps the server running: one that ends unasked is started again on the same port, until we are told to stop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError, messageOf } from './failure.ts'
import { findLeftover, startServer, stopServer, type Server, type Site } from './server.ts'

/** The first restart waits this long, each further failure twice as long as the one before, up to the longest. */
const firstDelayMs = 100
const longestDelayMs = 10_000
/** A server that ran this long was healthy: its end starts the series anew. */
const healthyAfterMs = 60_000

export type Supervisor = {
  readonly server: () => Server
  /** Ends supervision and the server; the second call waits for the first. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
}

/** It never gives up: meanwhile the application answers 503, and whatever ended the server may pass (a full disk). */
export function supervise(site: Site, first: Server): Supervisor {
  const stopping = new AbortController()
  let current = first
  let isUp = true

  const watch = async () => {
    let failures = 0
    let upSince = performance.now()
    for (;;) {
      if (isUp) {
        const end = await current.ended
        isUp = false
        if (stopping.signal.aborted) return
        site.log(`the database server ${current.pid} ended unasked (${end})`)
        if (performance.now() - upSince > healthyAfterMs) failures = 0
      }
      const delayMs = Math.min(firstDelayMs * 2 ** failures, longestDelayMs)
      failures++
      await sleep(delayMs, null, { signal: stopping.signal }).catch(() => null)
      if (stopping.signal.aborted) return
      try {
        current = await startAgain(site, first.port, stopping.signal)
        if (stopping.signal.aborted) return await stopServer(site, current, 'fast')
        isUp = true
        upSince = performance.now()
        site.log(`the database server runs again, as ${current.pid}`)
      } catch (error) {
        if (error === stopping.signal.reason) return
        site.log(`the database server could not be started again: ${messageOf(error)}`)
        if (stopping.signal.aborted) return
      }
    }
  }

  const watched = watch()
  let stopped: Promise<void> | null = null
  const stop = async (mode: 'fast' | 'immediate') => {
    stopping.abort()
    // A restart in progress ends its own server.
    if (isUp) await stopServer(site, current, mode)
    await watched
  }
  return { server: () => current, stop: (mode) => (stopped ??= stop(mode)) }
}

/** Somebody else may have started the server again, with pg_ctl for example. */
async function startAgain(site: Site, port: number, signal: AbortSignal): Promise<Server> {
  const leftover = await findLeftover(site, signal)
  if (!leftover) return startServer(site, port, signal)
  if (leftover.port === port) return leftover
  throw new EmbeddedPostgresError(
    'failed',
    `it was started by someone else as process ${leftover.pid}, on port ${leftover.port} instead of ${port}`,
  )
}
