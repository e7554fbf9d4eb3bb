import type { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import {
  type Shop,
  admin,
  givenClient,
  givenShop,
  givenTwin,
  idOf,
  paid,
  refusalOf,
  secret,
} from './testing.ts'
import type { StripeTwin } from './index.ts'

const day = 24 * 3600

async function givenSeller(client: Stripe, state = 'enabled') {
  const account = await client.accounts.create({
    type: 'express',
    email: 'seller@example.com',
    capabilities: { transfers: { requested: true } },
  })
  await admin(client, 'POST', `accounts/${account.id}/${state}`)
  return account.id
}

async function givenMarket(): Promise<{ twin: StripeTwin; client: Stripe; shop: Shop }> {
  const shop = await givenShop()
  const endpoint = { url: shop.url, secret }
  const twin = await givenTwin({
    endpoints: [
      { ...endpoint, events: ['transfer.*'] },
      { ...endpoint, isConnect: true },
    ],
  })
  return { twin, client: givenClient(twin), shop }
}

test('a seller is onboarded by a page that a link opens once', async () => {
  const { twin, client, shop } = await givenMarket()
  const account = await client.accounts.create({
    type: 'express',
    capabilities: { transfers: { requested: true } },
  })
  expect(account).toMatchObject({
    capabilities: { transfers: 'inactive' },
    payouts_enabled: false,
    details_submitted: false,
  })
  const mint = () =>
    client.accountLinks.create({
      account: account.id,
      refresh_url: 'https://shop.test/again',
      return_url: 'https://shop.test/back',
      type: 'account_onboarding',
    })
  const { url } = await mint()
  expect(await (await fetch(url)).text()).toContain('everything is in order')
  const twice = await fetch(url, { redirect: 'manual' })
  expect(twice.headers.get('location')).toBe('https://shop.test/again')
  const body = new URLSearchParams({ state: 'enabled' })
  const back = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  expect(back.headers.get('location')).toBe('https://shop.test/back')
  expect(await client.accounts.retrieve(account.id)).toMatchObject({
    capabilities: { transfers: 'active' },
    payouts_enabled: true,
    requirements: { currently_due: [], disabled_reason: null },
  })
  await twin.quiet()
  expect(shop.events).toMatchObject([{ type: 'account.updated', account: account.id }])
  const late = await mint()
  await twin.advance(301)
  const expired = await fetch(late.url, { redirect: 'manual' })
  expect(expired.headers.get('location')).toBe('https://shop.test/again')
})

test('a transfer of a charge is limited by it, in its currency, and pending as it is', async () => {
  const { twin, client, shop } = await givenMarket()
  const destination = await givenSeller(client)
  const charge = idOf((await paid(client, 10_000)).latest_charge)
  const give = (amount: number, currency = 'usd') =>
    client.transfers.create({ amount, currency, destination, source_transaction: charge })
  const first = await give(9000)
  expect(first).toMatchObject({ transfer_group: `group_${charge}`, amount_reversed: 0 })
  expect(await refusalOf(give(1001))).toMatchObject({ param: 'amount' })
  expect(await refusalOf(give(100, 'eur'))).toMatchObject({ param: 'currency' })
  const stripeAccount = { stripeAccount: destination }
  const before = await client.balance.retrieve({}, stripeAccount)
  expect([before.available[0]?.amount, before.pending[0]?.amount]).toEqual([0, 9000])
  const arrival = await client.charges.retrieve(
    idOf(first.destination_payment),
    { expand: ['balance_transaction'] },
    stripeAccount,
  )
  expect(arrival).toMatchObject({
    source_transfer: first.id,
    payment_intent: null,
    balance_transaction: { amount: 9000, type: 'payment' },
  })
  await twin.advance(2 * day)
  const after = await client.balance.retrieve({}, stripeAccount)
  expect([after.available[0]?.amount, after.pending[0]?.amount]).toEqual([9000, 0])
  expect(shop.types()).toContain('transfer.created')
  const { platform, accounts } = twin.truth()
  expect(accounts[platform]?.transfers).toMatchObject([{ amount: 9000, destination }])
  expect(accounts[destination]?.available).toEqual({ usd: 9000 })
})

test('without a charge there must be available money', async () => {
  const { twin, client } = await givenMarket()
  const destination = await givenSeller(client)
  await paid(client, 10_000)
  const give = () => client.transfers.create({ amount: 5000, currency: 'usd', destination })
  expect(await refusalOf(give())).toMatchObject({ code: 'balance_insufficient', statusCode: 400 })
  await twin.advance(2 * day)
  expect((await give()).amount).toBe(5000)
  expect(await refusalOf(give())).toMatchObject({ code: 'balance_insufficient' })
})

test('a charge that was refunded can still be transferred: nobody but the platform watches that', async () => {
  const { client } = await givenMarket()
  const destination = await givenSeller(client)
  const intent = await paid(client, 10_000)
  await client.refunds.create({ payment_intent: intent.id })
  const transfer = await client.transfers.create({
    amount: 9000,
    currency: 'usd',
    destination,
    source_transaction: idOf(intent.latest_charge),
  })
  expect(transfer.amount).toBe(9000)
})

test('nobody is paid who cannot be: unknown, not onboarded, restricted or gone', async () => {
  const { client } = await givenMarket()
  const charge = idOf((await paid(client, 10_000)).latest_charge)
  const refuse = (destination: string) =>
    refusalOf(
      client.transfers.create({
        amount: 100,
        currency: 'usd',
        destination,
        source_transaction: charge,
      }),
    )
  expect(await refuse('acct_none')).toMatchObject({ code: 'resource_missing' })
  for (const state of ['pending', 'restricted', 'rejected'])
    expect(await refuse(await givenSeller(client, state))).toMatchObject({
      code: 'insufficient_capabilities_for_transfer',
    })
  const gone = await givenSeller(client)
  await admin(client, 'POST', `accounts/${gone}/deauthorized`)
  expect(await refuse(gone)).toMatchObject({ code: 'resource_missing' })
  expect(await refusalOf(client.accounts.retrieve(gone))).toMatchObject({ code: 'account_invalid' })
})

test('a transfer is taken back as far as the seller has money', async () => {
  const { twin, client, shop } = await givenMarket()
  const destination = await givenSeller(client)
  const charge = idOf((await paid(client, 10_000)).latest_charge)
  const { id } = await client.transfers.create({
    amount: 9000,
    currency: 'usd',
    destination,
    source_transaction: charge,
  })
  const part = await client.transfers.createReversal(id, { amount: 1000 })
  expect(part).toMatchObject({ object: 'transfer_reversal', amount: 1000, transfer: id })
  await twin.advance(2 * day)
  await client.payouts.create({ amount: 7000, currency: 'usd' }, { stripeAccount: destination })
  expect(await refusalOf(client.transfers.createReversal(id))).toMatchObject({
    code: 'balance_insufficient',
  })
  expect(await refusalOf(client.transfers.createReversal(id, { amount: 8001 }))).toMatchObject({
    param: 'amount',
  })
  await client.transfers.createReversal(id, { amount: 1000 })
  const after = await client.transfers.retrieve(id)
  expect(after).toMatchObject({ amount_reversed: 2000, reversed: false })
  expect((await client.transfers.listReversals(id)).data).toHaveLength(2)
  expect(shop.types()).toContain('transfer.reversed')
})

test('transfers are found by group, destination and time; an orphan belongs to no request', async () => {
  const { twin, client } = await givenMarket()
  const destination = await givenSeller(client)
  await paid(client, 10_000, 'pm_card_bypassPending')
  const give = { amount: 100, currency: 'usd', destination }
  const ours = await client.transfers.create({ ...give, transfer_group: 'order-1' })
  await twin.advance(100)
  await admin(client, 'POST', 'transfers', give)
  const grouped = await client.transfers.list({ transfer_group: 'order-1' })
  expect(grouped.data.map(({ id }) => id)).toEqual([ours.id])
  expect((await client.transfers.list({ destination })).data).toHaveLength(2)
  const late = await client.transfers.list({ created: { gt: ours.created } })
  expect(late.data).toHaveLength(1)
  const { data } = await client.events.list({ type: 'transfer.created' })
  expect(data[0]?.request).toEqual({ id: null, idempotency_key: null })
})

test('a payout of a seller fails even after it was paid, and the money is back', async () => {
  const { twin, client, shop } = await givenMarket()
  const destination = await givenSeller(client)
  await paid(client, 10_000, 'pm_card_bypassPending')
  await client.transfers.create({ amount: 5000, currency: 'usd', destination })
  const stripeAccount = { stripeAccount: destination }
  const payout = await client.payouts.create({ amount: 5000, currency: 'usd' }, stripeAccount)
  await twin.advance(2 * day)
  expect((await client.payouts.retrieve(payout.id, {}, stripeAccount)).status).toBe('paid')
  await client.rawRequest('POST', `/_twin/payouts/${payout.id}/fail`, {}, stripeAccount)
  await twin.quiet()
  expect(await client.payouts.retrieve(payout.id, {}, stripeAccount)).toMatchObject({
    status: 'failed',
    failure_code: 'account_closed',
  })
  expect((await client.balance.retrieve({}, stripeAccount)).available[0]?.amount).toBe(5000)
  expect(shop.types().filter((type) => type.startsWith('payout.'))).toEqual([
    'payout.created',
    'payout.paid',
    'payout.failed',
  ])
  await admin(client, 'POST', `accounts/${destination}/restricted`)
  const refused = client.payouts.create({ amount: 5000, currency: 'usd' }, stripeAccount)
  expect(await refusalOf(refused)).toMatchObject({ code: 'payouts_not_allowed' })
})
