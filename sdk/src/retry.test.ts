/** How long is waited, as arithmetic; what happens on the wire is in e2e/sdk-calls.test.ts. */
import { expect, test } from 'vitest'
import { ConnectionError, UnexpectedAnswer } from './problem.ts'
import { readRetryAfter, waitBefore } from './retry.ts'

const get = { method: 'GET', path: '/', isKeyed: false, hasMode: false } as const
const lost = new ConnectionError('lost')

test('waits double from a quarter of a second to eight, each shortened by chance to no less than half', () => {
  for (let round = 0; round < 200; round += 1)
    for (const [retry, longest] of [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000].entries()) {
      const wait = waitBefore(lost, retry, get, 60)
      expect(wait).toBeGreaterThanOrEqual(longest / 2)
      expect(wait).toBeLessThanOrEqual(longest)
    }
})

test('an address that a proxy does not know is not asked for again', () => {
  expect(waitBefore(new UnexpectedAnswer(404, ''), 0, get, 60)).toBeNull()
  expect(waitBefore(new UnexpectedAnswer(504, ''), 0, get, 60)).not.toBeNull()
  expect(waitBefore(new Error('a mistake of ours'), 0, get, 60)).toBeNull()
})

test.each([
  ['7', 7],
  ['0', 0],
  ['Thu, 26 Nov 2026 18:00:30 GMT', 30],
  ['Thu, 26 Nov 2026 17:00:00 GMT', 0],
  ['-1', null],
  ['soon', null],
  ['', null],
  [null, null],
])('Retry-After %j is %j seconds', (header, seconds) => {
  expect(readRetryAfter(header, Date.UTC(2026, 10, 26, 18))).toBe(seconds)
})
