/**
 * Processes that are killed between two steps of what follows a payment: refunds, disputes, pages, another way to pay, the
 * comparison of the books. What is true is asked of the stand-in for Stripe and of the ledger.
 */
import { afterAll, expect, test } from 'vitest'
import { eventually, testDatabase } from '../server/src/app/testing.ts'
import type { CrashPoint } from '../server/src/platform/crash-points.ts'
import { type Ask, askFor, insist, once, startedBy } from './chaos/asking.ts'
import { judge } from './chaos/judge.ts'
import { openGround } from './chaos/trial.ts'

const ground = await openGround(await testDatabase())
afterAll(ground.close)
const { inside, stripe } = ground
const price = 1099
const finance = { by: 'finance' } as const

type Payment = { readonly id: string; readonly charge: string }
type Points = readonly CrashPoint[]

async function answered(ask: Ask): Promise<Ask> {
  await eventually(() => insist(ask, ground))
  return ask
}
const started = async (path = '/payments/create-intent') =>
  startedBy(await answered(askFor(path, { amount: String(price), currency: 'USD' })))
const inState = (id: string, state: string) =>
  eventually(
    async () =>
      (
        await inside.query(`select 1 from payments_payments where id = $1 and state = $2`, [
          id,
          state,
        ])
      ).length === 1,
  )
async function paid(): Promise<Payment> {
  const { payment } = await started()
  await stripe.confirm(payment.providerRef, 'pm_card_visa')
  await stripe.advance(0)
  await inState(payment.id, 'held')
  const { latest_charge: charge } = await stripe.intent(payment.providerRef)
  return { id: payment.id, charge: charge ?? '' }
}
/** What a client and time do when somebody has died: the request comes again, leases end, sweepers run. */
async function goOn(ask?: Ask): Promise<void> {
  await eventually(async () => {
    await inside.passTime(120)
    await inside.sweep()
    await stripe.advance(120)
    return (!ask || (await insist(ask, ground))) && (await isCalm())
  })
}
const isCalm = async () =>
  (
    await inside.query(
      'select 1 from inbox_objects where dirty_seq > synced_seq and dead_at is null',
    )
  ).length === 0
const refundsOf = async ({ charge }: Payment) =>
  (await stripe.refunds()).filter((each) => each.charge === charge)
const shownOf = async ({ id }: Payment) =>
  inside.query(
    `select state, captured::int, refunded::int, refund_pending::int as pending, charged_back::int as lost, disputed::int
     from payments_payments where id = $1`,
    [id],
  )
const balanceOf = async (kind: string, ownerId: string) =>
  (
    await inside.query<{ balance: number }>(
      `select (credits - debits)::int as balance from ledger_accounts where kind = $1 and owner_id = $2`,
      [kind, ownerId],
    )
  )[0]?.balance

const healed = (ref: string) => new RegExp(`^healed behind payment_intent ${ref}: `)

const refundPoints: Points = [
  'refunds.after_claim',
  'refunds.after_keep',
  'refunds.after_call',
  'refunds.after_settle',
  'refunds.after_note',
]
test.each(refundPoints)(
  'M61 killed at %s, a refund is made once, and whoever asks again hears the same',
  async (point) => {
    const payment = await paid()
    const path = `/payments/${payment.id}/refunds`
    const ask = askFor(path, { amount: '400' }, finance)
    await ground.sacrifice('api', point, () => once(ask, ground))
    expect(ask.answers).toEqual([])
    await goOn(ask)
    await once(ask, ground)
    expect(new Set(ask.answers).size).toBe(1)
    expect(await refundsOf(payment)).toMatchObject([{ amount: 400, status: 'succeeded' }])
    expect(await shownOf(payment)).toMatchObject([{ state: 'held', refunded: 400, pending: 0 }])
    expect(await balanceOf('escrow', payment.id)).toBe(price - 400)
  },
)

test.each(['refunds.after_claim', 'refunds.after_settle'] as const)(
  'a worker killed at %s, over a refund made in the dashboard, has done nothing; the next one does all of it',
  async (point) => {
    const payment = await paid()
    await ground.sacrifice('worker', point, async () => {
      await stripe.make('refunds', { charge: payment.charge, amount: 400 })
      await stripe.advance(0)
    })
    await goOn()
    expect(await shownOf(payment)).toMatchObject([{ state: 'held', refunded: 400, pending: 0 }])
    expect(await balanceOf('escrow', payment.id)).toBe(price - 400)
  },
)

test.each(['disputes.after_movements', 'disputes.after_decision'] as const)(
  'a worker killed at %s, over a dispute that is lost, has moved nothing; the next one moves it once',
  async (point) => {
    const payment = await paid()
    await ground.sacrifice('worker', point, async () => {
      const id = await stripe.make('disputes', { charge: payment.charge })
      await stripe.make(`disputes/${id}/lost`)
      await stripe.advance(0)
    })
    await goOn()
    expect(await shownOf(payment)).toMatchObject([
      { state: 'charged_back', lost: price, disputed: 0 },
    ])
    expect(await balanceOf('escrow', payment.id)).toBe(0)
  },
)

test.each(['disputes.after_keep', 'disputes.after_call'] as const)(
  'killed at %s, evidence reaches the bank once when it is sent again',
  async (point) => {
    const payment = await paid()
    const ref = await stripe.make('disputes', { charge: payment.charge })
    await stripe.advance(0)
    await inState(payment.id, 'frozen')
    const [dispute] = await inside.query<{ id: string }>(
      'select id from disputes_disputes where provider_ref = $1',
      [ref],
    )
    const evidence = { text: 'It was handed over.' }
    const ask = askFor(`/disputes/${dispute?.id}/evidence`, evidence, finance)
    await ground.sacrifice('api', point, () => once(ask, ground))
    await goOn(ask)
    const [theirs] = (await stripe.disputes()).filter(({ id }) => id === ref)
    expect(theirs).toMatchObject({
      status: 'under_review',
      evidence_details: { submission_count: 1 },
    })
    const told = await inside.query(
      `select 1 from platform_events where name = 'disputes.answered' and subject_id = $1`,
      [dispute?.id],
    )
    expect(told).toHaveLength(1)
  },
)

test('killed when one way to pay was closed and before that is noted: another one begins all the same, and is paid once', async () => {
  const { payment } = await started('/checkout/sessions')
  const ask = askFor(`/payments/${payment.id}/attempts`, { kind: 'intent' })
  await ground.sacrifice('api', 'payments.after_close', () => once(ask, ground))
  await goOn(ask)
  const { providerRef } = startedBy(ask).payment
  await stripe.confirm(providerRef, 'pm_card_visa')
  await stripe.advance(0)
  await inState(payment.id, 'held')
  expect(await balanceOf('escrow', payment.id)).toBe(price)
})

test('a worker killed over a page that is paid has posted nothing; the next one posts it once', async () => {
  const { payment, url } = await started('/checkout/sessions')
  // Of the payment itself nobody tells.
  for (const on of ['payment_intent.*', 'charge.*'])
    await stripe.faultOfEvent({ fault: 'never', on, count: 5 })
  await ground.sacrifice('worker', 'payments.after_page', async () => {
    await stripe.press(url ?? '', 'pm_card_visa')
    await stripe.advance(0)
  })
  await stripe.behave()
  await goOn()
  await inState(payment.id, 'held')
  expect(await balanceOf('escrow', payment.id)).toBe(price)
})

test('M53 a worker killed when a surplus is about to go back: it goes back once', async () => {
  const { payment, url } = await started('/checkout/sessions')
  // What the server makes sure of is taken away underneath it.
  await inside.query(
    `update payments_attempts set outcome = 'rejected', detail = 'expired' where payment_id = $1`,
    [payment.id],
  )
  const ask = askFor(`/payments/${payment.id}/attempts`, { kind: 'intent' })
  const next = startedBy(await answered(ask)).payment
  await stripe.confirm(next.providerRef, 'pm_card_visa')
  await stripe.press(url ?? '', 'pm_card_visa')
  await stripe.advance(0)
  const surplus = await eventually(async () => {
    const [row] = await inside.query<{ charge: string }>(
      'select charge_ref as charge from payments_surplus where payment_id = $1',
      [payment.id],
    )
    return row
  })
  await ground.sacrifice('worker', 'refunds.after_surplus', async () => {
    // Not before the other worker stands still: at its minute of the clock it would give it back.
    await inside.passTime(360)
    await inside.query(
      `update platform_job_schedules set next_at = now() where name = 'refunds.return_surplus'`,
    )
  })
  expect(await refundsOf({ id: payment.id, ...surplus })).toEqual([])
  await goOn()
  expect(await refundsOf({ id: payment.id, ...surplus })).toMatchObject([{ amount: price }])
  await inState(payment.id, 'held')
})

test.each([
  'reconciliation.after_found',
  'reconciliation.after_mended',
  'reconciliation.before_end',
] as const)(
  'M103 a comparison killed at %s is gone on with, and ends with the same report',
  async (point) => {
    const { payment } = await started()
    await stripe.advance(0)
    // What was told of its beginning is looked at: of the money nobody tells.
    await eventually(isCalm)
    await stripe.faultOfEvent({ fault: 'never', count: 9 })
    await stripe.confirm(payment.providerRef, 'pm_card_visa')
    await stripe.behave()
    await ground.renew()
    await ground.sacrifice('worker', point, () =>
      insist(askFor('/reconciliation/runs', { span: '24h' }, finance), ground),
    )
    await inside.query(
      `update reconciliation_runs set lease_until = now() where lease_until is not null`,
    )
    const [left] = await inside.query<{ id: string }>(
      `select id from reconciliation_runs where state in ('waiting', 'running')`,
    )
    const { id, state, found } = await inside.reconcile('24h')
    expect({ id, state }).toEqual({ id: left?.id, state: 'clean' })
    expect(found).toEqual([expect.stringMatching(healed(payment.providerRef))])
    await inState(payment.id, 'held')
  },
)

test('in the end Stripe’s money and ours are the same, and the books differ in nothing', async () => {
  await goOn()
  expect((await judge(ground, [])).problems).toEqual([])
  expect(await inside.reconcile()).toMatchObject({ state: 'clean', found: [] })
})
