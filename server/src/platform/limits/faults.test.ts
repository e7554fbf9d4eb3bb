/** What limits do while their store is gone or hangs, and afterwards: the same on PostgreSQL and on Redis. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Decision, Limits } from './index.ts'
import { testStores, type TestStore } from './testing.ts'

const minuteMs = 60_000
const daySeconds = 86_400
const policies = [
  { name: 'auth', limit: 5, windowSeconds: daySeconds, kind: 'exact' },
  { name: 'default', limit: 100, windowSeconds: daySeconds, kind: 'batched' },
] as const

describe.each(await testStores())('limits on %s', { timeout: minuteMs }, (_kind, start) => {
  let store: TestStore
  let keys = 0
  let key: string
  const onStoreError = vi.fn<(error: unknown) => void>()

  beforeAll(async () => {
    store = await start()
  }, minuteMs)

  beforeEach(() => {
    keys += 1
    key = `key-${keys}`
  })

  afterEach(async () => {
    store.line.become('whole')
    await store.closeAll()
    onStoreError.mockReset()
  })

  afterAll(async () => {
    await store.stop()
  })

  async function openReached(failClosed: boolean): Promise<Limits> {
    const limits = await store.open({ policies, failClosed, onStoreError })
    await limits.check()
    return limits
  }

  for (const fault of ['cut', 'hang'] as const) {
    test(`${fault}: what exact limits guard is refused, and served again once the store is back`, async () => {
      const limits = await openReached(true)
      await limits.takeExact('auth', key)
      store.line.become(fault)
      await expect(limits.takeExact('auth', key)).rejects.toMatchObject({
        code: 'rate_limit.store_unavailable',
        status: 503,
      })
      await expect(limits.peek('auth', key)).rejects.toMatchObject({ status: 503 })
      await limits.reset('auth', key)
      expect(onStoreError).toHaveBeenCalledTimes(3)

      store.line.become('whole')
      await untilReached(limits)
      // The reset failed and the refused hit was not counted: nothing happened while the store was away.
      expect(await limits.peek('auth', key)).toMatchObject({ remaining: 4 })
    })

    test(`${fault}: after three failures requests do not even try, until one attempt succeeds`, async () => {
      const limits = await openReached(true)
      store.line.become(fault)
      for (let hit = 0; hit < 50; hit += 1)
        await expect(limits.takeExact('auth', key)).rejects.toMatchObject({ status: 503 })
      // Three, and one more for each second that the test itself was slow.
      expect(onStoreError.mock.calls.length).toBeGreaterThanOrEqual(3)
      expect(onStoreError.mock.calls.length).toBeLessThan(10)
    })

    test(`${fault}: where it is allowed, exact limits go on in the process`, async () => {
      const limits = await openReached(false)
      store.line.become(fault)
      const decisions: Decision[] = []
      for (let hit = 0; hit < 8; hit += 1) decisions.push(await limits.takeExact('auth', key))
      expect(decisions.map((one) => one.isAllowed)).toEqual([
        ...Array.from({ length: 5 }, () => true),
        ...Array.from({ length: 3 }, () => false),
      ])
      expect(decisions.at(-1)).toMatchObject({ remaining: 0 })

      await limits.reset('auth', key)
      expect(await limits.takeExact('auth', key)).toMatchObject({ isAllowed: true })
    })

    test(`${fault}: batched limits go on in the process, and what it counted is shared afterwards`, async () => {
      const [limits, others] = await Promise.all([openReached(true), openReached(true)])
      store.line.become(fault)
      expect(allowed(await takeMany(limits, 60, key))).toBe(60)
      expect(allowed(await takeMany(limits, 60, key))).toBe(40)
      expect(onStoreError).toHaveBeenCalled()

      store.line.become('whole')
      await untilReached(limits)
      await limits.close()
      await untilReached(others)
      // One batch, as a process that knew nothing; then it knows.
      const decisions: Decision[] = []
      for (let hit = 0; hit < 50; hit += 1) decisions.push(await others.takeBatched('default', key))
      expect(allowed(decisions)).toBeLessThanOrEqual(10)
    })
  }

  test('limits opened before their store is there begin to work when it comes', async () => {
    store.line.become('cut')
    const limits = await store.open({ policies, onStoreError })
    expect(await limits.takeBatched('default', key)).toMatchObject({ isAllowed: true })
    await expect(limits.takeExact('auth', key)).rejects.toMatchObject({ status: 503 })
    store.line.become('whole')
    await untilReached(limits)
    expect(await limits.takeExact('auth', key)).toMatchObject({ remaining: 4 })
  })

  test('limits that are off touch no store and allow everything', async () => {
    store.line.become('cut')
    const limits = await store.open({ policies, isEnabled: false, onStoreError })
    expect(limits.takeGeneral(key)).toBeNull()
    for (let hit = 0; hit < 9; hit += 1)
      expect(await limits.takeExact('auth', key)).toMatchObject({ isAllowed: true, remaining: 5 })
    expect(await limits.check()).toEqual({ status: 'pass' })
    expect(onStoreError).not.toHaveBeenCalled()
  })
})

const allowed = (decisions: readonly Decision[]) => decisions.filter((one) => one.isAllowed).length
const takeMany = (limits: Limits, count: number, key: string) =>
  Promise.all(Array.from({ length: count }, async () => limits.takeBatched('default', key)))

async function untilReached(limits: Limits): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isReached = await limits.check().then(
      () => true,
      () => false,
    )
    if (isReached) return
    await sleep(100)
  }
  throw new Error('the store was not reached again')
}
