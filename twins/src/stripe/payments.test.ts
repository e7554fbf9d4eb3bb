import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { givenClient, givenShop, givenTwin, idOf, paid, refusalOf, secret } from './testing.ts'

test('a payment makes a charge, the shop hears of it, and a refund gives the money back', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret }] })
  const client = givenClient(twin)
  const intent = await paid(client)
  expect(intent).toMatchObject({ status: 'succeeded', amount_received: 10_000 })
  const refund = await client.refunds.create({ payment_intent: intent.id, amount: 4000 })
  expect(refund).toMatchObject({ status: 'succeeded', amount: 4000, charge: intent.latest_charge })
  await twin.quiet()
  expect(shop.types()).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'refund.created',
    'charge.refunded',
  ])
  const charge = await client.charges.retrieve(idOf(intent.latest_charge), {
    expand: ['balance_transaction', 'refunds'],
  })
  expect(charge).toMatchObject({
    amount_refunded: 4000,
    refunded: false,
    balance_transaction: { amount: 10_000, fee: 320, net: 9680 },
    refunds: { data: [{ id: refund.id }] },
  })
  expect(twin.truth().accounts[twin.truth().platform]).toMatchObject({ pending: { usd: 5680 } })
})

const back = { return_url: 'https://shop.test/back' } as const
const shopping = { amount: 5000, currency: 'usd', return_url: 'https://shop.test/back' } as const

test('an intent is given its method, confirmed, and cannot be confirmed again', async () => {
  const client = givenClient(await givenTwin())
  const intent = await client.paymentIntents.create({ amount: 5000, currency: 'usd' })
  expect(intent).toMatchObject({ status: 'requires_payment_method', latest_charge: null })
  expect(await refusalOf(client.paymentIntents.confirm(intent.id, back))).toMatchObject({
    code: 'payment_intent_unexpected_state',
  })
  const ready = await client.paymentIntents.update(intent.id, { payment_method: 'pm_card_visa' })
  expect(ready.status).toBe('requires_confirmation')
  const done = await client.paymentIntents.confirm(intent.id, back)
  expect(done.status).toBe('succeeded')
  const again = await refusalOf(client.paymentIntents.confirm(intent.id, back))
  expect(again).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
  expect(again).toMatchObject({
    code: 'payment_intent_unexpected_state',
    payment_intent: { id: intent.id },
  })
  const changed = client.paymentIntents.update(intent.id, { amount: 1 })
  expect(await refusalOf(changed)).toMatchObject({ code: 'payment_intent_unexpected_state' })
})

test('a declined card says why, leaves a failed charge, and another card may be tried', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const intent = await client.paymentIntents.create({ amount: 5000, currency: 'usd' })
  const error = await refusalOf(
    client.paymentIntents.confirm(intent.id, {
      ...back,
      payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    }),
  )
  expect(error).toBeInstanceOf(Stripe.errors.StripeCardError)
  expect(error).toMatchObject({
    statusCode: 402,
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    payment_intent: { id: intent.id, status: 'requires_payment_method' },
  })
  const after = await client.paymentIntents.retrieve(intent.id)
  expect(after).toMatchObject({
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: { decline_code: 'insufficient_funds' },
  })
  const done = await client.paymentIntents.confirm(intent.id, {
    ...back,
    payment_method: 'pm_card_visa',
  })
  expect(done).toMatchObject({ status: 'succeeded', last_payment_error: null })
  const { data } = await client.charges.list({ payment_intent: intent.id })
  expect(data.map(({ status, paid: isPaid }) => [status, isPaid])).toEqual([
    ['succeeded', true],
    ['failed', false],
  ])
  expect(twin.truth().accounts[twin.truth().platform]?.transactions).toHaveLength(1)
})

test('money that was only authorised is captured in part, once, or let go', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const authorise = () =>
    client.paymentIntents.create({
      ...shopping,
      capture_method: 'manual',
      payment_method: 'pm_card_visa',
      confirm: true,
    })
  const intent = await authorise()
  expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 5000 })
  expect((await client.balance.retrieve()).pending[0]?.amount).toBe(0)
  const tooMuch = client.paymentIntents.capture(intent.id, { amount_to_capture: 5001 })
  expect(await refusalOf(tooMuch)).toMatchObject({ code: 'amount_too_large' })
  const captured = await client.paymentIntents.capture(intent.id, { amount_to_capture: 3000 })
  expect(captured).toMatchObject({ status: 'succeeded', amount_received: 3000 })
  expect(await refusalOf(client.paymentIntents.capture(intent.id))).toMatchObject({
    code: 'payment_intent_unexpected_state',
  })
  const other = await authorise()
  const cancelled = await client.paymentIntents.cancel(other.id, {
    cancellation_reason: 'requested_by_customer',
  })
  expect(cancelled).toMatchObject({ status: 'canceled', amount_capturable: 0 })
  const forgotten = await authorise()
  await twin.advance(8 * 24 * 3600)
  expect(await client.paymentIntents.retrieve(forgotten.id)).toMatchObject({
    status: 'canceled',
    cancellation_reason: 'automatic',
  })
  expect(twin.truth().accounts[twin.truth().platform]).toMatchObject({
    charges: [{ captured: 3000 }],
    transactions: [{ net: 3000 - 117 }],
  })
})

test('a bank asks its customer: yes pays, no fails, and nobody to ask is a decline', async () => {
  const client = givenClient(await givenTwin())
  const ask = () =>
    client.paymentIntents.create({
      ...shopping,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
    })
  const answer = async (intent: Stripe.PaymentIntent, value: string) => {
    const url = intent.next_action?.redirect_to_url?.url ?? ''
    expect(await (await fetch(url)).text()).toContain('Do you want to pay 5000')
    const body = new URLSearchParams({ answer: value })
    const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    return new URL(response.headers.get('location') ?? '')
  }
  const [yes, no] = [await ask(), await ask()]
  expect(yes.status).toBe('requires_action')
  const way = await answer(yes, 'yes')
  expect(way.href).toMatch(/^https:\/\/shop\.test\/back\?payment_intent=pi_/)
  expect(way.searchParams.get('redirect_status')).toBe('succeeded')
  expect((await client.paymentIntents.retrieve(yes.id)).status).toBe('succeeded')
  expect((await answer(no, 'no')).searchParams.get('redirect_status')).toBe('failed')
  expect(await client.paymentIntents.retrieve(no.id)).toMatchObject({
    status: 'requires_payment_method',
    last_payment_error: { code: 'payment_intent_authentication_failure' },
  })
  const alone = await refusalOf(
    client.paymentIntents.create({
      amount: 5000,
      currency: 'usd',
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      off_session: true,
    }),
  )
  expect(alone).toMatchObject({ statusCode: 402, code: 'authentication_required' })
})

test('a bank account is processing until the bank decides, for or against it', async () => {
  const shop = await givenShop()
  const events = ['payment_intent.*', 'charge.*']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const start = (method: string) =>
    client.paymentIntents.create({ ...shopping, payment_method: method, confirm: true })
  const good = await start('pm_usBankAccount_success')
  expect(good.status).toBe('processing')
  expect(await refusalOf(client.paymentIntents.cancel(good.id))).toMatchObject({
    code: 'payment_intent_unexpected_state',
  })
  await twin.advance(61)
  expect((await client.paymentIntents.retrieve(good.id)).status).toBe('succeeded')
  const bad = await start('pm_usBankAccount_insufficientFunds')
  await twin.advance(61)
  expect((await client.paymentIntents.retrieve(bad.id)).status).toBe('requires_payment_method')
  expect(shop.types()).toEqual([
    'payment_intent.created',
    'charge.pending',
    'payment_intent.processing',
    'charge.succeeded',
    'payment_intent.succeeded',
    'payment_intent.created',
    'charge.pending',
    'payment_intent.processing',
    'charge.failed',
    'payment_intent.payment_failed',
  ])
})

test('a card is kept for a customer and serves nobody else', async () => {
  const client = givenClient(await givenTwin())
  const [ada, bob] = [await client.customers.create({}), await client.customers.create({})]
  const intent = await client.paymentIntents.create({
    ...shopping,
    customer: ada.id,
    payment_method: 'pm_card_mastercard',
    setup_future_usage: 'off_session',
    confirm: true,
  })
  const method = idOf(intent.payment_method)
  const { data } = await client.customers.listPaymentMethods(ada.id)
  expect(data).toMatchObject([{ id: method, card: { brand: 'mastercard', last4: '4444' } }])
  const again = {
    amount: 100,
    currency: 'usd',
    payment_method: method,
    confirm: true,
    ...back,
  } as const
  const later = await client.paymentIntents.create({
    ...again,
    customer: ada.id,
    off_session: true,
  })
  expect(later.status).toBe('succeeded')
  expect(
    await refusalOf(client.paymentIntents.create({ ...again, customer: bob.id })),
  ).toMatchObject({ param: 'payment_method' })
  await client.paymentMethods.detach(method)
  expect((await client.paymentMethods.list({ customer: ada.id })).data).toEqual([])
})

test('a card by its number is a method of payment; a number that is no test card is none', async () => {
  const client = givenClient(await givenTwin())
  const method = await client.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
  const customer = await client.customers.create({ payment_method: method.id })
  expect((await client.paymentMethods.retrieve(method.id)).customer).toBe(customer.id)
  const wrong = client.paymentMethods.create({
    type: 'card',
    card: { number: '4111111111111111', exp_month: 1, exp_year: 2040 },
  })
  expect(await refusalOf(wrong)).toMatchObject({ code: 'incorrect_number' })
})

test('a deleted customer is gone for payments and can still be asked for', async () => {
  const client = givenClient(await givenTwin())
  const { id } = await client.customers.create({})
  expect(await client.customers.del(id)).toEqual({ id, object: 'customer', deleted: true })
  expect(await client.customers.retrieve(id)).toMatchObject({ deleted: true })
  const refused = client.paymentIntents.create({ amount: 100, currency: 'usd', customer: id })
  expect(await refusalOf(refused)).toMatchObject({ code: 'resource_missing', param: 'customer' })
})

test('where customers may be sent elsewhere, a server that confirms says where they come back', async () => {
  const client = givenClient(await givenTwin())
  const intent = await client.paymentIntents.create({ amount: 5000, currency: 'usd' })
  const confirm = (more: object) =>
    client.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa', ...more })
  expect(await refusalOf(confirm({}))).toMatchObject({ statusCode: 400, param: 'return_url' })
  expect((await confirm({ off_session: true })).status).toBe('succeeded')
})

test('what a payment brings may be known only after it has succeeded', async () => {
  const shop = await givenShop()
  const events = ['charge.*']
  const twin = await givenTwin({
    endpoints: [{ url: shop.url, secret, events }],
    money: { asyncCaptureSeconds: 120 },
  })
  const client = givenClient(twin)
  const { latest_charge: charge } = await paid(client)
  const early = await client.charges.retrieve(idOf(charge))
  expect(early).toMatchObject({ status: 'succeeded', balance_transaction: null })
  await twin.advance(120)
  const late = await client.charges.retrieve(idOf(charge), { expand: ['balance_transaction'] })
  expect(late.balance_transaction).toMatchObject({ amount: 10_000 })
  expect(shop.types()).toEqual(['charge.succeeded', 'charge.updated'])
})
