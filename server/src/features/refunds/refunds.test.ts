/** Refunds over HTTP, with a provider that fails as providers do, and dashboards and banks that act by themselves. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { holdAnswer } from '../../../../twins/src/stripe/testing.ts'
import { eventually, startServer } from '../../app/testing.ts'
import { crowd, query, rounds, tally, together } from '../auth/testing.ts'
import { alertsOf, watch } from '../monitoring/testing.ts'
import { keepRefund } from './keeping.ts'
import { resendRefunds } from './jobs.ts'
import { send } from './sending.ts'
import { startShop } from './testing.ts'

const shop = await startShop()
const { server, twin, finance, ada, api, pay, get, refund, balancesOf, refundsOf } = shop
const dollars = (amount: number) => ({ amount: String(amount), currency: 'USD' })
const statesOf = async (id: string) => (await refundsOf(id)).map(({ state }) => state)
const sweep = () =>
  resendRefunds.run(
    server.ctx(),
    { scheduledFor: new Date().toISOString() },
    new AbortController().signal,
  )
/** Time passes for the attempts of a payment’s refunds. */
const age = (paymentId: string, interval: string) =>
  query(
    server,
    `with r as (update refunds_refunds set created_at = created_at - $2::interval
       where payment_id = $1 returning id)
     update refunds_attempts set created_at = created_at - $2::interval,
       updated_at = updated_at - $2::interval, missed_at = missed_at - $2::interval
     where refund_id in (select id from r)`,
    [paymentId, interval],
  )
/** Nothing is told of refunds for a while. */
const mute = () => {
  for (const on of ['refund.*', 'charge.refund*'])
    twin.faults.event({ fault: 'drop', on, count: 9 })
}
/** The official client sends once more by itself when a connection is lost. */
const bothTimes = { on: 'POST /v1/refunds', count: 2 }

test('a refund is claimed, asked for, and gone when the customer has it', async () => {
  const payment = await pay(100)
  const made = await refund(payment.id, { amount: '40', reason: 'requested_by_customer' })
  expect(made).toMatchObject({
    status: 201,
    body: {
      data: {
        paymentId: payment.id,
        amount: dollars(40),
        state: 'succeeded',
        origin: 'asked',
        reason: 'requested_by_customer',
      },
    },
  })
  expect(await get(payment.id)).toMatchObject({
    state: 'held',
    captured: dollars(100),
    refunded: dollars(40),
    refundPending: dollars(0),
  })
  expect(await shop.theirRefunds(payment.charge)).toMatchObject([
    { amount: 40, reason: 'requested_by_customer', metadata: { payment_id: payment.id } },
  ])
  await shop.settled()
  expect(await balancesOf(payment.id)).toMatchObject({ escrow: 60 })
  expect(await refundsOf(payment.id)).toHaveLength(1)
  expect(await shop.facts('refunds.succeeded', payment.id)).toHaveLength(1)
  const one = await finance.get(`${api}/refunds/${made.body.data.id}`)
  expect(one.body.data).toMatchObject({ state: 'succeeded', amount: dollars(40) })
  const listed = await finance.get(`${api}/refunds?paymentId=${payment.id}&state=succeeded`)
  expect(listed.body.data).toEqual([one.body.data])
})

test('M81 zero, less and another currency are refused; nothing said is all that is left', async () => {
  const payment = await pay(100)
  for (const amount of ['0', '-1', '1.5', '1e2', 30, ''])
    expect((await refund(payment.id, { amount })).status, String(amount)).toBe(422)
  expect(await refund(payment.id, { amount: '30', currency: 'EUR' })).toMatchObject({
    status: 422,
    body: { code: 'money.asset_mismatch' },
  })
  expect((await refund(payment.id, { amount: '30', currency: 'XXX' })).status).toBe(422)
  expect(await refund(payment.id, { amount: '101' })).toMatchObject({
    status: 409,
    body: { code: 'refunds.more_than_refundable', refundable: dollars(100) },
  })
  expect(await refundsOf(payment.id)).toEqual([])
  expect((await refund(payment.id, { amount: '30', currency: 'USD' })).status).toBe(201)
  expect((await refund(payment.id, { amount: null })).body.data.amount).toEqual(dollars(70))
  expect(await get(payment.id)).toMatchObject({ state: 'refunded', refunded: dollars(100) })
  for (const body of [{}, { amount: null }, { amount: '1' }])
    expect(await refund(payment.id, body)).toMatchObject({
      status: 409,
      body: { code: 'refunds.nothing_to_refund', refundable: dollars(0) },
    })
  expect(await shop.theirRefunds(payment.charge)).toHaveLength(2)
})

test('M26 M27 M28 a refund wants a key; the same again is the same refund, another is refused', async () => {
  const payment = await pay(100)
  const url = `${api}/payments/${payment.id}/refunds`
  expect((await finance.post(url, { amount: '30' })).status).toBe(400)
  const key = randomUUID()
  const first = await refund(payment.id, { amount: '30' }, key)
  const again = await refund(payment.id, { amount: '30' }, key)
  expect(again).toMatchObject({ status: 201, text: first.text })
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect((await refund(payment.id, { amount: '31' }, key)).status).toBe(422)
  expect(await refundsOf(payment.id)).toHaveLength(1)
})

test('who may not refund does not, and learns nothing of others’ refunds', async () => {
  const payment = await pay(100)
  for (const role of ['member', 'support', 'employee', 'provider'])
    expect(await refund(payment.id, {}, randomUUID(), await server.as(role))).toMatchObject({
      status: 403,
      body: { code: 'access.forbidden' },
    })
  // Not even the one who paid.
  expect((await refund(payment.id, {}, randomUUID(), ada)).status).toBe(403)
  for (const url of ['refunds', `payments/${payment.id}/refunds`, `refunds/${randomUUID()}`])
    expect((await ada.get(`${api}/${url}`)).status).toBe(403)
  for (const role of ['admin', 'super_admin'])
    expect(
      (await refund(payment.id, { amount: '10' }, randomUUID(), await server.as(role))).status,
    ).toBe(201)
  expect((await refund(randomUUID())).body.code).toBe('payments.payment_not_found')
  expect((await finance.get(`${api}/refunds/${randomUUID()}`)).body.code).toBe(
    'refunds.refund_not_found',
  )
})

test('whoever paid sees what came back of it, and neither why nor of others’ payments', async () => {
  const payment = await pay(100)
  const other = await pay(70)
  await refund(payment.id, { amount: '30', reason: 'A note for us alone' })
  await refund(other.id, { amount: '7' })
  const own = (search = '', client = ada) => client.get(`${api}/users/me/refunds${search}`)
  const { body } = await own(`?paymentId=${payment.id}`)
  expect(body.data).toEqual([
    {
      id: expect.any(String),
      paymentId: payment.id,
      amount: dollars(30),
      state: 'succeeded',
      succeededAt: expect.any(String),
      createdAt: expect.any(String),
    },
  ])
  expect((await own()).body.data.slice(0, 2)).toMatchObject([
    { paymentId: other.id },
    { paymentId: payment.id },
  ])
  const stranger = await server.as()
  expect((await own(`?paymentId=${payment.id}`, stranger)).body.data).toEqual([])
  expect((await own('', finance)).body.data).toEqual([])
})

test('what has not been paid is not refunded', async () => {
  const { id } = await shop.start(100)
  expect(await refund(id)).toMatchObject({
    status: 409,
    body: { code: 'refunds.nothing_to_refund' },
  })
  expect(await refundsOf(id)).toEqual([])
})

test('M79 twenty at once of 30 each on 100: three are made, and 10 are left', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const payment = await pay(100)
    const replies = await together(crowd, () => refund(payment.id, { amount: '30' }))
    expect(tally(replies)).toEqual({ 201: 3, 409: crowd - 3 })
    const made = await shop.theirRefunds(payment.charge)
    expect(made.map(({ amount }) => amount)).toEqual([30, 30, 30])
    expect(await get(payment.id)).toMatchObject({ state: 'held', refunded: dollars(90) })
    expect(await refund(payment.id, { amount: '30' })).toMatchObject({
      body: { code: 'refunds.more_than_refundable', refundable: dollars(10) },
    })
  }
})

test('twenty keys at once for the rest of one payment: one of them has it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const payment = await pay(100)
    const replies = await together(crowd, () => refund(payment.id))
    expect(tally(replies)).toEqual({ 201: 1, 409: crowd - 1 })
    expect(await shop.theirRefunds(payment.charge)).toMatchObject([{ amount: 100 }])
    expect(await statesOf(payment.id)).toEqual(['succeeded'])
  }
})

test('twenty at once under one key are one refund', async () => {
  const payment = await pay(100)
  const key = randomUUID()
  const replies = await together(crowd, () => refund(payment.id, { amount: '30' }, key))
  const { 201: made = 0, 409: waiting = 0, ...rest } = tally(replies)
  expect({ ...rest, all: made + waiting }).toEqual({ all: crowd })
  await eventually(async () => (await refund(payment.id, { amount: '30' }, key)).status === 201)
  expect(await shop.theirRefunds(payment.charge)).toHaveLength(1)
  expect(await refundsOf(payment.id)).toHaveLength(1)
})

test('a refund has one live attempt: the database refuses a second one, but not one after a rejection', async () => {
  const payment = await pay(100)
  const { id } = (await refund(payment.id, { amount: '40' })).body.data
  const add = () =>
    query(
      server,
      `insert into refunds_attempts (id, refund_id, number, key, request) values ($1, $2, 2, $3, '{}')`,
      [randomUUID(), id, randomUUID()],
    )
  const become = (outcome: string | null) =>
    query(server, 'update refunds_attempts set outcome = $2 where refund_id = $1', [id, outcome])
  for (const outcome of ['created', 'unknown', null]) {
    await become(outcome)
    await expect(add(), String(outcome)).rejects.toMatchObject({
      constraint: 'refunds_attempts_live',
    })
  }
  await become('rejected')
  await add()
  // Both are over, for whoever looks later in this file.
  await become('rejected')
})

test('M82 no answer is not a no: the refund is unknown, and made once under the same key', async () => {
  // Where it was done the provider answers the client’s own second try.
  for (const [fault, status, state] of [
    ['drop_before', 202, 'unknown'],
    ['drop_after', 201, 'succeeded'],
  ] as const) {
    const payment = await pay(100)
    // What is not told by an event either is found out by asking again.
    if (fault === 'drop_after') mute()
    twin.faults.request({ fault, ...bothTimes })
    const key = randomUUID()
    const reply = await refund(payment.id, { amount: '30' }, key)
    expect(reply).toMatchObject({ status, body: { data: { state } } })
    expect((await refund(payment.id, { amount: '30' }, key)).text).toBe(reply.text)
    expect(await refund(payment.id, { amount: '71' })).toMatchObject({ status: 409 })
    await age(payment.id, '2 minutes')
    await sweep()
    twin.faults.clear()
    expect(await statesOf(payment.id)).toEqual(['succeeded'])
    expect(await shop.theirRefunds(payment.charge)).toHaveLength(1)
    const numbers = await query(
      server,
      `select number, outcome from refunds_attempts a join refunds_refunds r on r.id = a.refund_id
       where r.payment_id = $1`,
      [payment.id],
    )
    expect(numbers).toEqual([{ number: 1, outcome: 'created' }])
  }
})

/** It is done and answered with 500, and its list does not answer either: it stays unknown. */
function failUnseen() {
  twin.faults.request({ fault: 'error_after', on: 'POST /v1/refunds' })
  twin.faults.request({ fault: 'error_before', on: 'GET /v1/refunds' })
}

test('M82 an event that comes after no answer is believed, and nothing is sent again', async () => {
  const payment = await pay(100)
  failUnseen()
  for (const on of ['refund.*', 'charge.refund*'])
    twin.faults.event({ fault: 'delay', on, count: 9, amount: 3 })
  const reply = await refund(payment.id, { amount: '30' })
  twin.faults.clear()
  expect(reply).toMatchObject({ status: 202, body: { data: { state: 'unknown' } } })
  await eventually(async () => (await statesOf(payment.id))[0] === 'succeeded')
  await age(payment.id, '2 minutes')
  await sweep()
  expect(await statesOf(payment.id)).toEqual(['succeeded'])
  expect(await shop.theirRefunds(payment.charge)).toHaveLength(1)
})

test('M82 an event that is faster than the answer is believed, and the answer changes nothing', async () => {
  const payment = await pay(100)
  twin.faults.request({ fault: 'error_after', on: 'POST /v1/refunds' })
  // Whether it was made is looked up; until that is answered, the event has come.
  const answer = holdAnswer(twin, 'GET /v1/refunds')
  const asked = refund(payment.id, { amount: '30' })
  await eventually(async () => (await statesOf(payment.id))[0] === 'succeeded')
  answer.letGo()
  const reply = await asked
  twin.faults.clear()
  expect(reply).toMatchObject({ status: 201, body: { data: { state: 'succeeded' } } })
  await age(payment.id, '2 minutes')
  await sweep()
  expect(await statesOf(payment.id)).toEqual(['succeeded'])
  expect(await shop.theirRefunds(payment.charge)).toHaveLength(1)
})

test('M82 what is older than its key is looked for, and never sent again', async () => {
  const [there, nowhere] = [await pay(100), await pay(100)]
  mute()
  failUnseen()
  expect((await refund(there.id, { amount: '30' })).status).toBe(202)
  twin.faults.request({ fault: 'error_before', on: 'POST /v1/refunds' })
  expect((await refund(nowhere.id, { amount: '30' })).status).toBe(202)
  twin.faults.clear()
  for (const { id } of [there, nowhere]) await age(id, '24 hours')
  await sweep()
  expect(await statesOf(there.id)).toEqual(['succeeded'])
  expect(await statesOf(nowhere.id)).toEqual(['unknown'])
  // The second look is an hour later.
  await age(nowhere.id, '59 minutes')
  await sweep()
  expect(await statesOf(nowhere.id)).toEqual(['unknown'])
  await age(nowhere.id, '2 minutes')
  await sweep()
  await sweep()
  expect(await statesOf(nowhere.id)).toEqual(['needs_review'])
  expect(await shop.facts('refunds.needs_review', nowhere.id)).toHaveLength(1)
  expect(await shop.theirRefunds(nowhere.charge)).toEqual([])
  expect(await get(nowhere.id)).toMatchObject({ refundPending: dollars(30), refunded: dollars(0) })
  expect(await refund(nowhere.id, { amount: '71' })).toMatchObject({ status: 409 })
})

test('a process that ends between keeping and sending leaves a refund that the sweeper sends, once', async () => {
  const payment = await pay(100)
  await server.ctx().tx((tx) => keepRefund(tx, payment.id, { amount: '30' }))
  expect(await get(payment.id)).toMatchObject({ refundPending: dollars(30) })
  expect(await shop.theirRefunds(payment.charge)).toEqual([])
  await age(payment.id, '2 minutes')
  await Promise.all([sweep(), sweep()])
  expect(await statesOf(payment.id)).toEqual(['succeeded'])
  expect(await shop.theirRefunds(payment.charge)).toHaveLength(1)
})

test('M82 whoever comes back when the provider has forgotten the key has nothing paid twice', async () => {
  const [answered, silent] = [await pay(100), await pay(100)]
  const keep = (id: string) => server.ctx().tx((tx) => keepRefund(tx, id, { amount: '30' }))
  const [first, second] = [await keep(answered.id), await keep(silent.id)]
  await age(answered.id, '2 minutes')
  await sweep()
  expect(await statesOf(answered.id)).toEqual(['succeeded'])
  await age(silent.id, '25 hours')
  await twin.advance(25 * 3600)
  expect((await send(server.ctx(), first)).state).toBe('succeeded')
  expect((await send(server.ctx(), second)).state).toBe('sending')
  expect(await shop.theirRefunds(answered.charge)).toHaveLength(1)
  expect(await shop.theirRefunds(silent.charge)).toEqual([])
})

test('what calls itself one of our refunds, and gives another payment back, is that one’s', async () => {
  const [named, other] = [await pay(100), await pay(100)]
  const { refundId } = await server.ctx().tx((tx) => keepRefund(tx, named.id, { amount: '30' }))
  await shop.stripe.refunds.create({
    charge: other.charge,
    amount: 30,
    metadata: { refund_id: refundId },
  })
  await eventually(async () => (await statesOf(other.id))[0] === 'succeeded')
  expect(await refundsOf(other.id)).toMatchObject([{ origin: 'provider' }])
  expect(await statesOf(named.id)).toEqual(['sending'])
  await age(named.id, '2 minutes')
  await sweep()
  expect(await statesOf(named.id)).toEqual(['succeeded'])
})

test('M84 a refund made in the dashboard is written down once, however often it is told, and not made again', async () => {
  const payment = await pay(100)
  twin.faults.event({ fault: 'duplicate', on: 'refund.*', count: 4, amount: 3 })
  twin.faults.event({ fault: 'twin', on: 'charge.refunded', count: 1 })
  const theirs = await shop.atTwin('refunds', { charge: payment.charge, amount: 40 })
  await eventually(async () => (await refundsOf(payment.id)).length > 0)
  await shop.settled()
  expect(await refundsOf(payment.id)).toMatchObject([
    { origin: 'provider', state: 'succeeded', providerRef: theirs.id, amount: dollars(40) },
  ])
  expect(await shop.theirRefunds(payment.charge)).toHaveLength(1)
  expect(
    await query(
      server,
      `select 1 from refunds_attempts a join refunds_refunds r on r.id = a.refund_id
    where r.payment_id = $1`,
      [payment.id],
    ),
  ).toEqual([])
  expect(await get(payment.id)).toMatchObject({ refunded: dollars(40), state: 'held' })
  expect((await refund(payment.id)).body.data.amount).toEqual(dollars(60))
})

test('M84 ours and the dashboard’s at once for all of it: the customer is refunded once, and both agree', async () => {
  // A quarter of the rounds: who comes second waits five seconds for the inbox to look again.
  for (let round = 0; round < rounds; round += 4) {
    const payment = await pay(100)
    const [ours] = await Promise.all([
      refund(payment.id),
      shop.atTwin('refunds', { charge: payment.charge }).catch(() => null),
    ])
    expect([201, 409, 422]).toContain(ours.status)
    await eventually(async () => (await get(payment.id)).state === 'refunded')
    await shop.settled()
    const [only, ...more] = await shop.theirRefunds(payment.charge)
    expect({ amount: only?.amount, more }).toEqual({ amount: 100, more: [] })
    const kept = (await refundsOf(payment.id)).filter(({ state }) => state === 'succeeded')
    expect(kept).toMatchObject([{ providerRef: only?.id }])
    expect(await balancesOf(payment.id)).not.toHaveProperty('escrow')
    expect(await balancesOf(payment.id)).not.toHaveProperty('chargeback_loss')
  }
})

test('a refund that the provider refuses leaves the money where it was', async () => {
  const payment = await pay(100)
  mute()
  await shop.atTwin('refunds', { charge: payment.charge, amount: 80 })
  const reply = await refund(payment.id, { amount: '30' })
  twin.faults.clear()
  expect(reply).toMatchObject({ status: 422, body: { code: 'refunds.refused_by_provider' } })
  expect(await refundsOf(payment.id)).toMatchObject([{ state: 'failed', providerRef: null }])
  expect(await get(payment.id)).toMatchObject({ refundPending: dollars(0), refunded: dollars(0) })
  expect(await balancesOf(payment.id)).toMatchObject({ escrow: 100 })
  // Heard of at last, by any later event about the charge.
  await shop.stripe.charges.update(payment.charge, { description: 'looked at' })
  await eventually(async () => (await get(payment.id)).refunded.amount === '80')
})

test('a refund that takes its time is pending until the bank has it', async () => {
  const payment = await pay(100, 'pm_card_pendingRefund')
  expect((await refund(payment.id)).body.data.state).toBe('pending')
  expect(await get(payment.id)).toMatchObject({ state: 'held', refundPending: dollars(100) })
  await twin.advance(61)
  await shop.inState(payment.id, 'refunded')
  expect(await statesOf(payment.id)).toEqual(['succeeded'])
})

test('a refund that fails after it has succeeded opens the payment again, and somebody is told', async () => {
  const payment = await pay(100, 'pm_card_refundFail')
  expect((await refund(payment.id)).body.data.state).toBe('succeeded')
  await shop.inState(payment.id, 'refunded')
  await twin.advance(61)
  await shop.inState(payment.id, 'held')
  expect(await refundsOf(payment.id)).toMatchObject([{ state: 'failed', succeededAt: null }])
  expect(await shop.facts('refunds.failed', payment.id)).toMatchObject([
    { data: { before: 'succeeded', after: 'failed' } },
  ])
  expect(await balancesOf(payment.id)).toMatchObject({ escrow: 100 })
  await watch(server)
  const [failed] = await refundsOf(payment.id)
  const alerts = await alertsOf(await server.as('admin'), 'troubled_refund')
  expect(alerts).toContainEqual(
    expect.objectContaining({ subjectId: failed?.['id'], severity: 'high' }),
  )
  // An older answer, which still says that it has succeeded, comes too late; the money can be refunded again.
  await shop.stripe.refunds.update((await shop.theirRefunds(payment.charge))[0]?.id ?? '', {
    metadata: { note: 'asked the bank' },
  })
  await shop.settled()
  expect(await statesOf(payment.id)).toEqual(['failed'])
  expect((await refund(payment.id, { amount: '60' })).status).toBe(201)
})

test('where payments are not set up every refund is refused at once, and nothing is kept', async () => {
  const bare = await startServer()
  const reply = await (
    await bare.as('finance')
  ).post(`${api}/payments/${randomUUID()}/refunds`, {}, { 'idempotency-key': randomUUID() })
  expect(reply).toMatchObject({ status: 503, body: { code: 'payments.not_configured' } })
  expect(await query(bare, 'select 1 from refunds_refunds')).toEqual([])
})

test('lists go page by page, and find by state', async () => {
  const payment = await pay(100)
  for (let part = 0; part < 5; part += 1) await refund(payment.id, { amount: '10' })
  const seen: string[] = []
  let next: string | null = `${api}/payments/${payment.id}/refunds?limit=2`
  while (next) {
    const { body } = await finance.get(next)
    for (const { id } of body.data) seen.push(id)
    const { nextCursor } = body.meta as { nextCursor: string | null }
    next = nextCursor && `${api}/payments/${payment.id}/refunds?limit=2&cursor=${nextCursor}`
  }
  expect(seen).toEqual([...new Set(seen)].toSorted().toReversed())
  expect(seen).toHaveLength(5)
  const { body } = await finance.get(`${api}/refunds?state=needs_review&userId=${ada.userId}`)
  expect(body.data).toMatchObject([{ state: 'needs_review' }])
})

test('in the end the provider’s money and ours are the same', async () => {
  await twin.advance(120)
  await shop.settled()
  await shop.expectSame()
  expect(server.failures).toEqual([])
})
