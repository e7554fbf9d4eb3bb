/** The cached clock tells the same time as Date. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createClock } from './clock.ts'

test('each moment is written as toISOString writes it, forwards and backwards', () => {
  let present = 0
  const clock = createClock(() => present)
  const moment = fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 })
  fc.assert(
    fc.property(moment, fc.integer({ min: -1500, max: 1500 }), (time, step) => {
      for (present of [time, time + step, time])
        expect(clock()).toBe(new Date(present).toISOString())
    }),
  )
})
