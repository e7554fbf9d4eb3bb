/** Rate limits in Redis: a script for a request's hits of exact policies, a pipeline per batch of all others. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { one } from '../db/one.ts'
import {
  keptMarginSeconds,
  keptWindows,
  storeTimeoutMs,
  type Limited,
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
 * KEYS: the logs, sorted sets scored by the time of the hit. ARGV: a member ('' only looks), then of each log its limit
 * and its window in microseconds. Returns of each log up to the first refusal whether the hit is allowed, how many count,
 * and microseconds until the reset.
 */
const logScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local member, states = ARGV[1], {}
for place, key in ipairs(KEYS) do
  local limit, window = tonumber(ARGV[place * 2]), tonumber(ARGV[place * 2 + 1])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  local used = redis.call('ZCARD', key)
  local allowed = used < limit
  local first = math.max(used - limit, 0)
  if allowed and member ~= '' then
    redis.call('ZADD', key, now, member)
    redis.call('PEXPIRE', key, math.ceil(window / 1000))
    used = used + 1
  end
  local leaving = redis.call('ZRANGE', key, first, first, 'WITHSCORES')[2]
  local reset = window
  if leaving then reset = tonumber(leaving) + window - now end
  states[place] = { allowed and 1 or 0, used, reset }
  if not allowed then break end
end
return states
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
    logs: readonly Limited[],
    member: string,
    signal: AbortSignal,
  ): Promise<readonly LogState[]> {
    await ready(signal)
    const names = logs.map(({ key }) => `${prefix}:log:${key}`)
    const rules = logs.flatMap(({ limit, windowSeconds }) => [limit, windowSeconds * 1_000_000])
    const reply = await client.eval(logScript, names.length, ...names, member, ...rules)
    return listOf(reply).map((state) => {
      const [allowed, used = 0, resetMicros = 0] = numbers(state)
      return { isAllowed: allowed === 1, used, resetMs: resetMicros / 1000 }
    })
  }

  return {
    take: (hits, signal) => look(hits, randomUUID(), signal),
    peek: async (limited, signal) => one(await look([limited], '', signal)),
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

const numbers = (reply: unknown): readonly number[] => listOf(reply).map(Number)

function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new Error('Redis gave an answer of an unknown kind')
  return reply
}
