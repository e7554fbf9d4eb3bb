/** Carries committed jobs from the outbox to the queue store: at least once, under an id that makes it once. */
import { setTimeout as pause } from 'node:timers/promises'
import { crashPoint } from '../crash-points.ts'
import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { claimRows, deleteRows, forgetKeys, releaseRows, type OutboxRow } from './claim.ts'
import type { AnyJobType } from './define.ts'
import { jobErrors } from './errors.ts'
import { storeTimeoutMs, type JobEntry, type JobStore } from './store.ts'
import { createWaker } from './waker.ts'

/** Rows per claim: with the largest payloads 25 MB, the most a relay ever holds. */
const batchSize = 100
/** How soon a job is noticed that another process committed. */
const pollMs = 1_000
/** Pause after a failure of the store or the database; doubles up to the second number. */
const backoffMs = 100
const backoffMaxMs = 15_000
const forgetEveryMs = 3_600_000
/** Rows tried alone after their batch was refused; when as many fail, it is not the rows. */
const singleFailures = 3

export type Relay = {
  start(): void
  /** Looks at the outbox now: something was committed in this process. */
  wake(): void
  /** Takes no more rows; resolves when the current batch is through. */
  stop(): Promise<void>
}

export type RelayOptions = {
  readonly db: Db
  readonly store: JobStore
  readonly types: ReadonlyMap<string, AnyJobType>
  readonly onError: (kind: string, error: unknown) => void
}

export function createRelay(options: RelayOptions): Relay {
  const { db, onError } = options
  const waker = createWaker()
  let running: Promise<void> | null = null
  let isStopping = false

  async function loop(): Promise<void> {
    let failures = 0
    let forgetAt = Date.now() + forgetEveryMs * Math.random()
    while (!isStopping) {
      try {
        const isMore = await relayBatch(options)
        failures = 0
        if (Date.now() >= forgetAt) {
          forgetAt = Date.now() + forgetEveryMs
          await forgetKeys(db)
        }
        if (!isMore) await waker.sleep(pollMs)
      } catch (error) {
        // A store that is still connecting when the process starts is no news.
        if (failures > 0 || !isUnreachable(error)) onError('job relay', error)
        failures += 1
        const until = Date.now() + Math.min(backoffMs * 2 ** (failures - 1), backoffMaxMs)
        // A commit must not hurry a store that is down; only stopping ends this pause.
        while (!isStopping && Date.now() < until) await waker.sleep(until - Date.now())
      }
    }
  }

  return {
    start: () => {
      running ??= loop()
    },
    wake: waker.wake,
    stop: async () => {
      isStopping = true
      waker.wake()
      await running
    },
  }
}

const isUnreachable = (error: unknown) =>
  error instanceof AppError && error.code === jobErrors.store_unavailable.code

/** One batch; true when there may be more at once. */
async function relayBatch(options: RelayOptions): Promise<boolean> {
  const { db, store, types } = options
  if (!store.isReachable()) throw jobErrors.store_unavailable()
  // Names of a newer version are left for processes that know them.
  const names = [...types.keys()]
  const urgent = names.filter((name) => types.get(name)?.policy.priority === 'high')
  // High priority first: a hundred thousand rows may be waiting in front of it.
  const first = urgent.length > 0 ? await claimRows(db, urgent, batchSize) : []
  const room = batchSize - first.length
  const rows = room > 0 ? [...first, ...(await claimRows(db, names, room))] : first
  if (rows.length > 0) await relayRows(options, rows)
  return rows.length >= batchSize
}

async function relayRows(options: RelayOptions, rows: readonly OutboxRow[]): Promise<void> {
  const { db, types } = options
  crashPoint('jobs.after_claim')
  const entries = rows.flatMap((row) => toEntry(types, row))
  const { added, untried, error } = await addEntries(options, entries)
  crashPoint('jobs.after_add')
  await deleteRows(db, added)
  await releaseRows(db, untried)
  if (error) throw error
}

type Outcome = {
  readonly added: readonly string[]
  /** Not added for a reason that is not theirs. */
  readonly untried: readonly string[]
  readonly error: unknown
}

async function addEntries(
  { store, onError }: RelayOptions,
  entries: readonly JobEntry[],
): Promise<Outcome> {
  let results: readonly (Error | null)[]
  try {
    results = await withTimeout(store.add(entries))
  } catch (error) {
    return { added: [], untried: entries.map(({ id }) => id), error }
  }
  const added = entries.filter((_, index) => results[index] === null).map(({ id }) => id)
  const refused = entries.filter((_, index) => results[index] !== null)
  let failures = 0
  for (const [index, entry] of refused.entries()) {
    try {
      const [error] = await withTimeout(store.add([entry]))
      if (error) throw error
      added.push(entry.id)
      failures = 0
    } catch (error) {
      onError(`job ${entry.name} ${entry.id} cannot be queued`, error)
      failures += 1
      // Rows tried alone keep their lease and come back ever later; the others go back at once.
      if (failures === singleFailures)
        return { added, untried: refused.slice(index + 1).map(({ id }) => id), error }
    }
  }
  return { added, untried: [], error: null }
}

function toEntry(types: ReadonlyMap<string, AnyJobType>, row: OutboxRow): JobEntry[] {
  const type = types.get(row.name)
  if (!type) return []
  const { id, name, key, payload, origin } = row
  const createdAt = new Date(row.created_at).toISOString()
  const runAt = new Date(row.run_at).toISOString()
  return [{ id, name, policy: type.policy, data: { payload, origin, key, createdAt, runAt } }]
}

/** A connection that hangs must not hold the relay for ever; adding twice under one id is harmless. */
async function withTimeout<T>(work: Promise<T>): Promise<T> {
  const abort = new AbortController()
  try {
    return await Promise.race([
      work,
      pause(storeTimeoutMs, null, { signal: abort.signal, ref: false }).then(() => {
        throw jobErrors.store_unavailable({ reason: 'timeout' })
      }),
    ])
  } finally {
    abort.abort()
  }
}
