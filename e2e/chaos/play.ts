/** One scenario under one disorder: the storm, then the calm in which everything has to come in step, within a bound. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Customer, act, ask, customerFor } from './customers.ts'
import { type Verdict, judge } from './judge.ts'
import type { Disorder, Scenario } from './scenario.ts'
import type { Ground } from './trial.ts'

export type Played = Verdict & { readonly plans: readonly string[] }

/** Rounds of calm, each two minutes of the product’s time. More than anything here waits for, and then it waits for nothing. */
const mostRounds = 30
const roundSeconds = 120
const roundPauseMs = 100
/** Longer than banks take. */
const bankSeconds = 8 * 24 * 3600
const eventFaults = /^events/

export async function play(
  ground: Ground,
  { purchases }: Scenario,
  disorder: Disorder,
): Promise<Played> {
  const { stripe } = ground
  const customers = purchases.map(customerFor)
  const callOff = await ground.arm(disorder)
  await stripe.misbehave({ seed: disorder.seed, ...disorder.faults })
  const storm = inOrder(customers, disorder.order).map((customer) => act(customer, ground))
  await Promise.all(storm)
  const plans = await callOff(disorder.killAfterMs)
  await stripe.behave()

  await calmDown(ground, customers)
  if (purchases.some(({ course }) => course.startsWith('bank'))) {
    const ofEvents = Object.entries(disorder.faults).filter(([name]) => eventFaults.test(name))
    await stripe.misbehave({ seed: disorder.seed, ...Object.fromEntries(ofEvents) })
    await ground.inside.passTime(bankSeconds)
    await stripe.advance(bankSeconds)
    await stripe.behave()
    await calmDown(ground, customers)
  }
  // Once more, for those whose answer was lost: it must be what others heard.
  for (const customer of customers) await ask(customer, ground)
  return { ...(await judge(ground, customers)), plans }
}

const inOrder = <Item>(items: readonly Item[], order: readonly number[]) =>
  order.flatMap((index) => items[index] ?? [])

/** Clients come back, sweepers run, Stripe sends again, until nothing is open. @throws Error when something stays so */
async function calmDown(ground: Ground, customers: readonly Customer[]): Promise<void> {
  const { inside, stripe } = ground
  let open: readonly string[] = []
  for (let round = 0; round < mostRounds; round += 1) {
    const acted = await Promise.all(customers.map((customer) => act(customer, ground)))
    // By hand, until there is something that asks Stripe what was missed.
    const missed = await stripe.resendUndelivered()
    await stripe.advance(roundSeconds)
    open = [
      ...(acted.every(Boolean) ? [] : ['a customer has no answer']),
      ...(missed === 0 ? [] : [`${missed} events were not delivered`]),
      ...(await whatIsOpen(inside)),
    ]
    if (open.length === 0) return
    await inside.passTime(roundSeconds)
    await inside.sweep()
    await pause(roundPauseMs)
  }
  throw new Error(`it does not calm down: ${open.join('; ')}`)
}

async function whatIsOpen({ query }: Ground['inside']): Promise<string[]> {
  const rows = await query<{ what: string; count: number }>(
    `select 'objects are behind' as what, count(*)::int as count from inbox_objects where dirty_seq > synced_seq
     union all select 'events are open', count(*)::int from inbox_events where state = 'received'
     union all select 'attempts are open', count(*)::int from payments_attempts where outcome is null or outcome = 'unknown'
     union all select 'requests are open', count(*)::int from platform_idempotency_keys where state = 'in_progress'`,
  )
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => `${count} ${what}`)
}
