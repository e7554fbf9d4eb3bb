/** A Redis that may evict keys under memory pressure loses jobs without a word: it is not used at all. */
import { Redis } from 'ioredis'

/** How long one look may take; a Redis that is slower than that may come up later. */
const lookTimeoutMs = 2_000

/** The Redis given for jobs is configured in a way that loses them. Waiting does not help. */
export class EvictingRedisError extends Error {
  override readonly name = 'EvictingRedisError'
}

/** Exit code of a process that cannot work on this Redis: another one in its place could not either (sysexits, EX_CONFIG). */
export const unusableStoreExitCode = 78

/** Throws EvictingRedisError. INFO, because managed services often forbid CONFIG. */
export async function assertKeepsEverything(client: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await client.info('memory'))?.[1]
  if (policy && policy !== 'noeviction')
    throw new EvictingRedisError(
      `Redis has maxmemory-policy ${policy} and would drop jobs when its memory is full: ` +
        'set `maxmemory-policy noeviction`, or use another Redis for REDIS_URL',
    )
}

/** One look at a Redis over a connection of its own. Throws EvictingRedisError when it would drop jobs. */
export async function lookAtRedis(redisUrl: string): Promise<'usable' | 'unreachable'> {
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: lookTimeoutMs,
    commandTimeout: lookTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  // The rejected call tells what it tells.
  client.on('error', () => {})
  try {
    await client.connect()
    await assertKeepsEverything(client)
    return 'usable'
  } catch (error) {
    if (error instanceof EvictingRedisError) throw error
    return 'unreachable'
  } finally {
    client.disconnect()
  }
}
