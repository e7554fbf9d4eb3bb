import { Pool } from 'pg'
import { afterAll, expect, test, vi } from 'vitest'
import { atEnd } from '../../app/testing-ends.ts'
import { type LimitPolicy, openLimits } from './index.ts'

const policies: readonly LimitPolicy[] = [
  { name: 'probes', limit: 3, windowSeconds: 3_600, kind: 'local' },
  { name: 'doors', limit: 3, windowSeconds: 3_600, kind: 'exact' },
  { name: 'default', limit: 3, windowSeconds: 3_600, kind: 'batched' },
]
const onStoreError = vi.fn<(error: unknown) => void>()
/** Nothing answers there. */
const pool = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing' })
afterAll(() => pool.end())

function open(isEnabled = true) {
  const store = { kind: 'postgres', pool } as const
  const limits = openLimits({ store, policies, isEnabled, failClosed: true, onStoreError })
  atEnd(() => limits.close())
  return limits
}

test('a local limit is exact in its process, needs no store, and knows of no other process', async () => {
  const [limits, other] = [open(), open()]
  const decisions = Array.from({ length: 5 }, () => limits.takeLocal('probes', 'a'))
  expect(decisions.map((one) => one.isAllowed)).toEqual([true, true, true, false, false])
  expect(limits.takeLocal('probes', 'b').isAllowed).toBe(true)
  expect(other.takeLocal('probes', 'a').isAllowed).toBe(true)
  expect(await limits.takeForRoute([{ policy: 'probes', key: 'a' }])).toMatchObject({
    isAllowed: false,
  })
  expect(onStoreError).not.toHaveBeenCalled()
})

test('of a route with both kinds, the local limits come first, and their refusal asks no store', async () => {
  const limits = open()
  const hits = [
    { policy: 'doors', key: 'a' },
    { policy: 'probes', key: 'a' },
  ]
  expect(await limits.takeForRoute([])).toBeNull()
  for (let index = 0; index < 3; index += 1) limits.takeLocal('probes', 'a')
  expect(await limits.takeForRoute(hits)).toMatchObject({ policy: 'probes', isAllowed: false })
  expect(onStoreError).not.toHaveBeenCalled()
})

test('looking counts nothing', () => {
  const limits = open()
  for (let index = 0; index < 5; index += 1)
    expect(limits.peekLocal('probes', 'a')).toMatchObject({ isAllowed: true, remaining: 3 })
  limits.takeLocal('probes', 'a')
  expect(limits.peekLocal('probes', 'a').remaining).toBe(2)
})

test('routes may name exact and local policies, and each is asked for by its kind', () => {
  const limits = open()
  expect([...limits.routePolicies]).toEqual(['probes', 'doors'])
  expect(() => limits.takeLocal('doors', 'a')).toThrow('there is no local rate limit policy doors')
  expect(() => limits.takeLocal('nothing', 'a')).toThrow('there is no local rate limit policy')
})

test('where limits are off, nothing is refused', () => {
  const limits = open(false)
  for (let index = 0; index < 5; index += 1)
    expect(limits.takeLocal('probes', 'a').isAllowed).toBe(true)
})
