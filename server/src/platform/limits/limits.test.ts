/** The promises of every store: the same cases on PostgreSQL and on Redis, with several processes' worth of limiters. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { eventually } from '../../app/testing.ts'
import type { Decision, Limits } from './index.ts'
import { type Reach, reachTest, testStores, type TestStore } from './testing.ts'

const daySeconds = 86_400
const exact = { name: 'auth', limit: 10, windowSeconds: daySeconds, kind: 'exact' } as const
const account = {
  name: 'auth_account',
  limit: 3,
  windowSeconds: daySeconds,
  kind: 'exact',
} as const
/** Ten hits may be unsent. The window is so long that a test can only lie on its border around midnight, and then by little. */
const batched = { name: 'default', limit: 100, windowSeconds: daySeconds, kind: 'batched' } as const
const batchSize = 10

const policies = [exact, account, batched]

const stores = await testStores()

// At once: most of them wait for a window to pass, and each counts under a key of its own.
describe.concurrent.each(stores)('limits on %s', (_kind, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())
  const test = reachTest(() => store)

  test('a hundred hits at once in three processes: an exact limit lets through just as many as it says', async ({
    reach,
  }) => {
    const { key } = reach
    const limits = openThree(reach)
    const decisions = await all(99, (n) => pick(limits, n).takeExact('auth', key))

    expect(allowed(decisions)).toBe(10)
    expect(
      decisions
        .filter((one) => one.isAllowed)
        .map((one) => one.remaining)
        .sort(ascending),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const refusals = decisions.filter((one) => !one.isAllowed)
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ remaining: 0, limit: 10, policy: 'auth' })
      expect(refusal.resetSeconds).toBeGreaterThan(daySeconds - 60)
      expect(refusal.resetSeconds).toBeLessThanOrEqual(daySeconds)
    }
    expect(await pick(limits, 0).takeExact('auth', `${key}-other`)).toMatchObject({ remaining: 9 })
  })

  test('a process that starts anew finds the hits of the one before it', async ({
    reach: { key, open },
  }) => {
    const first = open({ policies })
    for (let hit = 0; hit < 10; hit += 1) await first.takeExact('auth', key)
    await first.close()

    expect(await open({ policies }).takeExact('auth', key)).toMatchObject({ isAllowed: false })
  })

  test('an exact limit holds in every window, wherever it begins', async ({
    reach: { key, open },
  }) => {
    const policy = { ...exact, limit: 5, windowSeconds: 1 }
    const limits = [1, 2, 3].map(() => open({ policies: [policy] }))
    const hits: { readonly sent: number; readonly answered: number }[] = []
    // Refused hits do not prolong the wait, or this would never end.
    for (let n = 0; hits.length < 3 * policy.limit; n += 1) {
      const sent = performance.now()
      const { isAllowed } = await pick(limits, n).takeExact('auth', key)
      if (isAllowed) hits.push({ sent, answered: performance.now() })
      await sleep(7)
    }

    // Each hit was let through between its sending and its answer. Five lie between the first and the sixth.
    const spans = hits
      .slice(policy.limit)
      .map((later, index) => later.answered - (hits[index]?.sent ?? Number.NaN))
    expect(spans.filter((ms) => !(ms > 1000))).toEqual([])
  })

  test('hits leave the window one by one, not all together', async ({ reach: { key, open } }) => {
    // Where the last two come too late to meet the second, a longer window shows it.
    for (let windowMs = 4_000; windowMs <= 64_000; windowMs *= 2) {
      const limits = open({ policies: [{ ...exact, limit: 2, windowSeconds: windowMs / 1000 }] })
      const taken: {
        readonly sent: number
        readonly answered: number
        readonly decision: Decision
      }[] = []
      const take = async () => {
        const sent = Date.now()
        const decision = await limits.takeExact('auth', `${key}-${windowMs}`)
        taken.push({ sent, answered: Date.now(), decision })
      }
      await take()
      await sleep(windowMs / 2)
      await take()
      await sleep(windowMs / 2 + 100)
      await take()
      await take()
      const [, second, , last] = taken
      if (!second || !last || last.answered - second.sent >= windowMs) continue
      expect(taken.map((one) => one.decision.isAllowed)).toEqual([true, true, true, false])
      // The answer says when the oldest hit that still counts leaves: the first, the first, then the second twice.
      const oldest = [0, 0, 1, 1].map((hit) => taken[hit])
      for (const [index, { sent, answered, decision }] of taken.entries()) {
        const since = oldest[index]
        // A clock read in milliseconds may be one off at each end.
        const most = Math.ceil((windowMs + 2 - (sent - (since?.answered ?? Number.NaN))) / 1000)
        const least = Math.ceil((windowMs - 2 - (answered - (since?.sent ?? Number.NaN))) / 1000)
        expect(decision.resetSeconds).toBeGreaterThanOrEqual(Math.max(1, least))
        expect(decision.resetSeconds).toBeLessThanOrEqual(index === 0 ? windowMs / 1000 : most)
      }
      return
    }
    throw new Error('this machine was too slow for five windows')
  }, 300_000)

  test('hits of several policies count up to the first refusal', async ({
    reach: { key, open },
  }) => {
    const limits = open({ policies })
    const both = [
      { policy: 'auth', key },
      { policy: 'auth_account', key },
    ] as const
    for (let hit = 0; hit < 3; hit += 1)
      expect(await limits.takeEach(both)).toMatchObject({
        policy: 'auth_account',
        remaining: 2 - hit,
      })
    expect(await limits.takeEach(both)).toMatchObject({ policy: 'auth_account', isAllowed: false })
    expect(await limits.peek('auth', key)).toMatchObject({ remaining: 6 })

    for (let hit = 0; hit < 6; hit += 1) await limits.takeExact('auth', key)
    await limits.reset('auth_account', key)
    expect(await limits.takeEach(both)).toMatchObject({ policy: 'auth', isAllowed: false })
    // The address was refused, so the account lost nothing.
    expect(await limits.peek('auth_account', key)).toMatchObject({ isAllowed: true, remaining: 3 })
  })

  test('hits of two policies at once in three processes: each lets through as many as it says', async ({
    reach: { key, open },
  }) => {
    const limits = [0, 1, 2].map(() => open({ policies }))
    const both = [
      { policy: 'auth', key },
      { policy: 'auth_account', key },
    ] as const
    const decisions = await all(60, (n) => pick(limits, n).takeEach(both))
    expect(allowed(decisions)).toBe(3)
    // Ten reached the account, and seven of them found it full; for the others the address was.
    const refusals = decisions.filter((one) => !one.isAllowed).map(({ policy }) => policy)
    expect(refusals.filter((policy) => policy === 'auth_account')).toHaveLength(7)
    expect(refusals.filter((policy) => policy === 'auth')).toHaveLength(50)
  })

  test('looking costs no hit, and a reset clears its own key only', async ({
    reach: { key, open },
  }) => {
    const [limits, others] = [open({ policies }), open({ policies })]
    expect(await limits.peek('auth_account', key)).toMatchObject({ isAllowed: true, remaining: 3 })
    for (let hit = 0; hit < 3; hit += 1) {
      await limits.takeExact('auth_account', key)
      await limits.takeExact('auth', key)
    }
    expect(await others.peek('auth_account', key)).toMatchObject({ isAllowed: false, remaining: 0 })

    await limits.reset('auth_account', key)
    expect(await others.takeExact('auth_account', key)).toMatchObject({
      isAllowed: true,
      remaining: 2,
    })
    expect(await others.peek('auth', key)).toMatchObject({ remaining: 7 })
  })

  test('keys that a caller made up are counted, however odd, and do not break the store', async ({
    reach: { key, open, storeErrors },
  }) => {
    const limits = open({ policies })
    const odd = ['', '\0', 'a b', 'é', '\uD800', `#${key}`, 'x'.repeat(100_000), "';--", '{x}']
    for (const name of odd) {
      expect(await limits.takeExact('auth', name)).toMatchObject({ remaining: 9 })
      expect(await limits.takeExact('auth', name)).toMatchObject({ remaining: 8 })
      await limits.takeBatched('default', name)
    }
    await limits.close()
    expect(storeErrors).toEqual([])
  })

  test('what three processes overshoot a batched limit by stays within the two batches they may hold back', async ({
    reach,
  }) => {
    const { key } = reach
    const limits = openThree(reach)
    const decisions = await all(600, (n) => pick(limits, n).takeBatched('default', key))
    let total = allowed(decisions)
    expect(total).toBeGreaterThanOrEqual(batched.limit)
    // Until every process has heard of the others.
    await eventually(async () => {
      const later = allowed(await all(60, (n) => pick(limits, n).takeBatched('default', key)))
      total += later
      return later === 0
    })
    expect(total).toBeLessThanOrEqual(batched.limit + 2 * batchSize)
  })

  test('a process that knew nothing of the others lets one batch through, not more', async ({
    reach: { key, open },
  }) => {
    const [busy, quiet] = [open({ policies }), open({ policies })]
    expect(allowed(await all(5, () => quiet.takeBatched('default', key)))).toBe(5)
    expect(allowed(await all(200, () => busy.takeBatched('default', key)))).toBeGreaterThanOrEqual(
      95,
    )
    const rest = await all(200, () => quiet.takeBatched('default', key))
    expect(allowed(rest)).toBeLessThanOrEqual(batchSize)
  })

  test('alone, a process lets through what a batched limit says, and counts no refused hit', async ({
    reach: { key, open },
  }) => {
    const limits = open({ policies })
    const decisions: Decision[] = []
    for (let hit = 0; hit < 130; hit += 1) decisions.push(await limits.takeBatched('default', key))
    expect(decisions.map((one) => one.remaining).slice(0, 100)).toEqual(
      Array.from({ length: 100 }, (_, n) => 99 - n),
    )
    expect(allowed(decisions)).toBe(100)
    expect(decisions.at(-1)).toMatchObject({ isAllowed: false, remaining: 0, policy: 'default' })
  })

  test('most hits of a batched limit are answered at once', async ({ reach: { key, open } }) => {
    const limits = open({ policies })
    const answers = Array.from({ length: batchSize }, () => limits.takeBatched('default', key))
    expect(answers.filter((answer) => answer instanceof Promise)).toEqual([])
    expect(limits.takeBatched('default', key)).toBeInstanceOf(Promise)
  })

  test('what was counted is sent when a process ends', async ({ reach: { key, open } }) => {
    const first = open({ policies })
    await all(7, () => first.takeBatched('default', key))
    await first.close()

    const second = open({ policies })
    const decisions = await all(120, () => second.takeBatched('default', key))
    expect(allowed(decisions)).toBe(93)
  })
})

// What changes the clock, or has to be quick, goes alone.
describe.each(stores)('limits on %s, one test after the other', (_kind, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())
  const test = reachTest(() => store)

  test('no burst crosses the border of a window', async ({ reach: { key, open } }) => {
    // Windows lie on the store's clock, which on one machine is ours. A burst that was too slow to lie before and
    // after one border says nothing; the border of a longer window is tried, and before it there is more time.
    for (let windowMs = 4_000; windowMs <= 64_000; windowMs *= 2) {
      const limits = open({
        policies: [{ ...batched, limit: 20, windowSeconds: windowMs / 1000 }],
      })
      const leadMs = windowMs / 6
      const border = (Math.floor((Date.now() + leadMs) / windowMs) + 1) * windowMs
      await sleep(border - leadMs - Date.now())
      const before = await all(40, () => limits.takeBatched('default', `${key}-${windowMs}`))
      if (Date.now() >= border) continue
      expect(allowed(before)).toBe(20)
      await sleep(border + 50 - Date.now())
      const burst = await all(40, () => limits.takeBatched('default', `${key}-${windowMs}`))
      const share = (Date.now() - border) / windowMs
      if (share > 0.2) continue
      // As much as the share of the new window that has passed meanwhile.
      expect(allowed(burst)).toBeLessThanOrEqual(Math.ceil(20 * share))
      expect(burst.at(-1)).toMatchObject({ isAllowed: false })
      const oneHitSeconds = Math.ceil(windowMs / 20 / 1000)
      expect([1, oneHitSeconds]).toContain(burst.at(-1)?.resetSeconds)
      return
    }
    throw new Error('this machine was too slow for the borders of five windows')
  }, 300_000)

  test('a process with a wrong clock counts in the same windows as the others', async ({
    reach: { key, open },
    onTestFinished,
  }) => {
    const limits = open({ policies })
    await all(100, () => limits.takeBatched('default', key))
    await limits.close()

    const real = Date.now
    onTestFinished(() => void vi.restoreAllMocks())
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 10 * daySeconds * 1000)
    const late = open({ policies })
    const decisions = await all(50, () => late.takeBatched('default', key))
    // One batch goes into a window of its own; the answer tells the time. One more is what any newcomer may take.
    expect(allowed(decisions)).toBeLessThanOrEqual(2 * batchSize)
  })
})

const openThree = ({ open }: Reach): Limits[] => [1, 2, 3].map(() => open({ policies }))
const ascending = (left: number, right: number) => left - right
const allowed = (decisions: readonly Decision[]) => decisions.filter((one) => one.isAllowed).length
const all = (count: number, take: (n: number) => Decision | Promise<Decision>) =>
  Promise.all(Array.from({ length: count }, async (_, n) => take(n)))

function pick<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
