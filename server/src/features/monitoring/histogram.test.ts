/** Histograms: never off by more than they promise, whatever the durations are and however they are split up. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bins, binOf, middleOf, percentileOf } from './histogram.ts'

const worstError = 0.0079
const duration = fc.double({ min: 0.001, max: 4_000_000, noNaN: true })

test('the middle of its bin is less than 0.8 % away from each duration from a microsecond to an hour', () => {
  fc.assert(
    fc.property(duration, (ms) => {
      expect(Math.abs(middleOf(binOf(ms)) - ms) / ms).toBeLessThan(worstError)
    }),
    { numRuns: 10_000 },
  )
})

test('a longer duration is never in an earlier bin', () => {
  fc.assert(
    fc.property(duration, duration, (one, other) => {
      expect(binOf(Math.min(one, other))).toBeLessThanOrEqual(binOf(Math.max(one, other)))
    }),
  )
})

test('percentiles are those of the durations themselves, within 0.8 %', () => {
  const share = fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1)
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), share, (all, wanted) => {
      const sorted = all.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil(sorted.length * wanted)) - 1] ?? 0
      expect(Math.abs(percentileOf(binsOf(all), wanted) - exact) / exact).toBeLessThan(worstError)
    }),
  )
})

test.each([0, -5, Number.NaN, 1e-9])('%d counts in the first bin', (ms) => {
  expect(binOf(ms)).toBe(0)
})

test.each([1e12, Number.POSITIVE_INFINITY])('%d counts in the last bin', (ms) => {
  expect(binOf(ms)).toBe(binOf(2 ** 22 - 1))
})

test('of nothing every percentile is nothing', () => {
  expect(percentileOf([], 0.5)).toBe(0)
})

function binsOf(all: readonly number[]): Bins {
  const counts = new Map<number, number>()
  for (const ms of all) counts.set(binOf(ms), (counts.get(binOf(ms)) ?? 0) + 1)
  return [...counts].map(([bin, count]) => ({ bin, count })).toSorted((a, b) => a.bin - b.bin)
}
