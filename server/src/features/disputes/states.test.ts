/** What becomes of a payment: every state, told everything that a provider can tell, cell by cell. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { money } from '../../platform/money/index.ts'
import type {
  CollectionSnapshot,
  DisputeSnapshot,
  RefundSnapshot,
} from '../../platform/payments/index.ts'
import { applyCollection } from '../payments/testing.ts'
import { applyRefund, startShop } from '../refunds/testing.ts'
import { applyDispute } from './applying.ts'

const shop = await startShop()
const price = 10_000
const usd = (amount: number) => money(amount, 'USD')

/** A payment, and what the provider has said of it so far. */
type Told = {
  readonly id: string
  readonly collection: CollectionSnapshot
  readonly dispute: DisputeSnapshot
  readonly refund: RefundSnapshot
}
type Outcome = { readonly said: string; readonly state: string }
type Act = (told: Told) => Promise<string>

async function begin(): Promise<Told> {
  const { id, providerRef } = await shop.start(price)
  const collection = await shop.server.ctx().ports.payments?.fetchCollection(providerRef)
  if (!collection) throw new Error('the payment was not begun')
  const refs = { chargeRef: `ch_${id}`, collectionRef: providerRef }
  return {
    id,
    collection,
    refund: {
      ...refs,
      ref: `re_${id}`,
      status: 'succeeded',
      amount: usd(price),
      failure: null,
      refundId: null,
    },
    dispute: {
      ...refs,
      ref: `du_${id}`,
      status: 'needs_response',
      amount: usd(price),
      reason: 'fraudulent',
      dueAt: new Date('2030-01-01'),
      hasEvidence: false,
      openedAt: new Date('2026-01-01'),
      movements: [{ ref: `txn_1_${id}`, kind: 'withdrawn', amount: usd(price), fee: usd(1500) }],
    },
  }
}

const intent =
  (status: CollectionSnapshot['status']): Act =>
  async ({ collection }) =>
    shop.server.ctx().tx((tx) => {
      const isPaid = status === 'succeeded'
      const received = isPaid ? collection.price : null
      const chargeRef = isPaid ? `ch_${collection.ref}` : null
      return applyCollection(tx, { ...collection, status, received, chargeRef }, null)
    })
const refunded =
  (amount: number): Act =>
  ({ refund }) =>
    shop.server
      .ctx()
      .tx((tx) =>
        applyRefund(tx, { ...refund, ref: `${refund.ref}_${amount}`, amount: usd(amount) }),
      )
const disputed: Act = ({ dispute }) => shop.server.ctx().tx((tx) => applyDispute(tx, dispute))
const won: Act = ({ dispute }) =>
  shop.server.ctx().tx((tx) =>
    applyDispute(tx, {
      ...dispute,
      status: 'won',
      movements: [
        ...dispute.movements,
        {
          ref: dispute.ref.replace('du_', 'txn_2_'),
          kind: 'reinstated',
          amount: usd(price),
          fee: usd(-1500),
        },
      ],
    }),
  )
const lost: Act = ({ dispute }) =>
  shop.server.ctx().tx((tx) => applyDispute(tx, { ...dispute, status: 'lost' }))
/** Not by the provider, but by somebody here. */
const asked: Act = async ({ id }) => String((await shop.refund(id, {}, randomUUID())).body.code)

const events = {
  'pi.processing': intent('processing'),
  'pi.succeeded': intent('succeeded'),
  'pi.failed': intent('failed'),
  'pi.canceled': intent('cancelled'),
  'part refunded': refunded(4000),
  'all refunded': refunded(price),
  'refund asked for': asked,
  'dispute.created': disputed,
  'dispute.won': won,
  'dispute.lost': lost,
} as const
type EventName = keyof typeof events

const paid = intent('succeeded')
/** How a payment gets there. */
const ways = {
  created: [],
  requires_action: [intent('action')],
  processing: [intent('processing')],
  failed: [intent('failed')],
  cancelled: [intent('cancelled')],
  held: [paid],
  frozen: [paid, disputed],
  released: [
    paid,
    async ({ id }) => {
      await shop.release(id, price, 1000)
      return 'applied'
    },
  ],
  refunded: [paid, refunded(price)],
  charged_back: [paid, lost],
} as const satisfies Record<string, readonly Act[]>
type StateName = keyof typeof ways

const stays = (state: StateName): Outcome => ({ said: 'applied', state })
/** Kept in the inbox, where it is seen, until the payment is known to have been paid. */
const waits = (state: StateName): Outcome => ({ said: 'parent_missing', state })
const refuses = (state: StateName, said: string): Outcome => ({ said, state })

const unpaid = (state: StateName) => ({
  'pi.succeeded': stays('held'),
  'part refunded': waits(state),
  'all refunded': waits(state),
  'refund asked for': refuses(state, 'refunds.nothing_to_refund'),
  'dispute.created': waits(state),
  'dispute.won': waits(state),
  'dispute.lost': waits(state),
})
/** Whatever is told late of how it was paid. */
const past = (state: StateName) => ({
  'pi.processing': stays(state),
  'pi.succeeded': stays(state),
  'pi.failed': stays(state),
  'pi.canceled': stays(state),
})
const open = {
  'pi.processing': stays('processing'),
  'pi.failed': stays('failed'),
  'pi.canceled': stays('cancelled'),
}

/** The rules. What is not here cannot happen, or is another payment's. */
const table: Readonly<Record<StateName, Partial<Record<EventName, Outcome>>>> = {
  created: { ...unpaid('created'), ...open },
  requires_action: { ...unpaid('requires_action'), ...open },
  processing: { ...unpaid('processing'), ...open },
  failed: { ...unpaid('failed'), 'pi.processing': stays('processing') },
  cancelled: { ...unpaid('cancelled'), 'pi.processing': stays('processing') },
  held: {
    ...past('held'),
    'part refunded': stays('held'),
    'all refunded': stays('refunded'),
    'dispute.created': stays('frozen'),
    'dispute.won': stays('held'),
    'dispute.lost': stays('charged_back'),
  },
  frozen: {
    ...past('frozen'),
    'refund asked for': refuses('frozen', 'refunds.disputed'),
    'dispute.created': stays('frozen'),
    'dispute.won': stays('held'),
    'dispute.lost': stays('charged_back'),
  },
  released: {
    ...past('released'),
    'part refunded': stays('released'),
    'all refunded': stays('refunded'),
    'dispute.created': stays('frozen'),
    'dispute.won': stays('released'),
    'dispute.lost': stays('charged_back'),
  },
  refunded: {
    ...past('refunded'),
    'all refunded': stays('refunded'),
    'refund asked for': refuses('refunded', 'refunds.nothing_to_refund'),
    'dispute.created': stays('refunded'),
    'dispute.won': stays('refunded'),
    'dispute.lost': stays('refunded'),
  },
  charged_back: {
    ...past('charged_back'),
    'refund asked for': refuses('charged_back', 'refunds.nothing_to_refund'),
    'dispute.created': stays('charged_back'),
    'dispute.lost': stays('charged_back'),
  },
}

const cells = Object.entries(table).flatMap(([state, row]) =>
  Object.entries(row).map(
    ([event, outcome]) => [state as StateName, event as EventName, outcome] as const,
  ),
)

describe('a payment that is', () => {
  test.each(cells)('%s and is told %s', async (state, event, outcome) => {
    const told = await begin()
    // What the twin itself tells of it is over.
    await shop.settled()
    for (const act of ways[state]) await act(told)
    expect((await shop.get(told.id)).state).toBe(state)
    const said = await events[event](told)
    expect({ said, state: (await shop.get(told.id)).state }).toEqual(outcome)
    // The same again changes nothing.
    const before = await shop.balancesOf(told.id)
    expect(await events[event](told)).toBe(outcome.said)
    expect((await shop.get(told.id)).state).toBe(outcome.state)
    expect(await shop.balancesOf(told.id)).toEqual(before)
  })
})

test('a bank that decides again after it has decided is followed: what was lost comes back, and the other way', async () => {
  const told = await begin()
  await shop.settled()
  for (const act of [paid, lost]) await act(told)
  await won(told)
  expect((await shop.get(told.id)).state).toBe('held')
  expect(await shop.balancesOf(told.id)).toEqual({ escrow: price, psp_clearing: price })
  // An older answer comes too late.
  await lost(told)
  await disputed(told)
  expect((await shop.get(told.id)).state).toBe('held')
})

test('a refund in the dashboard and a lost dispute come to the same, whichever is heard of first', async () => {
  const ends: unknown[] = []
  for (const order of [
    [refunded(4000), lost],
    [lost, refunded(4000)],
  ]) {
    const told = await begin()
    await shop.settled()
    await paid(told)
    for (const act of order) await act(told)
    const { state, captured, refunded: returned, chargedBack } = await shop.get(told.id)
    ends.push({ state, captured, returned, chargedBack, balances: await shop.balancesOf(told.id) })
  }
  expect(ends[0]).toMatchObject({ state: 'charged_back', chargedBack: { amount: '6000' } })
  expect(ends[1]).toEqual(ends[0])
})

test('of twenty that tell the same at once each changes it once', async () => {
  for (const act of [refunded(price), disputed, lost, won]) {
    const told = await begin()
    await shop.settled()
    await paid(told)
    await Promise.all(Array.from({ length: 20 }, () => act(told)))
    const once = await shop.balancesOf(told.id)
    await act(told)
    expect(await shop.balancesOf(told.id)).toEqual(once)
    const other = await begin()
    await shop.settled()
    await paid(other)
    await act(other)
    expect(await shop.balancesOf(other.id)).toEqual(once)
  }
})
