/** Test clocks: time that stands still for some customers, and moves only when it is told to. */
import { deleteCustomer } from './customers.ts'
import { invalid } from './errors.ts'
import { emit } from './events.ts'
import { newId } from './ids.ts'
import { page, pageParameters } from './listing.ts'
import { operation } from './operation.ts'
import { integer, required, text } from './parameters.ts'
import { nextPeriodEnd } from './periods.ts'
import { hasEnded } from './subscription-states.ts'
import type { FrozenWork } from './their-time.ts'
import { later, perform, work } from './work.ts'
import { type Home, take } from './world.ts'

export type TestClock = {
  id: string
  object: 'test_helpers.test_clock'
  created: number
  deletes_after: number
  frozen_time: number
  livemode: false
  name: string | null
  status: 'advancing' | 'ready'
  status_details: { advancing?: { target_frozen_time: number } }
}

const keptSeconds = 30 * 24 * 3600
const longestIdleSeconds = 2 * 366 * 24 * 3600

const takeClock = (home: Home, id: string) => take(home.testClocks, id, 'test_clock')

function create(home: Home, frozenTime: number, name: string | undefined): TestClock {
  const now = home.world.clock.now()
  const clock: TestClock = {
    id: newId('clock'),
    object: 'test_helpers.test_clock',
    created: now,
    deletes_after: now + keptSeconds,
    frozen_time: frozenTime,
    livemode: false,
    name: name ?? null,
    status: 'ready',
    status_details: {},
  }
  home.testClocks.set(clock.id, clock)
  emit(home, 'test_helpers.test_clock.created', clock)
  later(home, clock.deletes_after, removeLater, { clock: clock.id })
  return clock
}

/** The answer says that it is on its way; it has arrived before the next request is looked at. */
function advance(home: Home, clock: TestClock, until: number): void {
  if (until <= clock.frozen_time)
    throw invalid('The new frozen_time must be after the current one.', { param: 'frozen_time' })
  if (until > furthestOf(home, clock))
    throw invalid(
      'You can advance up to two intervals of the shortest subscription of this test clock, or two years without one.',
      { param: 'frozen_time' },
    )
  clock.status = 'advancing'
  clock.status_details = { advancing: { target_frozen_time: until } }
  emit(home, 'test_helpers.test_clock.advancing', clock)
  later(home, home.world.clock.now(), arrive, { clock: clock.id, until })
}

const arrive = work('test_clocks.arrive', (home, given: { clock: string; until: number }) => {
  const clock = home.testClocks.get(given.clock)
  if (!clock) return
  for (let due = nextDue(home, clock, given.until); due; due = nextDue(home, clock, given.until)) {
    clock.frozen_time = Math.max(due.due, clock.frozen_time)
    perform(home, due)
  }
  clock.frozen_time = given.until
  clock.status = 'ready'
  clock.status_details = {}
  emit(home, 'test_helpers.test_clock.ready', clock)
})

/** The earliest, and of several the one that was said first; it waits no longer. */
function nextDue(home: Home, { id }: TestClock, until: number): FrozenWork | null {
  const waiting = home.frozenWork.get(id) ?? []
  const [first] = waiting.toSorted((a, b) => a.due - b.due)
  if (!first || first.due > until) return null
  home.frozenWork.set(
    id,
    waiting.filter((each) => each !== first),
  )
  return first
}

function furthestOf(home: Home, clock: TestClock): number {
  const ends = [...home.subscriptions.values()]
    .filter((each) => each.test_clock === clock.id && !hasEnded(each))
    .flatMap(({ items }) => items.data)
    .map(({ price }) => {
      if (!price.recurring) return Infinity
      const once = nextPeriodEnd(clock.frozen_time, price.recurring, clock.frozen_time)
      return nextPeriodEnd(clock.frozen_time, price.recurring, once)
    })
  return ends.length === 0 ? clock.frozen_time + longestIdleSeconds : Math.min(...ends)
}

/** Its customers go with it, and their subscriptions end. */
function remove(home: Home, clock: TestClock): void {
  for (const { id, test_clock: of, deleted } of home.customers.values())
    if (of === clock.id && !deleted) deleteCustomer(home, id)
  home.frozenWork.delete(clock.id)
  home.testClocks.delete(clock.id)
  emit(home, 'test_helpers.test_clock.deleted', clock)
}

const removeLater = work('test_clocks.remove', (home, { clock: id }: { clock: string }) => {
  const clock = home.testClocks.get(id)
  if (clock) remove(home, clock)
})

export const testClockWork = [arrive, removeLater]

export const testClockOperations = [
  operation('POST /v1/test_helpers/test_clocks', {
    parameters: { frozen_time: required(integer), name: text },
    answers: 'test_helpers.test_clock',
    run: ({ home, values }) => create(home, values.frozen_time, values.name),
  }),
  operation('GET /v1/test_helpers/test_clocks', {
    parameters: pageParameters,
    answers: 'test_helpers.test_clock',
    isList: true,
    run: ({ home, values }) =>
      page('/v1/test_helpers/test_clocks', home.testClocks.values(), values),
  }),
  operation('GET /v1/test_helpers/test_clocks/:id', {
    answers: 'test_helpers.test_clock',
    run: ({ home, part }) => takeClock(home, part('id')),
  }),
  operation('POST /v1/test_helpers/test_clocks/:id/advance', {
    parameters: { frozen_time: required(integer) },
    answers: 'test_helpers.test_clock',
    run({ home, values, part }) {
      const clock = takeClock(home, part('id'))
      advance(home, clock, values.frozen_time)
      return clock
    },
  }),
  operation('DELETE /v1/test_helpers/test_clocks/:id', {
    answers: 'test_helpers.test_clock',
    run({ home, part }) {
      const clock = takeClock(home, part('id'))
      remove(home, clock)
      return { id: clock.id, object: 'test_helpers.test_clock', deleted: true }
    },
  }),
]
