/** Whoever asked for a run and may not any more: it ends where it is, in whatever process it is. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { holdAnswer } from '../../../../twins/src/stripe/testing.ts'
import { eventually } from '../../app/testing.ts'
import { administration, givenAdmin, usersUrl } from '../admin/testing.ts'
import { query } from '../auth/testing.ts'
import { runNow } from './jobs.ts'
import { type Shop, openShop, parts } from './testing.ts'
import { reconciliationJobs } from './with-sources.ts'

const base = '/api/v1/reconciliation'
const none = new AbortController().signal
const lost = 'Whoever asked for it may not ask for it any more.'

const askFor = async (client: Pick<Shop['finance'], 'post'>, body: object = {}) => {
  const reply = await client.post(`${base}/runs`, body, { 'idempotency-key': randomUUID() })
  if (reply.status !== 202) throw new Error(reply.text)
  return reply.body.data.id as string
}
const work = (shop: Shop, runId: string) =>
  reconciliationJobs(parts)
    .find(({ name }) => name === runNow.name)
    ?.run(shop.server.ctx(), { runId } as never, none)
const runs = (shop: Shop) =>
  query(shop.server, 'select state, problem from reconciliation_runs order by id')
const cutOffs = async (shop: Shop) =>
  (await shop.server.facts()).filter(({ name }) => name === 'reconciliation.run_cut_off')
const demote = async (shop: Shop) => {
  const admin = await givenAdmin(shop.server)
  expect((await admin.delete(`${usersUrl}/${shop.finance.userId}/roles/finance`)).status).toBe(204)
}

test('demoted while it waits: the provider is asked nothing, nothing is mended, and the next run begins', async () => {
  const shop = await openShop()
  const paid = await shop.givenPaid()
  const id = await askFor(shop.finance)
  await demote(shop)
  shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/payment_intents', count: 1 })
  await work(shop, id)
  expect(await runs(shop)).toEqual([{ state: 'abandoned', problem: lost }])
  expect(await shop.stateOf(paid.id)).not.toBe('captured')
  expect(await cutOffs(shop)).toMatchObject([
    { subjectId: id, data: { span: '24h', stage: 'payment_intent' } },
  ])
  // The failure that waited for the first question was still there.
  await expect(shop.run()).rejects.toThrow('Nothing was done')
  expect(await shop.find()).toMatchObject({ state: 'clean', findings: [{ outcome: 'healed' }] })
})

test('demoted while a worker is at it: what was done stays, the next page is not asked for', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.givenPaid()
  const answer = holdAnswer(shop.twin, 'GET /v1/charges')
  const id = await askFor(shop.finance)
  await answer.asked
  await demote(shop)
  answer.letGo()
  const ended = await eventually(async () => {
    const [run] = await query<{ state: string; stage: string; problem: string; over: boolean }>(
      shop.server,
      'select state, stage, problem, ended_at is not null as over from reconciliation_runs',
    )
    return run?.over && run
  })
  expect(ended).toMatchObject({ state: 'abandoned', problem: lost })
  expect(['charge', 'refund']).toContain(ended.stage)
  expect(await cutOffs(shop)).toMatchObject([{ subjectId: id, data: { stage: ended.stage } }])
  // What the page before it had found was mended, and stays so.
  expect(await query(shop.server, 'select outcome from reconciliation_findings')).toEqual([
    { outcome: 'healed' },
  ])
  for (const table of ['items', 'seen'])
    expect(await query(shop.server, `select 1 from reconciliation_${table}`)).toEqual([])
})

test('suspended, and a program whose token was revoked: the same', async () => {
  const shop = await openShop()
  const admin = await givenAdmin(shop.server)
  const id = await askFor(shop.finance)
  const suspension = { reason: 'left the company, with keys' }
  const suspended = await admin.post(`${usersUrl}/${shop.finance.userId}/suspend`, suspension)
  expect(suspended.status).toBe(204)
  await work(shop, id)

  const made = await admin.post(`${administration}/service-tokens`, {
    name: 'nightly books',
    scopes: ['reconciliation.run'],
    readOnly: false,
  })
  expect(made.status).toBe(201)
  const program = shop.server.clientWith(null, { authorization: `Bearer ${made.body.data.token}` })
  const second = await askFor(program)
  const revoked = await admin.delete(`${administration}/service-tokens/${made.body.data.id}`)
  expect(revoked.status).toBe(204)
  await work(shop, second)
  expect(await runs(shop)).toEqual([
    { state: 'abandoned', problem: lost },
    { state: 'abandoned', problem: lost },
  ])
})

test('whoever still may gets what they asked for, a program too', async () => {
  const shop = await openShop()
  const admin = await givenAdmin(shop.server)
  await work(shop, await askFor(shop.finance))
  const made = await admin.post(`${administration}/service-tokens`, {
    name: 'nightly books',
    scopes: ['reconciliation.run'],
    readOnly: false,
  })
  const program = shop.server.clientWith(null, { authorization: `Bearer ${made.body.data.token}` })
  await work(shop, await askFor(program))
  expect(await runs(shop)).toEqual([
    { state: 'clean', problem: null },
    { state: 'clean', problem: null },
  ])
  expect(await cutOffs(shop)).toEqual([])
})

test('what the clock or a colleague goes on with is theirs: the one who asked first is not asked about', async () => {
  const shop = await openShop()
  const colleague = await shop.server.as('finance')
  const id = await askFor(shop.finance)
  expect(await askFor(colleague)).toBe(id)
  await demote(shop)
  await work(shop, id)
  expect(await runs(shop)).toEqual([{ state: 'clean', problem: null }])
})
