/** What never arrives by itself: an endpoint that is dead, a database that is away, events of another version. */
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { holdAnswer } from '../../../../twins/src/stripe/testing.ts'
import { eventually, startServer } from '../../app/testing.ts'
import { whileAway } from '../../platform/db/testing-outage.ts'
import { query, together } from '../auth/testing.ts'
import { openShop, parts } from '../reconciliation/testing.ts'
import { fillGaps } from './gaps.ts'

const none = new AbortController().signal
const hour = 3600
type Shop = Awaited<ReturnType<typeof openShop>>
const fill = (shop: Shop) => fillGaps(shop.server.ctx(), parts.appliers, none)

test('M51 an endpoint that is dead for four days: what it missed is asked for, and nothing is different then', async () => {
  const shop = await openShop({ hasJobs: true })
  const paid = await shop.givenPaid()
  const open = await shop.start()
  await shop.twin.advance(4 * 24 * hour)
  const late = await shop.givenPaid('2500')
  expect(shop.twin.deliveries().every(({ status }) => status === 0)).toBe(true)
  expect(await query(shop.server, 'select 1 from inbox_events')).toEqual([])

  const filled = await fill(shop)
  expect(filled?.added).toBeGreaterThan(0)
  for (const { id } of [paid, late]) await shop.inState(id, 'held')
  expect(await shop.stateOf(open.id)).toBe('created')
  expect(await shop.find()).toMatchObject({ state: 'clean' })
  expect(await shop.find()).toEqual({ state: 'clean', findings: [] })
  // The second time there is nothing left to ask for.
  expect(await fill(shop)).toMatchObject({ added: 0 })
  expect(
    (await shop.server.facts()).filter(({ name }) => name === 'inbox.gaps_filled'),
  ).toMatchObject([{ data: { added: filled?.added } }])
})

test('M51 an event that cannot even be listed is nobody’s loss: the comparison brings in what it was about', async () => {
  const shop = await openShop({ hasJobs: true })
  shop.twin.faults.event({ fault: 'never', on: '*', count: 1000 })
  const paid = await shop.givenPaid()
  expect(await fill(shop)).toEqual({ listed: 0, added: 0 })
  expect(await shop.find()).toMatchObject({ state: 'clean', findings: [{ outcome: 'healed' }] })
  expect(await shop.stateOf(paid.id)).toBe('held')
})

test('twenty that fill at once, while the provider sends the same, store each event once', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.listen()
  shop.twin.faults.event({ fault: 'delay', on: '*', count: 1000, amount: 1 })
  const paid = await Promise.all([shop.givenPaid(), shop.givenPaid(), shop.givenPaid()])
  await together(20, () => fill(shop))
  for (const { id } of paid) await shop.inState(id, 'held')
  await shop.twin.advance(5)
  const rows = await query<{ count: string }>(
    shop.server,
    'select count(*) from inbox_events group by provider_event_id',
  )
  expect(new Set(rows.map(({ count }) => count))).toEqual(new Set(['1']))
  expect(await query(shop.server, `select 1 from ledger_transactions`)).toHaveLength(6)
})

test('a fill that fails in the middle begins where it began before', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.givenPaid()
  shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/events' })
  await expect(fill(shop)).rejects.toThrow('Nothing was done')
  expect(await query(shop.server, 'select 1 from inbox_cursors')).toEqual([])
  expect((await fill(shop))?.added).toBeGreaterThan(0)
})

/** What a clock would find by itself in the middle of a test. */
const ofTheClock = ['inbox.fill_gaps', 'inbox.sweep', 'reconciliation.hourly']

/** All that was heard so far has been looked at, and nothing looks by the clock any more. */
async function stillness(shop: Shop): Promise<void> {
  await eventually(async () => {
    const stopped = await query(
      shop.server,
      `update platform_job_schedules set next_at = now() + interval '1 day'
       where name = any($1) returning name`,
      [ofTheClock],
    )
    return stopped.length === ofTheClock.length
  })
  await shop.twin.quiet()
  await eventually(async () => {
    const behind = await query(
      shop.server,
      'select 1 from inbox_objects where dirty_seq > synced_seq',
    )
    return behind.length === 0
  })
}

test('M50 while the database is away an event is refused, and taken when it is sent again', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.listen()
  const payment = await shop.start()
  await stillness(shop)
  await whileAway(shop.server.location.appUrl, async () => {
    await shop.pay(payment.providerRef)
    await shop.twin.quiet()
    const refused = shop.twin.deliveries().filter(({ type }) => type.endsWith('.succeeded'))
    expect(refused.map(({ status }) => status)).toEqual([503, 503])
  })
  // Not so often that the customer's limit is used up before the server has its connections back.
  await eventually(async () => {
    await pause(1000)
    return shop.stateOf(payment.id).catch(() => null)
  })
  expect(await shop.stateOf(payment.id)).toBe('created')
  await shop.twin.advance(hour)
  await shop.inState(payment.id, 'held')
  expect(await shop.find()).toMatchObject({ state: 'clean' })
})

test('what was being looked at when the database went away is looked at again when it is back', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.listen()
  const payment = await shop.start()
  await stillness(shop)
  const answer = holdAnswer(shop.twin, 'GET /v1/payment_intents/*')
  await shop.pay(payment.providerRef)
  await answer.asked
  await whileAway(shop.server.location.appUrl, async () => {
    answer.letGo()
    // Until what was found out cannot be noted.
    await pause(1000)
  })
  await shop.inState(payment.id, 'held')
  expect(await shop.find()).toMatchObject({ state: 'clean' })
})

test('M52 an event in another version of the API says the same: it is looked up, not read', async () => {
  const shop = await openShop({ hasJobs: true })
  await shop.listen()
  shop.twin.faults.event({ fault: 'old_version', on: '*', count: 1000 })
  const paid = await shop.givenPaid()
  await shop.inState(paid.id, 'held')
  const versions = await query<{ api_version: string }>(
    shop.server,
    'select distinct api_version from inbox_events',
  )
  expect(versions).toEqual([{ api_version: '2019-12-03' }])
})

test('where no provider is set up there is nothing to ask', async () => {
  const bare = await startServer()
  expect(await fillGaps(bare.ctx(), parts.appliers, none)).toBeNull()
})
