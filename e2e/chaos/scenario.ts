/** What happens in a trial, as the world would tell it: who pays what, how, and what comes of it. No fault changes that. */
import { type Random, randomOf } from './random.ts'

/** What a customer does with the payment, and what their bank says. */
export const courses = [
  'pays',
  'is_declined',
  'is_declined_then_pays',
  'authenticates_and_pays',
  'fails_to_authenticate',
  'bank_pays_later',
  'bank_refuses_later',
  'does_nothing',
  'has_it_cancelled',
] as const
export type Course = (typeof courses)[number]

export type Purchase = { readonly course: Course; readonly amount: number }
export type Scenario = { readonly seed: number; readonly purchases: readonly Purchase[] }

const fewest = 3
const most = 5

export function scenarioOf(seed: number): Scenario {
  const random = randomOf(seed)
  const count = fewest + random.below(most - fewest + 1)
  return { seed, purchases: Array.from({ length: count }, () => purchaseOf(random)) }
}

/** Money that comes is what most can go wrong with: half of them pay at once. */
function purchaseOf(random: Random): Purchase {
  return {
    course: random.chance(0.4) ? 'pays' : random.pick(courses),
    amount: 50 + random.below(100_000),
  }
}

/** How a scenario is disturbed this time: two of these for one scenario must end alike. */
export type Disorder = {
  readonly seed: number
  readonly order: readonly number[]
  /** In parts of a thousand, of the requests to Stripe and of its events. */
  readonly faults: Readonly<Record<string, number>>
  readonly crash: Readonly<Record<'api' | 'worker', { point: number; pass: number } | null>>
  /** How long after the last customer whoever has not died at its crash point is killed anyway. */
  readonly killAfterMs: number
}

export function disorderOf({ seed, purchases }: Scenario, turn: number): Disorder {
  const random = randomOf(seed * 1_000_003 + turn + 1)
  const share = (limit: number) => random.below(limit)
  const crash = (is: boolean) =>
    // Most often the first, because there may not be many.
    is ? { point: random.below(2 ** 16), pass: random.chance(0.6) ? 1 : 2 + random.below(3) } : null
  const who = random.pick(['api', 'worker', 'both'] as const)
  return {
    seed: random.below(2 ** 31),
    order: random.shuffled(purchases.map((_, index) => index)),
    faults: {
      'requests[drop_before]': share(60),
      'requests[drop_after]': share(90),
      'requests[conflict]': share(50),
      'requests[rate_limit]': share(50),
      'requests[error_before]': share(60),
      'events[duplicate]': share(200),
      'events[reorder]': share(200),
      'events[delay]': share(150),
      'events[twin]': share(150),
      'events[old_version]': share(100),
      'events[drop]': share(150),
      'events[stale]': share(60),
      'events[forged]': share(60),
    },
    crash: { api: crash(who !== 'worker'), worker: crash(who !== 'api') },
    killAfterMs: 100 + random.below(900),
  }
}
