/** One way to pay at a time: what went before is closed at the provider, money that comes first wins, none is kept twice. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually } from '../../app/testing.ts'
import { api, query, rounds, tally, together } from '../auth/testing.ts'
import { alertsOf, watch } from '../monitoring/testing.ts'
import { closeAttempts, resendAttempts } from './jobs.ts'
import { settleSurplus } from './surplus.ts'
import {
  balancesOf,
  confirm,
  getState,
  inState,
  keyed,
  letRest,
  loseAnswer,
  press,
  price,
  startWithStripe,
} from './testing.ts'

const { twin, server, stripe } = await startWithStripe()
const ada = await server.as()
const finance = await server.as('finance')
type Payment = { id: string; providerRef: string; state: string }
const byIntent = async (): Promise<Payment> =>
  (await keyed(ada, '/payments/create-intent')).body.data.payment
const byPage = async (): Promise<{ payment: Payment; url: string }> =>
  (await keyed(ada, '/checkout/sessions')).body.data
const another = (id: string, kind: 'intent' | 'session', key: string = randomUUID()) =>
  keyed(ada, `/payments/${id}/attempts`, { kind }, key)
const cancel = (id: string, client = ada) => client.post(`${api}/payments/${id}/cancel`)
const statusAt = async (ref: string) => (await stripe.paymentIntents.retrieve(ref)).status
const attemptsOf = (id: string) =>
  query<{ number: number; kind: string; outcome: string; ref: string | null; closed: boolean }>(
    server,
    `select number, kind, outcome, provider_ref as ref, closed_at is not null as closed
     from payments_attempts where payment_id = $1 order by number`,
    [id],
  )
const sweep = async () => {
  await letRest(server)
  const tick = { scheduledFor: new Date().toISOString() }
  await closeAttempts.run(server.ctx(), tick, new AbortController().signal)
}
const factsOf = async (id: string) =>
  (await server.facts()).filter(({ subjectId }) => subjectId === id).map(({ name }) => name)
const escrow = [
  { kind: 'escrow', amount: '1099' },
  { kind: 'psp_clearing', amount: '-1037' },
  { kind: 'psp_fee', amount: '-62' },
]

test('cancelled is what the provider has cancelled; a second time it is the same', async () => {
  const payment = await byIntent()
  expect(await cancel(payment.id)).toMatchObject({
    status: 200,
    body: { data: { state: 'cancelled', failure: null } },
  })
  expect(await statusAt(payment.providerRef)).toBe('canceled')
  expect((await cancel(payment.id)).status).toBe(200)
  await twin.quiet()
  expect(await factsOf(payment.id)).toEqual([
    'payments.started',
    'payments.cancel_wanted',
    'payments.changed',
  ])
  expect((await another(payment.id, 'intent')).body.code).toBe('payments.payment_closed')
})

test('a page that was cancelled leads nowhere, and its end does not make the payment fail', async () => {
  const { payment, url } = await byPage()
  await press(url, 'pm_card_visa_chargeDeclined')
  await inState(ada, payment.id, 'failed')
  expect((await cancel(payment.id)).body.data.state).toBe('cancelled')
  expect((await press(url)).status).toBe(404)
  await eventually(async () => {
    const listed = await finance.get(`${api}/admin/inbox/events?type=checkout.session.expired`)
    return listed.body.data[0]?.state === 'processed'
  })
  expect(await getState(ada, payment.id)).toBe('cancelled')
})

test('only whose payment it is cancels it or pays it another way', async () => {
  const payment = await byIntent()
  const stranger = await server.as()
  for (const client of [stranger, finance]) {
    expect((await cancel(payment.id, client)).body.code).toBe('payments.payment_not_found')
    const asked = await keyed(client, `/payments/${payment.id}/attempts`, { kind: 'session' })
    expect(asked.body.code).toBe('payments.payment_not_found')
  }
  expect(await statusAt(payment.providerRef)).toBe('requires_payment_method')
})

test('what is paid, or at a bank, is not cancelled and not paid another way', async () => {
  const [paid, waiting] = [await byIntent(), await byIntent()]
  await confirm(stripe, paid.providerRef)
  await confirm(stripe, waiting.providerRef, 'pm_usBankAccount_success')
  for (const [{ id }, code] of [
    [paid, 'payments.already_paid'],
    [waiting, 'payments.in_progress'],
  ] as const) {
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code } })
    expect(await another(id, 'session')).toMatchObject({ status: 409, body: { code } })
  }
  await inState(ada, paid.id, 'held')
  await inState(ada, waiting.id, 'processing')
  await twin.advance(61)
  await inState(ada, waiting.id, 'held')
  expect((await attemptsOf(paid.id)).map(({ closed }) => closed)).toEqual([true])
})

test('cancelled while somebody pays: one of the two wins, and the state says which', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const payment = await byIntent()
    const [paid, cancelled] = await Promise.all([
      confirm(stripe, payment.providerRef).then(
        () => true,
        () => false,
      ),
      cancel(payment.id),
      cancel(payment.id),
    ])
    const end = paid ? 'held' : 'cancelled'
    expect(cancelled.status).toBe(paid ? 409 : 200)
    await inState(ada, payment.id, end)
    expect(await balancesOf(server, payment.id)).toEqual(paid ? escrow : [])
  }
})

test('from an intent to a page and back: what was before is closed first, the last one pays', async () => {
  const payment = await byIntent()
  const page = (await another(payment.id, 'session')).body.data
  expect(page).toMatchObject({ clientSecret: null, payment: { state: 'created', failure: null } })
  expect(await statusAt(payment.providerRef)).toBe('canceled')
  const last = (await another(payment.id, 'intent')).body.data
  expect(last).toMatchObject({ url: null, clientSecret: expect.stringContaining('_secret_') })
  expect((await press(page.url)).status).toBe(404)
  await confirm(stripe, last.payment.providerRef)
  await inState(ada, payment.id, 'held')
  expect(await attemptsOf(payment.id)).toMatchObject([
    { number: 1, kind: 'intent', closed: true },
    { number: 2, kind: 'session', closed: true },
    { number: 3, kind: 'intent', closed: true },
  ])
  await twin.quiet()
  expect(await getState(ada, payment.id)).toBe('held')
  expect(await balancesOf(server, payment.id)).toEqual(escrow)
})

test('twenty who want another way at once: one way is left that can be paid', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const payment = await byIntent()
    const replies = await together(20, (index) =>
      another(payment.id, index % 2 ? 'intent' : 'session'),
    )
    const { 201: made = 0, 409: refused = 0, ...rest } = tally(replies)
    expect({ ...rest, all: made + refused }).toEqual({ all: 20 })
    expect(made).toBeGreaterThan(0)
    const live = (await attemptsOf(payment.id)).filter(({ closed }) => !closed)
    expect(live).toHaveLength(1)
    const intents = (await stripe.paymentIntents.list({ limit: 100 })).data
    const sessions = (await stripe.checkout.sessions.list({ limit: 100 })).data
    const payable = [
      ...intents.filter(({ status }) => status !== 'canceled'),
      ...sessions.filter(({ status }) => status === 'open'),
    ].filter(({ metadata }) => metadata?.['payment_id'] === payment.id)
    expect(payable.map(({ id }) => id)).toEqual([live[0]?.ref])
  }
})

test('what cannot be closed now is not followed by another way; the same request goes on later', async () => {
  const { payment, url } = await byPage()
  twin.faults.request({ fault: 'error_before', on: 'POST /v1/checkout/sessions/*', count: 1 })
  const key = randomUUID()
  expect((await another(payment.id, 'intent', key)).body.code).toBe('payments.provider_unavailable')
  expect(await attemptsOf(payment.id)).toHaveLength(1)
  expect((await another(payment.id, 'intent', key)).status).toBe(201)
  expect((await press(url)).status).toBe(404)
})

test('M30 another way whose answer was lost is the same way when it is asked for again', async () => {
  const payment = await byIntent()
  loseAnswer(twin, 'POST /v1/checkout/sessions')
  const key = randomUUID()
  expect((await another(payment.id, 'session', key)).status).toBe(503)
  const { url } = (await another(payment.id, 'session', key)).body.data
  expect(await attemptsOf(payment.id)).toMatchObject([{ number: 1 }, { number: 2 }])
  await press(url)
  await inState(ada, payment.id, 'held')
})

test('a way that nobody knows to be there is found out before it is closed', async () => {
  loseAnswer(twin, 'POST /v1/payment_intents')
  const reference = randomUUID()
  const started = await keyed(ada, '/payments/create-intent', { ...price, reference })
  expect(started.status).toBe(503)
  const { paymentId } = (await keyed(ada, '/payments/create-intent', { ...price, reference })).body
  expect((await another(paymentId, 'session')).status).toBe(201)
  const [first] = await attemptsOf(paymentId)
  expect(first).toMatchObject({ outcome: 'created', closed: true })
  expect(await statusAt(first?.ref ?? '')).toBe('canceled')
})

test('what was to be cancelled while the provider was away is cancelled as soon as it answers', async () => {
  const payment = await byIntent()
  twin.faults.request({ fault: 'error_before', on: 'POST /v1/payment_intents/*', count: 2 })
  expect((await cancel(payment.id)).body.code).toBe('payments.provider_unavailable')
  expect(await getState(ada, payment.id)).toBe('created')
  expect((await another(payment.id, 'session')).body.code).toBe('payments.payment_closed')
  await expect(sweep()).rejects.toThrow('could not be closed')
  await sweep()
  expect(await getState(ada, payment.id)).toBe('cancelled')
  expect(await statusAt(payment.providerRef)).toBe('canceled')
})

test('M34 the key’s row is forgotten, and the same thing is not paid for twice', async () => {
  const reference = 'order 4711'
  const key = randomUUID()
  const body = { ...price, reference }
  const first = await keyed(ada, '/payments/create-intent', body, key)
  const { payment } = first.body.data
  await confirm(stripe, payment.providerRef)
  await inState(ada, payment.id, 'held')
  await query(server, 'delete from platform_idempotency_keys')
  const before = await stripe.paymentIntents.list({ limit: 1 })
  for (const path of ['/payments/create-intent', '/checkout/sessions'])
    expect(await keyed(ada, path, body, key)).toMatchObject({
      status: 409,
      body: { code: 'payments.reference_taken', paymentId: payment.id },
    })
  expect((await another(payment.id, 'session', key)).body.code).toBe('payments.already_paid')
  expect((await stripe.paymentIntents.list({ limit: 1 })).data[0]?.id).toBe(before.data[0]?.id)
  const other = await keyed(await server.as(), '/payments/create-intent', body)
  expect(other.status).toBe(201)
})

test('M34 twenty who ask for one thing under twenty keys start one payment', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const body = { ...price, reference: randomUUID() }
    const replies = await together(20, () => keyed(ada, '/checkout/sessions', body))
    expect(tally(replies)).toEqual({ 201: 1, 409: 19 })
  }
})

/** Two ways to pay one payment that both can be paid: what the server makes sure of is taken away underneath it. */
async function givenTwoLive(): Promise<{ payment: Payment; url: string; ref: string }> {
  const { payment, url } = await byPage()
  await query(
    server,
    `update payments_attempts set outcome = 'rejected', detail = 'expired' where payment_id = $1`,
    [payment.id],
  )
  const next = (await another(payment.id, 'intent')).body.data.payment
  return { payment, url, ref: next.providerRef }
}

test('M53 paid on a page and by a saved card at once: paid once, the second money waits to go back, with an alarm', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { payment, url, ref } = await givenTwoLive()
    await Promise.all([press(url), confirm(stripe, ref)])
    const [surplus] = await eventually(async () => {
      const rows = await query<{ id: string; collection_ref: string; charge_ref: string }>(
        server,
        'select id, collection_ref, charge_ref from payments_surplus where payment_id = $1',
        [payment.id],
      )
      return rows.length > 0 && rows
    })
    await twin.quiet()
    const held = (await ada.get(`${api}/payments/${payment.id}`)).body.data
    expect(held.state).toBe('held')
    expect(held.providerRef).not.toBe(surplus?.collection_ref)
    expect(await balancesOf(server, payment.id)).toEqual(escrow)
    await eventually(async () => (await balancesOf(server, surplus?.id ?? '')).length === 3)
    expect(await balancesOf(server, surplus?.id ?? '')).toEqual(escrow)
    expect(
      (await factsOf(payment.id)).filter((name) => name === 'payments.paid_twice'),
    ).toHaveLength(1)
    const waiting = (await finance.get(`${api}/payments/surplus?limit=100`)).body.data
    expect(
      waiting.filter(({ paymentId }: { paymentId: string }) => paymentId === payment.id),
    ).toEqual([
      expect.objectContaining({ id: surplus?.id, chargeRef: surplus?.charge_ref, received: price }),
    ])
    await watch(server)
    const alerts = await alertsOf(await server.as('admin'), 'paid_twice')
    expect(alerts.map(({ subjectId }) => subjectId)).toContain(payment.id)
  }
})

test('M53 two tabs of one page: the second finds it done', async () => {
  const { payment, url } = await byPage()
  const tabs = await together(2, () => press(url))
  expect(tabs.map(({ status }) => status)).toEqual([303, 303])
  await inState(ada, payment.id, 'held')
  await twin.quiet()
  expect(await balancesOf(server, payment.id)).toEqual(escrow)
})

test('M53 what could still be paid when another way has paid is closed by the sweeper', async () => {
  const { payment, url, ref } = await givenTwoLive()
  await confirm(stripe, ref)
  await inState(ada, payment.id, 'held')
  await sweep()
  expect((await press(url)).status).toBe(404)
  expect((await attemptsOf(payment.id)).map(({ closed }) => closed)).toEqual([true, true])
})

test('M53 money on an older way wins, and the newer one is given up and closed', async () => {
  const { payment, url, ref } = await givenTwoLive()
  await press(url)
  await inState(ada, payment.id, 'held')
  await sweep()
  expect(await statusAt(ref)).toBe('canceled')
  expect(await getState(ada, payment.id)).toBe('held')
  expect(await balancesOf(server, payment.id)).toEqual(escrow)
})

test('another amount on an older way is not taken, and nobody pays the newer one meanwhile', async () => {
  const payment = await byIntent()
  await query(
    server,
    `update payments_attempts set outcome = 'rejected', detail = 'expired' where payment_id = $1`,
    [payment.id],
  )
  const { url } = (await another(payment.id, 'session')).body.data
  await stripe.paymentIntents.update(payment.providerRef, { amount: 500 })
  await confirm(stripe, payment.providerRef)
  await inState(ada, payment.id, 'amount_mismatch')
  await sweep()
  expect((await press(url)).status).toBe(404)
  expect(await balancesOf(server, payment.id)).toEqual([])
})

test('cancelled and wanted another way at once: it is over, and nothing can be paid', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const payment = await byIntent()
    const replies = await together(20, (index) =>
      index % 2 ? cancel(payment.id) : another(payment.id, 'session'),
    )
    const refused = replies.filter(({ status }) => status !== 200 && status !== 201)
    for (const { body } of refused)
      expect(['payments.payment_closed', 'payments.other_attempt']).toContain(body.code)
    expect(await getState(ada, payment.id)).toBe('cancelled')
    const sessions = (await stripe.checkout.sessions.list({ limit: 100 })).data
    const open = sessions.filter(
      ({ status, metadata }) => status === 'open' && metadata?.['payment_id'] === payment.id,
    )
    expect(open).toEqual([])
  }
})

test('a surplus is given back once', async () => {
  const [surplus] = (await finance.get(`${api}/payments/surplus?limit=1`)).body.data
  const settle = (refundId: string) =>
    server.ctx().tx((tx) => settleSurplus(tx, surplus.id, refundId))
  const refund = randomUUID()
  await Promise.all([settle(refund), settle(refund)])
  await expect(settle(randomUUID())).rejects.toMatchObject({ code: 'payments.surplus_returned' })
  const waiting = (await finance.get(`${api}/payments/surplus?limit=100`)).body.data
  expect(waiting.map(({ id }: { id: string }) => id)).not.toContain(surplus.id)
  expect((await ada.get(`${api}/payments/surplus`)).status).toBe(403)
})

test('what was given up after a day and was there all the same is closed as soon as it is heard of', async () => {
  const { payment, url } = await byPage()
  await query(
    server,
    `update payments_attempts set outcome = 'unknown', provider_ref = null,
       created_at = now() - interval '24 hours', updated_at = now() - interval '1 hour'
     where payment_id = $1`,
    [payment.id],
  )
  const tick = { scheduledFor: new Date().toISOString() }
  await resendAttempts.run(server.ctx(), tick, new AbortController().signal)
  expect(await getState(ada, payment.id)).toBe('failed')
  const next = (await another(payment.id, 'intent')).body.data.payment
  await press(url, 'pm_card_visa_chargeDeclined')
  await twin.quiet()
  await eventually(async () => (await attemptsOf(payment.id))[0]?.ref)
  expect(await getState(ada, payment.id)).toBe('created')
  await sweep()
  expect((await press(url)).status).toBe(404)
  await confirm(stripe, next.providerRef)
  await inState(ada, payment.id, 'held')
})

test('nobody tries for ever', async () => {
  const payment = await byIntent()
  for (let number = 2; number <= 25; number += 1)
    expect((await another(payment.id, 'intent')).status).toBe(201)
  expect((await another(payment.id, 'intent')).body.code).toBe('payments.too_many_attempts')
})

test('in the end nothing failed on our side but what was provoked', async () => {
  await twin.quiet()
  const codes = server.failures.map((failure) => (failure as { code?: unknown }).code)
  expect(new Set(codes)).toEqual(new Set(['payments.provider_unavailable']))
  expect(codes).toHaveLength(4)
})
