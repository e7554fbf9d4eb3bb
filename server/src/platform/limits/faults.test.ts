/** What limits do while their store is gone or hangs, and afterwards: the same on PostgreSQL and on Redis. */
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { eventually } from '../../app/testing.ts'
import type { Decision, Limits } from './index.ts'
import { type Reach, reachTest, testStores, type TestStore } from './testing.ts'

const daySeconds = 86_400
const policies = [
  { name: 'auth', limit: 5, windowSeconds: daySeconds, kind: 'exact' },
  { name: 'default', limit: 100, windowSeconds: daySeconds, kind: 'batched' },
] as const

// At once: they wait for a store that hangs, not for each other.
describe.concurrent.each(await testStores())('limits on %s', (_kind, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())
  const test = reachTest(() => store)

  for (const fault of ['cut', 'hang'] as const) {
    test(`${fault}: what exact limits guard is refused, and served again once the store is back`, async ({
      reach,
    }) => {
      const { key, line, storeErrors } = reach
      const limits = await openReached(reach, true)
      await limits.takeExact('auth', key)
      line.become(fault)
      await expect(limits.takeExact('auth', key)).rejects.toMatchObject({
        code: 'rate_limit.store_unavailable',
        status: 503,
      })
      await expect(limits.peek('auth', key)).rejects.toMatchObject({ status: 503 })
      await limits.reset('auth', key)
      expect(storeErrors).toHaveLength(3)

      line.become('whole')
      await untilReached(limits)
      // The reset failed and the refused hit was not counted: nothing happened while the store was away.
      expect(await limits.peek('auth', key)).toMatchObject({ remaining: 4 })
    })

    test(`${fault}: after three failures requests do not even try, until one attempt succeeds`, async ({
      reach,
    }) => {
      const { key, line, storeErrors } = reach
      const limits = await openReached(reach, true)
      line.become(fault)
      for (let hit = 0; hit < 3; hit += 1)
        await expect(limits.takeExact('auth', key)).rejects.toMatchObject({ status: 503 })
      const began = performance.now()
      for (let hit = 0; hit < 50; hit += 1)
        await expect(limits.takeExact('auth', key)).rejects.toMatchObject({ status: 503 })
      // Three, and one more for each second that the test itself was slow.
      const seconds = Math.ceil((performance.now() - began) / 1000)
      expect(storeErrors.length).toBeGreaterThanOrEqual(3)
      expect(storeErrors.length).toBeLessThanOrEqual(3 + seconds)
    })

    test(`${fault}: where it is allowed, exact limits go on in the process`, async ({ reach }) => {
      const { key, line } = reach
      const limits = await openReached(reach, false)
      line.become(fault)
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

    test(`${fault}: batched limits go on in the process, and what it counted is shared afterwards`, async ({
      reach,
    }) => {
      const { key, line, storeErrors } = reach
      const [limits, others] = await Promise.all([
        openReached(reach, true),
        openReached(reach, true),
      ])
      line.become(fault)
      expect(allowed(await takeMany(limits, 60, key))).toBe(60)
      expect(allowed(await takeMany(limits, 60, key))).toBe(40)
      expect(storeErrors).not.toEqual([])

      line.become('whole')
      await untilReached(limits)
      await limits.close()
      await untilReached(others)
      // One batch, as a process that knew nothing; then it knows.
      const decisions: Decision[] = []
      for (let hit = 0; hit < 50; hit += 1) decisions.push(await others.takeBatched('default', key))
      expect(allowed(decisions)).toBeLessThanOrEqual(10)
    })
  }

  test('limits opened before their store is there begin to work when it comes', async ({
    reach: { key, line, open },
  }) => {
    line.become('cut')
    const limits = open({ policies })
    expect(await limits.takeBatched('default', key)).toMatchObject({ isAllowed: true })
    await expect(limits.takeExact('auth', key)).rejects.toMatchObject({ status: 503 })
    line.become('whole')
    await untilReached(limits)
    expect(await limits.takeExact('auth', key)).toMatchObject({ remaining: 4 })
  })

  test('limits that are off touch no store and allow everything', async ({
    reach: { key, line, open, storeErrors },
  }) => {
    line.become('cut')
    const limits = open({ policies, isEnabled: false })
    expect(limits.takeGeneral(key)).toBeNull()
    for (let hit = 0; hit < 9; hit += 1)
      expect(await limits.takeExact('auth', key)).toMatchObject({ isAllowed: true, remaining: 5 })
    expect(await limits.check()).toEqual({ status: 'pass' })
    expect(storeErrors).toEqual([])
  })
})

async function openReached({ open }: Reach, failClosed: boolean): Promise<Limits> {
  const limits = open({ policies, failClosed })
  await limits.check()
  return limits
}

const allowed = (decisions: readonly Decision[]) => decisions.filter((one) => one.isAllowed).length
const takeMany = (limits: Limits, count: number, key: string) =>
  Promise.all(Array.from({ length: count }, async () => limits.takeBatched('default', key)))

const untilReached = (limits: Limits) =>
  eventually(() =>
    limits.check().then(
      () => true,
      () => false,
    ),
  )
