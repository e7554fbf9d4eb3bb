/** A payment from its start to the money in escrow, with a provider that fails as providers do. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { api, query, tally, together } from '../auth/testing.ts'
import { note } from './attempts.ts'
import { resendAttempts } from './jobs.ts'
import { balancesOf, confirm, getState, inState, keyed, price, startWithStripe } from './testing.ts'

const { twin, server, stripe } = await startWithStripe()

const ada = await server.as()
const start = (body: object = price, key: string = randomUUID(), client = ada) =>
  keyed(client, '/payments/create-intent', body, key)
const pay = (ref: string, method?: string) => confirm(stripe, ref, method)
const madeAtStripe = async () => (await stripe.paymentIntents.list({ limit: 100 })).data.length
const chargesOf = () => twin.truth().accounts[twin.truth().platform]?.charges ?? []

test('a payment is started, paid, heard of, and in escrow; the fee is the provider’s', async () => {
  const started = await start()
  expect(started).toMatchObject({
    status: 201,
    body: {
      data: {
        payment: { state: 'created', price },
        clientSecret: expect.stringContaining('_secret_'),
      },
    },
  })
  const { payment } = started.body.data
  expect(await pay(payment.providerRef)).toMatchObject({ status: 'succeeded' })
  await inState(ada, payment.id, 'held')
  await twin.quiet()
  await eventually(async () => (await balancesOf(server, payment.id)).length === 3)
  expect(await balancesOf(server, payment.id)).toEqual([
    { kind: 'escrow', amount: '1099' },
    { kind: 'psp_clearing', amount: '-1037' },
    { kind: 'psp_fee', amount: '-62' },
  ])
  expect((await server.facts()).filter(({ subjectId }) => subjectId === payment.id)).toMatchObject([
    { name: 'payments.started', actorId: ada.userId },
    { name: 'payments.held', data: { amount: '1099', currency: 'USD' } },
  ])
})

test('M26 M27 M28 M29 a start wants a key; the same again is the same payment, another is refused', async () => {
  expect((await ada.post(`${api}/payments/create-intent`, price)).status).toBe(400)
  const key = randomUUID()
  const first = await start(price, key)
  const again = await start(price, key)
  expect(again).toMatchObject({ status: 201, text: first.text })
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect((await start({ ...price, amount: '1100' }, key)).status).toBe(422)
  const other = await start(price, key, await server.as())
  expect(other.body.data.payment.id).not.toBe(first.body.data.payment.id)
})

test('twenty starts under one key are one payment', async () => {
  const key = randomUUID()
  const before = (await query(server, 'select id from payments_payments')).length
  const replies = await together(20, () => start(price, key))
  const { 201: made = 0, 409: waiting = 0, ...rest } = tally(replies)
  expect({ ...rest, all: made + waiting }).toEqual({ all: 20 })
  await eventually(async () => (await start(price, key)).status === 201)
  expect(await query(server, 'select id from payments_payments')).toHaveLength(before + 1)
})

test('M59 a price that cannot be charged is refused before anybody is asked', async () => {
  const before = await query(server, 'select 1 from payments_attempts')
  for (const [body, code] of [
    [{ amount: '49', currency: 'USD' }, 'money.below_minimum'],
    [{ amount: '1', currency: 'CRD' }, 'money.not_chargeable'],
    [{ amount: '1001', currency: 'KWD' }, 'money.not_divisible'],
  ] as const)
    expect((await start(body)).body.code).toBe(code)
  for (const amount of ['0', '-1', '1.5', '1e3', 1099, null])
    expect((await start({ amount, currency: 'USD' })).status, String(amount)).toBe(422)
  expect((await start({ amount: '1099', currency: 'XXX' })).status).toBe(422)
  expect(await query(server, 'select 1 from payments_attempts')).toEqual(before)
})

const unavailable = { status: 503, body: { code: 'payments.provider_unavailable' } }
/** The official client sends once more by itself when a connection is lost. */
const bothTimes = { on: 'POST /v1/payment_intents', count: 2 }

test('M30 an answer that was lost is not a no: there is one payment at the provider', async () => {
  const before = await madeAtStripe()
  twin.faults.request({ fault: 'drop_after', ...bothTimes })
  const { payment } = (await start()).body.data
  expect(await madeAtStripe()).toBe(before + 1)
  await pay(payment.providerRef)
  await inState(ada, payment.id, 'held')
})

test('M30 M32 nor is no answer at all: the same request goes on where it was, and ends with one payment', async () => {
  const before = await madeAtStripe()
  twin.faults.request({ fault: 'drop_before', ...bothTimes })
  const key = randomUUID()
  expect(await start(price, key)).toMatchObject(unavailable)
  const { payment } = (await start(price, key)).body.data
  expect(await madeAtStripe()).toBe(before + 1)
  expect(
    await query(server, 'select number, outcome from payments_attempts where payment_id = $1', [
      payment.id,
    ]),
  ).toEqual([{ number: 1, outcome: 'created' }])
  await pay(payment.providerRef)
  await inState(ada, payment.id, 'held')
})

test('M32 a failure of the provider stays unknown until what it has made is found', async () => {
  const before = await madeAtStripe()
  twin.faults.request({ fault: 'error_after', on: 'POST /v1/payment_intents' })
  twin.faults.request({ fault: 'error_before', on: 'GET /v1/payment_intents', count: 2 })
  const key = randomUUID()
  for (let run = 0; run < 2; run += 1) expect(await start(price, key)).toMatchObject(unavailable)
  expect((await start(price, key)).status).toBe(201)
  expect(await madeAtStripe()).toBe(before + 1)
})

test('what is not known to have arrived is sent again by the sweeper, exactly as it was', async () => {
  twin.faults.request({ fault: 'drop_before', ...bothTimes })
  expect((await start()).status).toBe(503)
  const [attempt] = await query<{ id: string }>(
    server,
    `update payments_attempts set updated_at = now() - interval '2 minutes'
     where id = (select id from payments_attempts order by id desc limit 1) returning id`,
  )
  await resendAttempts.run(
    server.ctx(),
    { scheduledFor: new Date().toISOString() },
    new AbortController().signal,
  )
  expect(
    await query(server, 'select outcome from payments_attempts where id = $1', [attempt?.id]),
  ).toEqual([{ outcome: 'created' }])
})

test('what comes too late to say that it was rejected or is unknown changes nothing of what is there', async () => {
  const { payment } = (await start()).body.data
  const [attempt] = await query<{ id: string }>(
    server,
    'select id from payments_attempts where payment_id = $1',
    [payment.id],
  )
  for (const outcome of [
    { kind: 'rejected', code: 'expired' },
    { kind: 'unknown', reason: 'no_answer' },
  ] as const)
    await server.ctx().tx((tx) => note(tx, payment.id, attempt?.id ?? '', outcome))
  expect((await ada.get(`${api}/payments/${payment.id}`)).body.data).toEqual(payment)
  expect(
    await query(server, 'select outcome, detail from payments_attempts where id = $1', [
      attempt?.id,
    ]),
  ).toEqual([{ outcome: 'created', detail: null }])
})

test('M56 what names no payment of ours, or another one’s, waits and touches nothing', async () => {
  const { payment } = (await start()).body.data
  const finance = await server.as('finance')
  for (const named of ['-'.repeat(36), randomUUID(), payment.id]) {
    const foreign = await stripe.paymentIntents.create({
      amount: 1099,
      currency: 'usd',
      metadata: { payment_id: named },
    })
    await pay(foreign.id)
    const listed = `${api}/admin/inbox/events?objectId=${foreign.id}&type=payment_intent.succeeded`
    const found = await eventually(async () => {
      const [event] = (await finance.get(listed)).body.data
      return event?.object?.problem ? event : null
    })
    expect(found).toMatchObject({ state: 'waiting', object: { problem: 'parent_missing' } })
  }
  expect(await getState(ada, payment.id)).toBe('created')
  expect(await balancesOf(server, payment.id)).toEqual([])
})

test('M55 a declined card fails the try, another one pays; an older answer changes nothing then', async () => {
  const { payment } = (await start()).body.data
  await expect(pay(payment.providerRef, 'pm_card_visa_chargeDeclined')).rejects.toThrow('declined')
  await inState(ada, payment.id, 'failed')
  expect((await ada.get(`${api}/payments/${payment.id}`)).body.data.failure).toBe('generic_decline')
  await pay(payment.providerRef)
  await inState(ada, payment.id, 'held')
  const [event] = await query<{ id: string }>(
    server,
    `select id from inbox_events where object_id = $1 and type = 'payment_intent.payment_failed'`,
    [payment.providerRef],
  )
  const finance = await server.as('finance')
  expect((await finance.post(`${api}/admin/inbox/events/${event?.id}/replay`)).status).toBe(204)
  await eventually(async () => {
    const { data } = (await finance.get(`${api}/admin/inbox/events/${event?.id}`)).body
    return data.state === 'processed'
  })
  expect(await getState(ada, payment.id)).toBe('held')
})

test('another amount than was asked for is not taken: nothing is posted', async () => {
  const { payment } = (await start()).body.data
  await stripe.paymentIntents.update(payment.providerRef, { amount: 500 })
  await pay(payment.providerRef)
  await inState(ada, payment.id, 'amount_mismatch')
  expect(await balancesOf(server, payment.id)).toEqual([])
})

test('one’s own payments are one’s own; finance sees all of them', async () => {
  const bob = await server.as()
  const { payment } = (await start(price, randomUUID(), bob)).body.data
  expect((await ada.get(`${api}/payments/${payment.id}`)).status).toBe(404)
  expect((await bob.get(`${api}/payments`)).body.data).toMatchObject([{ id: payment.id }])
  const mine = (await ada.get(`${api}/payments?userId=${bob.userId}`)).body.data
  expect(mine).toEqual([])
  const finance = await server.as('finance')
  expect((await finance.get(`${api}/payments?userId=${bob.userId}`)).body.data).toHaveLength(1)
})

test('finance finds payments by state, provider, currency and time, page by page', async () => {
  const bob = await server.as()
  const finance = await server.as('finance')
  const ids: string[] = []
  for (const currency of ['USD', 'EUR', 'EUR']) {
    const body = { amount: '1099', currency }
    ids.push((await start(body, randomUUID(), bob)).body.data.payment.id)
  }
  await query(
    server,
    `update payments_payments set created_at = now() - interval '30 minutes' where id = $1`,
    [ids[1]],
  )
  const find = async (filter: string): Promise<string[]> => {
    const found = await finance.get(`${api}/payments?userId=${bob.userId}&${filter}`)
    return found.body.data.map(({ id }: { id: string }) => id)
  }
  expect(await find('currency=EUR')).toEqual([ids[2], ids[1]])
  expect(await find('currency=EUR&limit=1')).toEqual([ids[2]])
  expect(await find('provider=stripe&state=created')).toEqual(ids.toReversed())
  expect(await find('state=held')).toEqual([])
  const quarter = new Date(Date.now() - 15 * 60_000).toISOString()
  expect(await find(`to=${quarter}`)).toEqual([ids[1]])
  expect(await find(`from=${quarter}`)).toEqual([ids[2], ids[0]])
  expect(await find('from=9999-12-31T00:00:00Z')).toEqual([])
  expect((await finance.get(`${api}/payments?from=yesterday`)).status).toBe(422)
  const [first] = (await finance.get(`${api}/payments?currency=EUR&limit=1`)).body.data
  expect(first.id).toBe(ids[2])
})

test('what happened to a payment is told in order, to those who look into it', async () => {
  const { payment } = (await start()).body.data
  await pay(payment.providerRef)
  await inState(ada, payment.id, 'held')
  const finance = await server.as('finance')
  const told = await eventually(async () => {
    const { data } = (await finance.get(`${api}/payments/${payment.id}/timeline`)).body
    const names = data.map(({ name }: { name: string }) => name)
    return names.includes('payment_intent.succeeded') && names.includes('payments.held') && data
  })
  expect(
    told.map(({ source, name }: { source: string; name: string }) => `${source} ${name}`),
  ).toEqual(
    expect.arrayContaining([
      'attempt created',
      'fact payments.started',
      'provider payment_intent.created',
      'fact payments.held',
    ]),
  )
  const times = told.map(({ at }: { at: string }) => at)
  expect(times).toEqual(times.toSorted())
  expect((await ada.get(`${api}/payments/${payment.id}/timeline`)).status).toBe(403)
  expect((await finance.get(`${api}/payments/${randomUUID()}/timeline`)).status).toBe(404)
})

test('where payments are not set up that is said, and nothing is kept', async () => {
  const bare = await startServer()
  const reply = await (
    await bare.as()
  ).post(`${api}/payments/create-intent`, price, { 'idempotency-key': randomUUID() })
  expect(reply).toMatchObject({ status: 503, body: { code: 'payments.not_configured' } })
  expect(await query(bare, 'select 1 from payments_payments')).toEqual([])
})

test('in the end the provider’s money and ours are the same', async () => {
  await twin.quiet()
  const [ours] = await query<{ total: string }>(
    server,
    `select sum(amount)::text as total from ledger_postings p
     join ledger_accounts a on a.id = p.credit_id where a.kind = 'escrow'`,
  )
  // One of another amount than was asked for, and three that are nobody’s here.
  const notOurs = 500 + 3 * 1099
  const theirs = chargesOf().reduce((sum, { captured }) => sum + captured, 0)
  expect(Number(ours?.total)).toBe(theirs - notOurs)
  expect(server.failures).toEqual([
    expect.objectContaining({ code: 'payments.provider_unavailable' }),
    expect.objectContaining({ code: 'payments.provider_unavailable' }),
    expect.objectContaining({ code: 'payments.provider_unavailable' }),
    expect.objectContaining({ code: 'payments.provider_unavailable' }),
  ])
})
