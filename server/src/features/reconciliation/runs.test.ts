/** Runs over HTTP, many at once, and who may say that a difference is all right. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { holdAnswer } from '../../../../twins/src/stripe/testing.ts'
import { eventually } from '../../app/testing.ts'
import { query, rounds, tally, together } from '../auth/testing.ts'
import { watch } from '../monitoring/testing.ts'
import { releasesAllowed } from './index.ts'
import { runNow } from './jobs.ts'
import { chargeOf, openShop, parts } from './testing.ts'
import { reconciliationJobs } from './with-sources.ts'

const base = '/api/v1/reconciliation'
const none = new AbortController().signal
const tick = { scheduledFor: new Date().toISOString() }
const jobNamed = (name: string) => {
  const found = reconciliationJobs(parts).find((job) => job.name === name)
  if (!found) throw new Error(`there is no job ${name}`)
  return found
}
type Shop = Awaited<ReturnType<typeof openShop>>
const askFor = (shop: Shop, body: object) =>
  shop.finance.post(`${base}/runs`, body, { 'idempotency-key': randomUUID() })
const runByClock = (shop: Shop, name: string) =>
  jobNamed(name).run(shop.server.ctx(), tick as never, none)

test('finance asks for a run; a worker does it, and it says what it has found', async () => {
  const shop = await openShop({ hasJobs: true })
  const paid = await shop.givenPaid()
  const asked = await askFor(shop, { span: '72h' })
  expect(asked).toMatchObject({
    status: 202,
    body: { data: { state: 'waiting', span: '72h', trigger: 'person', isDryRun: false } },
  })
  const url = `${base}/runs/${asked.body.data.id}`
  const { run, findings } = await eventually(async () => {
    const { data } = (await shop.finance.get(url)).body
    return data.run.endedAt === null ? null : data
  })
  expect(run).toMatchObject({
    state: 'clean',
    outcomes: { healed: 1 },
    scanned: { payment_intent: 1, charge: 1, movements: 1, postings: 2 },
    balances: [{ currency: 'USD', unexplained: '0' }],
  })
  expect(findings).toMatchObject([
    { class: 'behind', ref: paid.providerRef, ourId: paid.id, outcome: 'healed', expected: 'done' },
  ])
  expect((await shop.finance.get(`${base}/runs?limit=1`)).body.data).toMatchObject([{ id: run.id }])
  const names = (await shop.server.facts()).map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('reconciliation.'))).toEqual([
    'reconciliation.run_asked',
    'reconciliation.drift_healed',
    'reconciliation.run_ended',
  ])
})

test('who may not is told so; what is not there is not found; without a provider there is nothing to compare', async () => {
  const shop = await openShop()
  const ids = randomUUID()
  for (const [method, path] of [
    ['get', 'runs'],
    ['get', `runs/${ids}`],
    ['get', 'drifts'],
    ['get', `drifts/${ids}`],
    ['get', 'releases'],
    ['post', 'runs'],
    ['post', `drifts/${ids}/acceptance`],
  ] as const) {
    const body = method === 'post' ? { note: 'it is an old payment' } : undefined
    expect((await shop.ada[method](`${base}/${path}`, body as never)).status, path).toBe(403)
    expect((await shop.server.anonymous[method](`${base}/${path}`, body as never)).status).toBe(401)
  }
  for (const path of [`runs/${ids}`, `drifts/${ids}`])
    expect((await shop.finance.get(`${base}/${path}`)).status, path).toBe(404)
  expect((await askFor(shop, { span: '1h' })).status).toBe(422)
  const admin = await shop.server.as('admin')
  expect((await admin.get(`${base}/releases`)).body.data).toEqual({ isAllowed: true, blocks: [] })
})

test('M102 of twenty that ask at once one runs; the others are told which', async () => {
  const shop = await openShop()
  await shop.givenPaid()
  for (let round = 0; round < Math.ceil(rounds / 5); round += 1) {
    const before = (await query(shop.server, 'select 1 from reconciliation_runs')).length
    const outcomes = await Promise.allSettled(together20(() => shop.run()))
    const refused = outcomes.filter((each) => each.status === 'rejected')
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'reconciliation.under_way' })
    const rows = await query<{ overlaps: boolean }>(
      shop.server,
      `select exists (
         select from reconciliation_runs b where b.id <> a.id and b.started_at < a.ended_at and b.ended_at > a.started_at
       ) as overlaps from reconciliation_runs a`,
    )
    expect(rows.every(({ overlaps }) => !overlaps)).toBe(true)
    expect(rows.length - before).toBe(20 - refused.length)
    expect(refused.length).toBeGreaterThan(0)
  }
  expect(
    await query(
      shop.server,
      `select outcome from reconciliation_findings where outcome <> 'healed'`,
    ),
  ).toEqual([])
})
const together20 = <T>(work: () => Promise<T>) => Array.from({ length: 20 }, work)

test('M102 twenty requests at once are one run that waits', async () => {
  const shop = await openShop()
  const replies = await together(20, () => askFor(shop, { span: 'full' }))
  const { 202: taken = 0, 409: busy = 0 } = tally(replies)
  expect(taken + busy).toBe(20)
  expect(await query(shop.server, 'select span, state from reconciliation_runs')).toEqual([
    { span: 'full', state: 'waiting' },
  ])
})

test('M103 a run whose process is gone is gone on with; nobody else writes to it then', async () => {
  const shop = await openShop()
  await shop.givenPaid()
  await askFor(shop, { span: '72h' })
  await query(
    shop.server,
    `update reconciliation_runs set state = 'running', fence = 4, started_at = now(),
       stage = 'charge', lease_until = now() + interval '1 minute'`,
  )
  await runByClock(shop, 'reconciliation.resume')
  await runByClock(shop, 'reconciliation.hourly')
  expect(await query(shop.server, 'select state, fence from reconciliation_runs')).toEqual([
    { state: 'running', fence: 4 },
  ])
  await query(
    shop.server,
    `update reconciliation_runs set lease_until = now() - interval '1 second'`,
  )
  await runByClock(shop, 'reconciliation.resume')
  expect(await query(shop.server, 'select state, fence from reconciliation_runs')).toEqual([
    { state: 'clean', fence: 5 },
  ])
  expect(await query(shop.server, 'select 1 from reconciliation_items')).toEqual([])
})

test('M103 a process that wakes up after its lease is over writes nothing more', async () => {
  const shop = await openShop()
  await shop.givenPaid()
  const answer = holdAnswer(shop.twin, 'GET /v1/charges')
  const sleeper = shop.run().catch((error: unknown) => error)
  await answer.asked
  const expired = await query(
    shop.server,
    `update reconciliation_runs set lease_until = now() - interval '1 second' where stage = 'charge' returning id`,
  )
  expect(expired).toHaveLength(1)
  expect((await shop.run()).state).toBe('clean')
  const before = await query(shop.server, 'select * from reconciliation_runs')
  answer.letGo()
  expect(await sleeper).toMatchObject({ code: 'reconciliation.under_way' })
  expect(await query(shop.server, 'select * from reconciliation_runs')).toEqual(before)
  expect(await query(shop.server, 'select 1 from reconciliation_items')).toEqual([])
})

test('a run that fails again and again is given up, and the next one begins anew', async () => {
  const shop = await openShop()
  const { id } = (await askFor(shop, {})).body.data
  shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/payment_intents', count: 12 })
  for (let attempt = 0; attempt < 12; attempt += 1)
    await expect(
      reconciliationJobs(parts)[0].run(shop.server.ctx(), { runId: id }, none),
    ).rejects.toThrow('Nothing was done')
  expect((await shop.finance.get(`${base}/runs/${id}`)).body.data.run).toMatchObject({
    state: 'failed',
    problem: expect.any(String),
  })
  expect(await shop.find()).toMatchObject({ state: 'clean' })
  expect(runNow.name).toBe(reconciliationJobs(parts)[0].name)
})

test('what is grave blocks payouts, raises an alert once, and is accepted by a person who says why', async () => {
  const shop = await openShop()
  const orphan = await shop.stripe.paymentIntents.create({ amount: 700, currency: 'usd' })
  const charge = chargeOf(await shop.pay(orphan.id))
  for (let run = 0; run < 2; run += 1) expect((await shop.find()).state).toBe('drift')
  await watch(shop.server)
  const alerts = await query<{ count: number }>(
    shop.server,
    `select count from monitoring_alerts where type = 'money_drift' and severity = 'critical'`,
  )
  expect(alerts).toEqual([{ count: 1 }])

  const releases = async () => (await shop.finance.get(`${base}/releases`)).body.data
  const { isAllowed, blocks } = await releases()
  expect({ isAllowed, blocks }).toMatchObject({
    isAllowed: false,
    blocks: [{ by: 'drift', class: 'orphan', ref: charge }],
  })
  const [drift] = (await shop.finance.get(`${base}/drifts?state=open&severity=critical`)).body.data
  expect(drift).toMatchObject({ id: blocks[0].driftId, expected: 'nothing', found: '700 USD' })
  const ofClass = async (name: string) =>
    (await shop.finance.get(`${base}/drifts?class=${name}`)).body.data
  expect(await ofClass('orphan')).toEqual([drift])
  expect(await ofClass('unposted')).toEqual([])
  expect((await shop.finance.get(`${base}/drifts/${drift.id}`)).body.data).toEqual(drift)
  const url = `${base}/drifts/${drift.id}/acceptance`
  const support = await shop.server.as('support')
  const note = 'a payment of the shop before this one'
  expect((await support.post(url, { note })).status).toBe(403)
  expect((await shop.finance.post(url, { note: 'fine' })).status).toBe(422)
  expect(await shop.finance.post(url, { note })).toMatchObject({
    status: 200,
    body: { data: { state: 'accepted', note } },
  })
  expect((await shop.finance.post(url, { note })).body.code).toBe('reconciliation.not_open')
  expect(await releases()).toEqual({ isAllowed: true, blocks: [] })
  expect(
    (await shop.server.facts()).filter(({ name }) => name === 'reconciliation.drift_accepted'),
  ).toMatchObject([{ actorId: shop.finance.userId, data: { class: 'orphan', note } }])

  expect(await shop.find()).toEqual({
    state: 'clean',
    findings: [{ class: 'orphan', kind: 'charge', ref: charge, outcome: 'accepted' }],
  })
  // Accepted was what it was then.
  await query(shop.server, `update reconciliation_drifts set found = '600 USD'`)
  expect((await shop.find()).state).toBe('drift')
  expect((await releasesAllowed(shop.server.ctx())).isAllowed).toBe(false)
})

test('a drift that is gone is said to be gone, by a run that looks so far back', async () => {
  const shop = await openShop()
  await shop.behind('POST', 'balance_transactions', {
    amount: 500,
    currency: 'usd',
    type: 'adjustment',
  })
  expect((await shop.find()).state).toBe('drift')
  await query(shop.server, `update reconciliation_drifts set object_at = now() - interval '2 days'`)
  await shop.behind('POST', 'balance_transactions', {
    amount: -500,
    currency: 'usd',
    type: 'adjustment',
  })
  const stateOf = async () =>
    query(shop.server, `select state from reconciliation_drifts where delta = 500`)
  await query(shop.server, `update reconciliation_drifts set ref = 'txn_that_is_gone'`)
  await shop.find()
  expect((await stateOf()).length).toBeGreaterThan(0)
  const before = await query(
    shop.server,
    `select state from reconciliation_drifts where ref = 'txn_that_is_gone'`,
  )
  expect(before).toEqual([{ state: 'open' }])
  await shop.find({ span: '72h' })
  expect(
    await query(
      shop.server,
      `select state from reconciliation_drifts where ref = 'txn_that_is_gone'`,
    ),
  ).toEqual([{ state: 'gone' }])
  expect((await shop.server.facts()).map(({ name }) => name)).toContain('reconciliation.drift_gone')
})

test('the figures say what is open, how old the last run is, and whether payouts are blocked', async () => {
  const shop = await openShop()
  await shop.stripe.paymentIntents
    .create({ amount: 700, currency: 'usd' })
    .then(({ id }) => shop.pay(id))
  await shop.find()
  const { body } = await shop.server.metrics.render()
  for (const line of [
    'reconciliation_drift{class="orphan",severity="critical",state="open"} 1',
    'reconciliation_runs{state="drift"} 1',
    'reconciliation_balance{currency="USD",side="provider"} 650',
    'releases_blocked 1',
    'inbox_objects_dead 0',
  ])
    expect(body).toContain(line)
  expect(body).toMatch(/^reconciliation_age_seconds \d/m)
})
