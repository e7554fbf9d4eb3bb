/** Whose time it is: customers of a test clock live by that one, all others by the world's. */
import { type Task, type Work, later, task } from './work.ts'
import type { Home } from './world.ts'

/** What is still to be done when a test clock gets there. */
export type FrozenWork = Task & { readonly due: number }

type TheirTime = {
  /** Seconds since 1970. */
  now(): number
  later<Given extends object>(due: number, work: Work<Given>, given: Given): void
}

export function timeOf(home: Home, customer: string): TheirTime {
  const clock = home.testClocks.get(home.customers.get(customer)?.test_clock ?? '')
  if (!clock)
    return {
      now: home.world.clock.now,
      later: (due, work, given) => later(home, due, work, given),
    }
  return {
    now: () => clock.frozen_time,
    later(due, work, given) {
      const waiting = home.frozenWork.get(clock.id) ?? []
      home.frozenWork.set(clock.id, [...waiting, { due, ...task(work, given) }])
    },
  }
}
