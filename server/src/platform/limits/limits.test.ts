/** The promises of every store: the same cases on PostgreSQL and on Redis, with several processes' worth of limiters. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Decision, LimitPolicy } from './index.ts'
import { testStores, type TestStore } from './testing.ts'

const minuteMs = 60_000
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

describe.each(await testStores())('limits on %s', { timeout: minuteMs }, (_kind, start) => {
  let store: TestStore
  let keys = 0
  /** No two tests share a key. */
  let key: string

  beforeAll(async () => {
    store = await start()
  }, minuteMs)

  beforeEach(() => {
    keys += 1
    key = `key-${keys}`
  })

  afterEach(async () => {
    vi.restoreAllMocks()
    store.line.become('whole')
    await store.closeAll()
  })

  afterAll(async () => {
    await store.stop()
  })

  const open = (policies: readonly LimitPolicy[] = [exact, account, batched], options = {}) =>
    store.open({ policies, ...options })
  const openThree = () => Promise.all([open(), open(), open()])

  test('a hundred hits at once in three processes: an exact limit lets through just as many as it says', async () => {
    const limits = await openThree()
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

  test('a process that starts anew finds the hits of the one before it', async () => {
    const first = await open()
    for (let hit = 0; hit < 10; hit += 1) await first.takeExact('auth', key)
    await first.close()

    expect(await (await open()).takeExact('auth', key)).toMatchObject({ isAllowed: false })
  })

  test('an exact limit holds in every window, wherever it begins', async () => {
    const policy = { ...exact, limit: 5, windowSeconds: 1 }
    const limits = await Promise.all([open([policy]), open([policy]), open([policy])])
    const hits: { readonly sent: number; readonly answered: number }[] = []
    const until = performance.now() + 3_500
    for (let n = 0; performance.now() < until; n += 1) {
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
    // Refused hits did not prolong the wait: three windows have passed.
    expect(hits.length).toBeGreaterThanOrEqual(3 * policy.limit)
  })

  test('hits leave the window one by one, not all together', async () => {
    const limits = await open([{ ...exact, limit: 2, windowSeconds: 5 }])
    const taken: {
      readonly sent: number
      readonly answered: number
      readonly decision: Decision
    }[] = []
    const take = async () => {
      const sent = Date.now()
      const decision = await limits.takeExact('auth', key)
      taken.push({ sent, answered: Date.now(), decision })
    }
    await take()
    await sleep(2_500)
    await take()
    await sleep(3_000)
    await take()
    await take()
    expect(taken.map((one) => one.decision.isAllowed)).toEqual([true, true, true, false])
    // The answer says when the oldest hit that still counts leaves: the first, the first, then the second twice.
    const oldest = [0, 0, 1, 1].map((hit) => taken[hit])
    for (const [index, { sent, answered, decision }] of taken.entries()) {
      const since = oldest[index]
      // A clock read in milliseconds may be one off at each end.
      const most = Math.ceil((5_002 - (sent - (since?.answered ?? Number.NaN))) / 1000)
      const least = Math.ceil((4_998 - (answered - (since?.sent ?? Number.NaN))) / 1000)
      expect(decision.resetSeconds).toBeGreaterThanOrEqual(Math.max(1, least))
      expect(decision.resetSeconds).toBeLessThanOrEqual(index === 0 ? 5 : most)
    }
  })

  test('hits of several policies count up to the first refusal', async () => {
    const limits = await open()
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

  test('hits of two policies at once in three processes: each lets through as many as it says', async () => {
    const limits = await openThree()
    const policies = [
      { policy: 'auth', key },
      { policy: 'auth_account', key },
    ] as const
    const decisions = await all(60, (n) => pick(limits, n).takeEach(policies))
    expect(allowed(decisions)).toBe(3)
    // Ten reached the account, and seven of them found it full; for the others the address was.
    const refusals = decisions.filter((one) => !one.isAllowed).map(({ policy }) => policy)
    expect(refusals.filter((policy) => policy === 'auth_account')).toHaveLength(7)
    expect(refusals.filter((policy) => policy === 'auth')).toHaveLength(50)
  })

  test('looking costs no hit, and a reset clears its own key only', async () => {
    const [limits, others] = await Promise.all([open(), open()])
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

  test('keys that a caller made up are counted, however odd, and do not break the store', async () => {
    const onStoreError = vi.fn<(error: unknown) => void>()
    const limits = await open(undefined, { onStoreError })
    const odd = ['', '\0', 'a b', 'é', '\uD800', `#${key}`, 'x'.repeat(100_000), "';--", '{x}']
    for (const name of odd) {
      expect(await limits.takeExact('auth', name)).toMatchObject({ remaining: 9 })
      expect(await limits.takeExact('auth', name)).toMatchObject({ remaining: 8 })
      await limits.takeBatched('default', name)
    }
    await store.closeAll()
    expect(onStoreError).not.toHaveBeenCalled()
  })

  test('what three processes overshoot a batched limit by stays within the two batches they may hold back', async () => {
    const limits = await openThree()
    const decisions = await all(600, (n) => pick(limits, n).takeBatched('default', key))
    const extra = allowed(decisions) - batched.limit
    expect(extra).toBeGreaterThanOrEqual(0)
    expect(extra).toBeLessThanOrEqual(2 * batchSize)

    await sleep(1_500)
    const later = await all(60, (n) => pick(limits, n).takeBatched('default', key))
    expect(allowed(later)).toBe(0)
  })

  test('a process that knew nothing of the others lets one batch through, not more', async () => {
    const [busy, quiet] = await Promise.all([open(), open()])
    expect(allowed(await all(5, () => quiet.takeBatched('default', key)))).toBe(5)
    expect(allowed(await all(200, () => busy.takeBatched('default', key)))).toBeGreaterThanOrEqual(
      95,
    )
    const rest = await all(200, () => quiet.takeBatched('default', key))
    expect(allowed(rest)).toBeLessThanOrEqual(batchSize)
  })

  test('alone, a process lets through what a batched limit says, and counts no refused hit', async () => {
    const limits = await open()
    const decisions: Decision[] = []
    for (let hit = 0; hit < 130; hit += 1) decisions.push(await limits.takeBatched('default', key))
    expect(decisions.map((one) => one.remaining).slice(0, 100)).toEqual(
      Array.from({ length: 100 }, (_, n) => 99 - n),
    )
    expect(allowed(decisions)).toBe(100)
    expect(decisions.at(-1)).toMatchObject({ isAllowed: false, remaining: 0, policy: 'default' })
  })

  test('most hits of a batched limit are answered at once', async () => {
    const limits = await open()
    const answers = Array.from({ length: batchSize }, () => limits.takeBatched('default', key))
    expect(answers.filter((answer) => answer instanceof Promise)).toEqual([])
    expect(limits.takeBatched('default', key)).toBeInstanceOf(Promise)
  })

  test('no burst crosses the border of a window', async () => {
    const windowMs = 4_000
    const limits = await open([{ ...batched, limit: 20, windowSeconds: windowMs / 1000 }])
    // Windows lie on the store's clock, which on one machine is ours. A burst that was too slow to lie before and
    // after one border says nothing, and another border is tried.
    const windowOf = (at: number) => Math.floor(at / windowMs)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const border = (windowOf(Date.now() + 700) + 1) * windowMs
      await sleep(border - 700 - Date.now())
      const before = await all(40, () => limits.takeBatched('default', `${key}-${attempt}`))
      if (Date.now() >= border) continue
      expect(allowed(before)).toBe(20)
      await sleep(border + 50 - Date.now())
      const burst = await all(40, () => limits.takeBatched('default', `${key}-${attempt}`))
      const share = (Date.now() - border) / windowMs
      if (share > 0.2) continue
      // As much as the share of the new window that has passed meanwhile.
      expect(allowed(burst)).toBeLessThanOrEqual(Math.ceil(20 * share))
      expect(burst.at(-1)).toMatchObject({ isAllowed: false, resetSeconds: 1 })
      return
    }
    throw new Error('this machine was too slow for five borders of a window')
  })

  test('a process with a wrong clock counts in the same windows as the others', async () => {
    const limits = await open()
    await all(100, () => limits.takeBatched('default', key))
    await limits.close()

    const real = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 10 * daySeconds * 1000)
    const late = await open()
    const decisions = await all(50, () => late.takeBatched('default', key))
    // One batch goes into a window of its own; the answer tells the time. One more is what any newcomer may take.
    expect(allowed(decisions)).toBeLessThanOrEqual(2 * batchSize)
  })

  test('what was counted is sent when a process ends', async () => {
    const first = await open()
    await all(7, () => first.takeBatched('default', key))
    await first.close()

    const second = await open()
    const decisions = await all(120, () => second.takeBatched('default', key))
    expect(allowed(decisions)).toBe(93)
  })
})

const ascending = (left: number, right: number) => left - right
const allowed = (decisions: readonly Decision[]) => decisions.filter((one) => one.isAllowed).length
const all = (count: number, take: (n: number) => Decision | Promise<Decision>) =>
  Promise.all(Array.from({ length: count }, async (_, n) => take(n)))

function pick<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
