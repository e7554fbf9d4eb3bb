/** The child's half of supervision: says that the event loop turns, and does not outlive its supervisor. */
import { Worker } from 'node:worker_threads'

const beatMs = 500

/** What a supervised process tells its supervisor. */
export type Heartbeat = { readonly kind: 'heartbeat'; readonly residentBytes: number }

export const isHeartbeat = (message: unknown): message is Heartbeat =>
  typeof message === 'object' &&
  message !== null &&
  'kind' in message &&
  message.kind === 'heartbeat'

/**
 * Starts beating; call once, first thing in the entry file of a supervised process. `onOrphaned` is called when the
 * supervisor is gone and should end the process in good order. Returns a function that stops. Without a supervisor
 * (the file was started by hand) it does nothing.
 */
export function startHeartbeat(onOrphaned: () => void): () => void {
  if (!process.send) return () => {}
  const beat = () => {
    const message: Heartbeat = {
      kind: 'heartbeat',
      residentBytes: process.memoryUsage.rss(),
    }
    // A supervisor that died a moment ago is noticed by `disconnect`, not by this message.
    if (process.connected) process.send?.(message, undefined, undefined, () => {})
  }
  if (!process.connected) onOrphaned()
  beat()
  const timer = setInterval(beat, beatMs)
  timer.unref()
  process.once('disconnect', onOrphaned)
  // A thread, because an event loop that spins would never hear that its supervisor is gone.
  const watch = new Worker(new URL('orphan-watch.ts', import.meta.url), { execArgv: [] })
  watch.unref()
  return () => {
    clearInterval(timer)
    process.off('disconnect', onOrphaned)
    void watch.terminate()
  }
}
