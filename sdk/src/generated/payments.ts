// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

import { type Operation, operation } from '../operation.ts'
import type * as types from './types.ts'

/**
 * Your payments, newest first; with `payments.read_any` everybody’s
 */
export const list: Operation<types.PaymentsListData, types.PaymentsListResponse, types.PaymentsListError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments')

/**
 * Money that came in a second time and waits to be given back, the oldest first
 */
export const listSurplus: Operation<types.PaymentsListSurplusData, types.PaymentsListSurplusResponse, types.PaymentsListSurplusError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments/surplus')

/**
 * One payment
 */
export const get: Operation<types.PaymentsGetData, types.PaymentsGetResponse, types.PaymentsGetError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments/{id}')

/**
 * What happened to one payment, in order
 */
export const timeline: Operation<types.PaymentsTimelineData, types.PaymentsTimelineResponse, types.PaymentsTimelineError> =
  /* @__PURE__ */ operation('GET', '/api/v1/payments/{id}/timeline')

/**
 * Start a payment
 *
 * The answer’s `clientSecret` finishes it in the customer’s browser, with Stripe’s own library. That it was paid is known when its state is `held`.
 */
export const createIntent: Operation<types.PaymentsCreateIntentData, types.PaymentsCreateIntentResponse, types.PaymentsCreateIntentError> =
  /* @__PURE__ */ operation('POST', '/api/v1/payments/create-intent', { isKeyed: true })

/**
 * Start a payment on the provider’s own page
 *
 * Send the customer to `url`. That they come back proves nothing: that it was paid is known when its state is `held`.
 */
export const createCheckoutSession: Operation<types.PaymentsCreateCheckoutSessionData, types.PaymentsCreateCheckoutSessionResponse, types.PaymentsCreateCheckoutSessionError> =
  /* @__PURE__ */ operation('POST', '/api/v1/checkout/sessions', { isKeyed: true })

/**
 * Another way to pay what is not paid yet
 *
 * The way before is closed at the provider first, so that nobody pays twice: its `clientSecret` or page leads to nothing any more.
 */
export const startAttempt: Operation<types.PaymentsStartAttemptData, types.PaymentsStartAttemptResponse, types.PaymentsStartAttemptError> =
  /* @__PURE__ */ operation('POST', '/api/v1/payments/{id}/attempts', { isKeyed: true })

/**
 * Cancel a payment that is not paid
 *
 * It is cancelled when the provider says so. Money that came first wins: 409 `payments.already_paid`.
 */
export const cancel: Operation<types.PaymentsCancelData, types.PaymentsCancelResponse, types.PaymentsCancelError> =
  /* @__PURE__ */ operation('POST', '/api/v1/payments/{id}/cancel', { isKeyed: true })
