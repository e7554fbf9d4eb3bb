/** Stripe, by its official client: the same code speaks to Stripe and to whatever stands in for it. */
import type { Stripe } from 'stripe'
import { type StripeAmount, fromStripe, isFromStripe, toStripe } from '../money/stripe.ts'
import { type Money, money } from '../money/index.ts'
import type {
  Attempt,
  CollectRequest,
  Collection,
  CollectionSnapshot,
  PaymentProvider,
} from './provider.ts'
import { openDisputes } from './stripe-disputes.ts'
import { openRefunds } from './stripe-refunds.ts'
import { openCheckout } from './stripe-checkout.ts'
import { openCustomers } from './stripe-customers.ts'
import { found, idOf, isMarkedAs, marksFor, marksOf, outcomeOf } from './stripe-outcome.ts'
import { openStripeListing } from './stripe-listing.ts'
import { collectionStatusOf } from './stripe-status.ts'

/** What our code was written for; Stripe answers in this version whatever the account's default is. */
const apiVersion = '2026-10-28.endive'
/** Stripe's own slowest answers take about half of it. */
const timeoutMs = 20_000

export type StripeOptions = {
  readonly secretKey: string
  /** Where it is reached instead of api.stripe.com. */
  readonly url?: URL | undefined
}

export function openStripe(options: StripeOptions): PaymentProvider {
  let opened: Promise<Stripe> | null = null
  // The client is large and most processes never speak to it.
  const client = () => (opened ??= openClient(options))
  return {
    id: 'stripe',
    startCollection: async (attempt) => {
      const price = toStripe(money(attempt.body.amount, attempt.body.currency))
      return outcomeOf(
        async () => start(await client(), attempt, price),
        async () => findStarted(await client(), attempt.body),
      )
    },
    fetchCollection: async (ref, signal) => fetchCollection(await client(), ref, signal),
    ...openRefunds(client),
    ...openDisputes(client),
    cancelCollection: async (ref) => {
      const { paymentIntents } = await client()
      // One that is over already is refused; a lost answer tells nothing. What is seen now counts.
      await paymentIntents.cancel(ref).catch(() => null)
      return fetchCollection(await client(), ref)
    },
    ...openCheckout(client),
    ...openCustomers(client),
    listing: openStripeListing(client),
  }
}

async function openClient({ secretKey, url }: StripeOptions): Promise<Stripe> {
  const { Stripe: Client } = await import('stripe')
  return new Client(secretKey, {
    apiVersion,
    timeout: timeoutMs,
    telemetry: false,
    // An attempt is sent again by us, who know what may have happened to it.
    maxNetworkRetries: 0,
    ...(url
      ? {
          host: url.hostname,
          port: url.port,
          protocol: url.protocol === 'https:' ? ('https' as const) : ('http' as const),
        }
      : {}),
  })
}

async function start(
  client: Stripe,
  { key, body }: Attempt<CollectRequest>,
  { amount, currency }: StripeAmount,
): Promise<Collection> {
  const intent = await client.paymentIntents.create(
    {
      amount,
      currency,
      automatic_payment_methods: { enabled: true },
      metadata: marksFor(body),
      ...(body.description === null ? {} : { description: body.description }),
      ...(body.customerRef === undefined ? {} : { customer: body.customerRef }),
    },
    { idempotencyKey: key },
  )
  return collectionOf(intent)
}

/** By the marks that we gave it, among the newest of whoever pays. */
async function findStarted(client: Stripe, body: CollectRequest): Promise<Collection | null> {
  if (body.customerRef === undefined) return null
  const { data } = await client.paymentIntents.list({ customer: body.customerRef, limit: 100 })
  const intent = data.find((each) => isMarkedAs(each, body))
  return intent ? collectionOf(intent) : null
}

function collectionOf({ id, client_secret: clientSecret }: Stripe.PaymentIntent): Collection {
  if (clientSecret === null) throw new Error('Stripe gave no client secret')
  return { ref: id, clientSecret }
}

async function fetchCollection(
  client: Stripe,
  ref: string,
  signal?: AbortSignal,
): Promise<CollectionSnapshot | null> {
  signal?.throwIfAborted()
  const expand = ['latest_charge.balance_transaction']
  const intent = await found(() => client.paymentIntents.retrieve(ref, { expand }))
  return intent && snapshotOf(intent)
}

function snapshotOf(intent: Stripe.PaymentIntent): CollectionSnapshot {
  const { id, currency, last_payment_error: failure, latest_charge: charge } = intent
  const status = collectionStatusOf(intent)
  const hasSucceeded = status === 'succeeded'
  return {
    ref: id,
    status,
    isLive: intent.livemode,
    price: fromStripe({ amount: intent.amount, currency }),
    received: hasSucceeded ? fromStripe({ amount: intent.amount_received, currency }) : null,
    fee: hasSucceeded ? feeOf(charge, currency) : null,
    chargeRef: hasSucceeded ? idOf(charge) : null,
    failure: failure?.decline_code ?? failure?.code ?? null,
    ...marksOf(intent.metadata),
  }
}

/** Null in another currency than the payment's: that one is settled elsewhere and told by the reconciliation. */
function feeOf(charge: Stripe.PaymentIntent['latest_charge'], currency: string): Money | null {
  if (charge === null || typeof charge === 'string') return null
  const { balance_transaction: settled } = charge
  if (settled === null || typeof settled === 'string' || settled.currency !== currency) return null
  const fee = { amount: settled.fee, currency }
  // What cannot be posted must not keep the money from being held: the comparison of the books tells it.
  return isFromStripe(fee) ? fromStripe(fee) : null
}
