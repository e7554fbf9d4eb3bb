/**
 * Stripe answers 500 to what it has done all the same, and says so again whenever it is asked under that key. What was done
 * is found by the marks that it carries, and nothing is done twice.
 */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { idOf } from '../../../../twins/src/stripe/testing.ts'
import { query } from '../auth/testing.ts'
import { keyed } from '../payments/testing.ts'
import { startShop } from '../refunds/testing.ts'

const shop = await startShop()
const { stripe, twin, finance, api } = shop
const body = { amount: '1099', currency: 'USD' }
const failAfter = (on: string) => twin.faults.request({ fault: 'error_after', on })
/** Nobody tells of it either. */
const tellNobody = (on: string) => twin.faults.event({ fault: 'never', on, count: 5 })
const disputed = async () => {
  const { id, charge } = await shop.pay(5000)
  const { id: ref } = await shop.atTwin('disputes', { charge })
  await shop.settled()
  const [dispute] = (await finance.get(`${api}/disputes?paymentId=${id}`)).body.data
  return { paymentId: id, ref, id: String(dispute.id) }
}

test('M65 a customer, a payment and a page that were made are the answer, at once and each once', async () => {
  const eve = await shop.server.as()
  failAfter('POST /v1/customers')
  failAfter('POST /v1/payment_intents')
  const begun = await keyed(eve, '/payments/create-intent', body)
  expect(begun.status).toBe(201)
  const { payment, clientSecret } = begun.body.data
  const intent = await stripe.paymentIntents.retrieve(payment.providerRef)
  expect(intent).toMatchObject({
    client_secret: clientSecret,
    metadata: { payment_id: payment.id },
  })
  const customers = (await stripe.customers.list({ limit: 100 })).data
  expect(customers.filter(({ metadata }) => metadata['user_id'] === eve.userId)).toHaveLength(1)

  failAfter('POST /v1/checkout/sessions')
  const page = await keyed(eve, '/checkout/sessions', body)
  expect(page.status).toBe(201)
  const sessions = (await stripe.checkout.sessions.list({ customer: idOf(intent.customer) })).data
  expect(sessions.map(({ url }) => url)).toEqual([page.body.data.url])
})

test('M65 another attempt of a payment is not taken for the first one', async () => {
  const eve = await shop.server.as()
  const first = (await keyed(eve, '/payments/create-intent', body)).body.data.payment
  failAfter('POST /v1/payment_intents')
  const next = await keyed(eve, `/payments/${first.id}/attempts`, { kind: 'intent' })
  expect(next.status).toBe(201)
  const { providerRef } = next.body.data.payment
  expect(providerRef).not.toBe(first.providerRef)
  expect((await stripe.paymentIntents.retrieve(providerRef)).metadata).toEqual({
    payment_id: first.id,
    attempt: '2',
  })
})

test('M65 a failure before anything was done stays unknown, and the same key goes on', async () => {
  const eve = await shop.server.as()
  const key = randomUUID()
  twin.faults.request({ fault: 'error_before', on: 'POST /v1/payment_intents', count: 1 })
  expect((await keyed(eve, '/payments/create-intent', body, key)).status).toBe(503)
  expect((await keyed(eve, '/payments/create-intent', body, key)).status).toBe(201)
  shop.server.failures.length = 0
})

test('M65 a refund that was made is known at once, although nobody tells of it', async () => {
  const { id, charge } = await shop.pay(5000)
  failAfter('POST /v1/refunds')
  tellNobody('refund.*')
  tellNobody('charge.refunded')
  const reply = await shop.refund(id, { amount: '2000' })
  twin.faults.clear()
  expect(reply).toMatchObject({ status: 201, body: { data: { state: 'succeeded' } } })
  expect((await shop.theirRefunds(charge)).map((each) => each.id)).toEqual([
    reply.body.data.providerRef,
  ])
  await shop.expectSame()
})

test('M65 evidence that was taken, and a dispute that was given up, are known at once', async () => {
  const defended = await disputed()
  failAfter('POST /v1/disputes/*')
  tellNobody('charge.dispute.*')
  const evidence = await keyed(finance, `/disputes/${defended.id}/evidence`, { text: 'They came.' })
  expect(evidence).toMatchObject({ status: 200, body: { data: { state: 'under_review' } } })
  twin.faults.clear()

  const given = await disputed()
  failAfter('POST /v1/disputes/*')
  tellNobody('charge.dispute.*')
  const accepted = await keyed(finance, `/disputes/${given.id}/acceptance`, {})
  twin.faults.clear()
  expect(accepted).toMatchObject({ status: 200, body: { data: { state: 'lost' } } })
  expect(
    await query(shop.server, 'select state from payments_payments where id = $1', [
      given.paymentId,
    ]),
  ).toEqual([{ state: 'charged_back' }])
  await shop.expectSame()
})
