import { expect, test } from 'vitest'
import {
  admin,
  givenClient,
  givenShop,
  givenTwin,
  idOf,
  paid,
  refusalOf,
  secret,
} from './testing.ts'

test('a dispute takes the money and a fee; winning brings both back', async () => {
  const shop = await givenShop()
  const events = ['charge.dispute.*']
  const twin = await givenTwin({ endpoints: [{ url: shop.url, secret, events }] })
  const client = givenClient(twin)
  const intent = await paid(client, 10_000, 'pm_card_createDispute')
  const [dispute] = (await client.disputes.list({ payment_intent: intent.id })).data
  if (!dispute) throw new Error('There is no dispute.')
  expect(dispute).toMatchObject({
    status: 'needs_response',
    amount: 10_000,
    reason: 'fraudulent',
    is_charge_refundable: false,
    balance_transactions: [{ amount: -10_000, fee: 1500, net: -11_500, type: 'adjustment' }],
  })
  const sent = await client.disputes.update(dispute.id, {
    evidence: { uncategorized_text: 'winning_evidence' },
  })
  expect(sent.status).toBe('under_review')
  await twin.advance(61)
  const won = await client.disputes.retrieve(dispute.id)
  expect(won.status).toBe('won')
  expect(won.balance_transactions.reduce((sum, { net }) => sum + net, 0)).toBe(0)
  expect(shop.types()).toEqual([
    'charge.dispute.created',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.updated',
    'charge.dispute.funds_reinstated',
    'charge.dispute.closed',
  ])
})

test('a dispute is lost by accepting it, by bad evidence, or by silence', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const open = async () => {
    const intent = await paid(client)
    const dispute = await admin(client, 'POST', 'disputes', { charge: idOf(intent.latest_charge) })
    return String(dispute['id'])
  }
  const [accepted, argued, forgotten] = [await open(), await open(), await open()]
  expect((await client.disputes.close(accepted)).status).toBe('lost')
  expect(await refusalOf(client.disputes.close(accepted))).toMatchObject({ statusCode: 400 })
  await client.disputes.update(argued, { evidence: { uncategorized_text: 'losing_evidence' } })
  await twin.advance(61)
  expect((await client.disputes.retrieve(argued)).status).toBe('lost')
  await twin.advance(7 * 24 * 3600)
  expect(await client.disputes.retrieve(forgotten)).toMatchObject({
    status: 'lost',
    evidence_details: { past_due: true },
  })
})

test('a disputed charge cannot be refunded; an inquiry can, and takes nothing', async () => {
  const twin = await givenTwin()
  const client = givenClient(twin)
  const disputed = await paid(client, 10_000, 'pm_card_createDisputeProductNotReceived')
  expect(await refusalOf(client.refunds.create({ payment_intent: disputed.id }))).toMatchObject({
    code: 'charge_disputed',
  })
  const asked = await paid(client, 10_000, 'pm_card_createDisputeInquiry')
  const [inquiry] = (await client.disputes.list({ payment_intent: asked.id })).data
  expect(inquiry).toMatchObject({ status: 'warning_needs_response', balance_transactions: [] })
  await client.refunds.create({ payment_intent: asked.id, amount: 1000 })
  await admin(client, 'POST', `disputes/${inquiry?.id}/escalated`)
  expect(await client.disputes.retrieve(inquiry?.id ?? '')).toMatchObject({
    status: 'needs_response',
    balance_transactions: [{ amount: -10_000 }],
  })
  expect(await refusalOf(client.refunds.create({ payment_intent: asked.id }))).toMatchObject({
    code: 'charge_disputed',
  })
})

test('a bank decides as it is told to, for a part of the money as well', async () => {
  const client = givenClient(await givenTwin())
  const intent = await paid(client, 10_000)
  const charge = idOf(intent.latest_charge)
  const dispute = await admin(client, 'POST', 'disputes', { charge, amount: 2500 })
  expect(dispute).toMatchObject({ amount: 2500 })
  const won = await admin(client, 'POST', `disputes/${String(dispute['id'])}/won`)
  expect(won).toMatchObject({ status: 'won', is_charge_refundable: true })
  await client.refunds.create({ charge })
})
