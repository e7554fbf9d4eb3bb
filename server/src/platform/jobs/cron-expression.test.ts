import { expect, test } from 'vitest'
import { nextAfter, parseCron } from './cron-expression.ts'

const next = (expression: string, after: string) =>
  nextAfter(parseCron(expression), new Date(after)).toISOString()

test.each([
  ['* * * * *', '2026-03-01T10:00:30Z', '2026-03-01T10:01:00.000Z'],
  ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01:00.000Z'],
  ['*/15 * * * *', '2026-03-01T10:46:00Z', '2026-03-01T11:00:00.000Z'],
  ['5/20 * * * *', '2026-03-01T10:26:00Z', '2026-03-01T10:45:00.000Z'],
  ['0 3 * * *', '2026-12-31T03:00:00Z', '2027-01-01T03:00:00.000Z'],
  ['30 2-4,23 * * *', '2026-03-01T04:30:00Z', '2026-03-01T23:30:00.000Z'],
  ['0 0 31 * *', '2026-04-01T00:00:00Z', '2026-05-31T00:00:00.000Z'],
  ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 0 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
  ['0 9 * * 1-5', '2026-11-20T09:00:00Z', '2026-11-23T09:00:00.000Z'],
  ['0 9 * * 7', '2026-11-20T09:00:00Z', '2026-11-22T09:00:00.000Z'],
])('%s after %s starts at %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected)
})

test('with both days restricted either of them is enough', () => {
  // The 13th of November 2026 is a Friday; the next Monday comes first.
  expect(next('0 0 13 * 1', '2026-11-07T00:00:00Z')).toBe('2026-11-09T00:00:00.000Z')
  expect(next('0 0 13 * 1', '2026-11-09T00:00:00Z')).toBe('2026-11-13T00:00:00.000Z')
})

test.each([
  ['* * * *', 'five fields'],
  ['60 * * * *', 'is not a minute'],
  ['* 24 * * *', 'is not a hour'],
  ['* * 0 * *', 'is not a day of month'],
  ['* * * JAN *', 'is not a month'],
  ['* * * * 8', 'is not a day of week'],
  ['*/0 * * * *', 'is not a minute'],
  ['30-10 * * * *', 'is not a minute'],
  ['0 0 30 2 *', 'never comes'],
])('%s is refused: %s', (expression, reason) => {
  expect(() => parseCron(expression)).toThrow(reason)
})
