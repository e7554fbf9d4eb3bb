/** Payments on the provider’s page: from the session to the money in escrow, and what ends without any. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { readPage } from '../../app/testing-person.ts'
import { eventually } from '../../app/testing.ts'
import { api, query } from '../auth/testing.ts'
import { balancesOf, inState, keyed, loseAnswer, press, price, startWithStripe } from './testing.ts'

const successUrl = 'https://app.test/thanks?lang=en'
const { twin, server, stripe } = await startWithStripe({
  FRONTEND_URL: 'https://app.test',
  STRIPE_CANCEL_URL: 'https://shop.test/basket#payment',
})
const ada = await server.as()
const open = async (body: object = price, key: string = randomUUID()) =>
  keyed(ada, '/checkout/sessions', body, key)
type Opened = { payment: { id: string }; url: string }
const opened = async (): Promise<Opened> => (await open()).body.data
const paymentOf = async (id: string) => (await ada.get(`${api}/payments/${id}`)).body.data
const attemptsOf = (id: string) =>
  query<{ number: number; kind: string; outcome: string; closed: boolean }>(
    server,
    `select number, kind, outcome, closed_at is not null as closed
     from payments_attempts where payment_id = $1 order by number`,
    [id],
  )
const whole = [
  { kind: 'escrow', amount: '1099' },
  { kind: 'psp_clearing', amount: '-1037' },
  { kind: 'psp_fee', amount: '-62' },
]
const sessionsAtStripe = async () => (await stripe.checkout.sessions.list({ limit: 100 })).data

test('a payment on the provider’s page: opened, paid, heard of twice, posted once', async () => {
  const started = await open({ ...price, description: 'Tickets', successUrl })
  expect(started).toMatchObject({
    status: 201,
    body: { data: { payment: { state: 'created', price, providerRef: null } } },
  })
  const { payment, url } = started.body.data
  expect(await readPage(url)).toContain('Tickets')
  expect(await press(url)).toEqual({ status: 303, to: `${successUrl}&payment=${payment.id}` })
  await inState(ada, payment.id, 'held')
  await twin.quiet()
  const heard = await eventually(async () => {
    const events = await query<{ type: string; state: string }>(
      server,
      `select type, state from inbox_events where type in
       ('checkout.session.completed', 'payment_intent.succeeded') order by type`,
    )
    return events.length === 2 && events.every(({ state }) => state === 'processed') && events
  })
  expect(heard.map(({ type }) => type)).toEqual([
    'checkout.session.completed',
    'payment_intent.succeeded',
  ])
  expect(await balancesOf(server, payment.id)).toEqual(whole)
  expect(await attemptsOf(payment.id)).toEqual([
    { number: 1, kind: 'session', outcome: 'created', closed: true },
  ])
  const { providerRef } = await paymentOf(payment.id)
  expect(await stripe.paymentIntents.retrieve(providerRef)).toMatchObject({
    metadata: { payment_id: payment.id },
    description: 'Tickets',
  })
})

test.each(['payment_intent.*', 'checkout.session.*'])(
  'one of the two reports is enough: without those of %s it is paid all the same',
  async (lost) => {
    twin.faults.event({ fault: 'drop', on: lost, count: 10 })
    const { payment, url } = await opened()
    await press(url)
    await inState(ada, payment.id, 'held')
    expect(await balancesOf(server, payment.id)).toEqual(whole)
    twin.faults.clear()
  },
)

test('M30 no answer is not a no: the same request goes on with the same page', async () => {
  const before = await sessionsAtStripe()
  loseAnswer(twin, 'POST /v1/checkout/sessions')
  const key = randomUUID()
  expect(await open(price, key)).toMatchObject({
    status: 503,
    body: { code: 'payments.provider_unavailable' },
  })
  const again = await open(price, key)
  expect(again.status).toBe(201)
  expect(await sessionsAtStripe()).toHaveLength(before.length + 1)
  const { payment, url } = again.body.data
  expect(await open(price, key)).toMatchObject({ status: 201, text: again.text })
  await press(url)
  await inState(ada, payment.id, 'held')
})

test('a page whose answer was lost for good is known by what it led to', async () => {
  loseAnswer(twin, 'POST /v1/checkout/sessions')
  const reference = randomUUID()
  expect((await open({ ...price, reference })).status).toBe(503)
  const [session] = await sessionsAtStripe()
  await press(session?.url ?? '')
  const id = session?.metadata?.['payment_id'] ?? ''
  await inState(ada, id, 'held')
  expect(await balancesOf(server, id)).toEqual(whole)
})

test('a bank that takes its time is waited for: done with the page is not paid', async () => {
  const [good, bad] = [await opened(), await opened()]
  await press(good.url, 'pm_usBankAccount_success')
  await press(bad.url, 'pm_usBankAccount_insufficientFunds')
  await inState(ada, good.payment.id, 'processing')
  await inState(ada, bad.payment.id, 'processing')
  expect(await balancesOf(server, good.payment.id)).toEqual([])
  await twin.advance(61)
  await inState(ada, good.payment.id, 'held')
  await inState(ada, bad.payment.id, 'failed')
  expect(await balancesOf(server, bad.payment.id)).toEqual([])
  await eventually(async () => {
    const [attempt] = await attemptsOf(bad.payment.id)
    return attempt?.closed
  })
})

test('M55 a declined card is told, and the next one pays on the same page', async () => {
  const { payment, url } = await opened()
  expect((await press(url, 'pm_card_visa_chargeDeclined')).status).toBe(402)
  await inState(ada, payment.id, 'failed')
  expect(await paymentOf(payment.id)).toMatchObject({ failure: 'generic_decline' })
  await press(url)
  await inState(ada, payment.id, 'held')
  expect(await balancesOf(server, payment.id)).toEqual(whole)
})

test('a page that nobody pays on ends after a day, and another way to pay may follow', async () => {
  const { payment, url } = await opened()
  await twin.advance(24 * 3600 + 1)
  await inState(ada, payment.id, 'failed')
  expect(await paymentOf(payment.id)).toMatchObject({ failure: 'page_expired' })
  expect((await press(url)).status).toBe(404)
  const next = await keyed(ada, `/payments/${payment.id}/attempts`, { kind: 'session' })
  expect(next).toMatchObject({ status: 201, body: { data: { payment: { state: 'created' } } } })
  await press(next.body.data.url)
  await inState(ada, payment.id, 'held')
  expect(await attemptsOf(payment.id)).toMatchObject([{ closed: true }, { number: 2 }])
})

test('M56 a page of somebody else that says it is ours, or names what was never asked, changes nothing', async () => {
  const { payment } = await opened()
  const finance = await server.as('finance')
  for (const marks of [
    { payment_id: payment.id },
    { payment_id: payment.id, attempt: '2' },
    { payment_id: payment.id, attempt: 'two' },
    { payment_id: randomUUID() },
  ]) {
    const foreign = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        {
          price_data: { currency: 'usd', unit_amount: 1099, product_data: { name: 'Ours?' } },
          quantity: 1,
        },
      ],
      metadata: marks,
      payment_intent_data: { metadata: marks },
      success_url: 'https://shop.test/',
    })
    await press(foreign.url ?? '')
    await eventually(async () => {
      const listed = await finance.get(`${api}/admin/inbox/events?objectId=${foreign.id}`)
      const [event] = listed.body.data
      return event?.object?.problem === 'parent_missing'
    })
  }
  expect(await paymentOf(payment.id)).toMatchObject({ state: 'created', providerRef: null })
  expect(await balancesOf(server, payment.id)).toEqual([])
})

test('customers are sent to our own addresses and nowhere else', async () => {
  const { url } = await opened()
  const [newest] = await sessionsAtStripe()
  expect(url).toBe(newest?.url)
  expect(newest?.cancel_url).toMatch(
    /^https:\/\/shop\.test\/basket\?payment=[-0-9a-f]{36}#payment$/,
  )
  const thanks = new URL(newest?.success_url ?? '')
  expect(await server.anonymous.get(`${thanks.pathname}${thanks.search}`)).toMatchObject({
    status: 200,
    text: expect.stringContaining('Thank you'),
  })
  await open({ ...price, successUrl: '/orders/7?session={CHECKOUT_SESSION_ID}' })
  const [own] = await sessionsAtStripe()
  expect(own?.success_url).toContain('https://app.test/orders/7?session={CHECKOUT_SESSION_ID}&')
  const before = await query(server, 'select 1 from payments_payments')
  for (const address of [
    'https://elsewhere.test/',
    '//elsewhere.test/',
    'https://app.test@elsewhere.test/',
    'https://app.test.elsewhere.test/',
    'https://app.test\\@elsewhere.test/',
    'javascript:alert(1)',
    'https:/elsewhere.test',
  ])
    for (const field of ['successUrl', 'cancelUrl'])
      expect((await open({ ...price, [field]: address })).body.code, address).toBe(
        'payments.address_not_allowed',
      )
  expect(await query(server, 'select 1 from payments_payments')).toEqual(before)
})

test('in the end nothing failed on our side but what was provoked', async () => {
  await twin.quiet()
  const unavailable = expect.objectContaining({ code: 'payments.provider_unavailable' })
  expect(server.failures).toEqual([unavailable, unavailable])
})
