/** Customers at the provider: one for each user, however many ask at once, and none when they are erased. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually } from '../../app/testing.ts'
import { api, query, rounds, tally, together } from '../auth/testing.ts'
import { personalData } from './personal-data.ts'
import { confirm, inState, keyed, loseAnswer, price, startWithStripe } from './testing.ts'

const { twin, server, stripe } = await startWithStripe()
type Person = Awaited<ReturnType<typeof server.as>>
const start = (client: Person, key: string = randomUUID()) =>
  keyed(client, '/payments/create-intent', price, key)
const customersOf = async ({ userId }: Person) => {
  const { data } = await stripe.customers.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata['user_id'] === userId)
}
const rowsOf = ({ userId }: Person) =>
  query<{ number: number; ref: string | null; gone: boolean }>(
    server,
    `select number, ref, gone_at is not null as gone from payments_customers
     where user_id = $1 order by number`,
    [userId],
  )

test('S2.15 twenty payments at once by somebody new are of one customer', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const ada = await server.as()
    const replies = await together(20, (index) =>
      keyed(ada, index % 2 ? '/payments/create-intent' : '/checkout/sessions'),
    )
    expect(tally(replies)).toEqual({ 201: 20 })
    const [customer, ...others] = await customersOf(ada)
    expect(others).toEqual([])
    expect(await rowsOf(ada)).toEqual([{ number: 1, ref: customer?.id, gone: false }])
  }
})

test('an intent and a page are of the customer; nothing of the account is told the provider but its id', async () => {
  const ada = await server.as()
  const { payment } = (await start(ada)).body.data
  await keyed(ada, '/checkout/sessions')
  const [customer] = await customersOf(ada)
  expect(customer).toMatchObject({ email: null, name: null, metadata: { user_id: ada.userId } })
  const intent = await stripe.paymentIntents.retrieve(payment.providerRef)
  const [session] = (await stripe.checkout.sessions.list({ limit: 1 })).data
  expect([intent.customer, session?.customer]).toEqual([customer?.id, customer?.id])
})

test('a customer whose answer was lost is the same one when somebody asks again', async () => {
  const ada = await server.as()
  const key = randomUUID()
  loseAnswer(twin, 'POST /v1/customers')
  expect((await start(ada, key)).body.code).toBe('payments.provider_unavailable')
  expect((await start(ada, key)).status).toBe(201)
  expect(await customersOf(ada)).toHaveLength(1)
})

test('one that was never answered for is left behind before its key is forgotten at the provider', async () => {
  const ada = await server.as()
  const key = randomUUID()
  twin.faults.request({ fault: 'drop_before', on: 'POST /v1/customers', count: 2 })
  expect((await start(ada, key)).status).toBe(503)
  await query(
    server,
    `update payments_customers set created_at = now() - interval '24 hours' where user_id = $1`,
    [ada.userId],
  )
  expect((await start(ada)).status).toBe(201)
  expect(await rowsOf(ada)).toMatchObject([
    { ref: null, gone: true },
    { number: 2, gone: false },
  ])
})

test('M98 one that was deleted in the dashboard is followed by another', async () => {
  const ada = await server.as()
  await start(ada)
  const [first] = await customersOf(ada)
  await stripe.customers.del(first?.id ?? '')
  await eventually(async () => (await rowsOf(ada))[0]?.gone)
  expect((await start(ada)).status).toBe(201)
  expect(await rowsOf(ada)).toMatchObject([
    { number: 1, gone: true },
    { number: 2, gone: false },
  ])
})

test('M98 nobody heard of the deletion: the refusal that follows is reason enough to look', async () => {
  const ada = await server.as()
  // No event makes the server look: one of its making could be read as late as after its end.
  for (const on of ['customer.created', 'customer.deleted'])
    twin.faults.event({ fault: 'drop', on })
  const { payment } = (await start(ada)).body.data
  const [first] = await customersOf(ada)
  await stripe.customers.del(first?.id ?? '')
  const refused = await keyed(ada, `/payments/${payment.id}/attempts`, { kind: 'session' })
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'payments.refused_by_provider', reason: 'resource_missing' },
  })
  await eventually(async () => (await rowsOf(ada))[0]?.gone)
  const next = await keyed(ada, `/payments/${payment.id}/attempts`, { kind: 'intent' })
  expect(next.status).toBe(201)
  const { providerRef } = next.body.data.payment
  await confirm(stripe, providerRef)
  await inState(ada, payment.id, 'held')
})

test('who is erased is no customer any more; what was paid stays, without words', async () => {
  const ada = await server.as()
  const body = { ...price, description: 'for Grandma', reference: 'grandma-1' }
  const { payment } = (await keyed(ada, '/checkout/sessions', body)).body.data
  const person = { id: ada.userId ?? '', email: ada.email, formerEmails: [] }
  twin.faults.request({ fault: 'error_before', on: 'DELETE /v1/customers/*' })
  await expect(personalData.erase(server.ctx(), person)).rejects.toThrow('Nothing was done')
  expect(await rowsOf(ada)).toHaveLength(1)
  await personalData.erase(server.ctx(), person)
  await personalData.erase(server.ctx(), person)
  expect(await customersOf(ada)).toEqual([])
  expect(await rowsOf(ada)).toEqual([])
  const kept = await query<{ row: string }>(
    server,
    `select p::text || a::text as row from payments_payments p
     join payments_attempts a on a.payment_id = p.id where p.id = $1`,
    [payment.id],
  )
  expect(kept).toHaveLength(1)
  expect(kept[0]?.row.toLowerCase()).not.toContain('grandma')
})

test('the export says who one is at the provider', async () => {
  const ada = await server.as()
  await start(ada)
  const [customer] = await customersOf(ada)
  const person = { id: ada.userId ?? '', email: ada.email, formerEmails: [] }
  const parts = personalData.collect(server.ctx(), person)
  const part = parts.find(({ name }) => name === 'payment-customers')
  const rows: object[] = []
  for await (const row of part?.rows ?? []) rows.push(row)
  expect(rows).toMatchObject([{ ref: customer?.id }])
  expect((await ada.get(`${api}/payments`)).body.data).toHaveLength(1)
})
