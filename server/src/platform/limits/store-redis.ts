/** Rate limits in Redis: a script per hit of an exact policy, a pipeline per batch of all others. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import {
  keptMarginSeconds,
  keptWindows,
  storeTimeoutMs,
  type LimitStore,
  type LogState,
  type Totals,
} from './store.ts'

/** Prefix of every key, so that one Redis can serve other things too. */
const prefix = 'ashlar:limits'
/** Longest wait between two attempts to connect. */
const reconnectMaxMs = 1_000
/** A connection that owes an answer and brings nothing for this long is dead, and a new one is made. */
const socketTimeoutMs = 2_000

/**
 * KEYS: the log, a sorted set scored by the time of the hit. ARGV: limit, window in microseconds, member ('' only looks).
 * Returns whether it is allowed, how many hits count, and microseconds until the reset.
 */
const logScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit, window, member = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local used = redis.call('ZCARD', KEYS[1])
local allowed = used < limit
local place = math.max(used - limit, 0)
if allowed and member ~= '' then
  redis.call('ZADD', KEYS[1], now, member)
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
  used = used + 1
end
local leaving = redis.call('ZRANGE', KEYS[1], place, place, 'WITHSCORES')[2]
local reset = window
if leaving then reset = tonumber(leaving) + window - now end
return { allowed and 1 or 0, used, reset }
`

/** Connects at once and again whenever the connection is lost. Failures come out of the calls. */
export function openRedisStore(url: string): LimitStore {
  const client = new Redis(url, {
    // What cannot be counted now fails now; nothing is sent again after its caller was answered.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: storeTimeoutMs,
    commandTimeout: storeTimeoutMs,
    socketTimeout: socketTimeoutMs,
    retryStrategy: (times) => Math.min(times * 100, reconnectMaxMs),
  })
  // Each failed call reports itself; without a listener a lost connection would be printed by the driver.
  client.on('error', () => {})

  let connecting: Promise<unknown> | null = null

  async function ready(signal: AbortSignal): Promise<void> {
    if (client.status === 'ready') return
    connecting ??= once(client, 'ready').finally(() => {
      connecting = null
    })
    await connecting
    // Whoever waited too long has been answered: the hit must not be counted any more.
    signal.throwIfAborted()
  }

  async function look(
    key: string,
    limit: number,
    windowSeconds: number,
    member: string,
    signal: AbortSignal,
  ): Promise<LogState> {
    await ready(signal)
    const windowMicros = windowSeconds * 1_000_000
    const reply = await client.eval(
      logScript,
      1,
      `${prefix}:log:${key}`,
      limit,
      windowMicros,
      member,
    )
    const [allowed, used = 0, resetMicros = 0] = numbers(reply)
    return { isAllowed: allowed === 1, used, resetMs: resetMicros / 1000 }
  }

  return {
    take: (key, limit, windowSeconds, signal) =>
      look(key, limit, windowSeconds, randomUUID(), signal),
    peek: (key, limit, windowSeconds, signal) => look(key, limit, windowSeconds, '', signal),
    forget: async (key, signal) => {
      await ready(signal)
      await client.del(`${prefix}:log:${key}`)
    },
    add: async (unsent, signal) => {
      await ready(signal)
      const pipeline = client.pipeline().time()
      for (const { key, windowStart, windowSeconds, hits } of unsent) {
        const name = `${prefix}:count:${key}`
        pipeline
          .incrby(`${name}:${windowStart}`, hits)
          .expire(`${name}:${windowStart}`, windowSeconds * keptWindows + keptMarginSeconds)
          .get(`${name}:${windowStart - windowSeconds}`)
      }
      const [time, ...replies] = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
        if (error) throw error
        return reply
      })
      const [seconds = 0, micros = 0] = numbers(time)
      const totals: Totals[] = unsent.map((_, index) => ({
        current: Number(replies[index * 3]),
        previous: Number(replies[index * 3 + 2] ?? 0),
      }))
      return { nowMs: seconds * 1000 + micros / 1000, totals }
    },
    ping: async (signal) => {
      await ready(signal)
      await client.ping()
    },
    close: async () => {
      client.disconnect()
    },
  }
}

function numbers(reply: unknown): readonly number[] {
  if (!Array.isArray(reply)) throw new Error('Redis gave an answer of an unknown kind')
  return reply.map(Number)
}
