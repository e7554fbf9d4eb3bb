/** Policies as they are declared, and as clients read of them. */
import { describe, expect, test } from 'vitest'
import { rateLimitHeaders } from './headers.ts'
import { mostRestrictive, policiesByName, storageKey, type Decision } from './policy.ts'

const decision: Decision = {
  isAllowed: true,
  limit: 100,
  remaining: 50,
  resetSeconds: 30,
  windowSeconds: 60,
  policy: 'default',
}
const exact = { name: 'auth', limit: 5, windowSeconds: 60, kind: 'exact' } as const

test('the header fields are structured fields as the draft shows them', () => {
  expect(rateLimitHeaders(decision)).toEqual({
    'ratelimit-policy': '"default";q=100;w=60',
    ratelimit: '"default";r=50;t=30',
  })
})

test('a refusal says when to come back, never at once', () => {
  const refused = { ...decision, isAllowed: false, remaining: 0 }
  expect(rateLimitHeaders(refused)).toMatchObject({
    ratelimit: '"default";r=0;t=30',
    'retry-after': '30',
  })
  expect(rateLimitHeaders({ ...refused, resetSeconds: 0 })['retry-after']).toBe('1')
})

describe('the most restrictive decision', () => {
  const refused = { ...decision, isAllowed: false, remaining: 0 }
  test.each<[string, Decision, Decision]>([
    ['is the refusal', refused, { ...decision, remaining: 1, resetSeconds: 999 }],
    ['is the longer wait of two refusals', { ...refused, resetSeconds: 31 }, refused],
    ['has the fewest hits left', { ...decision, remaining: 2 }, decision],
    ['is the longer window of two with as many left', { ...decision, resetSeconds: 31 }, decision],
  ])('%s, whatever the order', (_promise, worse, better) => {
    expect(mostRestrictive([worse, better])).toBe(worse)
    expect(mostRestrictive([better, worse])).toBe(worse)
  })
})

test.each([
  ['an empty name', { ...exact, name: '' }],
  ['a quote in its name', { ...exact, name: 'a"b' }],
  ['no hits', { ...exact, limit: 0 }],
  ['half a hit', { ...exact, limit: 1.5 }],
  ['no window', { ...exact, windowSeconds: 0 }],
  ['a log too long to rewrite', { ...exact, limit: 1_001 }],
])('a policy with %s cannot be declared', (_fault, policy) => {
  expect(() => policiesByName([policy])).toThrow('rate limit policy')
})

test('two policies cannot have one name', () => {
  expect(() => policiesByName([exact, { ...exact, limit: 9 }])).toThrow('auth')
})

test('a stored key is short and plain whatever a caller sends, and no two are the same', () => {
  const given = [
    '',
    ' ',
    '\u00e9',
    'e\u0301',
    '\0',
    'x'.repeat(129),
    'x'.repeat(130),
    '#',
    'a',
    'A',
  ]
  const stored = given.map((key) => storageKey('auth', key))
  for (const key of stored) expect(key).toMatch(/^auth:[\x21-\x7e]{1,128}$/)
  expect(new Set(stored).size).toBe(given.length)
  // A hash cannot be spelled out as a key.
  expect(storageKey('auth', storageKey('auth', ' ').slice('auth:'.length))).not.toBe(
    storageKey('auth', ' '),
  )
})
