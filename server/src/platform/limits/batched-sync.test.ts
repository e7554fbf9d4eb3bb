/** Batches follow each other, whatever the moment at which the next one is asked for. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createStoreBreaker } from './breaker.ts'
import { type Counted, createSync } from './batched-sync.ts'
import type { LimitStore } from './store.ts'

/** More than any promise of a batch needs to settle. */
const steps = 50
const batches = 10

/** A store that answers when it is told to. */
function toldStore() {
  const seen = { most: 0, hits: 0 }
  const held: (() => void)[] = []
  const store: Pick<LimitStore, 'add'> = {
    add: async (unsent) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.push(resolve)
      seen.most = Math.max(seen.most, held.length)
      await promise
      seen.hits += unsent.reduce((sum, { hits }) => sum + hits, 0)
      return { nowMs: Date.now(), totals: unsent.map(() => ({ current: 0, previous: 0 })) }
    },
  }
  return {
    seen,
    store: store as LimitStore,
    answer: () => held.splice(0).forEach((resolve) => resolve()),
  }
}

function hit(): Counted {
  return {
    storageKey: 'default:key',
    windowSeconds: 60,
    window: Math.floor(Date.now() / 60_000),
    current: 1,
    previous: 0,
    unsent: 1,
    unsentBefore: 0,
    inFlight: 0,
    isListed: false,
    isTracked: true,
  }
}

test('of two who ask for a batch just as one ends, the second starts none beside the first', async () => {
  const { seen, store, answer } = toldStore()
  const nothing = () => {}
  const breaker = createStoreBreaker(nothing)
  const sync = createSync({ store, breaker, onTick: nothing, onClockStep: nothing })
  const waiting: Promise<boolean>[] = []
  const ask = () => {
    sync.markUnsent(hit())
    waiting.push(sync.sent())
  }

  ask()
  ask()
  for (let batch = 0; batch < batches; batch += 1) {
    await nextTurn()
    answer()
    // At every moment from the answer of the store to the last that comes of it.
    for (let step = 0; step < steps; step += 1) {
      ask()
      await Promise.resolve()
    }
  }
  const closed = sync.close()
  for (let batch = 0; batch < batches; batch += 1) {
    await nextTurn()
    answer()
  }
  await closed

  expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]))
  expect(seen).toEqual({ most: 1, hits: batches * steps + 2 })
})
