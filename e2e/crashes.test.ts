/**
 * Processes that are killed exactly between two steps of a payment, and what the others make of it: servers, workers and
 * the stand-in for Stripe each in a process of their own. What is true is asked of the stand-in and of the ledger.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { eventually, testDatabase } from '../server/src/app/testing.ts'
import type { CrashPoint } from '../server/src/platform/crash-points.ts'
import { openGateway } from './chaos/gateway.ts'
import { openInside } from './chaos/inside.ts'
import {
  type Member,
  startApi,
  startTwin,
  startWorker,
  temporaryDirectory,
  webhookSecret,
} from './chaos/processes.ts'
import { stripeSide } from './chaos/stripe.ts'
import { post } from './person.ts'

const api = '/api/v1'
const price = { amount: '1099', currency: 'USD' }
const directory = await temporaryDirectory()
const gateway = await openGateway()
const twin = await startTwin(`${gateway.url}${api}/webhooks/stripe`)
const place = { location: await testDatabase(), dataDir: directory.path, twinUrl: twin.url }
const inside = await openInside(place)
const stripe = stripeSide(twin.url)
const survivor = await startApi(place)
gateway.lead([survivor.url])
const members: Member[] = [twin, survivor]
const account = await inside.givenAccount()
const login = await post(survivor.url, `${api}/auth/login`, { ...account, mode: 'token' })
const token = ((await login.json()) as { data: { accessToken: string } }).data.accessToken

afterAll(async () => {
  for (const member of members.toReversed()) await member.stop()
  await inside.close()
  await gateway.close()
  await directory.remove()
})

const start = (url: string, key: string) =>
  post(url, `${api}/payments/create-intent`, price, {
    authorization: `Bearer ${token}`,
    'idempotency-key': key,
  })
type Started = { readonly id: string; readonly providerRef: string; readonly text: string }
async function started(url: string, key: string = randomUUID()): Promise<Started> {
  const reply = await start(url, key)
  const text = await reply.text()
  expect({ status: reply.status, text }).toMatchObject({ status: 201 })
  return { ...JSON.parse(text).data.payment, text }
}
/** Started and paid; what Stripe has to say about it has arrived, and nobody has looked at it. */
async function paid(): Promise<Started> {
  gateway.lead([survivor.url])
  const payment = await started(survivor.url)
  expect((await stripe.confirm(payment.providerRef, 'pm_card_visa')).body.status).toBe('succeeded')
  await stripe.advance(0)
  return payment
}
const stateOf = async (id: string) =>
  (
    await inside.query<{ state: string }>('select state from payments_payments where id = $1', [id])
  )[0]?.state
const captures = async (id: string) =>
  inside.query(
    `select t.idem_key, p.amount::int from ledger_transactions t join ledger_postings p on p.transaction_id = t.id
     where t.reason = 'payments.captured' and t.ref_id = $1`,
    [id],
  )
const facts = async (id: string, name: string) =>
  inside.query('select 1 from platform_events where name = $1 and subject_id = $2', [name, id])
const receivedOf = async (ref: string) =>
  inside.query<{ state: string }>(
    'select provider_event_id, state from inbox_events where object_id = $1',
    [ref],
  )
const intentsFor = async (id: string) =>
  (await stripe.intents()).filter(({ metadata }) => metadata['payment_id'] === id)

/** Nothing that has arrived waits to be looked at. */
async function calm(): Promise<void> {
  const worker = await startWorker(place)
  members.push(worker)
  await eventually(async () => {
    const waiting = await inside.query(
      'select 1 from inbox_objects where synced_seq < dirty_seq and dead_at is null',
    )
    return waiting.length === 0
  })
  await worker.stop()
}

/** With a worker that lives, later. */
async function expectHeldOnce(id: string): Promise<void> {
  const worker = await startWorker(place)
  members.push(worker)
  await inside.passTime(120)
  await inside.sweep()
  await eventually(async () => (await stateOf(id)) === 'held')
  await worker.stop()
  expect(await captures(id)).toEqual([expect.objectContaining({ amount: 1099 })])
  expect(await facts(id, 'payments.held')).toHaveLength(1)
  expect(await inside.check()).toEqual([])
}

test.each(['payments.after_keep', 'payments.after_call', 'payments.after_note'] as const)(
  'M30 killed at %s: the retry ends with one payment, and with the same answer for everybody who asks again',
  async (point) => {
    const victim = await startApi(place, [`${point}:1`])
    const key = randomUUID()
    await expect(start(victim.url, key)).rejects.toThrow('fetch failed')
    expect(await victim.ended).toBe('SIGKILL')

    expect((await start(survivor.url, key)).status).toBe(409)
    await inside.passTime(60)
    const first = await started(survivor.url, key)
    expect((await started(survivor.url, key)).text).toBe(first.text)
    expect(await intentsFor(first.id)).toHaveLength(1)
    expect(await facts(first.id, 'payments.started')).toHaveLength(1)
    expect(
      await inside.query('select number, outcome from payments_attempts where payment_id = $1', [
        first.id,
      ]),
    ).toEqual([{ number: 1, outcome: 'created' }])
  },
)

test('M30 killed in the midst of it, and the client never comes back: the server finishes it by itself', async () => {
  const victim = await startApi(place, ['payments.after_call:1'])
  const key = randomUUID()
  await expect(start(victim.url, key)).rejects.toThrow('fetch failed')
  expect(await victim.ended).toBe('SIGKILL')

  await inside.passTime(120)
  const worker = await startWorker(place)
  members.push(worker)
  await eventually(async () => {
    // Until the worker has written its schedules down there is nothing to put back.
    await inside.query(
      `update platform_job_schedules set next_at = now() where name = 'platform.complete_requests'`,
    )
    const [row] = await inside.query<{ state: string }>(
      'select state from platform_idempotency_keys where key = $1',
      [key],
    )
    return row?.state === 'done'
  })
  await worker.stop()
  const reply = await start(survivor.url, key)
  expect(reply.headers.get('idempotent-replayed')).toBe('true')
  const { id } = ((await reply.json()) as { data: { payment: Started } }).data.payment
  expect(await intentsFor(id)).toHaveLength(1)
})

test('M30 a sweeper killed after it has sent again what was lost: the next one ends with the same payment', async () => {
  await stripe.faultOfRequest({ fault: 'drop_before', on: 'POST /v1/payment_intents', count: 2 })
  expect((await start(survivor.url, randomUUID())).status).toBe(503)
  const [attempt] = await inside.query<{ payment_id: string }>(
    'select payment_id from payments_attempts order by id desc limit 1',
  )
  const id = attempt?.payment_id ?? ''
  await inside.passTime(120)
  // Whatever else the clock would run has its own way of finishing the request, and could be faster.
  const runOnlyThis = () =>
    inside.query(
      `update platform_job_schedules set next_at =
         case when name = 'payments.resend_attempts' then now() else now() + interval '1 hour' end`,
    )
  await runOnlyThis()
  const victim = await startWorker(place, ['payments.after_resend:1'])
  await eventually(async () => {
    await runOnlyThis()
    return !victim.isAlive()
  })
  expect(await victim.ended).toBe('SIGKILL')
  const outcomes = () =>
    inside.query('select number, outcome from payments_attempts where payment_id = $1', [id])
  expect(await outcomes()).toEqual([{ number: 1, outcome: null }])
  await inside.passTime(120)
  await inside.sweep()
  expect(await outcomes()).toEqual([{ number: 1, outcome: 'created' }])
  expect(await intentsFor(id)).toHaveLength(1)
  await inside.query(
    `update platform_job_schedules set next_at = date_trunc('minute', now()) + interval '1 minute'`,
  )
})

test('M45 killed after an event is stored and before that is said: sent again it changes nothing', async () => {
  const victim = await startApi(place, ['inbox.after_store:1'])
  const payment = await started(survivor.url)
  await stripe.advance(0)
  gateway.lead([victim.url])
  await stripe.confirm(payment.providerRef, 'pm_card_visa')
  await stripe.advance(0)
  expect(await victim.ended).toBe('SIGKILL')
  expect((await stripe.undelivered()).length).toBeGreaterThan(0)

  gateway.lead([survivor.url])
  await stripe.advance(61)
  expect(await stripe.undelivered()).toEqual([])
  const ids = (await receivedOf(payment.providerRef)).map((row) => JSON.stringify(row))
  expect(new Set(ids).size).toBe(ids.length)
  await expectHeldOnce(payment.id)
})

test.each(['inbox.after_ack', 'jobs.after_claim', 'jobs.after_add'] as const)(
  'M45 killed at %s, after an event was acknowledged: a worker looks at it all the same',
  async (point) => {
    const payment = await started(survivor.url)
    await stripe.advance(0)
    const victim = await startApi(place, [`${point}:1`])
    gateway.lead([victim.url])
    await stripe.confirm(payment.providerRef, 'pm_card_visa')
    await stripe.advance(0)
    expect(await victim.ended).toBe('SIGKILL')
    gateway.lead([survivor.url])
    await stripe.advance(61)
    await expectHeldOnce(payment.id)
  },
)

const partly: readonly CrashPoint[] = [
  'inbox.after_claim',
  'inbox.after_look',
  'payments.after_capture',
  'inbox.while_applying',
  'inbox.before_commit',
]
test.each(partly)(
  'M46 a worker killed at %s has done nothing; the next one does all of it',
  async (point) => {
    const payment = await paid()
    const victim = await startWorker(place, [`${point}:1`])
    expect(await victim.ended).toBe('SIGKILL')
    expect(await captures(payment.id)).toEqual([])
    expect(await stateOf(payment.id)).toBe('created')
    expect(await facts(payment.id, 'payments.held')).toEqual([])
    expect((await receivedOf(payment.providerRef)).map(({ state }) => state)).not.toContain(
      'processed',
    )
    await expectHeldOnce(payment.id)
  },
)

test('M46 a worker killed when all is done has done all of it, and the next one adds nothing', async () => {
  await calm()
  // Of the charge, which is looked at too, nothing is heard: it is the payment that is looked at first.
  await stripe.faultOfEvent({ fault: 'never', on: 'charge.succeeded', count: 1 })
  const payment = await paid()
  const victim = await startWorker(place, ['inbox.after_apply:1'])
  expect(await victim.ended).toBe('SIGKILL')
  expect(await captures(payment.id)).toHaveLength(1)
  expect(await stateOf(payment.id)).toBe('held')
  await expectHeldOnce(payment.id)
})

test('M39 one event a hundred times at once on three servers is one row and one effect, and a hundred times 200', async () => {
  const others = await Promise.all([startApi(place), startApi(place)])
  members.push(...others)
  await stripe.faultOfEvent({ fault: 'never', count: 20 })
  const payment = await started(survivor.url)
  await stripe.confirm(payment.providerRef, 'pm_card_visa')
  await stripe.behave()
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    api_version: '2026-10-28.endive',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: payment.providerRef, object: 'payment_intent' } },
  })
  const at = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', webhookSecret).update(`${at}.${body}`).digest('hex')
  const urls = [survivor, ...others].map(({ url }) => url)
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      fetch(`${urls[index % urls.length]}${api}/webhooks/stripe`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'stripe-signature': `t=${at},v1=${signature}`,
        },
        body,
      }),
    ),
  )
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await receivedOf(payment.providerRef)).toHaveLength(1)
  for (const other of others) await other.stop()
  await expectHeldOnce(payment.id)
})

test('in the end Stripe’s money and ours are the same, and nothing is in between', async () => {
  const { available, pending } = await stripe.truth()
  const [clearing] = await inside.query<{ amount: number }>(
    `select sum(case when a.id = p.debit_id then p.amount else -p.amount end)::int as amount
     from ledger_accounts a join ledger_postings p on a.id in (p.debit_id, p.credit_id)
     where a.kind = 'psp_clearing' and a.asset = 'USD'`,
  )
  expect(clearing?.amount).toBe((available['usd'] ?? 0) + (pending['usd'] ?? 0))
  expect(await inside.check()).toEqual([])
  expect(await inside.query(`select 1 from inbox_events where state = 'received'`)).toEqual([])
})
