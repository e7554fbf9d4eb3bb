/** What happens in a trial, as the world would tell it: who pays what, how, and what comes of it. No fault changes that. */
import { type Random, randomOf } from './random.ts'

/** Where a customer is asked to pay: within a page of ours, or on the provider's. */
export const ways = ['intent', 'page'] as const
export type Way = (typeof ways)[number]

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
  'pays_another_way',
] as const
export type Course = (typeof courses)[number]

/** What becomes of money that came in: finance gives it back, or the customer's bank takes it. */
export const aftermaths = [
  'nothing',
  'refund_all',
  'refund_part',
  'refunds_at_once',
  'refund_arrives_later',
  'refund_fails',
  'refund_in_dashboard',
  'dispute_won',
  'dispute_lost',
  'dispute_of_part_lost',
  'dispute_answered',
  'dispute_accepted',
  'refunded_then_disputed',
  'inquiry_withdrawn',
] as const
export type Aftermath = (typeof aftermaths)[number]

export type Purchase = {
  readonly way: Way
  readonly course: Course
  readonly aftermath: Aftermath
  readonly amount: number
}
export type Scenario = { readonly seed: number; readonly purchases: readonly Purchase[] }

const fewest = 3
const most = 5
/** After these the money is there. */
const paying: readonly Course[] = [
  'pays',
  'is_declined_then_pays',
  'authenticates_and_pays',
  'bank_pays_later',
  'pays_another_way',
]

const chosenCard: readonly Course[] = ['pays', 'is_declined_then_pays', 'pays_another_way']
const ownCards: readonly Aftermath[] = ['refund_arrives_later', 'refund_fails']

export const isPaid = ({ course }: Purchase): boolean => paying.includes(course)

export function scenarioOf(seed: number): Scenario {
  const random = randomOf(seed)
  const count = fewest + random.below(most - fewest + 1)
  return { seed, purchases: Array.from({ length: count }, () => purchaseOf(random)) }
}

/** Money that comes is what most can go wrong with: half of them pay at once, and most of that does not just stay. */
function purchaseOf(random: Random): Purchase {
  const way = random.pick(ways)
  const course = random.chance(0.4) ? 'pays' : random.pick(courses)
  const amount = 100 + random.below(100_000)
  const wanted = random.pick(aftermaths)
  // How a refund fares is the card's to say, and not every course is paid by one that may be chosen.
  const isOther = ownCards.includes(wanted) && !chosenCard.includes(course)
  const aftermath = isOther ? 'refund_all' : wanted
  return { way, course, amount, aftermath: paying.includes(course) ? aftermath : 'nothing' }
}

/** Money comes in, and some of it goes back. */
export type Storm = 'paying' | 'aftermath'

/** How a scenario is disturbed this time: two of these for one scenario must end alike. */
export type Disorder = {
  readonly seed: number
  readonly order: readonly number[]
  /** In parts of a thousand, of the requests to Stripe and of its events. */
  readonly faults: Readonly<Record<string, number>>
  /** Which of the two storms processes are killed in: while customers pay, or while money goes back. */
  readonly killsIn: Storm
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
    killsIn: random.pick(['paying', 'aftermath'] as const),
    order: random.shuffled(purchases.map((_, index) => index)),
    faults: {
      'requests[drop_before]': share(60),
      'requests[drop_after]': share(90),
      'requests[conflict]': share(50),
      'requests[rate_limit]': share(50),
      'requests[error_before]': share(60),
      'requests[error_after]': share(50),
      'events[duplicate]': share(200),
      'events[reorder]': share(200),
      'events[delay]': share(150),
      'events[twin]': share(150),
      'events[old_version]': share(100),
      'events[drop]': share(150),
      'events[never]': share(100),
      'events[stale]': share(60),
      'events[forged]': share(60),
    },
    crash: { api: crash(who !== 'worker'), worker: crash(who !== 'api') },
    killAfterMs: 100 + random.below(900),
  }
}
