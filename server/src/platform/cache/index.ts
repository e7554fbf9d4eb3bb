/**
 * A small in-process cache whose entries every process forgets within a second of a change.
 * The change writes its topic into `platform_invalidations` in its own transaction; each process polls
 * that table three times a second for what it has not seen. The poll is channel and heartbeat in one: it needs no
 * connection of its own, survives a crash between commit and notice, and when it falls behind, the cache is bypassed.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { and, gt, gte, sql } from 'drizzle-orm'
import type { Db, ReadDb } from '../db/index.ts'
import { statement } from '../db/prepared.ts'
import { watchOutages, type Outage } from '../outage.ts'
import { invalidations } from '../tables.ts'

/** Time between two polls. */
const pollMs = 300
/** Without a successful poll for this long, nothing is answered from the cache. */
const staleAfterMs = 800
/** How far back a poll looks at most: longer than any transaction may stay open (statement and idle limits). */
const lookBack = sql`now() - interval '2 minutes'`
/** Longer without a poll, and what was missed may lie further back. */
const longestGapMs = 60_000
/** An entry is loaded anew after this long, whatever happens. */
const ttlMs = 30_000
/** Most entries kept; the oldest goes first. */
const maxEntries = 20_000

export type Cache<V> = {
  /** The cached value of `key`, or the loaded one. `topics` says what makes it stale. */
  get(
    key: string,
    load: () => Promise<V | null>,
    topics: (value: V) => readonly string[],
  ): Promise<V | null>
}

export type Invalidations = {
  /** Opens a cache that listens to this channel. `name` labels its hits and misses in the metrics. */
  cache<V>(name: string): Cache<V>
  /** Calls `hear` whenever this topic is named, by this process or another, or may have been missed. */
  listen(topic: string, hear: () => void): void
  /** Forgets topics in this process now, without waiting for the poll. */
  forget(topics: readonly string[]): void
  /**
   * Resolves when no process answers any more from before now: a poll that did not see what was committed by now began
   * before now, and answers from memory for `staleAfterMs` at most.
   */
  feltEverywhere(): Promise<void>
  /** Ends polling; caches answer nothing from then on. */
  close(): void
}

type Entry = { readonly value: unknown; readonly topics: readonly string[]; readonly until: number }

/**
 * Starts polling. `onLookup` is told of every hit and miss, `onError` of the first poll in a row that fails, `onBack` of
 * the one that succeeds after it.
 */
export function openInvalidations(options: {
  readonly db: Db
  readonly onLookup: (cache: string, isHit: boolean) => void
  readonly onError: (error: unknown) => void
  readonly onBack: (outage: Outage) => void
  /** That no other process has this database, and nobody has to be waited for; not given: others may. */
  readonly isAlone?: boolean
}): Invalidations {
  const { db } = options
  const outages = watchOutages({ onBegin: options.onError, onEnd: options.onBack })
  const entries = new Map<string, Entry>()
  const byTopic = new Map<string, Set<string>>()
  const listeners = new Map<string, (() => void)[]>()
  /** Transactions below it had all ended when we last looked: what they wrote is known. */
  let since = 0n
  let seen: ReadonlySet<bigint> = new Set()
  let generation = 0
  let freshUntil = 0
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  const drop = (id: string) => {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    for (const topic of entry.topics) {
      const ids = byTopic.get(topic)
      ids?.delete(id)
      if (ids?.size === 0) byTopic.delete(topic)
    }
  }
  const forget = (topics: readonly string[]) => {
    // A value loaded before this moment may be stale even if it arrives after it.
    generation += 1
    for (const topic of topics) {
      for (const id of byTopic.get(topic) ?? []) drop(id)
      for (const hear of listeners.get(topic) ?? []) hear()
    }
  }
  const keep = (id: string, entry: Entry) => {
    drop(id)
    entries.set(id, entry)
    for (const topic of entry.topics) {
      const ids = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, ids.add(id))
    }
    if (entries.size > maxEntries) drop(entries.keys().next().value as string)
  }

  const forgetAll = () => {
    generation += 1
    entries.clear()
    byTopic.clear()
    for (const hear of [...listeners.values()].flat()) hear()
  }

  const poll = async () => {
    const started = performance.now()
    const found = await newSince(db, { since: String(since) })
    const rows = found.flatMap(({ row }) => (row ? [row] : []))
    const unseen = rows.filter(({ id }) => !seen.has(id))
    seen = new Set(rows.map(({ id }) => id))
    if (unseen.length > 0) forget(unseen.map(({ topic }) => topic))
    const next = BigInt(found[0]?.next ?? 0)
    // A database that counts lower is another one, after a failover: nothing is known of what it told before.
    const mayHaveMissed = freshUntil !== 0 && started - freshUntil > longestGapMs
    if (mayHaveMissed || next < since) forgetAll()
    since = next
    freshUntil = started + staleAfterMs
  }
  const loop = async () => {
    try {
      await poll()
      outages.answered()
    } catch (error) {
      outages.failed(error)
    }
    if (isClosed) return
    timer = setTimeout(() => void loop(), pollMs)
    timer.unref()
  }
  void loop()

  return {
    forget,
    listen: (topic, hear) => {
      listeners.set(topic, [...(listeners.get(topic) ?? []), hear])
    },
    feltEverywhere: async () => {
      if (options.isAlone === true) return
      const until = performance.now() + staleAfterMs
      // A timer may go off a little early.
      for (let left = staleAfterMs; left > 0; left = until - performance.now())
        await pause(Math.ceil(left))
    },
    close: () => {
      isClosed = true
      listeners.clear()
      freshUntil = 0
      clearTimeout(timer)
    },
    cache: <V>(name: string): Cache<V> => ({
      get: async (key, load, topics) => {
        const id = `${name}:${key}`
        const now = performance.now()
        const entry = now < freshUntil ? entries.get(id) : undefined
        if (entry && entry.until > now) {
          options.onLookup(name, true)
          return entry.value as V
        }
        options.onLookup(name, false)
        const before = generation
        const value = await load()
        if (value !== null && before === generation && !isClosed)
          keep(id, { value, topics: topics(value), until: performance.now() + ttlMs })
        return value
      },
    }),
  }
}

/** What transactions wrote that had not ended at the last poll, and from where the next one looks. One row at least. */
const newSince = statement<{ since: string }>()((db: ReadDb, given) =>
  db
    .select({
      next: sql<string>`snapshot.next::text`,
      row: { id: invalidations.id, topic: invalidations.topic },
    })
    .from(sql`(select pg_snapshot_xmin(pg_current_snapshot()) as next) snapshot`)
    .leftJoin(
      invalidations,
      and(gte(invalidations.writtenBy, given('since')), gt(invalidations.at, lookBack)),
    ),
)
