import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

describe('durations', () => {
  test.each([
    ['30s', 30],
    ['15m', 900],
    ['2h', 7200],
    ['7d', 604_800],
    ['3000ms', 3],
    ['45', 45],
    ['0', 0],
    [' 10 m ', 600],
  ])('%j is read as %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test.each(['', 's', '-5s', '1.5h', '1h30m', '5 minutes', '1e3', '15M', '10w', '500ms', '0x10'])(
    '%j is refused',
    (text) => {
      expect(parseDuration(text)).toBeUndefined()
    },
  )

  test('what is written is read back unchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds)
      }),
    )
  })

  test('no text makes the reader throw or answer a fraction', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = parseDuration(text)
        expect(seconds === undefined || Number.isSafeInteger(seconds)).toBe(true)
      }),
    )
  })
})
