/** Differences between a provider and us: each is found, told by its name, and mended where that can be. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { query } from '../auth/testing.ts'
import { press } from '../payments/testing.ts'
import { chart, post, reverse } from '../ledger/index.ts'
import { usd } from '../ledger/testing.ts'
import { isFrozen, releasesAllowed } from './index.ts'
import { type Shop, chargeOf, openShop } from './testing.ts'

const clean = { state: 'clean', findings: [] }
const given = openShop

/** A payment that is paid, heard of and compared: from here on nothing is different. */
async function givenHeld(shop: Shop) {
  const paid = await shop.givenPaid()
  await shop.find()
  expect(await shop.stateOf(paid.id)).toBe('held')
  expect(await shop.find()).toEqual(clean)
  return paid
}

const postAlone = (shop: Shop, name: string, amount: number) =>
  shop.server.ctx().tx((tx) =>
    post(tx, {
      idemKey: `test.alone:${name}`,
      reason: 'test.alone',
      postings: [
        amount > 0
          ? {
              debit: chart.pspClearing('stripe', 'USD'),
              credit: chart.world('USD'),
              amount: usd(amount),
            }
          : {
              debit: chart.world('USD'),
              credit: chart.pspClearing('stripe', 'USD'),
              amount: usd(-amount),
            },
      ],
    }),
  )

const later = (shop: Shop, minutes: number) =>
  query(
    shop.server,
    `update reconciliation_drifts set first_seen_at = first_seen_at - make_interval(mins => $1)`,
    [minutes],
  )

const balancesOf = async (shop: Shop) => {
  const { body } = await shop.finance.get('/api/v1/reconciliation/runs?limit=1')
  return body.data[0].balances
}

describe('what can be mended', () => {
  test('M101 a payment whose events never came is brought in, with its money', async () => {
    const shop = await given()
    const paid = await shop.givenPaid()
    const found = { class: 'behind', kind: 'payment_intent', ref: paid.providerRef }
    expect(await shop.find({ isDryRun: true })).toMatchObject({
      state: 'drift',
      findings: expect.arrayContaining([{ ...found, outcome: 'would_heal' }]),
    })
    expect(await shop.stateOf(paid.id)).toBe('created')
    expect(await shop.find()).toEqual({
      state: 'clean',
      findings: [{ ...found, outcome: 'healed' }],
    })
    expect(await shop.stateOf(paid.id)).toBe('held')
    expect(await shop.find()).toEqual(clean)
    expect(await balancesOf(shop)).toEqual([
      { currency: 'USD', provider: '1037', ledger: '1037', explained: '0', unexplained: '0' },
    ])
  })

  test('M101 a payment whose beginning got no answer is known by its metadata, at once', async () => {
    const shop = await given()
    shop.twin.faults.request({ fault: 'error_after', on: 'POST /v1/payment_intents' })
    shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/payment_intents' })
    await expect(shop.start()).rejects.toThrow('provider_unavailable')
    const [intent] = (await shop.stripe.paymentIntents.list()).data
    await shop.pay(intent?.id ?? '')
    expect(await shop.find()).toEqual({
      state: 'clean',
      findings: [
        {
          class: 'missing_here',
          kind: 'payment_intent',
          ref: intent?.id,
          outcome: 'healed',
        },
      ],
    })
    expect(await query(shop.server, 'select state from payments_payments')).toEqual([
      { state: 'held' },
    ])
    expect(await shop.find()).toEqual(clean)
  })

  test('M101 a card that was refused is seen by those who look at the payment, although nobody told', async () => {
    const shop = await given()
    const { id, providerRef } = await shop.start()
    await shop.pay(providerRef, 'pm_card_visa_chargeDeclined').catch(() => null)
    expect(await shop.stateOf(id)).toBe('created')
    expect(await shop.find()).toEqual({
      state: 'clean',
      findings: [{ class: 'behind', kind: 'payment_intent', ref: providerRef, outcome: 'healed' }],
    })
    expect(await shop.stateOf(id)).toBe('failed')
    expect(await shop.find()).toEqual(clean)
  })

  test('M101 a page on which a card was refused, and that has ended since, is over; the payment can be paid another way', async () => {
    const shop = await given()
    const key = { 'idempotency-key': randomUUID() }
    const price = { amount: '1099', currency: 'USD' }
    const reply = await shop.ada.post('/api/v1/checkout/sessions', price, key)
    const { payment, url } = reply.body.data
    await press(url, 'pm_card_visa_chargeDeclined')
    await shop.twin.advance(25 * 3600)
    expect(await shop.find()).toMatchObject({
      state: 'clean',
      findings: [
        { class: 'missing_here', outcome: 'healed' },
        { class: 'behind', outcome: 'healed' },
      ],
    })
    expect(await shop.stateOf(payment.id)).toBe('failed')
    expect(await shop.find()).toEqual(clean)
    const other = { 'idempotency-key': randomUUID() }
    const next = await shop.ada.post(
      `/api/v1/payments/${payment.id}/attempts`,
      { kind: 'intent' },
      other,
    )
    expect(next.status).toBe(201)
  })

  test('one that the inbox has given up is looked at all the same', async () => {
    const shop = await given()
    const paid = await shop.givenPaid()
    await query(
      shop.server,
      `insert into inbox_objects (id, provider, account, kind, object_id, dirty_seq, problem, dead_at)
       values (gen_random_uuid(), 'stripe', '', 'payment_intent', $1, 3, 'parent_missing', now())`,
      [paid.providerRef],
    )
    expect(await shop.find()).toMatchObject({ state: 'clean' })
    expect(await shop.stateOf(paid.id)).toBe('held')
  })

  test('a fee that is told later than the money is posted then; until then it is on its way', async () => {
    const shop = await given({ money: { asyncCaptureSeconds: 3600 } })
    const paid = await shop.givenPaid()
    expect(await shop.find()).toMatchObject({ state: 'clean', findings: [{ class: 'behind' }] })
    expect(await balancesOf(shop)).toEqual([
      { currency: 'USD', provider: '0', ledger: '1099', explained: '-1099', unexplained: '0' },
    ])
    await shop.twin.advance(3600)
    expect(await shop.find()).toEqual({
      state: 'clean',
      findings: [
        { class: 'amount_differs', kind: 'movement', ref: paid.charge, outcome: 'healed' },
      ],
    })
    expect(await shop.find()).toEqual(clean)
  })

  test('payouts to the house’s bank and what the provider costs are posted', async () => {
    const shop = await given()
    await givenHeld(shop)
    const payout = await shop.behind('POST', 'balance_transactions', {
      amount: -500,
      currency: 'usd',
      type: 'payout',
      source: 'po_1TestOfAPayout',
    })
    const fee = await shop.behind('POST', 'balance_transactions', {
      amount: -25,
      currency: 'usd',
      type: 'stripe_fee',
    })
    const { state, findings } = await shop.find()
    expect(state).toBe('clean')
    expect(findings).toHaveLength(2)
    expect(findings).toEqual(
      expect.arrayContaining([
        { class: 'unposted', kind: 'movement', ref: payout.id, outcome: 'healed' },
        { class: 'unposted', kind: 'movement', ref: fee.id, outcome: 'healed' },
      ]),
    )
    expect(await shop.find()).toEqual(clean)
    expect((await balancesOf(shop))[0]).toMatchObject({ provider: '512', ledger: '512' })
  })
})

describe('what cannot', () => {
  test('M101 money that nobody asked for is told, blocks payouts, and goes back to nobody', async () => {
    const shop = await given()
    await givenHeld(shop)
    const orphan = await shop.stripe.paymentIntents.create({ amount: 700, currency: 'usd' })
    const charge = chargeOf(await shop.pay(orphan.id))
    const found = { class: 'orphan', kind: 'charge', ref: charge, outcome: 'open' }
    for (let run = 0; run < 2; run += 1)
      expect(await shop.find()).toEqual({ state: 'drift', findings: [found] })
    expect((await shop.stripe.charges.retrieve(charge)).amount_refunded).toBe(0)
    expect((await balancesOf(shop))[0]).toMatchObject({ explained: '650', unexplained: '0' })
    expect(await releasesAllowed(shop.server.ctx())).toMatchObject({
      isAllowed: false,
      blocks: [{ by: 'drift', class: 'orphan', ref: charge }],
    })
    const told = (await shop.server.facts()).filter(
      ({ name }) => name === 'reconciliation.drift_found',
    )
    expect(told).toMatchObject([{ data: { class: 'orphan', severity: 'critical', ref: charge } }])
  })

  test('M56 M101 two that took money for one payment are told', async () => {
    const shop = await given()
    const held = await givenHeld(shop)
    const second = await shop.stripe.paymentIntents.create({
      amount: 1099,
      currency: 'usd',
      metadata: { payment_id: held.id },
    })
    await shop.pay(second.id)
    expect(await shop.find()).toEqual({
      state: 'drift',
      findings: [{ class: 'two_objects', kind: 'payment_intent', ref: second.id, outcome: 'open' }],
    })
    expect(await isFrozen(shop.server.ctx(), held.id)).toBe(true)
    expect(await shop.stateOf(held.id)).toBe('held')
  })

  test('M101 another amount than was asked for is told, before and after it is paid', async () => {
    const shop = await given()
    const held = await givenHeld(shop)
    const open = await shop.start()
    await shop.behind('POST', `payment_intents/${open.providerRef}`, { amount: 1100 })
    await shop.behind('POST', `payment_intents/${held.providerRef}`, { amount: 1098 })
    const { state, findings } = await shop.find()
    expect(state).toBe('drift')
    const found = { class: 'amount_differs', kind: 'payment_intent', outcome: 'open' }
    expect(findings).toHaveLength(2)
    expect(findings).toEqual(
      expect.arrayContaining([
        { ...found, ref: open.providerRef },
        { ...found, ref: held.providerRef },
      ]),
    )
    expect(await isFrozen(shop.server.ctx(), held.id)).toBe(true)
  })

  test('M101 what is gone at the provider is suspected at first, and told ten minutes later', async () => {
    const shop = await given()
    const held = await givenHeld(shop)
    await shop.behind('DELETE', `payment_intents/${held.providerRef}`)
    const found = { class: 'missing_there', kind: 'payment_intent', ref: held.providerRef }
    for (let run = 0; run < 2; run += 1)
      expect(await shop.find()).toEqual({
        state: 'drift',
        findings: [{ ...found, outcome: 'suspected' }],
      })
    expect((await releasesAllowed(shop.server.ctx())).isAllowed).toBe(true)
    await later(shop, 10)
    expect(await shop.find()).toEqual({
      state: 'drift',
      findings: [{ ...found, outcome: 'open' }],
    })
    expect((await releasesAllowed(shop.server.ctx())).isAllowed).toBe(false)
    expect(await shop.stateOf(held.id)).toBe('held')
  })

  test('M101 nor is the provider believed at once when it takes back that it was paid', async () => {
    const shop = await given()
    const held = await givenHeld(shop)
    await shop.behind('POST', `payment_intents/${held.providerRef}`, { unpaid: true })
    const found = { class: 'missing_there', kind: 'payment_intent', ref: held.providerRef }
    expect((await shop.find()).findings).toEqual([{ ...found, outcome: 'suspected' }])
    await later(shop, 11)
    expect((await shop.find()).findings).toEqual([{ ...found, outcome: 'open' }])
    expect(await shop.stateOf(held.id)).toBe('held')
  })

  test('M101 a refund that somebody made in the dashboard does not stay unknown', async () => {
    const shop = await given()
    const held = await givenHeld(shop)
    const refund = await shop.behind('POST', 'refunds', { charge: held.charge, amount: 200 })
    const { findings } = await shop.find()
    // Whoever keeps refunds mends it; until then it is told.
    expect(findings).toMatchObject([{ ref: refund.id }])
  })

  test('M105 one that is missing and one too many are both told, though the sums agree', async () => {
    const shop = await given()
    await givenHeld(shop)
    const extra = await shop.behind('POST', 'balance_transactions', {
      amount: 500,
      currency: 'usd',
      type: 'adjustment',
    })
    const { transaction } = await postAlone(shop, randomUUID(), 500)
    const { state, findings } = await shop.find()
    expect(state).toBe('drift')
    expect(findings).toHaveLength(2)
    expect(findings).toEqual(
      expect.arrayContaining([
        { class: 'unposted', kind: 'movement', ref: extra.id, outcome: 'open' },
        { class: 'posted_alone', kind: 'movement', ref: transaction.id, outcome: 'open' },
      ]),
    )
    const [balance] = await balancesOf(shop)
    expect(balance.provider).toBe(balance.ledger)
  })

  test('M101 money in a currency that nobody here can count in is told, and everything else is compared', async () => {
    const shop = await given()
    await givenHeld(shop)
    const strange = await shop.stripe.paymentIntents.create({ amount: 70_000, currency: 'std' })
    await shop.pay(strange.id)
    const late = await shop.givenPaid()
    const [moved] = (await shop.stripe.balanceTransactions.list({ currency: 'std' })).data
    const told = { class: 'unposted', kind: 'movement', ref: moved?.id, outcome: 'open' }
    const { state, findings } = await shop.find()
    expect({ state, told: findings.at(-1) }).toEqual({ state: 'drift', told })
    expect(findings.slice(0, -1)).toMatchObject([{ ref: late.providerRef, outcome: 'healed' }])
    const [drift] = (await shop.finance.get('/api/v1/reconciliation/drifts?state=open')).body.data
    expect(drift).toMatchObject({ expected: `${moved?.net} STD`, severity: 'critical' })
    expect((await balancesOf(shop))[0]).toMatchObject({ currency: 'USD', unexplained: '0' })
    expect(await shop.find()).toEqual({ state: 'drift', findings: [told] })
  })

  test('M101 a part of a currency that has none is told, and keeps neither its payment nor anything else back', async () => {
    const shop = await given()
    // The fee of it, and so what is left, is said in hundredths.
    const odd = await shop.start('5001', 'UGX')
    const charge = chargeOf(await shop.pay(odd.providerRef))
    const paid = await shop.givenPaid()
    const { state, findings } = await shop.find()
    expect(state).toBe('drift')
    expect(await shop.stateOf(odd.id)).toBe('held')
    expect(await shop.stateOf(paid.id)).toBe('held')
    const [movement] = (await shop.stripe.balanceTransactions.list({ source: charge })).data
    expect(findings).toContainEqual({
      class: 'unposted',
      kind: 'movement',
      ref: movement?.id,
      outcome: 'open',
    })
    expect(await balancesOf(shop)).toMatchObject([{ currency: 'UGX' }, { unexplained: '0' }])
  })

  test('M106 one cent more or less is told, whoever has it', async () => {
    const shop = await given()
    const held = await givenHeld(shop)
    const [moved] = (await shop.stripe.balanceTransactions.list()).data
    await shop.behind('POST', `balance_transactions/${moved?.id}`, { amount: 1100 })
    expect(await shop.find()).toEqual({
      state: 'drift',
      findings: [{ class: 'amount_differs', kind: 'movement', ref: held.charge, outcome: 'open' }],
    })
    // A run that does not look back so far knows the movement no more, and the balance all the same.
    await query(shop.server, `update reconciliation_drifts set state = 'gone'`)
    await query(
      shop.server,
      `insert into reconciliation_runs (id, provider, span, trigger, is_dry_run, since, stage)
       values ('ffffffff-ffff-7fff-bfff-ffffffffffff', 'stripe', '24h', 'command', false, now() + interval '1 hour', 'payment_intent')`,
    )
    expect(await shop.find()).toEqual({
      state: 'drift',
      findings: [{ class: 'clearing_differs', kind: 'balance', ref: 'USD', outcome: 'open' }],
    })
    expect((await balancesOf(shop))[0]).toMatchObject({ unexplained: '1' })
    await shop.behind('POST', `balance_transactions/${moved?.id}`, { amount: 1099 })
    const { transaction } = await postAlone(shop, randomUUID(), -1)
    expect((await shop.find()).findings).toMatchObject([
      { class: 'posted_alone', ref: transaction.id },
    ])
    // As the guide says: it is undone by another transaction.
    await shop.server.ctx().tx((tx) => reverse(tx, transaction.id, { reason: 'test.undone' }))
    expect(await shop.find()).toEqual(clean)
  })

  test('M101 a request without an outcome, work that nobody does, and a broken ledger are told', async () => {
    const shop = await given()
    await shop.start()
    const { server } = shop
    await query(
      server,
      `update payments_attempts set outcome = 'unknown', created_at = now() - interval '25 hours'`,
    )
    await query(
      server,
      `insert into platform_job_outbox (id, name, payload, origin, run_at)
       values (gen_random_uuid(), 'test.nobody', '{}', '{}', now() - interval '1 hour')`,
    )
    const tamper = (by: number) =>
      query(
        server,
        `alter table ledger_accounts disable trigger user;
         update ledger_accounts set credits = credits + ${by} where kind = 'escrow';
         alter table ledger_accounts enable trigger user`,
      )
    await shop.givenPaid()
    await shop.find()
    await tamper(1)
    const { state, findings } = await shop.find()
    expect(state).toBe('drift')
    expect(findings.map((each) => each.class).toSorted()).toEqual([
      'lagging',
      'ledger_broken',
      'ledger_broken',
      'overdue',
    ])
    expect((await releasesAllowed(server.ctx())).isAllowed).toBe(false)
    await tamper(-1)
    await shop.find()
    expect(await releasesAllowed(server.ctx())).toEqual({ isAllowed: true, blocks: [] })
  })
})

test('what the provider fails to say ends no run: it goes on where it was', async () => {
  const shop = await given()
  const paid = await shop.givenPaid()
  shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/balance_transactions' })
  await expect(shop.run()).rejects.toThrow('Nothing was done')
  const before = await query<{ id: string }>(
    shop.server,
    'select id, state, stage, problem from reconciliation_runs',
  )
  expect(before).toMatchObject([{ state: 'running', stage: 'movements' }])
  expect(await shop.find()).toEqual({
    state: 'clean',
    findings: [
      { class: 'behind', kind: 'payment_intent', ref: paid.providerRef, outcome: 'healed' },
    ],
  })
  expect(await query(shop.server, 'select id from reconciliation_runs')).toEqual([
    { id: before[0]?.id },
  ])
})
