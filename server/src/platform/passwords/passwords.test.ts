/** Hashing: strong, never shortened, and a bounded number at once. */
import { describe, expect, test } from 'vitest'
import { openPasswordHasher as openWith } from './index.ts'

/** No hash of these tests is of bcrypt. */
const openPasswordHasher = (cost: Parameters<typeof openWith>[0]) =>
  openWith(cost, { compareBcrypt: () => Promise.reject(new Error('nobody asked for bcrypt')) })
const cheap = { memoryKib: 1024, iterations: 1, parallelism: 1, concurrency: 2 }

test('a hash says how it was made, differs each time, and fits its password alone', async () => {
  const passwords = await openPasswordHasher({ ...cheap, memoryKib: 19_456, iterations: 2 })
  const [first, second] = await Promise.all([
    passwords.hash('open sesame'),
    passwords.hash('open sesame'),
  ])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22,}\$[^$]{43}$/)
  expect(second).not.toBe(first)
  expect(await passwords.verify(first, 'open sesame')).toBe(true)
  for (const wrong of ['open sesam', 'open sesame ', 'Open sesame', 'open sesame\u0000', ''])
    expect(await passwords.verify(first, wrong)).toBe(false)
})

test('nothing is cut off, folded or made plain', async () => {
  const passwords = await openPasswordHasher(cheap)
  const pairs = [
    [`${'x'.repeat(72)}A`, `${'x'.repeat(72)}B`],
    [`${'x'.repeat(255)}A`, `${'x'.repeat(255)}B`],
    ['with\u0000one', 'with\u0000two'],
    ['straße straße', 'strasse strasse'],
    ['🦊'.repeat(64), '🦊'.repeat(63)],
  ] as const
  for (const [right, wrong] of pairs) {
    const hash = await passwords.hash(right)
    expect(await passwords.verify(hash, right)).toBe(true)
    expect(await passwords.verify(hash, wrong)).toBe(false)
  }
})

test('a hash of another cost is understood', async () => {
  const before = await openPasswordHasher(cheap)
  const after = await openPasswordHasher({ ...cheap, memoryKib: 2048, iterations: 2 })
  expect(await after.verify(await before.hash('open sesame'), 'open sesame')).toBe(true)
})

test('where there is no hash no password fits', async () => {
  const passwords = await openPasswordHasher(cheap)
  for (const password of ['', '0', 'null', 'open sesame'])
    expect(await passwords.verify(null, password)).toBe(false)
})

describe('too many at once', () => {
  test('wait in a queue of a hundred for each that runs; the next is refused at once', async () => {
    const passwords = await openPasswordHasher({ ...cheap, concurrency: 1 })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 150 }, (_, index) =>
        index % 2 ? passwords.hash('x') : passwords.verify(null, 'x'),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 101 }, () => 'fulfilled'),
      ...Array.from({ length: 49 }, () => 'rejected'),
    ])
    for (const outcome of outcomes.slice(101))
      expect(outcome).toMatchObject({ reason: { code: 'passwords.busy', status: 503 } })
  })

  test('leave nothing behind: afterwards there is room again, also after failures', async () => {
    const passwords = await openPasswordHasher({ ...cheap, concurrency: 1 })
    for (let round = 0; round < 3; round += 1) {
      const broken = Array.from({ length: 20 }, () => passwords.verify('$argon2id$not a hash', 'x'))
      const outcomes = await Promise.allSettled(broken)
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
      const rest = await Promise.allSettled(
        Array.from({ length: 101 }, () => passwords.verify(null, 'x')),
      )
      expect(rest.every(({ status }) => status === 'fulfilled')).toBe(true)
    }
  })

  test('leave the event loop free: other work is done between them', async () => {
    const passwords = await openPasswordHasher({ ...cheap, memoryKib: 19_456 })
    let finished = 0
    let turns = 0
    const hashOne = async () => {
      await passwords.hash('x')
      finished += 1
    }
    const flood = Promise.all(Array.from({ length: 40 }, hashOne))
    while (finished < 40) {
      turns += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    await flood
    // One turn at least for each that finished: they came back one by one.
    expect(turns).toBeGreaterThan(20)
  })
})

test('only a hash of the same kind and cost is up to date', async () => {
  const passwords = await openPasswordHasher(cheap)
  const dearer = await openPasswordHasher({ ...cheap, memoryKib: 2048 })
  const hash = await passwords.hash('open sesame')
  expect(passwords.isOutdated(hash)).toBe(false)
  expect(dearer.isOutdated(hash)).toBe(true)
  expect(passwords.isOutdated(await dearer.hash('open sesame'))).toBe(true)
  for (const other of ['$2b$10$x', '$scrypt$ln=14', hash.replace('argon2id', 'argon2i'), ''])
    expect(passwords.isOutdated(other)).toBe(true)
})
