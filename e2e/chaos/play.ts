/**
 * One scenario under one disorder: money comes in a storm, and goes back in another; after each it is calm, and everything
 * has to come in step, within a bound. In the end the books are compared, and nothing may be different.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { bringAbout } from './aftermath.ts'
import { once } from './asking.ts'
import { type Customer, act, customerFor } from './customers.ts'
import { type Verdict, judge } from './judge.ts'
import { type Disorder, type Scenario, type Storm, isPaid } from './scenario.ts'
import type { Ground } from './trial.ts'

export type Played = Verdict & { readonly plans: readonly string[] }
/** What a customer, or finance for them, has to do; false: not yet. */
type Acting = (customer: Customer, ground: Ground) => Promise<boolean>

/** Rounds of calm, each two minutes of the product’s time. More than anything here waits for, and then it waits for nothing. */
const mostRounds = 30
const roundSeconds = 120
const roundPauseMs = 100
/** Longer than banks take. */
const bankSeconds = 8 * 24 * 3600
/** What is mended at the first look is there at the second. */
const mostLooks = 2
const eventFaults = /^events/

export async function play(
  ground: Ground,
  { purchases }: Scenario,
  disorder: Disorder,
): Promise<Played> {
  const customers = purchases.map(customerFor)
  const queue = disorder.order.flatMap((index) => customers[index] ?? [])
  const paid = queue.filter(({ purchase }) => isPaid(purchase))
  await ground.renew()
  const plans = [...(await weather(ground, queue, disorder, 'paying', act))]
  await calmDown(ground, queue, act)
  await banksDecide(ground, queue, disorder)
  const early = await settle(ground, queue, act)

  plans.push(...(await weather(ground, paid, disorder, 'aftermath', bringAbout)))
  const late = await settle(ground, paid, bringAbout)
  // Once more, for those whose answer was lost: it must be what others heard.
  for (const { asks } of customers) for (const ask of asks.values()) await once(ask, ground)
  const verdict = await judge(ground, customers)
  return { ...verdict, problems: [...early, ...late, ...verdict.problems], plans }
}

/** Everybody at once, while Stripe misbehaves; and some processes die of it. Returns where. */
async function weather(
  ground: Ground,
  customers: readonly Customer[],
  disorder: Disorder,
  storm: Storm,
  acting: Acting,
): Promise<readonly string[]> {
  const { stripe } = ground
  const callOff = disorder.killsIn === storm ? await ground.arm(disorder) : async () => []
  await stripe.misbehave({ seed: disorder.seed, ...disorder.faults })
  await Promise.all(customers.map((customer) => acting(customer, ground)))
  const plans = await callOff(disorder.killAfterMs)
  await stripe.behave()
  return plans
}

/** Days later; their events have no easier way. */
async function banksDecide(
  ground: Ground,
  customers: readonly Customer[],
  { seed, faults }: Disorder,
): Promise<void> {
  if (!customers.some(({ purchase }) => purchase.course.startsWith('bank'))) return
  const { stripe } = ground
  const ofEvents = Object.entries(faults).filter(([name]) => eventFaults.test(name))
  await stripe.misbehave({ seed, ...Object.fromEntries(ofEvents) })
  await ground.inside.passTime(bankSeconds)
  await stripe.advance(bankSeconds)
  await stripe.behave()
}

/** Calm, and the books compared: what that has mended is the last thing that was missing. Returns what is different. */
async function settle(
  ground: Ground,
  customers: readonly Customer[],
  acting: Acting,
): Promise<readonly string[]> {
  let found: readonly string[] = []
  for (let look = 0; look <= mostLooks; look += 1) {
    await calmDown(ground, customers, acting)
    const seen = await ground.inside.reconcile()
    if (seen.state === 'clean' && seen.found.length === 0) return []
    found = seen.found
  }
  return found.map((each) => `the books differ: ${each}`)
}

/** Clients come back, sweepers run, Stripe sends again, until nothing is open. @throws Error when something stays so */
async function calmDown(
  ground: Ground,
  customers: readonly Customer[],
  acting: Acting,
): Promise<void> {
  const { inside, stripe } = ground
  let open: readonly string[] = []
  for (let round = 0; round < mostRounds; round += 1) {
    const acted = await Promise.all(customers.map((customer) => acting(customer, ground)))
    await stripe.advance(roundSeconds)
    open = [
      ...(acted.every(Boolean) ? [] : ['somebody has no answer']),
      ...(await whatIsOpen(inside)),
    ]
    if (open.length === 0) return
    await inside.passTime(roundSeconds)
    await inside.sweep()
    // What nobody told is what somebody waits for.
    if (acted.includes(false)) await inside.reconcile()
    await pause(roundPauseMs)
  }
  throw new Error(`it does not calm down: ${open.join('; ')}`)
}

async function whatIsOpen({ query }: Ground['inside']): Promise<string[]> {
  const rows = await query<{ what: string; count: number }>(
    `select 'objects are behind' as what, count(*)::int as count from inbox_objects where dirty_seq > synced_seq
     union all select 'events are open', count(*)::int from inbox_events where state = 'received'
     union all select 'attempts are open', count(*)::int from payments_attempts where outcome is null or outcome = 'unknown'
     union all select 'refunds are open', count(*)::int from refunds_refunds where state in ('requested', 'sending', 'unknown', 'pending')
     union all select 'jobs are to be handed over', count(*)::int from platform_job_outbox where next_at <= now()
     union all select 'requests are open', count(*)::int from platform_idempotency_keys where state = 'in_progress'`,
  )
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => `${count} ${what}`)
}
