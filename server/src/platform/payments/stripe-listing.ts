/** Stripe's lists, page by page: objects by when they were made, balance transactions, and events. */
import type { Stripe } from 'stripe'
import { type Money, add, money } from '../money/index.ts'
import { fromStripe, isFromStripe } from '../money/stripe.ts'
import type {
  Listed,
  ListedNotice,
  ListedSince,
  Movement,
  ProviderListing,
  Sighting,
  SightingKind,
  SightingPhase,
  StrangeMovement,
} from './provider-listing.ts'
import { disputeStatusOf } from './stripe-disputes.ts'
import { noticeIn } from './stripe-notice.ts'
import { collectionStatusOf } from './stripe-status.ts'

/** The most that Stripe gives at once. */
const pageSize = 100
/** Where somebody pays every second a balance stands still at one of these looks. */
const maxLooks = 10

type Ref = string | { readonly id: string } | null | undefined

export function openStripeListing(open: () => Promise<Stripe>): ProviderListing {
  return {
    list: async (kind, from) => list(await open(), kind, from),
    listMovements: async (from) => {
      const { balanceTransactions } = await open()
      const page = await balanceTransactions.list({ ...since(from), expand: ['data.source'] })
      const strange = page.data.filter((each) => !isMovement(each)).map(strangeOf)
      const items = page.data.filter(isMovement).map(movementOf)
      return { items, next: nextOf(page), strange }
    },
    movementsOf: async (sourceRef) => movementsOf(await open(), sourceRef),
    find: async (kind, ref) => orNull(async () => find(await open(), kind, ref)),
    findMovement: async (ref) =>
      orNull(async () =>
        movementOf(await (await open()).balanceTransactions.retrieve(ref, { expand: ['source'] })),
      ),
    readBalance: async () => readBalance(await open()),
    listNotices: async ({ about, ...from }) => {
      const page = await (
        await open()
      ).events.list({
        ...since(from),
        ...(about === 'undelivered'
          ? { delivery_success: false }
          : { type: `${eventPrefixOf(about.kind)}.*` }),
      })
      const items = page.data.map(noticeOf).filter((each) => each !== null)
      return { items, next: nextOf(page) }
    },
  }
}

async function list(
  client: Stripe,
  kind: SightingKind,
  from: ListedSince,
): Promise<Listed<Sighting>> {
  switch (kind) {
    case 'payment_intent':
      return pageOf(
        await client.paymentIntents.list({ ...since(from), expand: ['data.latest_charge'] }),
        ofIntent,
      )
    case 'charge':
      return pageOf(await client.charges.list(since(from)), ofCharge)
    case 'refund':
      return pageOf(await client.refunds.list(since(from)), ofRefund)
    case 'dispute':
      return pageOf(await client.disputes.list(since(from)), ofDispute)
  }
}

async function find(client: Stripe, kind: SightingKind, ref: string): Promise<Sighting> {
  switch (kind) {
    case 'payment_intent':
      return ofIntent(await client.paymentIntents.retrieve(ref, { expand: ['latest_charge'] }))
    case 'charge':
      return ofCharge(await client.charges.retrieve(ref))
    case 'refund':
      return ofRefund(await client.refunds.retrieve(ref))
    case 'dispute':
      return ofDispute(await client.disputes.retrieve(ref))
  }
}

function ofIntent(intent: Stripe.PaymentIntent): Sighting {
  const { latest_charge: charge } = intent
  const isSettled = typeof charge === 'object' && charge?.balance_transaction != null
  return {
    ...about(intent),
    kind: 'payment_intent',
    parentRef: null,
    phase: intentPhases[intent.status] ?? 'open',
    stage: collectionStatusOf(intent),
    price: amountOf(intent),
    isSettled,
  }
}

const intentPhases: Partial<Record<Stripe.PaymentIntent.Status, SightingPhase>> = {
  succeeded: 'done',
  canceled: 'ended',
}

function ofCharge(charge: Stripe.Charge): Sighting {
  const isDone = charge.status === 'succeeded' && charge.captured
  return {
    ...about(charge),
    kind: 'charge',
    parentRef: idOf(charge.payment_intent),
    stage: null,
    phase: isDone ? 'done' : charge.status === 'failed' ? 'ended' : 'open',
    price: fromStripe({
      amount: isDone ? charge.amount_captured : charge.amount,
      currency: charge.currency,
    }),
    isSettled: charge.balance_transaction !== null,
  }
}

function ofRefund(refund: Stripe.Refund): Sighting {
  const isEnded = refund.status === 'failed' || refund.status === 'canceled'
  return {
    ...about(refund),
    kind: 'refund',
    parentRef: idOf(refund.payment_intent) ?? idOf(refund.charge),
    stage: null,
    phase: isEnded ? 'ended' : refund.status === 'succeeded' ? 'done' : 'open',
    price: amountOf(refund),
    isSettled: refund.balance_transaction !== null,
  }
}

function ofDispute(dispute: Stripe.Dispute): Sighting {
  const isClosed = ['won', 'lost', 'warning_closed', 'prevented'].includes(dispute.status)
  return {
    ...about(dispute),
    kind: 'dispute',
    parentRef: idOf(dispute.payment_intent) ?? idOf(dispute.charge),
    phase: dispute.status === 'lost' ? 'done' : isClosed ? 'ended' : 'open',
    stage: disputeStatusOf(dispute),
    price: amountOf(dispute),
    isSettled: dispute.balance_transactions.length > 0,
  }
}

const about = (given: {
  readonly id: string
  readonly created: number
  readonly metadata: Stripe.Metadata | null
}) => ({
  ref: given.id,
  createdAt: new Date(given.created * 1000),
  metadata: { ...given.metadata },
})

const amountOf = ({ amount, currency }: { amount: number; currency: string }): Money =>
  fromStripe({ amount, currency })

function movementOf(transaction: Stripe.BalanceTransaction): Movement {
  const { id, type, source, net, currency, created } = transaction
  return {
    ref: id,
    type,
    sourceRef: idOf(source),
    parentRef: parentOf(source),
    net: amountOf({ amount: net, currency }),
    createdAt: new Date(created * 1000),
  }
}

function parentOf(source: Stripe.BalanceTransaction['source']): string | null {
  if (source === null || typeof source === 'string') return null
  const { payment_intent: intent, charge } = source as { payment_intent?: Ref; charge?: Ref }
  return idOf(intent) ?? idOf(charge)
}

async function movementsOf(client: Stripe, source: string): Promise<readonly Movement[]> {
  const found: Movement[] = []
  const pages = client.balanceTransactions.list({
    source,
    limit: pageSize,
    expand: ['data.source'],
  })
  for await (const transaction of pages)
    if (isMovement(transaction)) found.push(movementOf(transaction))
  return found
}

/** Nothing moved while it was read: the newest movement before it is the newest after it. */
async function readBalance(client: Stripe) {
  let before = await newestOf(client)
  for (let look = 0; look < maxLooks; look += 1) {
    const { available, pending } = await client.balance.retrieve()
    const newest = await newestOf(client)
    if (newest === before) return { total: sumOf([...available, ...pending]), newest }
    before = newest
  }
  return null
}

async function newestOf(client: Stripe): Promise<string | null> {
  const { data } = await client.balanceTransactions.list({ limit: 1 })
  return data[0]?.id ?? null
}

function sumOf(parts: readonly { amount: number; currency: string }[]): readonly Money[] {
  const sums = new Map<string, Money>()
  for (const part of parts.filter(isFromStripe)) {
    const amount = amountOf(part)
    const before = sums.get(amount.asset) ?? money(0, amount.asset)
    sums.set(amount.asset, add(before, amount))
  }
  return [...sums.values()]
}

/** Null for what is no event to us, which a webhook would have answered with 400. */
function noticeOf(event: Stripe.Event): ListedNotice | null {
  const raw = Buffer.from(JSON.stringify(event))
  const notice = noticeIn(raw)
  return notice && { raw, notice }
}

/** Events about an object are named after it; some after what it belongs to. */
function eventPrefixOf(kind: string): string {
  if (kind === 'dispute') return 'charge.dispute'
  return kind === 'subscription' ? 'customer.subscription' : kind
}

const since = ({ since: from, after }: ListedSince) => ({
  limit: pageSize,
  created: { gte: Math.floor(from.getTime() / 1000) },
  ...(after === null ? {} : { starting_after: after }),
})

type Page<T> = { readonly data: readonly T[]; readonly has_more: boolean }

/** Stripe takes amounts that nobody here can count in: one of them must not keep everything else from being compared. */
const isMovement = ({ net, currency }: Stripe.BalanceTransaction) =>
  isFromStripe({ amount: net, currency })

function pageOf<
  T extends { readonly id: string; readonly amount: number; readonly currency: string },
  R,
>(page: Page<T>, read: (each: T) => R): Listed<R> {
  return { items: page.data.filter(isFromStripe).map(read), next: nextOf(page) }
}

const nextOf = ({ data, has_more: hasMore }: Page<{ readonly id: string }>) =>
  hasMore ? (data.at(-1)?.id ?? null) : null

const strangeOf = ({
  id,
  type,
  net,
  currency,
  created,
}: Stripe.BalanceTransaction): StrangeMovement => ({
  ref: id,
  type,
  net: `${net} ${currency.toUpperCase()}`,
  createdAt: new Date(created * 1000),
})

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if ((error as { code?: unknown }).code === 'resource_missing') return null
    throw error
  }
}

const idOf = (ref: Ref): string | null => (typeof ref === 'string' ? ref : (ref?.id ?? null))
