/** Periods of subscriptions: counted from an anchor, so that the 31st comes back after a short month. */
import type { Recurring } from './prices.ts'

/** The end of the `count`th period after the anchor, in seconds; days of UTC. */
export function periodEnd(anchor: number, recurring: Recurring, count: number): number {
  const steps = recurring.interval_count * count
  const start = new Date(anchor * 1000)
  if (recurring.interval === 'day' || recurring.interval === 'week')
    return anchor + steps * (recurring.interval === 'day' ? 1 : 7) * 24 * 3600
  const months = steps * (recurring.interval === 'year' ? 12 : 1)
  const first = new Date(start)
  first.setUTCDate(1)
  first.setUTCMonth(first.getUTCMonth() + months)
  const lastDay = new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0),
  ).getUTCDate()
  first.setUTCDate(Math.min(start.getUTCDate(), lastDay))
  return Math.floor(first.getTime() / 1000)
}

/** The first end of a period that is later than this moment. */
export function nextPeriodEnd(anchor: number, recurring: Recurring, after: number): number {
  let count = 1
  while (periodEnd(anchor, recurring, count) <= after) count += 1
  return periodEnd(anchor, recurring, count)
}
