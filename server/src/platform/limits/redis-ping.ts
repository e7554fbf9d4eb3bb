/** Whether Redis answers, for a process that counts no limits in it: a connection of its own, which does nothing else. */
import { openRedisStore } from './store-redis.ts'
import { storeTimeoutMs } from './store.ts'

export type RedisPing = {
  /** Rejects when Redis does not answer. */
  check(): Promise<{ readonly status: 'pass' }>
  close(): Promise<void>
}

export function openRedisPing(url: string): RedisPing {
  const store = openRedisStore(url)
  return {
    check: async () => {
      const signal = AbortSignal.timeout(storeTimeoutMs)
      const isLate = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('Redis does not answer')))
      })
      await Promise.race([store.ping(signal), isLate])
      return { status: 'pass' }
    },
    close: () => store.close(),
  }
}
