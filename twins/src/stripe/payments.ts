/** The life of a payment intent: attempts, authentication, banks that decide later, capture, cancelling. */
import { type Charge, collect, createCharge, failCharge } from './charges.ts'
import { openDispute } from './disputes.ts'
import {
  authenticationFailed,
  authenticationNeeded,
  bankRefusal,
  cardError,
  decline,
  failIntent,
  tellWatcher,
} from './declines.ts'
import { StripeError, invalid, unexpectedState } from './errors.ts'
import { emit } from './events.ts'
import type { Metadata } from './parameters.ts'
import { type PaymentMethod, attach } from './payment-methods.ts'
import type { Outcome } from './test-cards.ts'
import { later, work } from './work.ts'
import { type Home, take } from './world.ts'

export type PaymentIntent = {
  id: string
  object: 'payment_intent'
  amount: number
  amount_capturable: number
  amount_details: { tip: object }
  amount_received: number
  application: null
  application_fee_amount: null
  automatic_payment_methods: { allow_redirects: string; enabled: boolean } | null
  canceled_at: number | null
  cancellation_reason: string | null
  capture_method: 'automatic' | 'automatic_async' | 'manual'
  client_secret: string
  confirmation_method: 'automatic'
  created: number
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: object | null
  latest_charge: string | null
  livemode: false
  metadata: Metadata
  next_action: object | null
  on_behalf_of: null
  payment_method: string | null
  payment_method_options: object
  payment_method_types: string[]
  processing: null
  receipt_email: string | null
  review: null
  setup_future_usage: 'off_session' | 'on_session' | null
  shipping: object | null
  source: null
  statement_descriptor: string | null
  statement_descriptor_suffix: string | null
  status:
    | 'canceled'
    | 'processing'
    | 'requires_action'
    | 'requires_capture'
    | 'requires_confirmation'
    | 'requires_payment_method'
    | 'succeeded'
  transfer_data: null
  transfer_group: string | null
}

type Attempt = { isOffSession?: boolean; isActionAnError?: boolean; returnUrl?: string | undefined }

const bankDecidesAfterSeconds = 60
const authorizationSeconds = 7 * 24 * 3600

/** Tries to take the money; a decline is thrown, after it was recorded. */
export function attempt(
  home: Home,
  intent: PaymentIntent,
  method: PaymentMethod,
  how: Attempt = {},
): void {
  if (!intent.payment_method_types.includes(method.type))
    throw invalid(
      `The PaymentMethod is of type ${method.type}, which this PaymentIntent does not allow.`,
      { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' },
    )
  if (method.type !== 'card' && intent.capture_method === 'manual')
    throw invalid(`Payments of type ${method.type} cannot be captured by hand.`, {
      param: 'capture_method',
    })
  intent.payment_method = method.id
  intent.last_payment_error = null
  intent.next_action = null
  const card = home.cards.get(method.id)
  if (!card) throw new Error(`${method.id} has no behaviour.`)
  if (card.outcome.kind === 'authenticate') {
    if (how.isOffSession === true) throw decline(home, intent, method, authenticationNeeded)
    if (how.isActionAnError === true) {
      intent.status = 'requires_payment_method'
      throw cardError(intent, method, null, {
        code: 'payment_intent_action_required',
        declineCode: 'payment_intent_action_required',
        message: 'This payment requires an action of the customer.',
      })
    }
    askForAction(home, intent, how.returnUrl)
    return
  }
  conclude(home, intent, method, card.outcome)
}

/** The customer came back from their bank. */
export function authenticate(home: Home, intent: PaymentIntent, isApproved: boolean): void {
  if (intent.status !== 'requires_action') throw wrongState(intent, 'authenticated')
  const method = take(home.paymentMethods, intent.payment_method ?? '', 'PaymentMethod')
  const outcome = home.cards.get(method.id)?.outcome
  intent.next_action = null
  if (!isApproved) decline(home, intent, method, authenticationFailed, false)
  else if (outcome?.kind === 'authenticate')
    // The customer sees a refusal on the page, and the intent tells it: nobody is there to catch it.
    try {
      conclude(home, intent, method, outcome.after)
    } catch (error) {
      if (!(error instanceof StripeError)) throw error
    }
}

export function capture(home: Home, intent: PaymentIntent, amount = intent.amount_capturable) {
  if (intent.status !== 'requires_capture') throw wrongState(intent, 'captured')
  if (amount > intent.amount_capturable)
    throw invalid(
      `The amount to capture (${amount}) is more than can be captured (${intent.amount_capturable}).`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    )
  if (amount <= 0)
    throw invalid('The amount to capture must be at least 1.', { param: 'amount_to_capture' })
  const charge = chargeOf(home, intent)
  collect(home, charge, amount)
  emit(home, 'charge.captured', charge)
  succeed(home, intent, amount)
}

export function cancel(home: Home, intent: PaymentIntent, reason: string | null): void {
  if (['canceled', 'processing', 'succeeded'].includes(intent.status))
    throw wrongState(intent, 'canceled')
  if (intent.status === 'requires_capture') {
    const charge = chargeOf(home, intent)
    charge.refunded = true
    charge.amount_refunded = charge.amount
    emit(home, 'charge.refunded', charge)
  }
  intent.status = 'canceled'
  intent.canceled_at = home.world.clock.now()
  intent.cancellation_reason = reason
  intent.amount_capturable = 0
  intent.next_action = null
  emit(home, 'payment_intent.canceled', intent)
  tellWatcher(home, intent)
}

export function wrongState(intent: PaymentIntent, what: string): StripeError {
  return unexpectedState(
    `This PaymentIntent could not be ${what} because it has a status of ${intent.status}.`,
    'payment_intent_unexpected_state',
    { payment_intent: intent },
  )
}

function conclude(
  home: Home,
  intent: PaymentIntent,
  method: PaymentMethod,
  outcome: Outcome,
): void {
  if (outcome.kind === 'decline') throw decline(home, intent, method, outcome)
  keepForLater(home, intent, method)
  if (outcome.kind === 'later') {
    waitForBank(home, intent, method, outcome.after)
    return
  }
  const charge = createCharge(home, intent, method, 'succeeded')
  if (intent.capture_method === 'manual') {
    authorize(home, intent, charge)
    return
  }
  collect(home, charge, intent.amount, intent.capture_method === 'automatic_async')
  emit(home, 'charge.succeeded', charge)
  succeed(home, intent, intent.amount)
  if (outcome.kind === 'dispute')
    openDispute(home, charge, { reason: outcome.reason, isInquiry: outcome.isInquiry })
}

function succeed(home: Home, intent: PaymentIntent, amount: number): void {
  intent.status = 'succeeded'
  intent.amount_received = amount
  intent.amount_capturable = 0
  emit(home, 'payment_intent.succeeded', intent)
  tellWatcher(home, intent)
}

function authorize(home: Home, intent: PaymentIntent, charge: Charge): void {
  const { clock } = home.world
  intent.status = 'requires_capture'
  intent.amount_capturable = intent.amount
  emit(home, 'charge.succeeded', charge)
  emit(home, 'payment_intent.amount_capturable_updated', intent)
  tellWatcher(home, intent)
  later(home, clock.now() + authorizationSeconds, expireAuthorization, { intent: intent.id })
}

const expireAuthorization = work('payments.expire', (home, { intent: id }: { intent: string }) => {
  const intent = home.paymentIntents.get(id)
  if (intent?.status !== 'requires_capture') return
  emit(home, 'charge.expired', chargeOf(home, intent))
  cancel(home, intent, 'automatic')
})

function waitForBank(
  home: Home,
  intent: PaymentIntent,
  method: PaymentMethod,
  after: 'success' | 'failure',
): void {
  const { clock } = home.world
  const charge = createCharge(home, intent, method, 'pending')
  intent.status = 'processing'
  emit(home, 'charge.pending', charge)
  emit(home, 'payment_intent.processing', intent)
  const decision = { intent: intent.id, charge: charge.id, method: method.id, after }
  later(home, clock.now() + bankDecidesAfterSeconds, hearFromBank, decision)
}

type Decision = { intent: string; charge: string; method: string; after: 'failure' | 'success' }

const hearFromBank = work('payments.hear_from_bank', (home, given: Decision) => {
  const intent = home.paymentIntents.get(given.intent)
  const charge = home.charges.get(given.charge)
  if (!intent || !charge) return
  if (given.after === 'success') {
    collect(home, charge, intent.amount)
    emit(home, 'charge.succeeded', charge)
    succeed(home, intent, intent.amount)
    return
  }
  failCharge(home, charge, bankRefusal)
  const method = take(home.paymentMethods, given.method, 'PaymentMethod')
  failIntent(home, intent, method, charge, bankRefusal)
})

export const paymentWork = [expireAuthorization, hearFromBank]

function askForAction(home: Home, intent: PaymentIntent, returnUrl: string | undefined): void {
  intent.status = 'requires_action'
  const url = `${home.world.url}/authenticate/${intent.id}`
  intent.next_action = {
    type: 'redirect_to_url',
    redirect_to_url: { return_url: returnUrl ?? null, url },
  }
  emit(home, 'payment_intent.requires_action', intent)
}

function keepForLater(home: Home, intent: PaymentIntent, method: PaymentMethod): void {
  if (intent.setup_future_usage !== null && intent.customer !== null)
    attach(home, method, intent.customer)
}

function chargeOf(home: Home, intent: PaymentIntent): Charge {
  return take(home.charges, intent.latest_charge ?? '', 'charge')
}
