import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { givenClient, givenShop, givenTwin, idOf, refusalOf, secret } from './testing.ts'

const addresses = {
  success_url: 'https://shop.test/thanks?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'https://shop.test/basket',
}

async function givenSession(
  client: Stripe,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
) {
  return client.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      {
        price_data: {
          currency: 'usd',
          unit_amount: 1500,
          product_data: { name: '<b>Tickets</b>' },
        },
        quantity: 2,
      },
    ],
    ...addresses,
    ...more,
  })
}

/** What a person does: presses a button of the page. */
async function press(url: string | null, card: string, email = '') {
  const body = new URLSearchParams({ card, email })
  const response = await fetch(url ?? '', { method: 'POST', body, redirect: 'manual' })
  return {
    status: response.status,
    page: await response.text(),
    to: response.headers.get('location'),
  }
}

test('a person pays on the page and comes back to the shop, which hears of it', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: ['checkout.*'] }] })
  const client = givenClient(twin)
  const session = await givenSession(client, {
    client_reference_id: 'order-1',
    metadata: { order: '1' },
    payment_intent_data: { metadata: { order: '1' }, transfer_group: 'order-1' },
  })
  expect(session).toMatchObject({
    status: 'open',
    payment_status: 'unpaid',
    amount_total: 3000,
    payment_intent: null,
  })
  expect(session.id).toMatch(/^cs_test_/)
  const page = await (await fetch(session.url ?? '')).text()
  expect(page).toContain('2 × &#60;b&#62;Tickets')
  expect(page).toContain('pm_card_visa')
  expect(page).toContain(`href="${addresses.cancel_url}"`)
  const { status, to } = await press(session.url, 'pm_card_visa', 'ada@example.com')
  expect([status, to]).toEqual([303, `https://shop.test/thanks?session=${session.id}`])
  await twin.quiet()
  expect(shop.events).toMatchObject([
    {
      type: 'checkout.session.completed',
      data: { object: { id: session.id, payment_status: 'paid', client_reference_id: 'order-1' } },
    },
  ])
  const done = await client.checkout.sessions.retrieve(session.id, {
    expand: ['line_items.data.price.product', 'payment_intent'],
  })
  expect(done).toMatchObject({
    status: 'complete',
    url: null,
    customer_details: { email: 'ada@example.com' },
    line_items: { data: [{ quantity: 2, price: { product: { name: '<b>Tickets</b>' } } }] },
    payment_intent: {
      amount_received: 3000,
      metadata: { order: '1' },
      transfer_group: 'order-1',
    },
  })
  await press(session.url, 'pm_card_visa')
  expect((await client.charges.list()).data).toHaveLength(1)
})

test('a declined card is told on the page; the next one pays the same intent', async () => {
  const client = givenClient(await givenTwin())
  const session = await givenSession(client)
  const declined = await press(session.url, 'pm_card_visa_chargeDeclined')
  expect(declined.status).toBe(402)
  expect(declined.page).toContain('Your card was declined.')
  const open = await client.checkout.sessions.retrieve(session.id)
  expect(open.status).toBe('open')
  await press(session.url, 'pm_card_visa')
  const done = await client.checkout.sessions.retrieve(session.id)
  expect(done).toMatchObject({ status: 'complete', payment_intent: open.payment_intent })
})

test('a bank that asks brings the person back to the shop in the end', async () => {
  const client = givenClient(await givenTwin())
  const session = await givenSession(client)
  const { to } = await press(session.url, 'pm_card_threeDSecure2Required')
  const answer = new URLSearchParams({ answer: 'yes' })
  const back = await fetch(to ?? '', { method: 'POST', body: answer, redirect: 'manual' })
  const last = await fetch(back.headers.get('location') ?? '', { redirect: 'manual' })
  expect(last.headers.get('location')).toContain('https://shop.test/thanks')
  expect((await client.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid')
})

test('a bank account completes the session unpaid, and the money comes or does not', async () => {
  const shop = await givenShop()
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events: ['checkout.*'] }] })
  const client = givenClient(twin)
  for (const [method, status] of [
    ['pm_usBankAccount_success', 'paid'],
    ['pm_usBankAccount_insufficientFunds', 'unpaid'],
  ] as const) {
    const session = await givenSession(client)
    await press(session.url, method)
    const waiting = await client.checkout.sessions.retrieve(session.id)
    expect(waiting).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    await twin.advance(61)
    expect((await client.checkout.sessions.retrieve(session.id)).payment_status).toBe(status)
  }
  expect(shop.types()).toEqual([
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.completed',
    'checkout.session.async_payment_failed',
  ])
})

test('a session ends when it is told to, or after a day, and cannot be paid then', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const [told, forgotten] = [await givenSession(client), await givenSession(client)]
  await press(told.url, 'pm_card_visa_chargeDeclined')
  const expired = await client.checkout.sessions.expire(told.id)
  expect(expired).toMatchObject({ status: 'expired', url: null })
  const intent = await client.paymentIntents.retrieve(idOf(expired.payment_intent))
  expect(intent.status).toBe('canceled')
  expect((await press(told.url, 'pm_card_visa')).status).toBe(404)
  expect(await refusalOf(client.checkout.sessions.expire(told.id))).toMatchObject({
    statusCode: 400,
  })
  await twin.advance(24 * 3600 + 1)
  expect((await client.checkout.sessions.retrieve(forgotten.id)).status).toBe('expired')
  expect((await client.charges.list()).data.every(({ paid }) => !paid)).toBe(true)
})

test('a customer is made when that is asked for, and one that is given is used', async () => {
  const client = givenClient(await givenTwin())
  const made = await givenSession(client, {
    customer_creation: 'always',
    customer_email: 'new@example.com',
  })
  await press(made.url, 'pm_card_visa')
  const { customer } = await client.checkout.sessions.retrieve(made.id, { expand: ['customer'] })
  expect(customer).toMatchObject({ email: 'new@example.com' })
  const own = await client.customers.create({ email: 'own@example.com' })
  const given = await givenSession(client, { customer: own.id })
  await press(given.url, 'pm_card_visa')
  const charges = await client.charges.list({ customer: own.id })
  expect(charges.data).toMatchObject([{ amount: 3000, paid: true }])
})

test('what a session cannot sell is refused', async () => {
  const client = givenClient(await givenTwin())
  const product = await client.products.create({ name: 'Magazine' })
  const monthly = await client.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 500,
    recurring: { interval: 'month' },
  })
  const refuse = (more: object) => refusalOf(givenSession(client, more))
  expect(await refuse({ line_items: [{ price: monthly.id }] })).toMatchObject({ statusCode: 400 })
  expect(await refuse({ line_items: [{ price: 'price_none' }] })).toMatchObject({
    code: 'resource_missing',
    param: 'line_items[0][price]',
  })
  expect(await refuse({ expires_at: 1 })).toMatchObject({ param: 'expires_at' })
  const tiny = { price_data: { currency: 'usd', unit_amount: 10, product_data: { name: 'Pin' } } }
  expect(await refuse({ line_items: [tiny] })).toMatchObject({ code: 'amount_too_small' })
})
