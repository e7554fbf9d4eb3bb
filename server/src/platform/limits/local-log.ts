/** Exact limits counted in this process alone: what is left while the store is down and refusing everyone would be worse. */
import type { LogState } from './store.ts'

/** Keys kept; beyond it the one that has been quiet for longest is forgotten. */
const maxKeys = 10_000

export type LocalLog = {
  look(key: string, limit: number, windowSeconds: number, isHit: boolean): LogState
  forget(key: string): void
}

export function createLocalLog(): LocalLog {
  const logs = new Map<string, readonly number[]>()
  return {
    look: (key, limit, windowSeconds, isHit) => {
      const now = performance.now()
      const windowMs = windowSeconds * 1000
      const live = (logs.get(key) ?? []).filter((hit) => hit > now - windowMs)
      const isAllowed = live.length < limit
      const leaving = live[Math.max(live.length - limit, 0)] ?? now
      const hits = isAllowed && isHit ? [...live, now] : live
      if (isHit) {
        // Deleting first moves the key to the end of the map's order.
        logs.delete(key)
        logs.set(key, hits)
        if (logs.size > maxKeys) logs.delete(logs.keys().next().value ?? '')
      }
      return { isAllowed, used: hits.length, resetMs: leaving + windowMs - now }
    },
    forget: (key) => {
      logs.delete(key)
    },
  }
}
