/** What happens when a payment does not work: what is recorded, and what the client is told. */
import { type Charge, type Failure, createCharge } from './charges.ts'
import { StripeError } from './errors.ts'
import { emit } from './events.ts'
import type { PaymentMethod } from './payment-methods.ts'
import type { PaymentIntent } from './payments.ts'
import { perform } from './work.ts'
import type { Home } from './world.ts'

export const bankRefusal: Failure = {
  code: 'payment_method_provider_decline',
  declineCode: 'insufficient_funds',
  message: 'The bank account does not hold enough money.',
}

export const authenticationNeeded: Failure = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}
export const authenticationFailed: Failure = {
  code: 'payment_intent_authentication_failure',
  declineCode: 'authentication_failed',
  message: 'The provided PaymentMethod has failed authentication.',
}

/** Records that it did not work, and returns what the client is told. */
export function decline(
  home: Home,
  intent: PaymentIntent,
  method: PaymentMethod,
  failure: Failure,
  hasCharge = true,
): StripeError {
  const charge = hasCharge ? createCharge(home, intent, method, 'failed', failure) : null
  if (charge) emit(home, 'charge.failed', charge)
  failIntent(home, intent, method, charge, failure)
  return cardError(intent, method, charge, failure)
}

export function failIntent(
  home: Home,
  intent: PaymentIntent,
  method: PaymentMethod,
  charge: Charge | null,
  failure: Failure,
): void {
  intent.status = 'requires_payment_method'
  intent.payment_method = null
  intent.last_payment_error = errorFields(method, charge, failure)
  emit(home, 'payment_intent.payment_failed', intent)
  tellWatcher(home, intent)
}

/** Whoever made it for something of theirs hears how it ended. */
export function tellWatcher(home: Home, { id: intent }: PaymentIntent): void {
  const watcher = home.watchers.get(intent)
  if (watcher) perform(home, watcher, { intent })
}

export function cardError(
  intent: PaymentIntent,
  method: PaymentMethod,
  charge: Charge | null,
  failure: Failure,
): StripeError {
  const { code, message, type: _, ...more } = errorFields(method, charge, failure)
  return new StripeError(402, 'card_error', message, {
    code,
    more: { ...more, payment_intent: structuredClone(intent) },
  })
}

function errorFields(method: PaymentMethod, charge: Charge | null, failure: Failure) {
  return {
    ...(charge && { charge: charge.id }),
    code: failure.code,
    decline_code: failure.declineCode,
    message: failure.message,
    payment_method: structuredClone(method),
    type: 'card_error',
  }
}
