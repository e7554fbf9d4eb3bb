import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { pauseAfter } from './backoff.ts'
import { checkPayload, payloadLimitBytes } from './payload.ts'

test('a pause doubles with each failure, strays by a fifth at most, and never exceeds its maximum', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const policy = { backoffSeconds: 2, backoffMaxSeconds: 3600 }
        const seconds = pauseAfter(policy, failures, () => random) / 1000
        const ideal = Math.min(2 * 2 ** (failures - 1), 3600)
        expect(seconds).toBeGreaterThanOrEqual(ideal * 0.8 - 0.001)
        expect(seconds).toBeLessThanOrEqual(Math.min(ideal * 1.2, 3600) + 0.001)
      },
    ),
  )
})

test('jobs that failed together do not all return together', () => {
  const policy = { backoffSeconds: 10, backoffMaxSeconds: 3600 }
  const pauses = new Set(Array.from({ length: 50 }, () => pauseAfter(policy, 1)))
  expect(pauses.size).toBeGreaterThan(10)
})

test('a payload of exactly 256 KiB is accepted, one byte more is not, and bytes count, not characters', () => {
  const fits = 'x'.repeat(payloadLimitBytes - 2)
  expect(() => checkPayload('test', fits)).not.toThrow()
  expect(() => checkPayload('test', `${fits}x`)).toThrow(AppError)
  expect(() => checkPayload('test', 'ä'.repeat(payloadLimitBytes / 2))).toThrow(AppError)
})

test('what is not JSON, a key without a length and a date without a time are mistakes', () => {
  expect(() => checkPayload('test', undefined)).toThrow(TypeError)
  expect(() => checkPayload('test', {}, { key: '' })).toThrow(RangeError)
  expect(() => checkPayload('test', {}, { key: 'k'.repeat(201) })).toThrow(RangeError)
  expect(() => checkPayload('test', {}, { runAt: new Date(Number.NaN) })).toThrow(RangeError)
})
