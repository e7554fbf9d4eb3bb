/** Gives each test of the contract its own job systems, and closes them. */
import { randomUUID } from 'node:crypto'
import { test } from 'vitest'
import type { AnyJobType } from './define.ts'
import type { JobState, JobView } from './index.ts'
import { openPostgresStore } from './store-postgres.ts'
import { openRedisStore } from './store-redis.ts'
import type { JobStore } from './store.ts'
import { openSystem, type OpenOptions, type Place, type TestSystem } from './testing-system.ts'

export type Bench = {
  readonly place: Place
  /** Neither relay nor workers run. */
  open(types: readonly AnyJobType[], options?: OpenOptions): TestSystem
  /** Relay and workers run. */
  start(types: readonly AnyJobType[], options?: OpenOptions): Promise<TestSystem>
  /** The queue store itself, beside any job system. */
  openStore(): JobStore
}

export type BenchTest = ReturnType<typeof benchTest>

export const benchTest = (place: () => Place) =>
  test.extend<{ bench: Bench }>({
    // `task` only because the first parameter must name something.
    bench: async ({ task: _task }, use) => {
      const opened: { close(): Promise<void> }[] = []
      await use(createBench(place(), opened))
      for (const thing of opened) await thing.close()
    },
  })

function createBench(place: Place, opened: { close(): Promise<void> }[]): Bench {
  const open: Bench['open'] = (types, options) => {
    const system = openSystem(place, types, options)
    opened.push(system)
    return system
  }
  return {
    place,
    open,
    start: async (types, options) => {
      const system = open(types, options)
      system.jobs.startRelay()
      await system.jobs.startWorkers()
      return system
    },
    openStore: () => {
      const { redisUrl } = place
      const options = { ...place, databaseRole: null, queueCount: 2, onError: () => {} }
      const store = redisUrl ? openRedisStore({ ...options, redisUrl }) : openPostgresStore(options)
      opened.push(store)
      return store
    },
  }
}

/** A name nobody else uses, for a job or a queue: tests share the store. */
export const fresh = (word: string) => `${word}_${randomUUID().slice(0, 8)}`

export const jobsIn = (
  state: JobState,
  system: TestSystem,
  { name }: AnyJobType,
): Promise<readonly JobView[]> => system.jobs.list({ name, state })
