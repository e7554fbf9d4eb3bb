import { expect, test } from 'vitest'
import { nextPeriodEnd, periodEnd } from './periods.ts'

const monthly = {
  interval: 'month',
  interval_count: 1,
  meter: null,
  trial_period_days: null,
  usage_type: 'licensed',
} as const
const at = (text: string) => Date.parse(text) / 1000
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)

test('the 31st becomes the last day of a short month, and the 31st again after it', () => {
  const anchor = at('2028-01-31T10:00:00Z')
  const days = [1, 2, 3, 4].map((count) => dayOf(periodEnd(anchor, monthly, count)))
  expect(days).toEqual(['2028-02-29', '2028-03-31', '2028-04-30', '2028-05-31'])
})

test('a leap day comes back every four years', () => {
  const yearly = { ...monthly, interval: 'year' } as const
  const anchor = at('2028-02-29T00:00:00Z')
  const days = [1, 2, 3, 4].map((count) => dayOf(periodEnd(anchor, yearly, count)))
  expect(days).toEqual(['2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'])
})

test('the next end is later than now, never equal', () => {
  const anchor = at('2028-01-31T10:00:00Z')
  const end = periodEnd(anchor, monthly, 1)
  expect(nextPeriodEnd(anchor, monthly, end - 1)).toBe(end)
  expect(dayOf(nextPeriodEnd(anchor, monthly, end))).toBe('2028-03-31')
})
