/** A few seeds of `npm run chaos`; the others are run by hand and by night. And that who judges sees what is wrong. */
import { expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { judge } from './chaos/judge.ts'
import { stripeKey } from './chaos/processes.ts'
import { runSeeds } from './chaos/seeds.ts'
import { openGround } from './chaos/trial.ts'

test('payments, refunds and disputes under faults, with processes killed in their midst, end alike and right', async () => {
  const said: string[] = []
  const isWell = await runSeeds({
    location: await testDatabase(),
    seeds: [5, 9],
    orders: 2,
    isVerbose: true,
    say: (line) => said.push(line),
  })
  expect(isWell, said.join('\n')).toBe(true)
  expect(said.join('\n')).toMatch(/^seed 5 {2}[0-9a-f]{16} {2}/)
})

test('money at Stripe that nobody here knows of is seen', async () => {
  const ground = await openGround(await testDatabase())
  try {
    expect((await judge(ground, [])).problems).toEqual([])
    const reply = await fetch(`${ground.stripe.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stripeKey}` },
      body: new URLSearchParams({
        amount: '1099',
        currency: 'usd',
        confirm: 'true',
        payment_method: 'pm_card_visa',
        return_url: 'https://shop.test/back',
      }),
    })
    const { id } = (await reply.json()) as { id: string }
    expect((await judge(ground, [])).problems).toEqual([
      `nobody knows ${id}`,
      'I7: 0 here, 1037 at Stripe',
    ])
  } finally {
    await ground.close()
  }
})
