/** Stripe, by its official client: the same code speaks to Stripe and to whatever stands in for it. */
import type { Stripe } from 'stripe'
import { type StripeAmount, fromStripe, toStripe } from '../money/stripe.ts'
import { type Money, money } from '../money/index.ts'
import type {
  Attempt,
  CollectRequest,
  Collection,
  CollectionSnapshot,
  CollectionStatus,
  Outcome,
  PaymentProvider,
} from './provider.ts'
import { openStripeListing } from './stripe-listing.ts'

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
      return outcomeOf(async () => start(await client(), attempt, price))
    },
    fetchCollection: async (ref, signal) => fetchCollection(await client(), ref, signal),
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
      metadata: { payment_id: body.paymentId },
      ...(body.description === null ? {} : { description: body.description }),
    },
    { idempotencyKey: key },
  )
  if (intent.client_secret === null) throw new Error('Stripe gave no client secret')
  return { ref: intent.id, clientSecret: intent.client_secret }
}

async function fetchCollection(
  client: Stripe,
  ref: string,
  signal?: AbortSignal,
): Promise<CollectionSnapshot | null> {
  try {
    signal?.throwIfAborted()
    return snapshotOf(
      await client.paymentIntents.retrieve(ref, { expand: ['latest_charge.balance_transaction'] }),
    )
  } catch (error) {
    if (codeOf(error) === 'resource_missing') return null
    throw error
  }
}

function snapshotOf(intent: Stripe.PaymentIntent): CollectionSnapshot {
  const { id, currency, last_payment_error: failure, latest_charge: charge } = intent
  const status = statusOf(intent)
  const hasSucceeded = status === 'succeeded'
  return {
    ref: id,
    status,
    isLive: intent.livemode,
    price: fromStripe({ amount: intent.amount, currency }),
    received: hasSucceeded ? fromStripe({ amount: intent.amount_received, currency }) : null,
    fee: hasSucceeded ? feeOf(charge, currency) : null,
    chargeRef: hasSucceeded ? refOf(charge) : null,
    failure: failure?.decline_code ?? failure?.code ?? null,
    paymentId: intent.metadata['payment_id'] ?? null,
  }
}

function statusOf({ status, last_payment_error }: Stripe.PaymentIntent): CollectionStatus {
  switch (status) {
    case 'succeeded':
      return 'succeeded'
    case 'processing':
    case 'requires_capture':
      return 'processing'
    case 'requires_action':
      return 'action'
    case 'canceled':
      return 'cancelled'
    default:
      return last_payment_error ? 'failed' : 'open'
  }
}

/** Null in another currency than the payment's: that one is settled elsewhere and told by the reconciliation. */
function feeOf(charge: Stripe.PaymentIntent['latest_charge'], currency: string): Money | null {
  if (charge === null || typeof charge === 'string') return null
  const { balance_transaction: settled } = charge
  if (settled === null || typeof settled === 'string' || settled.currency !== currency) return null
  return fromStripe({ amount: settled.fee, currency })
}

const refOf = (charge: Stripe.PaymentIntent['latest_charge']) =>
  typeof charge === 'string' ? charge : (charge?.id ?? null)

/** Which failures say that nothing was done. A key that was used with another body is a mistake of ours: nobody may guess. */
async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'done', value: await work() }
  } catch (error) {
    const { statusCode, type } = error as { statusCode?: number; type?: string }
    const isDefinite =
      statusCode !== undefined &&
      statusCode >= 400 &&
      statusCode < 500 &&
      ![401, 403, 409, 429].includes(statusCode) &&
      type !== 'StripeIdempotencyError'
    if (isDefinite) return { kind: 'rejected', code: codeOf(error) ?? 'refused' }
    return { kind: 'unknown', reason: codeOf(error) ?? type ?? 'no_answer' }
  }
}

const codeOf = (error: unknown): string | null => {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : null
}
