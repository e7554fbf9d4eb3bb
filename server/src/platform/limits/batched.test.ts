/** What batched limits keep in memory, and what they owe the store when they forget it. */
import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../app/testing.ts'
import { openBatched, type Batched } from './batched.ts'
import { createStoreBreaker } from './breaker.ts'
import { openPostgresStore } from './store-postgres.ts'

const policies = [{ name: 'default', limit: 40, windowSeconds: 86_400, kind: 'batched' }] as const

const { ownerUrl } = await testDatabase()
const pool = new Pool({ connectionString: ownerUrl })
afterAll(() => pool.end())

function open(maxTrackedKeys?: number): Batched & { readonly errors: unknown[] } {
  const errors: unknown[] = []
  const breaker = createStoreBreaker((error) => errors.push(error))
  const store = openPostgresStore(pool)
  const options = maxTrackedKeys === undefined ? {} : { maxTrackedKeys }
  return { ...openBatched({ store, breaker, policies, ...options }), errors }
}

test('keys beyond the bound are forgotten, but not the hits that the store has yet to hear of', async () => {
  const small = open(2)
  // Each of the three pushes another out, so every hit begins the count of its key anew in this process.
  for (let round = 0; round < 5; round += 1)
    for (const key of ['one', 'two', 'three'])
      expect(await small.take('default', key)).toMatchObject({ isAllowed: true, remaining: 39 })
  await small.close()
  expect(small.errors).toEqual([])

  const { rows } = await pool.query<{ key: string; hits: number }>(
    `select key, sum(hits)::int as hits from platform_rate_limit_counts group by key order by key`,
  )
  expect(rows).toEqual([
    { key: 'default:one', hits: 5 },
    { key: 'default:three', hits: 5 },
    { key: 'default:two', hits: 5 },
  ])
})

test('more keys than one statement takes are all sent', async () => {
  const batched = open()
  for (let n = 0; n < 4_500; n += 1) await batched.take('default', `many-${n}`)
  await batched.close()

  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int from platform_rate_limit_counts where key like 'default:many-%' and hits = 1`,
  )
  expect(rows).toEqual([{ count: 4_500 }])
  expect(batched.errors).toEqual([])
})

test('two processes that send the same keys in opposite order do not block each other', async () => {
  const [left, right] = [open(), open()]
  const keys = Array.from({ length: 300 }, (_, n) => `crossed-${n}`)
  for (let round = 0; round < 10; round += 1) {
    for (const key of keys) await left.take('default', key)
    for (const key of keys.toReversed()) await right.take('default', key)
  }
  await Promise.all([left.close(), right.close()])
  expect([...left.errors, ...right.errors]).toEqual([])
})

test('a policy that is unknown or exact is a mistake of the programmer', async () => {
  const batched = open()
  expect(() => batched.take('nonsense', 'key')).toThrow('nonsense')
  await batched.close()
})
