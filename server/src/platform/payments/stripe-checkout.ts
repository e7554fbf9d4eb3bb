/** Stripe Checkout: a page of Stripe's on which a customer pays. */
import type { Stripe } from 'stripe'
import { money } from '../money/index.ts'
import { type StripeAmount, toStripe } from '../money/stripe.ts'
import type { Attempt } from './provider.ts'
import type {
  CheckoutProvider,
  Session,
  SessionRequest,
  SessionSnapshot,
  SessionStatus,
} from './checkout-provider.ts'
import { found, idOf, isMarkedAs, marksFor, marksOf, outcomeOf } from './stripe-outcome.ts'

export function openCheckout(client: () => Promise<Stripe>): CheckoutProvider {
  const fetchSession = async (ref: string, signal?: AbortSignal) => {
    signal?.throwIfAborted()
    const { checkout } = await client()
    const session = await found(() => checkout.sessions.retrieve(ref))
    return session && snapshotOf(session)
  }
  return {
    startSession: async (attempt) => {
      const price = toStripe(money(attempt.body.amount, attempt.body.currency))
      return outcomeOf(
        async () => start(await client(), attempt, price),
        async () => findStarted(await client(), attempt.body),
      )
    },
    fetchSession,
    expireSession: async (ref) => {
      const { checkout } = await client()
      // One that is over already is refused; a lost answer tells nothing. What is seen now counts.
      await checkout.sessions.expire(ref).catch(() => null)
      return fetchSession(ref)
    },
    findSessionOf: async (collectionRef, signal) => {
      signal?.throwIfAborted()
      const { checkout } = await client()
      const [session] = (await checkout.sessions.list({ payment_intent: collectionRef, limit: 1 }))
        .data
      return session?.id ?? null
    },
  }
}

async function start(
  client: Stripe,
  { key, body }: Attempt<SessionRequest>,
  { amount, currency }: StripeAmount,
): Promise<Session> {
  const marks = marksFor(body)
  const session = await client.checkout.sessions.create(
    {
      mode: 'payment',
      line_items: [
        {
          price_data: { currency, unit_amount: amount, product_data: { name: body.name } },
          quantity: 1,
        },
      ],
      client_reference_id: body.paymentId,
      metadata: marks,
      // The payment says whose it is, too: it may be heard of before the page is.
      payment_intent_data: {
        metadata: marks,
        ...(body.description === null ? {} : { description: body.description }),
      },
      success_url: body.successUrl,
      cancel_url: body.cancelUrl,
      ...(body.customerRef === undefined ? {} : { customer: body.customerRef }),
    },
    { idempotencyKey: key },
  )
  return pageOf(session)
}

/** By the marks that we gave it, among the newest of whoever pays. One that is over has no address any more. */
async function findStarted(client: Stripe, body: SessionRequest): Promise<Session | null> {
  if (body.customerRef === undefined) return null
  const listed = await client.checkout.sessions.list({ customer: body.customerRef, limit: 100 })
  const session = listed.data.find((each) => isMarkedAs(each, body))
  return session ? pageOf(session) : null
}

function pageOf({ id, url }: Stripe.Checkout.Session): Session {
  if (url === null) throw new Error('Stripe gave no page')
  return { ref: id, url }
}

const snapshotOf = (session: Stripe.Checkout.Session): SessionSnapshot => ({
  ref: session.id,
  status: statusOf(session),
  collectionRef: idOf(session.payment_intent),
  ...marksOf(session.metadata),
})

/** What Stripe may call it one day is taken for open: nobody may rely on its being over. */
function statusOf({ status }: Stripe.Checkout.Session): SessionStatus {
  switch (status) {
    case 'complete':
      return 'complete'
    case 'expired':
      return 'expired'
    default:
      return 'open'
  }
}
